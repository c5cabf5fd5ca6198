"""From a step as it is asked for to the command that the domain judges: what it names, brings in and takes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from mediation.domain.cases import Attestation, Command, Setting
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.organizations import OrganizationKind
from mediation.domain.party_accounts import NamedAccount, account_errors
from mediation.domain.party_kinds import PartyRole, side_in_case
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import HOUSE, SIDES, Kind
from mediation.domain.undoing import later_entry_depends
from mediation.domain.wall import TEAM
from mediation.services.caller import Caller
from mediation.services.requests import StepRequest
from mediation.services.subjects import NewSubjects, admit
from mediation.storage import Unit
from mediation.storage import history as history_rows
from mediation.storage.cases import Loaded
from mediation.storage.recording import unsealed


def command_of(unit: Unit, caller: Caller, request: StepRequest, subjects: NewSubjects) -> Command:
    """The step as the domain takes it; people it brings in leave their personal data with `subjects`."""
    given = dict(request.input)
    for field in PROCEDURE.steps[request.action].inputs:
        if field.kind is Kind.PARTY and field.name in given:
            value = given[field.name]
            entries = value if field.many else [value]
            admitted = [admit(unit, subjects, entry) for entry in entries]
            given[field.name] = admitted if field.many else admitted[0]
    return Command(
        action=request.action,
        occurred_on=request.occurred_on or caller.today,
        input=given,
        instance=request.instance,
        attestations={
            a["guard"]: Attestation(a["guard"], a["evidence"], a.get("statement")) for a in request.attestations
        },
        note=request.note,
        evidence=tuple(request.evidence),
        recorded_for=request.recorded_for,
        form=request.form,
        late_reason=request.late_reason,
    )


def named_ids(request: StepRequest) -> Iterator[str]:
    """Ids of organizations and people that the input names, the accounts of parties among them."""
    for _, key, _ in _named_fields(request):
        yield key
    for _, _, entry in _new_parties(request):
        if entry.get("person_id") is not None:
            yield entry["person_id"]


def _new_parties(request: StepRequest) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Pointer, name of the input and values of each party that the input brings in."""
    for field in PROCEDURE.steps[request.action].inputs:
        value = request.input.get(field.name)
        if field.kind is Kind.PARTY and value is not None:
            entries = enumerate(value) if field.many else [("", value)]
            yield from ((f"/{field.name}/{number}".rstrip("/"), field.name, entry) for number, entry in entries)


def _named_fields(request: StepRequest) -> Iterator[tuple[str, str, str]]:
    """Pointer, id and kind of each organization and person that the input names."""
    for field in PROCEDURE.steps[request.action].inputs:
        value = request.input.get(field.name)
        if value is None or field.kind is not Kind.REF or field.of not in {"organization", "person"}:
            continue
        if field.many:
            yield from ((f"/{field.name}/{number}", key, field.of) for number, key in enumerate(value))
        else:
            yield f"/{field.name}", value, field.of


def check_named(request: StepRequest, loaded: Loaded, setting: Setting) -> None:
    """Raise unless every organization and person named is on file and active, and every attestation is asked for."""
    errors = list(misnamed(request, loaded, setting))
    if errors:
        raise InvalidInputError(errors)


def misnamed(request: StepRequest, loaded: Loaded, setting: Setting) -> Iterator[InputError]:
    """What the request names that is not on file, not active, of another kind, not for this actor, or no condition."""
    on_file = {"organization": loaded.organizations, "person": loaded.people}
    text = Label("没有此组织或人员,或已停用", "There is no such active organization or person")
    for pointer, key, kind in _named_fields(request):
        if not on_file[kind].get(key, {}).get("is_active"):
            yield InputError(pointer, f"{kind}_unknown", text)
    yield from _wrong_kinds(request, loaded)
    yield from _wrong_accounts(request, loaded, setting)
    yield from _assigned_oneself(request, setting)
    yield from _unasked(request)


_KINDS: Mapping[str, tuple[OrganizationKind, ...]] = {
    "court": (OrganizationKind.COURT,),
    "commission": (OrganizationKind.ARBITRATION_COMMISSION,),
    "new_commission": (OrganizationKind.ARBITRATION_COMMISSION,),
    "office": (OrganizationKind.LABOUR_INSPECTION,),
}
"""What a body named under these inputs must be; its liaisons see the case from then on."""


def _wrong_kinds(request: StepRequest, loaded: Loaded) -> Iterator[InputError]:
    for pointer, key, kind in _named_fields(request):
        wanted = _KINDS.get(pointer.split("/")[1], ())
        on_file = loaded.organizations.get(key, {}).get("kind") if kind == "organization" else None
        if wanted and on_file is not None and on_file not in wanted:
            text = Label("所填机构不是该类机构", "This body is not of the kind that the step names")
            yield InputError(pointer, "wrong_kind_of_organization", text)


def _wrong_accounts(request: StepRequest, loaded: Loaded, setting: Setting) -> Iterator[InputError]:
    """Accounts of parties that nobody has, and those that who is a party themselves may not name."""
    named = [
        NamedAccount(f"{pointer}/person_id", entry["person_id"], _side(request, loaded, name, entry))
        for pointer, name, entry in _new_parties(request)
        if entry.get("person_id") is not None
    ]
    text = Label("没有此人,或已停用", "There is no such active person")
    for account in named:
        if not loaded.people.get(account.person_id, {}).get("is_active"):
            yield InputError(account.pointer, "person_unknown", text)
    parts = loaded.case.assignments.values() if loaded.case is not None else ()
    works = {part.person_id for part in parts if part.until is None} | (
        setting.people if setting.roles & HOUSE else set()
    )
    busy = Label("办理本案的人员不能登记为当事人", "Who works on the case is no party to it")
    yield from (InputError(one.pointer, "works_on_the_case", busy) for one in named if one.person_id in works)
    if setting.roles <= SIDES:
        yield from account_errors(named, setting.actor_id, setting.roles)


ASSIGNS_ONESELF: Final = Label(
    "不能指派本人:查阅调解内容请使用紧急查阅,或由他人指派",
    "You cannot give yourself a part in this case: break the glass to read it, or let somebody else assign you",
)
_ASSIGNING: Final = frozenset({"assign_mediator", "replace_mediator", "assign_aid", "replace_aid_person"})


def _assigned_oneself(request: StepRequest, setting: Setting) -> Iterator[InputError]:
    """A part that somebody outside the talks gives themselves: it would open to them what was said, unnoticed."""
    if request.action not in _ASSIGNING or setting.roles & TEAM:
        return
    for pointer, key, kind in _named_fields(request):
        if kind == "person" and key in {setting.actor_id, setting.hand}:
            yield InputError(pointer, "assigns_oneself", ASSIGNS_ONESELF)


def _side(request: StepRequest, loaded: Loaded, name: str, entry: Mapping[str, Any]) -> str:
    """The side on which a party that the input brings in will stand: a successor's is that of who went before."""
    old = loaded.case.parties.get(request.input.get("old") or "") if loaded.case else None
    if request.action == "substitute_party" and old is not None:
        return old.side
    role = PartyRole.THIRD_PARTY if name == "administrator" else request.input.get("role") or entry.get("role") or ""
    return side_in_case(entry["kind"], role)


def _unasked(request: StepRequest) -> Iterator[InputError]:
    """Attestations of conditions that the step does not have."""
    asked = set(PROCEDURE.steps[request.action].guards)
    for number, stated in enumerate(request.attestations):
        if stated["guard"] not in asked:
            text = Label("该步骤没有这一条件", "The step has no such condition")
            yield InputError(f"/attestations/{number}/guard", "guard_unknown", text)


def voided_id(request: StepRequest) -> str | None:
    """The id of the entry a step takes back, or None where it takes none back."""
    return request.input.get("step") if request.action == "void_last_step" else None


def voided_entry(unit: Unit, loaded: Loaded, request: StepRequest) -> Mapping[str, Any] | None:
    """The entry a void names, opened; `later_depends` says whether a later entry touched what it touched."""
    if request.action != "void_last_step" or loaded.case is None:
        return None
    if loaded.payload is None or loaded.payload["kind"] not in {"step", "lapse"}:
        text = Label("案件经过中没有此步骤", "The history of this case has no such step")
        raise InvalidInputError([InputError("/step", "not_in_case", text)])
    sequence = loaded.payload["sequence"]
    later = loaded.case.sequence - sequence
    found = history_rows.history(unit, loaded.case.id, after=sequence, limit=later) if later else []
    depends = later_entry_depends(loaded.payload, [orjson.loads(row["payload"]) for row in found])
    return {**unsealed(unit, loaded.payload, loaded.keys), "later_depends": depends}
