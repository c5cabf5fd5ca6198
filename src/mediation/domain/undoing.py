"""Correcting entries: a step recorded by mistake is taken back by its inverse, a wrong value is set right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from mediation.domain.cases import Question
from mediation.domain.deadlines import DeadlineStatus, recount_deadline
from mediation.domain.draft import Draft
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.procedure import PROCEDURE
from mediation.domain.records import RECORD_TYPES, Claim, Obligation, Party, Record, from_row

CORRECTABLE: Mapping[str, frozenset[str]] = {
    "parties": frozenset({"name", "uscc", "headcount"}),
    "claims": frozenset({"code", "amount_fen", "amount_text", "knew_on"}),
    "obligations": frozenset({"amount_fen", "due_on", "due_text"}),
}


def undo(draft: Draft, question: Question, changes: list[Mapping[str, Any]]) -> None:
    """Set every record a step touched back to what it was before; what the step brought in is retired."""
    for change in reversed(changes):
        collection, key, before = change["c"], change["k"], change["b"]
        if collection == "facts":
            draft.set_fact(key, before["value"] if before else None)
        elif collection == "case":
            if key != "number":
                draft.set_field(key, before["value"] if before else None)
        elif before is not None:
            draft.put(collection, _restored(draft, collection, before))
        else:
            _retire(draft, question, collection, key)


def _restored(draft: Draft, collection: str, before: Mapping[str, Any]) -> Record:
    record: Record = from_row(collection, before)
    now = draft.records(collection).get(record.id)
    if isinstance(record, Party | Claim | Obligation) and now is not None:
        return replace(record, version=now.version + 1)
    return record


def _retire(draft: Draft, question: Question, collection: str, key: str) -> None:
    record = draft.records(collection).get(key)
    if record is None:
        return
    retired: dict[str, Callable[[Any], Any]] = {
        "tracks": lambda r: replace(r, state=PROCEDURE.tracks[r.track].first_state),
        "parties": lambda r: replace(r, status="dropped", version=r.version + 1),
        "claims": lambda r: replace(r, outcome="withdrawn", version=r.version + 1),
        "obligations": lambda r: replace(r, status="dropped", version=r.version + 1),
        "assignments": lambda r: replace(r, until=question.day),
        "tasks": lambda r: replace(r, status="cancelled", done_on=question.day),
        "deadlines": lambda r: replace(
            r, status=DeadlineStatus.CANCELLED, ended_on=question.day, ended_by=question.step.id
        ),
    }
    draft.put(collection, retired[collection](record))


def later_entry_depends(voided: Mapping[str, Any], later: list[Mapping[str, Any]]) -> bool:
    """Whether any later entry touched a record that the voided one touched."""
    touched = {(change["c"], change["k"]) for change in voided["changes"]}
    return any((change["c"], change["k"]) in touched for entry in later for change in entry["changes"])


def correct(draft: Draft, question: Question, given: Mapping[str, Any]) -> None:
    """Set one value right: `field` is `facts/<name>` or `<collection>/<id>/<name>`; the old value must match.

    Deadlines that count from a corrected day are counted anew; the entry keeps both values (PIPL 46).
    """
    parts = str(given["field"]).strip("/").split("/")
    if len(parts) == 2 and parts[0] == "facts":
        _correct_fact(draft, question, parts[1], given)
    elif len(parts) == 3 and parts[2] in CORRECTABLE.get(parts[0], ()):
        _correct_record(draft, parts[0], parts[1], parts[2], given)
    else:
        raise InvalidInputError(
            [InputError("/field", "not_correctable", Label("该字段不能更正", "This field cannot be corrected"))]
        )


def _mismatch() -> InvalidInputError:
    text = Label("原值与登记不符,请重新读取", "The old value is not what is on file; read the case again")
    return InvalidInputError([InputError("/old", "old_value_differs", text)])


def _correct_fact(draft: Draft, question: Question, name: str, given: Mapping[str, Any]) -> None:
    old = draft.fact(name)
    if old is None or str(old) != given["old"] or isinstance(old, dict | list):
        raise _mismatch()
    new: Any = _typed(given["new"], old)
    draft.set_fact(name, new)
    for deadline in list(draft.case.running()):
        if deadline.fact == name and not deadline.moved:
            started = replace(deadline, start=date.fromisoformat(new))
            draft.put("deadlines", recount_deadline(started, question.setting.calendar))


def _correct_record(draft: Draft, collection: str, key: str, name: str, given: Mapping[str, Any]) -> None:
    record = draft.records(collection).get(key)
    if record is None or str(getattr(record, name) or "") != given["old"]:
        raise _mismatch()
    kind = {f.name: f for f in RECORD_TYPES[collection].__dataclass_fields__.values()}[name].type
    sample: Any = 0 if "int" in str(kind) else date.min if "date" in str(kind) else ""
    value = _typed(given["new"], sample)
    draft.put(collection, replace(record, **{name: value, "version": record.version + 1}))


def _typed(text: str, sample: Any) -> Any:
    try:
        if isinstance(sample, bool):
            return {"true": True, "false": False}[text.lower()]
        if isinstance(sample, int):
            return int(text)
        if isinstance(sample, date):
            return date.fromisoformat(text)
        if isinstance(sample, str) and _is_day(sample):
            return date.fromisoformat(text).isoformat()
    except (ValueError, KeyError) as error:
        label = Label("新值的格式不对", "The new value has the wrong form")
        raise InvalidInputError([InputError("/new", "wrong_form", label)]) from error
    return text


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
