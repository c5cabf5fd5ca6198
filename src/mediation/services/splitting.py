"""The sibling of a split case: written in the same transaction as the step that splits."""

from __future__ import annotations

from dataclasses import replace

from mediation.domain.access import Actor, below_scope, sent_scope
from mediation.domain.cases import Advance, Case
from mediation.domain.dispatch import sent_aside
from mediation.domain.identifiers import case_number
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Change, Party
from mediation.domain.splitting import sibling
from mediation.services.caller import Answer, Caller
from mediation.services.recording import Act, commit
from mediation.services.scopes import with_a_part
from mediation.services.subjects import copied_subject, new_case_subjects
from mediation.storage import Unit, homes
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id


def write_sibling(
    unit: Unit, caller: Caller, loaded: Loaded, actor: Actor, roles: frozenset[CaseRole], result: Advance
) -> str:
    """Create the sibling with its own number, keys and history; gives its id. Runs inside the step's transaction.

    Bodies that see the case see the sibling, but for those above: they are taken from the tree. Of people only those
    with a part in the sibling see it: who stays behind is no party to what others go on with.
    """
    before = loaded.case
    if before is None:
        msg = "only a case that was read can be split"
        raise ValueError(msg)
    case_id = new_id()
    subjects = new_case_subjects(unit, case_id)

    def copy_party(party: Party) -> Party:
        copied = replace(party, id=new_id(), version=1)
        if party.subject_id is None:
            return copied
        return replace(copied, subject_id=copied_subject(unit, subjects, party.subject_id, loaded.keys))

    scopes = loaded.scopes - {sent_scope(body) for body in sent_aside(before.facts)}
    empty = Case(case_id, 0, None, before.organization_id, before.procedure, caller.today)
    draft = sibling(before, result.command.input, empty, new_id=new_id, copy_party=copy_party)
    if before.number is not None:
        prefix, sequence = homes.next_number(unit, before.organization_id, caller.today.year)
        draft.set_field("number", case_number(prefix, caller.today.year, sequence))
    home = homes.place(unit, before.organization_id)
    scopes = frozenset(scope for scope in scopes if not scope.startswith(("b:", "p:"))) | with_a_part(draft.case)
    scopes |= {below_scope(body) for body, _ in home if body != before.organization_id}
    act = Act(
        actor, roles, None, draft.case, draft.changes(), "created", "split_off",
        {"clear": {"split_from": before.id}}, subjects.keys, subjects.rows, tuple(sorted(scopes)),
        home=home,
    )  # fmt: skip
    commit(unit, replace(caller, key=None), act, lambda _case: Answer(201, b""))
    return case_id


def linked(result: Advance, sibling_id: str) -> Advance:
    """The step's result with the sibling named among the facts of the case that was split."""
    siblings = [*(result.case.facts.get("siblings") or []), sibling_id]
    before = result.case.facts.get("siblings")
    change = Change("facts", "siblings", {"value": before} if before else None, {"value": siblings})
    case = replace(result.case, facts={**result.case.facts, "siblings": siblings})
    return replace(result, case=case, changes=(*result.changes, change))
