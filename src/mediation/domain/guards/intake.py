"""Guards of intake, triage and hand-over: who asks, what for, and whether this house is the right one."""

from __future__ import annotations

from mediation.domain.cases import Question
from mediation.domain.claims import CLAIM_CODES
from mediation.domain.guards.guard import OPEN, Finding, attested, computed, needs_input
from mediation.domain.guards.reading import (
    agreement,
    awaits,
    deadlines_of,
    fact,
    given,
    has_evidence,
    has_input,
    is_by_one_of,
    is_pending,
    organization_kind,
    profile_of,
    requires_input,
)
from mediation.domain.records import Party

_APPLICANTS = frozenset({"applicant", "co_applicant"})
_RESPONDENTS = frozenset({"respondent", "co_respondent", "joint_debtor", "guarantor"})
_NAMES_RESPONDENT = frozenset({"submit_intake", "apply_for_mediation"})


def _roles(question: Question) -> set[str]:
    roles = {party.role for party in question.case.active_parties() if party.name}
    roles |= {entry.get("role", "") for entry in given(question, "parties") or () if entry.get("name")}
    roles |= {end for end in ("applicant", "respondent") if given(question, end)}
    return roles


def _parties_named(question: Question) -> Finding | None:
    if awaits(question, "parties", "applicant"):
        return None
    roles = _roles(question)
    if roles.isdisjoint(_APPLICANTS):
        return Finding("applicant")
    if question.step.action in _NAMES_RESPONDENT and roles.isdisjoint(_RESPONDENTS):
        return Finding("respondent")
    return None


def _request_stated(question: Question) -> Finding | None:
    if awaits(question, "claims", "reason") or question.case.claims or given(question, "claims"):
        return None
    return None if question.get("reason") or question.get("what_happened") else Finding("claims")


def _oral_record_signed(question: Question) -> Finding | None:
    oral = given(question, "written_or_oral") == "oral"
    return OPEN if oral and not has_evidence(question) else None


def _cause_given(question: Question) -> Finding | None:
    codes = given(question, "claim_codes") or [claim.code for claim in question.case.claims.values()]
    unknown = [code for code in codes if code not in CLAIM_CODES]
    return Finding("claim_codes", {"unknown": unknown}) if unknown or not codes else None


def _jurisdiction_given(question: Question) -> str | None:
    return None if question.get("place_of_performance") or question.get("employer_seat") else "employer_seat"


def _organization_chosen(question: Question) -> Finding | None:
    if awaits(question, "organization"):
        return None
    kind = organization_kind(question)
    profile = profile_of(kind)
    if profile is None or not profile.is_mediation_body:
        return Finding("organization", {"kind": kind})
    return None


def _wanted_by_applicant(question: Question) -> Finding | None:
    by = is_by_one_of(question, question.case.applicants(), "asked_by", "by")
    if by or fact(question, "route_wanted") == "mediation":
        return None
    if any(is_pending(question, deadline) for deadline in deadlines_of(question, {"D_MED_15"})):
        return None
    return OPEN


def _application_on_file(question: Question) -> str | None:
    on_file = fact(question, "written_or_oral") and question.on("received_on")
    return None if on_file else "written_or_oral"


def _no_mediation_clock(question: Question) -> Finding | None:
    running = next(question.case.running("D_MED_15", "D_MED_EXT"), None)
    return Finding(None, {"term": running.term, "due": running.due.isoformat()}) if running else None


def _prefers_negotiation(question: Question) -> Finding | None:
    return None if is_by_one_of(question, question.case.applicants()) else OPEN


def _no_refusal(question: Question) -> Finding | None:
    return Finding("explicit_refusal") if fact(question, "explicit_refusal") else None


def _same_matter_exists(question: Question) -> str | None:
    other = given(question, "existing_case")
    return None if other and other != question.case.id else "existing_case"


def _why_recorded(question: Question) -> Finding | None:
    if has_input(question, "purpose"):
        return None if question.command is None or given(question, "purpose") else Finding("purpose")
    return None if question.command and question.command.note else OPEN


_DECIDED_TITLES = frozenset({"award", "judgment", "arb_statement", "court_statement"})


def _not_decided(question: Question) -> Finding | None:
    title = fact(question, "title_kind")
    if title not in _DECIDED_TITLES or next(question.case.open_claims(), None) is not None:
        return None
    if given(question, "ground") in {"claim_not_covered", "new_claim"}:
        return None
    return Finding(None, {"title_kind": title, "agreement": agreement(question).get("id")})


def _new_claim_only(question: Question) -> Finding | None:
    decided = {claim.code for claim in question.case.claims.values() if claim.outcome != "open"}
    asked = {claim.get("code") for claim in given(question, "claims") or ()}
    if question.command is not None and not asked:
        return Finding("claims")
    return None if asked and asked.isdisjoint(decided) else OPEN


def _agreed_term(question: Question) -> str | None:
    ends, replied = given(question, "ends_on"), given(question, "replied_on") or question.day
    return None if ends and ends >= replied else "ends_on"


def _is_respondent(party: Party) -> bool:
    return party.role in _RESPONDENTS


def _respondent_side(question: Question) -> Finding | None:
    if question.command is None:
        return OPEN
    respondents = [party for party in question.case.active_parties() if _is_respondent(party)]
    by = is_by_one_of(question, respondents, "by")
    if by is None:
        sides = {claim.get("claimant_side") for claim in given(question, "claims") or ()} - {None}
        by = sides <= {party.side for party in respondents} if sides else None
    if by is None:
        return OPEN
    return None if by else Finding("recorded_for")


GUARDS = (
    computed(
        "parties_named",
        "已载明申请人，并尽可能载明被申请人",
        "the applicant is identified and the respondent named as far as known",
        "LDMAL 12; R17 21",
        _parties_named,
        missing="parties",
    ),
    computed(
        "request_stated",
        "已写明请求事项和理由",
        "request and reason are stated",
        "LDMAL 12; R17 21",
        _request_stated,
        missing="claims",
    ),
    attested(
        "oral_record_signed",
        "口头申请已当场记录，写明时间，并经申请人核对签名或者捺印",
        "an oral application is on record with its time, read back and signed or thumbprinted",
        "LDMAL 12",
        _oral_record_signed,
    ),
    needs_input(
        "cause_given",
        "已确定请求类别和案由",
        "the kind of claim and its cause are given",
        "法〔2025〕226号; product rule",
        _cause_given,
        missing="claim_codes",
    ),
    needs_input(
        "jurisdiction_given",
        "已填写劳动合同履行地或者用人单位所在地",
        "the place of performance or the employer's seat is given",
        "LDMAL 21; ZJ 17",
        _jurisdiction_given,
        missing="employer_seat",
    ),
    attested(
        "conflict_check_done",
        "已完成利益冲突检索",
        "conflicts of interest were checked for the organization's people",
        "SPC-TY 15; PML 19; product rule",
    ),
    attested(
        "duplicate_checked",
        "已按当事人、期间和案由查重",
        "duplicates were searched by parties, period and cause",
        "product rule",
    ),
    attested(
        "not_a_labour_dispute",
        "不属于劳动争议，且没有其他规定可由本组织受理",
        "it is no labour dispute and no other rule admits it here",
        "LDMAL 2; LI1 2; R17 22",
    ),
    needs_input(
        "receiver_confirmed",
        "接收单位已确认接收",
        "the receiver confirmed taking over",
        "ZJ 7, 17; R17 22",
        requires_input("received_on"),
        missing="received_on",
    ),
    attested(
        "data_sharing_basis",
        "向接收方提供个人信息已取得单独同意，或者有法定依据",
        "separate consent or a legal duty covers giving the data to the receiver",
        "PIPL 13, 23",
    ),
    needs_input(
        "same_matter_exists",
        "已有当事人、请求和期间相同的在办案件",
        "an open case with the same parties, claims and period exists",
        "product rule",
        _same_matter_exists,
        missing="existing_case",
    ),
    attested(
        "why_recorded",
        "已说明登记外部程序的目的",
        "the purpose of recording an outside proceeding is given",
        "TUL 30; PIPL 13",
        _why_recorded,
        missing="purpose",
    ),
    attested(
        "applicant_prefers_negotiation",
        "申请人选择协商",
        "the applicant chose to negotiate",
        "LDMAL 4; R17 8",
        _prefers_negotiation,
    ),
    needs_input(
        "agreed_term_given",
        "已约定协商期限的届满日",
        "the end of the talks agreed by both sides is given",
        "R17 10",
        _agreed_term,
        missing="ends_on",
    ),
    computed(
        "organization_chosen",
        "申请人已选择依法设立的调解组织",
        "the applicant chose a lawful mediation organization",
        "LDMAL 10; ZJ 7",
        _organization_chosen,
        missing="organization",
    ),
    attested(
        "mediation_wanted_by_applicant",
        "申请人愿意调解",
        "the applicant wants mediation now",
        "LDMAL 5, 12; ZJ 10",
        _wanted_by_applicant,
    ),
    computed(
        "mediation_application_on_file",
        "已有书面调解申请，或者经签名的口头申请记录",
        "a written application or a signed oral record is on file",
        "LDMAL 12; R17 21",
        _application_on_file,
        missing="written_or_oral",
    ),
    computed(
        "no_mediation_clock_running",
        "没有正在计算的调解期限",
        "no mediation term is running already",
        "LDMAL 14; ZJ 10",
        _no_mediation_clock,
    ),
    computed(
        "no_refusal_recorded",
        "没有当事人明确拒绝调解",
        "nobody has refused mediation",
        "ZJ 10(1); PML 3",
        _no_refusal,
        missing="explicit_refusal",
    ),
    computed(
        "not_finally_decided",
        "同一请求没有已生效的裁判或者调解书（其履行仍可调解）",
        "no award, judgment or statement in effect decides the claims; its performance may still be mediated",
        "R33 34 (heading checked); LDMAL 5",
        _not_decided,
    ),
    computed(
        "same_claim_not_decided",
        "同一请求没有已生效的裁判或者调解书",
        "no award, judgment or statement in effect decides the same claim",
        "R33 34 (heading checked)",
        _not_decided,
    ),
    attested(
        "new_claim_only",
        "新请求的事实、理由或者请求事项与已裁判的不同",
        "the claim differs in fact, ground or request from what was decided",
        "R33 34 (heading checked)",
        _new_claim_only,
    ),
    needs_input(
        "new_ground",
        "已说明结案后的新事由",
        "what is new since the closing is stated",
        "LDMAL 5; R33 35 (heading checked)",
        requires_input("ground"),
        missing="ground",
    ),
    attested(
        "respondent_side",
        "请求由被申请人一方提出",
        "the claim comes from a respondent",
        "R33 36 (heading checked)",
        _respondent_side,
    ),
)
