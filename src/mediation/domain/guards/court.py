"""Guards of the way to court: the route, the court's messages, suit, judgment."""

from __future__ import annotations

from typing import Final

from mediation.domain.cases import Question
from mediation.domain.court_routes import COURT_ROUTES, NOT_FOR_SUIT, ROUTE_FITS, CourtRouteBasis
from mediation.domain.guards.guard import OPEN, Check, Finding, attested, computed, needs_input
from mediation.domain.guards.reading import (
    POSTFILING,
    acting_party,
    awaits,
    fact,
    given,
    has_evidence,
    has_input,
    is_role,
    own_sides,
)
from mediation.domain.procedure.step import CaseRole, Kind

ROUTE: Final = "court_route_basis"
_MAY_BE_UNSTATED: Final = frozenset({"record_pending_suit", "intake_court_dispatch"})
_BEFORE_ARBITRATION: Final = frozenset({None, *NOT_FOR_SUIT, CourtRouteBasis.OVER_AGE_OR_NEW_FORM})
_NUMBERS: Final = ("court_no", "arb_no", "award_no", "enf_no", "order_no", "ruling_no")
_ADJUDICATED: Final = frozenset({"supported", "partly_supported"})


def _route_given(question: Question) -> Finding | None:
    if awaits(question, ROUTE):
        return None
    route = question.get(ROUTE)
    if route not in COURT_ROUTES:
        return Finding(ROUTE, {ROUTE: route})
    if route == CourtRouteBasis.NOT_STATED:
        return Finding(
            ROUTE,
            {ROUTE: route},
            COURT_ROUTES[CourtRouteBasis.NOT_STATED].warning,
            warns=question.step.action in _MAY_BE_UNSTATED,
        )
    return None


def _route_fits(question: Question) -> Finding | None:
    fitting = ROUTE_FITS.get(question.case.state, frozenset())
    if awaits(question, ROUTE):
        return None if fitting else Finding(ROUTE, {"state": question.case.state})
    if question.get(ROUTE) in fitting:
        return None
    return Finding(ROUTE, {"state": question.case.state, "fitting": sorted(fitting)})


def _not_advisory(question: Question) -> Finding | None:
    route = question.get(ROUTE)
    return Finding(ROUTE, {ROUTE: route}) if route in NOT_FOR_SUIT else None


def _told_of_arbitration(question: Question) -> Finding | None:
    route = question.get(ROUTE)
    return None if route in COURT_ROUTES and route not in NOT_FOR_SUIT else OPEN


def _not_postfiling(question: Question) -> Finding | None:
    venue = fact(question, "pretrial_venue")
    return Finding(None, {"pretrial_venue": venue}) if venue == POSTFILING else None


def _postfiling_only(question: Question) -> Finding | None:
    venue = fact(question, "pretrial_venue")
    return None if venue == POSTFILING else Finding("pretrial_venue", {"pretrial_venue": venue})


def _arbitration_not_done(question: Question) -> Finding | None:
    done = [name for name in ("award_no", "award_kind", "arb_overdue") if fact(question, name)]
    route = fact(question, ROUTE)
    if done or route not in _BEFORE_ARBITRATION:
        return Finding(None, {ROUTE: route, "facts": done})
    return None


def _message(liaison: CaseRole) -> Check:
    def check(question: Question) -> str | None:
        if is_role(question, liaison) or has_evidence(question):
            return None
        names = (*_NUMBERS, *(entry.name for entry in question.step.inputs if entry.kind is Kind.DOCUMENT))
        return None if any(given(question, name) for name in names) else "evidence"

    return check


def _by_public_body(question: Question) -> str | None:
    if is_role(question, CaseRole.COURT_LIAISON, CaseRole.ARBITRATION_LIAISON) or has_evidence(question):
        return None
    return "evidence"


def _each_claim_has_result(question: Question) -> Finding | None:
    if awaits(question, "results"):
        return None
    named = {entry.get("claim") for entry in given(question, "results") or ()}
    lacking = [claim.id for claim in question.case.open_claims() if claim.id not in named]
    field = "results" if has_input(question, "results") else None
    return Finding(field, {"claims": lacking}) if lacking else None


def orders_performance(question: Question) -> bool:
    """Whether an obligation results from the award or judgment: a supported claim that is more than a declaration."""
    if given(question, "obligations"):
        return True
    return any(
        (claim.awarded_fen or 0) > 0 or (claim.outcome in _ADJUDICATED and claim.code != "confirm_employment")
        for claim in question.case.claims.values()
    )


def _orders_something(question: Question) -> str | None:
    return None if orders_performance(question) else "obligations"


def _orders_nothing(question: Question) -> Finding | None:
    if not orders_performance(question):
        return None
    return Finding(None, {"claims": sorted(c.id for c in question.case.claims.values() if c.outcome in _ADJUDICATED)})


def _is_set_aside(question: Question) -> Finding | None:
    instance = fact(question, "instance")
    return None if instance == "set_aside" else Finding("instance", {"instance": instance})


def _not_set_aside(question: Question) -> Finding | None:
    return Finding("instance", {"instance": "set_aside"}) if fact(question, "instance") == "set_aside" else None


def _appealable(question: Question) -> Finding | None:
    instance, appealable = fact(question, "instance"), fact(question, "appealable")
    if instance == "first" and appealable is True:
        return None
    return Finding(None, {"instance": instance, "appealable": appealable})


def _employer_only(question: Question) -> Finding | None:
    named = acting_party(question, "by")
    if named is not None:
        party = question.case.parties.get(named)
        return None if party and party.side == "employer" else Finding("recorded_for")
    sides = own_sides(question)
    return Finding("recorded_for") if sides and "employer" not in sides else None


GUARDS = (
    computed(
        "court_route_basis_given",
        "已填写法院受理路径及其依据",
        "the route by which the case comes to court is set with its proof",
        "LDMAL 5; LI1 1; table",
        _route_given,
        missing=ROUTE,
    ),
    computed(
        "route_fits_state",
        "所选受理路径与案件当前阶段相符",
        "the route fits the state of the case",
        "LDMAL 29, 43, 48–50; LI1 12, 13, 15, 24, 51",
        _route_fits,
        missing=ROUTE,
    ),
    computed(
        "not_advisory_only",
        "受理路径可据以立案（并非仅引导调解或者共同申请确认）",
        "the route carries a suit: it is not only advice to mediate",
        "LDMAL 5; SPC-OL 9(1); CPL 126",
        _not_advisory,
        missing=ROUTE,
    ),
    attested(
        "applicant_told_of_arbitration_first",
        "已告知申请人劳动争议须先申请仲裁，或者属于可直接起诉的情形",
        "the applicant was told that arbitration comes before suit, unless a route lies open",
        "LDMAL 5; SPC-OL 9(1)",
        _told_of_arbitration,
    ),
    computed(
        "not_postfiling",
        "不是立案后的委托调解（该案已经立案）",
        "the mediation is not entrusted after registration: there the suit is registered already",
        "SPC-TY 20, 21",
        _not_postfiling,
    ),
    computed(
        "postfiling_only",
        "系立案后的委托调解",
        "the mediation was entrusted after registration",
        "SPC-TY 20, 21, 27",
        _postfiling_only,
        missing="pretrial_venue",
    ),
    computed(
        "arbitration_not_done_yet",
        "尚未经过仲裁，且不属于可直接起诉的情形",
        "arbitration was not done and no route frees the claim from it",
        "LDMAL 5; LI1 1, 12",
        _arbitration_not_done,
    ),
    needs_input(
        "court_message_authentic",
        "法院材料真实：由法院平台发送，或者有案号、盖章的文书",
        "the court's message is authentic: from its platform, or a paper with number and seal",
        "SPC-OL 12; CPL 87",
        _message(CaseRole.COURT_LIAISON),
        missing="evidence",
        by=("court_liaison", "clerk"),
    ),
    needs_input(
        "commission_message",
        "已有仲裁委员会的文书或者签章信息",
        "a paper or signed message of the commission is on file",
        "LDMAL 29, 30; R33 80",
        _message(CaseRole.ARBITRATION_LIAISON),
        missing="evidence",
        by=("arbitration_liaison", "clerk"),
    ),
    needs_input(
        "court_or_commission_only",
        "公告送达由法院或者仲裁委员会决定，调解组织不得采用",
        "public notice is ordered by a court or commission, never by a mediation organization",
        "CPL 95; ZJ 35",
        _by_public_body,
        missing="evidence",
        by=("court_liaison", "arbitration_liaison"),
    ),
    computed(
        "each_claim_has_result",
        "每项请求均有处理结果",
        "every claim of the case carries a result",
        "LDMAL 46; CPL 155",
        _each_claim_has_result,
        missing="results",
    ),
    computed(
        "award_orders_performance",
        "裁决确定了应当履行的义务",
        "the award orders at least one performance",
        "LDMAL 51",
        _orders_something,
        missing="obligations",
    ),
    computed(
        "award_orders_nothing",
        "裁决没有确定应当履行的义务",
        "the award orders no performance",
        "LDMAL 48, 50",
        _orders_nothing,
    ),
    computed(
        "judgment_orders_performance",
        "裁判确定了应当履行的义务",
        "the judgment orders at least one performance",
        "CPL 247",
        _orders_something,
        missing="obligations",
    ),
    computed(
        "judgment_orders_nothing",
        "裁判没有确定应当履行的义务",
        "the judgment orders no performance",
        "CPL 158, 182",
        _orders_nothing,
    ),
    computed(
        "instance_is_set_aside",
        "该案系撤销仲裁裁决案件",
        "the court case is the one to set the award aside",
        "LDMAL 49",
        _is_set_aside,
        missing="instance",
    ),
    computed(
        "instance_not_set_aside",
        "该案不是撤销仲裁裁决案件",
        "the court case is an ordinary one",
        "LDMAL 49; CPL 155",
        _not_set_aside,
    ),
    computed(
        "appealable_first_instance",
        "系可以上诉的一审裁判",
        "the judgment is of first instance and may be appealed",
        "CPL 171",
        _appealable,
    ),
    needs_input(
        "employer_only",
        "仅用人单位可以申请撤销终局裁决",
        "only the employer side may do this",
        "LDMAL 49",
        _employer_only,
        missing="recorded_for",
    ),
    attested(
        "ground_given",
        "已写明劳动争议调解仲裁法第四十九条规定的撤销理由",
        "a ground of LDMAL 49 is named",
        "LDMAL 49; LI1 21–23",
    ),
)
