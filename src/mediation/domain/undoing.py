"""Correcting entries: a step recorded by mistake is taken back by its inverse, a wrong value is set right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from mediation.domain.calendar import Unit
from mediation.domain.cases import MAIN, Question
from mediation.domain.correctable import FACTS, PER_PARTY, RECORDS, Correctable, refused
from mediation.domain.deadlines import (
    Deadline,
    DeadlineStatus,
    recount_deadline,
    start_deadline,
)
from mediation.domain.draft import Draft
from mediation.domain.errors import InvalidInputError
from mediation.domain.limitation.acts import OBLIGATIONS, correct_acts
from mediation.domain.procedure import PROCEDURE
from mediation.domain.records import Claim, LimitationAct, Obligation, Party, Record, Task, from_row, plain
from mediation.domain.tasks import TaskStatus
from mediation.domain.terms import LIMITATION_CODES, TERMS

_VENUE_CLOCKS = ("D_CT_7", "D_CT_15", "D_CT_30", "D_CT_EXT")


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
    if isinstance(record, Party | Claim | Obligation | Task | LimitationAct) and now is not None:
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
        "tasks": lambda r: replace(r, status=TaskStatus.CANCELLED, done_on=question.day, version=r.version + 1),
        "limitation_acts": lambda r: replace(r, status="taken_back", version=r.version + 1),
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
    """Set one value right: `field` is `facts/<name>`, `facts/<name>/<party>` or `<collection>/<id>/<name>`.

    `old` and `new` stand as on the wire: days ISO, amounts in yuan, yes and no as true and false. `old` must be
    what is on file. Deadlines that count from a corrected day are counted anew; the entry keeps both values
    (PIPL 46). Raises InvalidInputError.
    """
    match str(given["field"]).strip("/").split("/"):
        case ["facts", name]:
            _correct_fact(draft, question, name, given)
        case ["facts", name, party_id] if name in PER_PARTY:
            _correct_day_of_party(draft, question, (name, party_id), given)
        case [collection, key, name] if name in RECORDS.get(collection, ()):
            _correct_record(draft, question, (collection, key, name), given)
        case _:
            raise _not_correctable()


def _not_correctable() -> InvalidInputError:
    return refused(
        "/field",
        "not_correctable",
        "该字段不能更正；由步骤产生的内容，请撤销该步骤（void_last_step）",
        "This field cannot be corrected; what a step decided is taken back with the step (void_last_step)",
    )


def _new_value(value: Correctable, on_file: Any, given: Mapping[str, Any], today: date) -> Any:
    """The new value as it is kept, once the old one is seen to be what is on file."""
    if ("" if on_file is None else value.show(on_file)) != given["old"]:
        raise refused(
            "/old",
            "old_value_differs",
            "原值与登记不符，请重新读取后再更正",
            "The old value is not what is on file; read the case again",
        )
    return value.read(given["new"], today)


def _correct_fact(draft: Draft, question: Question, name: str, given: Mapping[str, Any]) -> None:
    track_id, _, leaf = name.rpartition(".")
    value, on_file = FACTS.get(leaf), draft.fact(name)
    if value is None or (track_id and track_id not in draft.records("tracks")):
        raise _not_correctable()
    if isinstance(on_file, dict | list):
        raise refused(
            "/field",
            "not_correctable",
            "该日期按当事人登记，请填写 facts/<字段>/<当事人标识>",
            "This day is kept for each party: name it as facts/<name>/<party id>",
        )
    if on_file is None:
        raise refused(
            "/field",
            "nothing_on_file",
            "案件中没有此项登记，请由相应步骤登记",
            "Nothing is on file here; let the step that belongs to it record it",
        )
    if leaf == "pretrial_venue" and next(draft.case.running(*_VENUE_CLOCKS), None) is not None:
        raise refused(
            "/field",
            "clock_depends",
            "调解期限已按该阶段起算，请撤销接受委派的步骤后重新登记",
            "A term already runs by this venue; take back the step that accepted and record it anew",
        )
    new = _new_value(value, on_file, given, question.today)
    draft.set_fact(name, plain(new))
    if isinstance(new, date):
        _correct_agreement(draft, leaf, on_file, new)
        _recount_from_fact(draft, question, (leaf, track_id or MAIN, None), date.fromisoformat(on_file), new)
        correct_acts(draft, leaf, date.fromisoformat(on_file), new)


def _correct_agreement(draft: Draft, name: str, old: str, new: date) -> None:
    agreement = draft.fact("agreement")
    if name == "effective_on" and agreement is not None and agreement.get("effective_on") == old:
        draft.set_fact("agreement", {**agreement, "effective_on": new.isoformat()})


def _correct_day_of_party(draft: Draft, question: Question, place: tuple[str, str], given: Mapping[str, Any]) -> None:
    name, party_id = place
    days = draft.fact(name)
    if not isinstance(days, dict) or party_id not in days:
        raise _not_correctable()
    old = days[party_id]
    new = _new_value(PER_PARTY[name], old, given, question.today)
    draft.set_fact(name, {**days, party_id: new.isoformat()})
    _recount_from_fact(draft, question, (name, MAIN, party_id), date.fromisoformat(old), new)


def _recount_from_fact(
    draft: Draft, question: Question, source: tuple[str, str, str | None], old: date, new: date
) -> None:
    """Count anew what runs from this day, through the pauses and extensions of its ledger."""
    name, track_id, party_id = source
    for deadline in list(draft.case.running()):
        own = draft.fact(f"{deadline.track_key}.{name}")
        mine = deadline.track_key == track_id or (track_id == MAIN and own is None)
        counts_from_it = deadline.fact == name and deadline.term not in LIMITATION_CODES
        if not mine or not counts_from_it or (party_id is not None and deadline.party_id != party_id):
            continue
        if TERMS[deadline.term].unit is Unit.AGREED:
            if deadline.given_end == old:
                _put_recounted(draft, question, replace(deadline, start=min(deadline.start, new), given_end=new))
        elif deadline.start == old:
            _put_recounted(draft, question, replace(deadline, start=new))


def _put_recounted(draft: Draft, question: Question, deadline: Deadline) -> None:
    draft.put("deadlines", recount_deadline(deadline, question.setting.calendar))


def _correct_record(draft: Draft, question: Question, place: tuple[str, str, str], given: Mapping[str, Any]) -> None:
    collection, key, name = place
    record = draft.records(collection).get(key)
    if record is None:
        text = ("案件中没有此记录，请核对标识", "This case has no such record; check the id")
        raise refused("/field", "not_in_case", *text)
    value = RECORDS[collection][name]
    column = value.column or name
    new = _new_value(value, getattr(record, column), given, question.today)
    if isinstance(record, Obligation) and name == "amount":
        _check_against_paid(record, new)
    last_due = _last_due(draft)
    corrected = replace(record, **{column: new, "version": record.version + 1})
    draft.put(collection, corrected)
    if isinstance(corrected, Obligation) and name == "due_on":
        _recount_obligation(draft, question, corrected, due_on=new)
        now_due = _last_due(draft)
        if last_due is not None and now_due is not None:
            correct_acts(draft, OBLIGATIONS, last_due, now_due)
            _recount_from_fact(draft, question, ("last_due_date", MAIN, None), last_due, now_due)


def _check_against_paid(owed: Obligation, new: int) -> None:
    if owed.status == "done" or (owed.paid_fen and new <= owed.paid_fen):
        raise refused(
            "/new",
            "already_paid",
            "该义务已履行或者已付金额不低于新金额，请先撤销履行登记",
            "It is done, or as much as the new amount was paid: take back the recorded performance first",
        )


def _last_due(draft: Draft) -> date | None:
    return max((o.due_on for o in draft.case.live_obligations() if o.due_on is not None), default=None)


def _recount_obligation(draft: Draft, question: Question, owed: Obligation, *, due_on: date) -> None:
    """Let the clock of an obligation end on its new day; one that ran out by the wrong day runs again."""
    running = [d for d in draft.case.running("OBLIGATION") if d.ref_id == owed.id]
    for deadline in running:
        moved = replace(deadline, start=min(deadline.start, due_on), given_end=due_on, ledger=())
        _put_recounted(draft, question, moved)
    if running or owed.status not in {"open", "part"} or due_on < question.today:
        return
    started = start_deadline(
        "OBLIGATION", id=question.setting.new_id(), start=question.today, calendar=question.setting.calendar,
        fact="due_on", agreed_end=due_on, party_id=owed.debtor_id, ref_id=owed.id,
    )  # fmt: skip
    draft.put("deadlines", started)
