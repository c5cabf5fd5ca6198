"""Parties of a case: written down while it is a draft, corrected later; who joins or leaves does so by a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mediation.domain.access import person_scope
from mediation.domain.cases import Case
from mediation.domain.draft import Draft
from mediation.domain.effects import new_party
from mediation.domain.errors import ConflictError, NotPermittedError
from mediation.domain.labels import Label
from mediation.domain.party_accounts import NamedAccount
from mediation.domain.party_kinds import side_in_case
from mediation.domain.personal_data import PERSONAL
from mediation.domain.procedure.step import HOUSE, CaseRole
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cases import (
    check_account,
    refuse_accounts,
    refuse_closed,
)
from mediation.services.children import compare_child, is_draft, the_child, write_child
from mediation.services.subjects import NewSubjects, admit, masked, resealed_row
from mediation.storage import Unit
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id

_PLAIN = frozenset({"name", "headcount", "uscc", "authority", "person_id"})
_OWN = frozenset({"phone", "address", "bank_account"})
"""What a party may correct, of themselves alone."""


def add_party(unit: Unit, caller: Caller, case_id: str, party: Mapping[str, Any], render: Render) -> Answer:
    """Write one more party into a draft; a registered case takes parties by `join_party`."""
    party = {"id": new_id(), **party}

    def change(
        draft: Draft, subjects: NewSubjects, loaded: Loaded, roles: frozenset[CaseRole]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        refuse_closed(draft.case)
        if not is_draft(draft.case):
            raise ConflictError(Label("已登记案件请用 join_party 追加", "Use the step join_party on a registered case"))
        check_account(unit, party.get("person_id"))
        _refuse_workers(draft.case, party.get("person_id"), loaded, roles)
        if party.get("person_id") is not None and not roles & HOUSE:
            account = NamedAccount("/person_id", party["person_id"], side_in_case(party["kind"], party["role"]))
            refuse_accounts([account], (loaded.actor or {})["id"], roles)
        draft.put("parties", new_party(admit(unit, subjects, party), party["id"]))
        return {}, _scopes_of(party)

    def answer(case: Case) -> Answer:
        where = f"/v1/cases/{case_id}/parties/{party['id']}"
        return Answer(201, render(case.parties[party["id"]]), '"1"', where)

    return write_child(unit, caller, case_id, "add_party", change, answer)


def amend_party(
    unit: Unit, caller: Caller, case_id: str, party_id: str, changes: Mapping[str, Any], render: Render
) -> Answer:
    """Correct a party; the version compared is the party's own."""

    def change(
        draft: Draft, subjects: NewSubjects, loaded: Loaded, roles: frozenset[CaseRole]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        party = the_child(draft, "parties", party_id)
        if not roles & HOUSE and not changes.keys() <= _OWN:
            raise NotPermittedError(recorded_by=sorted(HOUSE))
        compare_child(caller, party.version)
        refuse_closed(draft.case)
        check_account(unit, changes.get("person_id"))
        _refuse_workers(draft.case, changes.get("person_id"), loaded, roles)
        if "person_id" in changes and party.status != "active":
            raise ConflictError(Label("该当事人已不在案", "The party is no longer in the case"))
        plain = {name: value for name, value in changes.items() if name in _PLAIN}
        personal = {name: value for name, value in changes.items() if name in PERSONAL}
        if personal and party.subject_id is None:
            raise ConflictError(Label("单位当事人没有个人信息", "A body has no personal data of this kind"))
        if party.subject_id is not None and not loaded.keys.get(party.subject_id):
            raise ConflictError(Label("该当事人的个人信息已删除,不能再登记", "The data of this person were erased"))
        if personal:
            row = resealed_row(unit, case_id, party.subject_id, loaded.keys, personal)
            subjects.add("subjects", row)
            plain.update(masked(personal))
        draft.put("parties", replace(party, version=party.version + 1, **plain))
        return {"fields": sorted(personal)}, _scopes_of(plain)

    def answer(case: Case) -> Answer:
        party = case.parties[party_id]
        return Answer(200, render(party), f'"{party.version}"')

    return write_child(unit, caller, case_id, "amend_party", change, answer, about=party_id)


def _refuse_workers(case: Case, person_id: str | None, loaded: Loaded, roles: frozenset[CaseRole]) -> None:
    """ConflictError for an account of who works on the case: as a party they would see it when their part is over."""
    works = {entry.person_id for entry in case.assignments.values() if entry.until is None}
    oneself = {(loaded.actor or {}).get("id")} if roles & HOUSE else set()
    if person_id is not None and person_id in works | oneself:
        raise ConflictError(Label("办理本案的人员不能登记为当事人", "Who works on the case is no party to it"))


def _scopes_of(party: Mapping[str, Any]) -> tuple[str, ...]:
    """A party with an account of their own sees the case."""
    return (person_scope(party["person_id"]),) if party.get("person_id") else ()
