"""The limitation of each claim of a case, and acts recorded by hand that bear on it; it never blocks (CC 193)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mediation.domain.cases import Case, Setting
from mediation.domain.draft import Draft
from mediation.domain.errors import ConflictError, InputError, InvalidInputError
from mediation.domain.labels import Label
from mediation.domain.limitation import LimitationView
from mediation.domain.limitation.acts import STANDING, SUSPENSION
from mediation.domain.limitation.keeping import Occasion, keep_limitation
from mediation.domain.limitation.standing import limitation_on
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Claim, LimitationAct
from mediation.domain.sight import DataClass, is_limitation_seen, shown, sight_of
from mediation.domain.terms import LIMITATION_CODES
from mediation.services.calendars import current_calendar
from mediation.services.caller import Answer, Caller, Render
from mediation.services.cases import refuse_future
from mediation.services.children import compare_child, the_child, write_child
from mediation.services.identity import relation
from mediation.services.reading import read_for
from mediation.services.sights import refuse_dispatched
from mediation.services.subjects import NewSubjects
from mediation.services.views import LimitationPage
from mediation.storage import Unit
from mediation.storage.cases import Loaded
from mediation.storage.ids import new_id

TAKEN_BACK = "taken_back"


def read_limitation(unit: Unit, caller: Caller, case_id: str) -> LimitationPage:
    """Each claim with when it lapses under each reading, and the acts that bear on it.

    Of the claims of the other side a party is told nothing.

    A withdrawn claim is told while its clock runs: taking it back is no waiver, and it may be brought again.
    """
    loaded, actor = read_for(unit, caller, case_id)
    case, roles = relation(loaded, actor)
    sight = sight_of(actor, roles)
    refuse_dispatched(sight)
    running = {deadline.ref_id for deadline in case.running(*LIMITATION_CODES)}
    claims = [claim for claim in case.claims.values() if claim.outcome != "withdrawn" or claim.id in running]
    seen = [claim for claim in claims if is_limitation_seen(case, claim.id, sight)]
    views = tuple((claim, _view(case, claim, caller)) for claim in seen)
    acts = tuple(shown(case, sight).limitation_acts.values())
    return LimitationPage(views, acts, sight.reaches(DataClass.PERSONAL))


def _view(case: Case, claim: Claim, caller: Caller) -> LimitationView:
    return limitation_on(case, claim, calendar=current_calendar(), today=caller.today)


def record_act(unit: Unit, caller: Caller, case_id: str, given: Mapping[str, Any], render: Render) -> Answer:
    """Record by hand, with its evidence, an act that interrupts limitation or days that suspend it (LDMAL 27)."""
    act = LimitationAct(id=new_id(), version=1, **{**given, "claims": tuple(given.get("claims") or ())})

    def change(draft: Draft) -> None:
        _check(draft, act, caller)
        draft.put("limitation_acts", act)

    def answer(case: Case) -> Answer:
        where = f"/v1/cases/{case_id}/limitation-acts/{act.id}"
        return Answer(201, render(case.limitation_acts[act.id]), '"1"', where)

    return _write(unit, caller, case_id, "record_limitation_act", change, answer)


def amend_act(
    unit: Unit, caller: Caller, case_id: str, act_id: str, changes: Mapping[str, Any], render: Render
) -> Answer:
    """Correct an act recorded by hand, or say on which day a suspension ended."""

    def change(draft: Draft) -> None:
        act = _recorded(draft, act_id)
        compare_child(caller, act.version)
        act = replace(act, **{**changes, "claims": tuple(changes.get("claims") or act.claims)})
        _check(draft, act, caller)
        draft.put("limitation_acts", replace(act, version=act.version + 1))

    return _write(unit, caller, case_id, "amend_limitation_act", change, _answer(act_id, render))


def take_back_act(unit: Unit, caller: Caller, case_id: str, act_id: str, render: Render) -> Answer:
    """Let an act recorded by hand count for nothing from now on; the record of it stays."""

    def change(draft: Draft) -> None:
        act = _recorded(draft, act_id)
        draft.put("limitation_acts", replace(act, status=TAKEN_BACK, version=act.version + 1))

    return _write(unit, caller, case_id, "take_back_limitation_act", change, _answer(act_id, render))


def _answer(act_id: str, render: Render) -> Callable[[Case], Answer]:
    def answer(case: Case) -> Answer:
        act = case.limitation_acts[act_id]
        return Answer(200, render(act), f'"{act.version}"')

    return answer


def _write(
    unit: Unit,
    caller: Caller,
    case_id: str,
    verb: str,
    change: Callable[[Draft], None],
    answer: Callable[[Case], Answer],
) -> Answer:
    def changed(
        draft: Draft, _subjects: NewSubjects, loaded: Loaded, roles: frozenset[CaseRole]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        before = draft.case
        change(draft)
        setting = Setting(caller.today, current_calendar(), roles, caller.subject, new_id=new_id)
        keep_limitation(draft, before, Occasion(setting, caller.today, verb))
        return {}, ()

    return write_child(unit, caller, case_id, verb, changed, answer)


def _recorded(draft: Draft, act_id: str) -> LimitationAct:
    act: LimitationAct = the_child(draft, "limitation_acts", act_id)
    if act.action is not None:
        text = Label(
            "此事由出自办理步骤，请撤销或更正该步骤", "This act comes from a step: take back or correct the step"
        )
        raise ConflictError(text)
    if act.status != STANDING:
        raise ConflictError(Label("此事由已经撤回", "This act has already been taken back"))
    return act


def _check(draft: Draft, act: LimitationAct, caller: Caller) -> None:
    refuse_future(act.day, caller.today, "/day")
    errors = [
        InputError(f"/claims/{number}", "not_in_case", Label("案件中没有此请求", "This case has no such claim"))
        for number, key in enumerate(act.claims)
        if key not in draft.case.claims
    ]
    errors += _misfits(act)
    if errors:
        raise InvalidInputError(errors)


def _misfits(act: LimitationAct) -> list[InputError]:
    is_suspension = act.kind == SUSPENSION
    found = []
    if is_suspension and act.reason is None:
        found.append(InputError("/reason", "required", Label("请写明中止事由", "Say why limitation was suspended")))
    if not is_suspension and not act.claims:
        text = Label("请写明中断的是哪些请求的时效", "Name the claims whose limitation the act interrupts")
        found.append(InputError("/claims", "required", text))
    if not is_suspension and (act.until or act.reason):
        name = "/until" if act.until else "/reason"
        text = Label("仅中止有起止日期和事由", "Only a suspension has a last day and a reason")
        found.append(InputError(name, "not_for_this_kind", text))
    if act.until is not None and act.until < act.day:
        found.append(InputError("/until", "before_start", Label("中止终止日早于起始日", "It ends before it begins")))
    if act.due_on is not None and act.kind != "promise":
        text = Label("仅义务人同意履行时可填写承诺的履行期限", "Only a promise names a last day of performance")
        found.append(InputError("/due_on", "not_for_this_kind", text))
    return found
