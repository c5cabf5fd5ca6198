"""Guards of parties and groups: joining, leaving, succeeding, splitting, collective cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mediation.domain.cases import Question
from mediation.domain.guards.guard import OPEN, Finding, attested, needs_input
from mediation.domain.guards.reading import fact, given, is_by_one_of, party_id, requires_input
from mediation.domain.records import Party

COLLECTIVE: Final = 10


def _ten_or_more(question: Question) -> Finding | None:
    heads = sum(party.headcount or 1 for party in question.case.active_parties("worker"))
    if heads >= COLLECTIVE or fact(question, "collective"):
        return None
    return Finding(None, {"workers": heads, "needed": COLLECTIVE}, is_open=True)


def _two_linked(question: Question) -> str | None:
    linked = [case for case in given(question, "linked") or () if case != question.case.id]
    return None if linked else "linked"


def _worker_asks(question: Question) -> Finding | None:
    if question.command is None:
        return OPEN
    if is_by_one_of(question, question.case.active_parties("worker"), "asked_by"):
        return None
    return OPEN


def _not_last(question: Question) -> Finding | None:
    leaving = party_id(given(question, "party"))
    for side in (tuple(question.case.applicants()), tuple(question.case.respondents())):
        ids = {party.id for party in side}
        if ids == {leaving}:
            return Finding("party")
    return None


def _chosen(question: Question, name: str) -> set[Any]:
    return {party_id(entry) for entry in given(question, name) or ()}


def _parts(question: Question) -> Iterator[tuple[str, int, int]]:
    """How many claims, applicants and respondents stay and go over; a kind nobody chose from is in both parts."""
    case, gone = question.case, _chosen(question, "workers") | _chosen(question, "respondents")
    applicants, respondents = [{party.id for party in found} for found in (case.applicants(), case.respondents())]
    claims = {claim.id for claim in case.open_claims()}
    for name, whole, leaving in (
        ("claims", claims, _chosen(question, "claims")),
        ("workers", applicants, gone),
        ("respondents", respondents, gone),
    ):
        chosen = _chosen(question, name)
        yield name, len(whole - leaving), len(whole & chosen) if chosen else len(whole)


def _split(question: Question) -> Finding | None:
    def ids(parties: Iterator[Party]) -> set[str]:
        return {party.id for party in parties}

    wholes = {
        "claims": {claim.id for claim in question.case.open_claims()},
        "workers": ids(question.case.active_parties("worker")),
        "respondents": ids(question.case.respondents()),
    }
    if not any(_chosen(question, name) for name in wholes):
        return Finding("claims")
    for name, whole in wholes.items():
        if strangers := _chosen(question, name) - whole:
            return Finding(name, {"not_in_case": sorted(map(str, strangers))})
    return next((Finding(name) for name, stays, goes in _parts(question) if not stays or not goes), None)


GUARDS = (
    attested(
        "ten_or_more_common_claim",
        "劳动者一方十人以上且有共同请求",
        "ten or more workers have a common claim",
        "LDMAL 7; ZJ 40, 41",
        _ten_or_more,
    ),
    attested(
        "same_employer",
        "用人单位相同，或者承担连带责任",
        "the employer is the same, or the employers are jointly liable",
        "LDMAL 22; ZJ 40",
    ),
    needs_input(
        "two_or_more_linked",
        "有两件以上用人单位、事实或者协议相同的案件",
        "two or more cases share an employer, a fact or an agreement",
        "CPL 55 (by analogy); product rule",
        _two_linked,
        missing="linked",
    ),
    attested(
        "each_party_told",
        "已告知各方一并处理且无人反对",
        "all parties were told that the matters are handled together and did not object",
        "product rule",
    ),
    attested(
        "worker_asks_or_represented_ends",
        "由劳动者本人提出，或者其代表授权已终止",
        "the worker asks for it, or the mandate of the representative ended",
        "LDMAL 7; ZJ 40",
        _worker_asks,
    ),
    needs_input(
        "split_not_empty_not_whole",
        "分案后两案均至少各有一项请求、一名申请人和一名被申请人",
        "both parts keep at least one claim, one applicant and one respondent",
        "LDMAL 43(2); SPC-OL 19; product rule",
        _split,
        missing="claims",
    ),
    attested(
        "consents_kept_per_part",
        "各案的同意、授权和代理人已分别保留",
        "each part keeps the consents, mandates and representatives that belong to it",
        "product rule",
    ),
    needs_input(
        "interest_or_liability_ground",
        "已写明连带责任或者利害关系的依据",
        "the ground of joint liability or of interest is named",
        "LDMAL 22, 23; LI1 26–30; MW 30, 36",
        requires_input("ground"),
        missing="ground",
    ),
    attested("notice_to_all", "已告知在场各方", "all present parties are told", "LDMAL 23; ZJ 18"),
    needs_input(
        "not_last_party",
        "双方各至少保留一名当事人",
        "at least one party stays on each side",
        "LDMAL 23; PML 23",
        _not_last,
        missing="party",
    ),
    attested(
        "succession_proved",
        "有死亡和亲属关系、合并分立、登记、法院或者监护的证明",
        "death and kinship, merger, registry, court or guardian papers prove the succession",
        "LDMAL 25; ZJ 18; LI1 26, 29, 30; CC 1121",
    ),
    needs_input(
        "court_acceptance_known",
        "已填写破产受理法院案号和受理日期",
        "number and day of the court's acceptance of the insolvency are given",
        "Enterprise Bankruptcy Law 19, 20 (from memory)",
        requires_input("court_no", "accepted_on"),
        missing="court_no",
    ),
)
