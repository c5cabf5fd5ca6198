"""Guards of arbitration: the referral, what the commission does, statements, put-off filings."""

from __future__ import annotations

from typing import Final

from mediation.domain.cases import Question
from mediation.domain.guards.guard import OPEN, Finding, attested, computed, needs_input
from mediation.domain.guards.reading import fact, given, is_pending, latest, requires_input

PENDING_STATES: Final = frozenset({"arbitration_filed", "arbitration_accepted", "arbitration_prehearing_mediation"})


def _application_fields(question: Question) -> Finding | None:
    if next(question.case.applicants(), None) is None:
        return Finding("applicant")
    if next(question.case.respondents(), None) is None:
        return Finding("respondent")
    return OPEN if question.case.claims else Finding("claims")


def _change_in_time(question: Question) -> Finding | None:
    return OPEN if question.case.state in PENDING_STATES else None


def _no_arbitration_pending(question: Question) -> Finding | None:
    accepting = latest(question, {"D_ARB_ACCEPT_5"})
    undecided = accepting is not None and is_pending(question, accepting)
    if question.case.state in PENDING_STATES or undecided:
        return Finding(None, {"state": question.case.state})
    return None


def _put_off(question: Question) -> str | None:
    return None if fact(question, "arbitration_pending_since") else "arbitration_pending_since"


def _no_exception(question: Question) -> Finding | None:
    excuse = fact(question, "li1_12_exception")
    return Finding(None, {"li1_12_exception": excuse}) if excuse else None


def _statement_received(question: Question) -> Finding | None:
    served = given(question, "served_on")
    if not isinstance(served, dict):
        return None if served else Finding("served_on")
    parties = (*question.case.applicants(), *question.case.respondents())
    lacking = sorted(party.id for party in parties if party.bound and not served.get(party.id))
    return Finding("served_on", {"parties": lacking}) if lacking else None


GUARDS = (
    attested(
        "application_fields_complete",
        "仲裁申请书载明劳动争议调解仲裁法第二十八条规定的事项",
        "the fields of LDMAL 28 are present for each applicant and respondent",
        "LDMAL 28",
        _application_fields,
    ),
    attested(
        "copies_sufficient",
        "申请书副本按被申请人人数备齐",
        "there is one copy per respondent and one for the commission",
        "LDMAL 28",
    ),
    attested(
        "concessions_excluded",
        "拟提交材料不含调解中的让步和方案",
        "nothing said in concession during mediation is in the outgoing set",
        "SPC-TY 22; SPC-OL 18; CPLI 107",
    ),
    attested(
        "rights_notice_given",
        "已书面告知申请仲裁的权利和时效届满日",
        "notice of the right to arbitrate and of the end of limitation was given",
        "R17 22, 30; PML 26",
    ),
    needs_input(
        "one_written_list",
        "补正事项一次性书面告知",
        "all missing points are told in one written list",
        "ZJ 21",
        requires_input("missing"),
        missing="missing",
    ),
    attested(
        "applicant_absent_without_cause",
        "开庭通知已送达，申请人无正当理由未到庭",
        "the hearing notice was served and no good cause for the absence is on file",
        "LDMAL 36",
    ),
    attested(
        "arbitration_change_in_time",
        "仲裁阶段变更请求的，在举证期限届满前提出或者经仲裁委员会准许",
        "in arbitration the change comes before the evidence term ends, or the commission allows it",
        "R33 44 (heading checked)",
        _change_in_time,
    ),
    computed(
        "no_arbitration_pending",
        "同一请求没有在审的仲裁",
        "no arbitration on the same claims is pending",
        "LDMAL 5; R33 69 (from memory)",
        _no_arbitration_pending,
    ),
    computed(
        "filed_earlier_and_put_off",
        "此前已申请仲裁，因先行调解暂缓受理",
        "the application was filed earlier and its acceptance put off for mediation",
        "R33 69 (from memory)",
        _put_off,
        missing="arbitration_pending_since",
    ),
    computed(
        "no_li1_12_exception",
        "没有移送管辖、送达延误、等待另案结果等除外情形",
        "none of the excuses of LI1 12 is on file: transfer, service, another case waited for",
        "LI1 12",
        _no_exception,
        missing="li1_12_exception",
    ),
    needs_input(
        "statement_received_by_all",
        "调解书已经各方签收；签收前任何一方均可反悔",
        "every party signed for the statement; until then each may go back",
        "LDMAL 42",
        _statement_received,
        missing="served_on",
    ),
)
