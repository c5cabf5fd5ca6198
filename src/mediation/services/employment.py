"""The employment of each worker of a case: on file under the key of the case, for the house and the worker alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mediation.domain.access import Actor
from mediation.domain.cases import Case
from mediation.domain.draft import Draft
from mediation.domain.employment import EMPLOYMENT, OF_THE_CASE, checked
from mediation.domain.errors import ConflictError, InputError, InvalidInputError, NotPermittedError
from mediation.domain.labels import Label
from mediation.domain.procedure.step import HOUSE, CaseRole
from mediation.domain.sight import sight_of, wages_seen
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cases import refuse_closed
from mediation.services.children import is_draft
from mediation.services.identity import relation
from mediation.services.reading import read_for
from mediation.services.recording import Act, LostRaceError, commit, compare_version, replay_or_conflict
from mediation.services.writing import writing
from mediation.storage import Unit
from mediation.storage.cases import Loaded


@dataclass(frozen=True, slots=True)
class EmploymentView:
    """The case with the workers whose employment this person sees."""

    case: Case
    workers: frozenset[str]
    roles: frozenset[CaseRole]

    @property
    def etag(self) -> str:
        """The version of the case, on which the facts are kept."""
        return f'"{self.case.version}"'


def read_employment(unit: Unit, caller: Caller, case_id: str) -> EmploymentView:
    """What is on file of the employment of each worker; NotPermittedError for who may see nobody's wages."""
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    return EmploymentView(case, seen_by(case, roles, actor), roles)


def put_employment(unit: Unit, caller: Caller, case_id: str, given: Mapping[str, Any], render: Render) -> Answer:
    """Put the employment of a worker on file in place of what was there; the version compared is the case's.

    The end of the contract and the place of performance are facts of the case: left out they stay as they are, given
    they are set right there, where the procedure allows it.
    """
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = writing(loaded, actor, "put_employment")
    seen = seen_by(case, roles, actor)
    compare_version(case, caller, dry_run=False)
    refuse_closed(case)
    refuse_erased(loaded, case)
    worker = the_worker(case, seen, given.get("party_id"))
    refuse_erased(loaded, case, worker)
    draft = _drafted(case, worker, given, caller.today)
    act = Act(
        actor, roles, case, draft.case, draft.changes(), "amended", "put_employment",
        {"recorded_for": worker}, loaded.keys,
    )  # fmt: skip

    def answer(after: Case) -> Answer:
        view = EmploymentView(after, seen, roles)
        return Answer(200, render(view), view.etag)

    try:
        return commit(unit, caller, act, answer)
    except LostRaceError:
        return replay_or_conflict(unit, caller, case_id)


def _drafted(case: Case, worker: str, given: Mapping[str, Any], today: date) -> Draft:
    """The case with the employment as given; InvalidInputError for what cannot be."""
    draft = Draft(case)
    _set_facts_of_the_case(draft, given)
    own = {name: value for name, value in given.items() if name not in {"party_id", *OF_THE_CASE.values()}}
    kept = checked(own, {name: draft.fact(fact) for name, fact in OF_THE_CASE.items()}, today)
    others = {key: facts for key, facts in (draft.fact(EMPLOYMENT) or {}).items() if key != worker}
    draft.set_fact(EMPLOYMENT, {**others, **({worker: kept} if kept else {})} or None)
    return draft


def seen_by(case: Case, roles: frozenset[CaseRole], actor: Actor) -> frozenset[str]:
    """The workers whose employment this person sees; NotPermittedError for who sees nobody's."""
    sight = sight_of(actor, roles)
    seen = wages_seen(case, sight)
    if not seen and not sight.sees_wages:
        raise NotPermittedError(recorded_by=sorted({*HOUSE, CaseRole.WORKER_SIDE}))
    return seen


def the_worker(case: Case, seen: frozenset[str], party_id: str | None) -> str:
    """The worker named, or the only one there is; InvalidInputError says what to do where neither holds."""
    found = [party.id for party in case.active_parties("worker") if party.id in seen]
    if party_id is not None:
        if party_id in found:
            return party_id
        text = Label("案件中没有这名劳动者", "The case has no such worker")
        raise InvalidInputError([InputError("/party_id", "not_a_worker", text)])
    if len(found) == 1:
        return found[0]
    text = (
        Label("案件有多名劳动者，请填写 party_id", "The case has several workers: name one as party_id")
        if found
        else Label("请先登记劳动者一方当事人", "Write the worker down as a party first")
    )
    raise InvalidInputError([InputError("/party_id", "which_worker", text)])


def refuse_erased(loaded: Loaded, case: Case, worker: str | None = None) -> None:
    """Raise where the key of the case or of the worker is destroyed: nothing personal can be kept there any more."""
    subject_id = case.parties[worker].subject_id if worker is not None else None
    if loaded.keys.get(case.id) is None or (subject_id is not None and not loaded.keys.get(subject_id)):
        raise ConflictError(Label("本案个人信息已删除，不能再登记", "The personal data of this case were erased"))


def _set_facts_of_the_case(draft: Draft, given: Mapping[str, Any]) -> None:
    for name in OF_THE_CASE.values():
        if name not in given:
            continue
        value = given[name].isoformat() if isinstance(given[name], date) else given[name]
        if name == "ended_on" and value != draft.fact(name) and not is_draft(draft.case):
            raise ConflictError(_BY_STEP if draft.fact(name) is None else _BY_CORRECTION)
        draft.set_fact(name, value)


_BY_STEP = Label(
    "已登记案件的劳动合同结束日请用步骤 record_contract_end 登记",
    "On a registered case record the end of the contract by the step record_contract_end",
)
_BY_CORRECTION = Label(
    "劳动合同结束日已登记，请用步骤 correct_entry 更正（facts/ended_on）",
    "The end of the contract is on file: set it right by the step correct_entry (facts/ended_on)",
)
