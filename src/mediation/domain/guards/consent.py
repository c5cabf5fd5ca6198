"""Guards of consent: who agrees to mediate, to extend, to be bound, and who speaks for whom."""

from __future__ import annotations

from collections.abc import Iterable

from mediation.domain.cases import Question
from mediation.domain.guards.guard import OPEN, Finding, attested, needs_input
from mediation.domain.guards.reading import (
    acting_party,
    bound_parties,
    fact,
    given,
    has_input,
    is_by_one_of,
    is_represented,
    party_id,
    requires_input,
    unperformed,
)
from mediation.domain.records import Party

_SUIT_STEPS = frozenset({"suit_withdrawn_unregistered", "withdraw_suit"})
_SUING = frozenset({"T112", "T117"})


def _consenting(question: Question) -> set[str]:
    on_file = {party.id for party in question.case.active_parties() if party.consented_on}
    return on_file | {party_id(entry) or "" for entry in given(question, "consents") or ()}


def _absent(question: Question, respondents: Iterable[Party]) -> set[str]:
    listed = given(question, "absent_respondents") or ()
    names = {entry.get("name") for entry in listed if isinstance(entry, dict)}
    ids = {party_id(entry) for entry in listed}
    return {party.id for party in respondents if party.id in ids or party.name in names}


def _consent_of_all_to_be_bound(question: Question) -> Finding | None:
    respondents = tuple(question.case.respondents())
    present = {party.id for party in respondents} - _absent(question, respondents)
    needed = set(present)
    if fact(question, "mediation_offered"):
        needed |= {party.id for party in question.case.applicants()}
    lacking = sorted(needed - _consenting(question))
    if lacking or not present:
        return Finding("consents", {"parties": lacking})
    return None


def _all_parties_consent(question: Question) -> Finding | None:
    parties = tuple(question.case.active_parties())
    sides = {party.side for party in parties}
    return None if len(sides) > 1 and all(party.consented_on for party in parties) else OPEN


def _written_consent_of_all(question: Question) -> Finding | None:
    if question.command is None:
        return OPEN
    if has_input(question, "consent"):
        return None if given(question, "consent") else Finding("consent")
    if not has_input(question, "consents"):
        return OPEN
    written = {party_id(entry) for entry in given(question, "consents") or () if entry.get("form") != "oral_on_record"}
    lacking = sorted(party.id for party in bound_parties(question) if party.id not in written)
    return Finding("consents", {"parties": lacking}) if lacking else None


def _askers(question: Question) -> tuple[Party, ...]:
    plaintiffs = {
        deadline.party_id
        for deadline in question.case.deadlines.values()
        if question.step.action in _SUIT_STEPS and deadline.term == "D_SUIT_15" and deadline.ended_by in _SUING
    }
    if plaintiffs:
        return tuple(party for party in question.case.active_parties() if party.id in plaintiffs)
    return tuple(question.case.applicants())


def _asked_by_applicant(question: Question) -> Finding | None:
    by = is_by_one_of(question, _askers(question), "asked_by")
    if by is None and not has_input(question, "asked_by"):
        return OPEN
    if question.command is None or by:
        return None
    return Finding("asked_by" if has_input(question, "asked_by") else "recorded_for")


def _asked_by_creditor(question: Question) -> Finding | None:
    creditors = {entry.creditor_id for entry in unperformed(question)} - {None}
    if question.command is None:
        return None
    if not creditors:
        return OPEN
    return (
        None
        if acting_party(question, "by") in creditors
        else Finding("by", {"creditors": sorted(filter(None, creditors))})
    )


def _each_withdrawing_worker(question: Question) -> Finding | None:
    workers = [party for party in question.case.applicants() if party.side == "worker"]
    if not (fact(question, "collective") or len(workers) > 1 or any((w.headcount or 1) > 1 for w in workers)):
        return None
    if question.command is None or not has_input(question, "workers"):
        return OPEN
    listed = {party_id(entry) for entry in given(question, "workers") or ()}
    lacking = sorted(party.id for party in workers if party.id not in listed)
    return Finding("workers", {"parties": lacking}) if lacking else None


def _represented_workers(question: Question) -> Finding | None:
    return OPEN if is_represented(question) else None


GUARDS = (
    needs_input(
        "consent_of_all_to_be_bound",
        "拟受约束的各方均已同意调解；缺席的被申请人已列明且不受约束",
        "each party to be bound consents; an absent respondent is listed and stays unbound",
        "LDMAL 5; R17 22; ZJ 10",
        _consent_of_all_to_be_bound,
        missing="consents",
    ),
    attested(
        "all_parties_consent",
        "参加调解的各方均已表示同意，并记明日期和形式",
        "each party who takes part has a recorded consent",
        "CPL 96; SPC-TY 11; ZJ 22",
        _all_parties_consent,
    ),
    attested(
        "written_consent_of_all",
        "受约束的各方均已书面（或者通过平台）同意",
        "every bound party consents in writing or on the platform",
        "LDMAL 14; ZJ 10; R17 10, 29",
        _written_consent_of_all,
        missing="consents",
    ),
    attested(
        "parties_keep_consent",
        "双方仍同意由新的调解组织调解",
        "both sides still consent to mediation by the new organization",
        "LDMAL 5; PML 17, 19",
    ),
    attested(
        "party_consents_to_dispatch",
        "委派调解已征得提出诉求的当事人同意",
        "the complaining party consents to the dispatch",
        "SPC-TY 11; CPL 125",
    ),
    needs_input(
        "applicant_agrees_to_mediate",
        "申请人同意先行调解；不同意的，仲裁委员会应当受理",
        "the applicant agrees to mediate first; otherwise the commission must accept",
        "R33 69 (from memory); LDMAL 5",
        requires_input("agreed_on"),
        missing="agreed_on",
    ),
    attested(
        "asked_by_applicant",
        "由申请人一方（或者有特别授权的代理人）提出，有书面或者记录凭证",
        "the applicant side, or its agent with special authority, asks for it on proof",
        "PML 23(2); R33 35 (heading checked); CPL 148",
        _asked_by_applicant,
        missing="asked_by",
    ),
    attested(
        "asked_by_creditor",
        "由权利人提出",
        "the creditor of the title asks for it",
        "CPL 268",
        _asked_by_creditor,
        missing="by",
    ),
    attested(
        "each_withdrawing_worker_named",
        "集体或者共同案件已逐一列明撤回的劳动者，其余已分案",
        "each withdrawing worker is listed; the others are split off",
        "LDMAL 7; ZJ 40",
        _each_withdrawing_worker,
        missing="workers",
    ),
    attested(
        "represented_workers_consent",
        "集体案件附有同意协议的被代表劳动者名单，其余已分案",
        "in a collective case the represented workers who consent are listed; the others are split off",
        "ZJ 40; LDMAL 7",
        _represented_workers,
    ),
    attested(
        "authority_to_settle",
        "放弃、承认、变更请求或者和解的，系本人、监护人或者有特别授权的代理人",
        "whoever waives, admits, changes or settles is the party, a guardian or an agent with special authority",
        "CPL 62; R17 26 (from memory)",
    ),
    attested(
        "willing_to_change",
        "双方均愿意变更协议，变更签署前原协议继续有效",
        "both sides are willing to change; the old agreement stays until then",
        "CC 543",
    ),
    needs_input(
        "creditor_consents",
        "权利人已书面同意延期",
        "the creditor consents in writing to the later date",
        "CC 543; PML 31",
        requires_input("consent"),
        missing="consent",
    ),
    needs_input(
        "court_permits",
        "法院已裁定准许撤诉",
        "the court's ruling that allows the withdrawal is on file",
        "CPL 148",
        requires_input("ruling_on"),
        missing="ruling_on",
    ),
    needs_input(
        "withdrawal_decided",
        "已提交撤回申请，并载明仲裁委员会或者法院的答复（或者待答复日期）",
        "the request to withdraw is filed, with the answer or the day it is awaited",
        "R33 35 (heading checked); CPL 148",
        requires_input("withdrawal"),
        missing="withdrawal",
    ),
)
