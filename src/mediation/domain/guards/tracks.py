"""Guards of the side tracks: aid, supervision, inspection, advances, preservation, holds, risk, service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from mediation.domain.cases import Question
from mediation.domain.guards.guard import OPEN, Finding, attested, computed, needs_input
from mediation.domain.guards.reading import (
    fact,
    given,
    has_evidence,
    has_input,
    is_pending,
    is_role,
    kind_on_file,
    latest,
    profile_of,
    requires_input,
)
from mediation.domain.labels import Label
from mediation.domain.organizations import is_county_level_union
from mediation.domain.procedure.step import CaseRole

NOBODY_CAN_ACT: Final = frozenset({"party_death", "no_guardian", "organization_ended", "insolvency", "force_majeure"})
EXCLUDED_FROM_ARBITRATION: Final = frozenset({
    "appraisal", "work_injury_recognition", "disability_grading", "other_case_pending", "public_notice", "agreed_talks",
    "entrusted_evidence",
})  # fmt: skip
"""What ZJ 36 and R33 47 leave out of the time of arbitration."""
ARBITRATION_HOLDS: Final = NOBODY_CAN_ACT | EXCLUDED_FROM_ARBITRATION
COURT_MEDIATION: Final = frozenset(
    {"court_dispatch_pending", "court_mediation_in_progress", "court_mediation_extended"}
)
ARBITRATION: Final = frozenset({"arbitration_filed", "arbitration_accepted", "arbitration_prehearing_mediation"})
SUIT: Final = frozenset({"suit_filed", "litigation_recorded", "judgment_received"})
ORGANIZATION: Final = frozenset({
    "awaiting_counterparty_consent", "org_mediation_accepted", "org_mediation_in_progress", "org_mediation_extended",
})  # fmt: skip
_HOLDS: Final[Mapping[frozenset[str], frozenset[str]]] = {
    COURT_MEDIATION: frozenset({"appraisal"}),
    ARBITRATION: ARBITRATION_HOLDS,
    SUIT: NOBODY_CAN_ACT | {"other_case_pending"},
}
_HOLD_ENDS_WITHIN: Final = Label(
    "中止结束日期不能早于开始日期，也不能晚于今天", "The hold ends on a day from its beginning to today"
)


def _reason_fits(question: Question) -> Finding | None:
    reason, state = given(question, "hold_reason"), question.case.state
    if state in ORGANIZATION:
        return None
    allowed = next((reasons for states, reasons in _HOLDS.items() if state in states), NOBODY_CAN_ACT)
    return None if reason in allowed else Finding("hold_reason", {"state": state, "allowed": sorted(allowed)})


def _decider_fits(question: Question) -> Finding | None:
    commission = question.case.state in ARBITRATION and is_role(question, CaseRole.ARBITRATION_LIAISON)
    court = question.case.state in SUIT | COURT_MEDIATION and is_role(question, CaseRole.COURT_LIAISON)
    return None if commission or court else OPEN


def _on_evidence(question: Question) -> Finding | None:
    return None if has_evidence(question) else OPEN


def _cause_ended(question: Question) -> Finding | None:
    until, since = given(question, "until"), fact(question, "hold_since")
    too_early = until is not None and since is not None and until < date.fromisoformat(since)
    if too_early or (until is not None and until > question.today):
        return Finding("until", {"since": since, "today": question.today.isoformat()}, _HOLD_ENDS_WITHIN)
    return _on_evidence(question)


def _county_level(question: Question) -> Finding | None:
    kind = kind_on_file(question, question.case.organization_id)
    profile = profile_of(kind)
    if profile is None:
        return OPEN
    return None if is_county_level_union(profile.kind) else Finding("organization", {"kind": kind})


def _not_corrected(question: Question) -> Finding | None:
    deadline = latest(question, {"D_SUP_REPLY_15WD"})
    if deadline is not None and is_pending(question, deadline):
        return Finding(None, {"term": deadline.term, "due": deadline.due.isoformat()})
    promised = question.on("promise_due") if fact(question, "accepts") is True else None
    if promised is not None and promised >= question.day:
        return Finding(None, {"promise_due": promised.isoformat()})
    return None


def _recourse(question: Question) -> str | None:
    return None if given(question, "claim_passes") is not None else "claim_passes"


def _case_filed(question: Question) -> Finding | None:
    filed = question.case.state in ARBITRATION | SUIT or fact(question, "arbitration_pending_since")
    return None if filed else OPEN


def _delivery(question: Question) -> Finding | None:
    if given(question, "proof") or has_evidence(question):
        return None
    if question.command is not None and has_input(question, "proof"):
        return Finding("proof")
    return OPEN


def _address(question: Question) -> Finding | None:
    by_hand = given(question, "method") in {"personal", "entity_desk"}
    return None if by_hand or has_evidence(question) else OPEN


GUARDS = (
    needs_input(
        "aid_scheme_chosen",
        "已选择国家法律援助或者工会法律援助",
        "the state or the union scheme is named; the state agency decides on its own",
        "LAL 41–43; ACFTU-LA",
        requires_input("scheme"),
        missing="scheme",
    ),
    attested(
        "agent_kind_allowed",
        "援助人员可以在该程序中代理，且人数符合规定",
        "the aid person may act in that forum and the number of agents is kept",
        "ZJ 19; CPL 61",
    ),
    attested(
        "reason_told",
        "已书面告知当事人理由",
        "the reason was given in writing to the person concerned",
        "LAL 43, 49 (from memory)",
    ),
    needs_input(
        "sign_of_breach",
        "提示函已写明涉嫌违反劳动法律的事实",
        "the letter describes a sign of breach of labour law",
        "TUL 22, 23; ZJ-SUP",
        requires_input("letter"),
        missing="letter",
    ),
    attested(
        "breach_shown", "违法事实和所违反的条文已附卷", "facts and articles of the breach are on file", "LCL 78; ZJ-SUP"
    ),
    attested(
        "union_competent",
        "用人单位在该工会的监督范围内",
        "the union's area or branch covers the employer",
        "TUL 22; ZJ-SUP",
    ),
    attested(
        "county_level_or_above",
        "建议书由县级以上工会发出",
        "the sender is a union of county level or above",
        "ZJ-SUP",
        _county_level,
    ),
    computed(
        "not_corrected",
        "意见书答复期已过或者已答复，且用人单位未改正",
        "the employer did not correct after the opinion",
        "ZJ-SUP",
        _not_corrected,
    ),
    needs_input(
        "inspection_matter",
        "属于工资、工时、最低工资、童工、社会保险登记等监察事项",
        "the matter is one of inspection, such as wages, hours, minimum wage, child labour or insurance",
        "Labour Inspection Regulation 9, 11 (from memory); MW 10",
        requires_input("matter"),
        missing="matter",
    ),
    attested(
        "wage_claim_fixed",
        "已列明劳动者、期间和金额，并经签字或者核对",
        "worker, period and sum are listed and signed or checked",
        "MW 29–33 (from memory)",
    ),
    attested(
        "advance_source_fits",
        "该资金来源适用于该单位和行业",
        "the source exists for this employer and kind of work",
        "MW 29–33, 63 (from memory); local rules",
    ),
    needs_input(
        "recourse_recorded",
        "已写明垫付后的追偿关系",
        "who may recover from whom is recorded",
        "MW 30, 63 (from memory); CC 524",
        _recourse,
        missing="claim_passes",
    ),
    attested(
        "urgency_or_risk_shown",
        "已说明财产风险并考虑担保",
        "the risk to property is described and security considered",
        "CPL 103, 104",
    ),
    attested(
        "case_filed",
        "申请人已申请仲裁或者起诉",
        "arbitration or suit has been filed by the holder",
        "CPL 104(3)",
        _case_filed,
    ),
    needs_input(
        "hold_reason_fits_state",
        "中止事由符合当前阶段的规定",
        "the reason for the hold is lawful in this stage",
        "SPC-OL 26; ZJ 31, 36; R33 46, 47 (heading checked); CPL 153",
        _reason_fits,
        missing="hold_reason",
    ),
    attested(
        "hold_decider_fits",
        "由有权机关决定：法院调解依法院，仲裁由仲裁委员会，组织调解经双方同意",
        "who decides fits the stage: the court's order, the commission, or both parties",
        "SPC-OL 26; ZJ 31, 36; CPL 153",
        _decider_fits,
    ),
    attested(
        "hold_cause_ended",
        "有证据证明中止事由已消除",
        "proof that the cause is over is on file",
        "SPC-OL 26; CPL 153(2)",
        _cause_ended,
    ),
    needs_input(
        "risk_described",
        "已写明风险类型和等级",
        "kind and level of the risk are given",
        "PML 25; TUL 28",
        requires_input("level", "kind"),
        missing="kind",
    ),
    attested(
        "address_or_consent_on_file",
        "有送达地址确认书，或者受送达人同意电子送达",
        "an address or the consent to e-service covers the chosen method",
        "CPL 87–94; ZJ 35; CPLI 136",
        _address,
    ),
    attested(
        "proof_of_delivery",
        "有回执、签收、系统到达或者见证记录",
        "a receipt, signature, system arrival or witness record is on file",
        "CPL 87–93; ZJ 35",
        _delivery,
        missing="proof",
    ),
    attested(
        "other_ways_exhausted",
        "其他送达方式均已失败并有记录",
        "the other ways of service failed and are logged",
        "CPL 95",
        _on_evidence,
    ),
)
