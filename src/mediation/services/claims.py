"""Claims of a case: written down while it is a draft; later `amend_claims` changes what is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mediation.domain.cases import Case
from mediation.domain.draft import Draft
from mediation.domain.effects import new_claim
from mediation.domain.errors import ConflictError
from mediation.domain.labels import Label
from mediation.domain.procedure.step import CaseRole
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cases import refuse_closed, refuse_future
from mediation.services.children import compare_child, is_draft, the_child, write_child
from mediation.services.subjects import NewSubjects
from mediation.storage import Unit
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id

_REGISTERED = Label("已登记案件请用 amend_claims 变更请求", "Use the step amend_claims on a registered case")


def add_claim(unit: Unit, caller: Caller, case_id: str, claim: Mapping[str, Any], render: Render) -> Answer:
    """Write one more claim into a draft."""
    key = new_id()

    def change(
        draft: Draft, _subjects: NewSubjects, _loaded: Loaded, _roles: frozenset[CaseRole]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        refuse_closed(draft.case)
        if not is_draft(draft.case):
            raise ConflictError(_REGISTERED)
        refuse_future(claim.get("knew_on"), caller.today, "/knew_on")
        draft.put("claims", new_claim(claim, key, caller.today, "worker"))
        return {}, ()

    def answer(case: Case) -> Answer:
        return Answer(201, render(case.claims[key]), '"1"', f"/v1/cases/{case_id}/claims/{key}")

    return write_child(unit, caller, case_id, "add_claim", change, answer)


def amend_claim(
    unit: Unit, caller: Caller, case_id: str, claim_id: str, changes: Mapping[str, Any], render: Render
) -> Answer:
    """Correct a claim of a draft; the version compared is the claim's own."""

    def change(
        draft: Draft, _subjects: NewSubjects, _loaded: Loaded, _roles: frozenset[CaseRole]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        claim = the_child(draft, "claims", claim_id)
        compare_child(caller, claim.version)
        refuse_closed(draft.case)
        if not is_draft(draft.case):
            raise ConflictError(_REGISTERED)
        refuse_future(changes.get("knew_on"), caller.today, "/knew_on")
        draft.put("claims", replace(claim, version=claim.version + 1, **changes))
        return {}, ()

    def answer(case: Case) -> Answer:
        claim = case.claims[claim_id]
        return Answer(200, render(claim), f'"{claim.version}"')

    return write_child(unit, caller, case_id, "amend_claim", change, answer)
