"""Guards of an agreement: complete, signed, covering the case, and what the parties were told about its force."""

from __future__ import annotations

from mediation.domain.cases import Question
from mediation.domain.guards.guard import OPEN, Finding, attested, computed
from mediation.domain.guards.reading import agreement, awaits, bound_parties, given, has_input, party_id
from mediation.domain.readings import Signatures, reading

IN_FORCE_STATES = frozenset({"agreement_effective", "performing", "performed", "defaulted"})
AGREED_KINDS = frozenset({"mediation", "settlement", "oral", "replacement"})


def _covers_case(question: Question) -> Finding | None:
    if next(question.case.open_claims(), None) is None and question.case.claims:
        return None
    if given(question, "remaining_claims"):
        return None
    if question.command is not None and has_input(question, "remaining_claims"):
        return Finding("remaining_claims", {"claims": sorted(claim.id for claim in question.case.open_claims())})
    return OPEN


def _all_signatures(question: Question) -> Finding | None:
    if question.command is None or not has_input(question, "signatures"):
        return OPEN
    accepted: Signatures = reading("AMB-14")
    forms = {party_id(entry): entry.get("form") or "signature" for entry in given(question, "signatures") or ()}
    signed = {party for party, form in forms.items() if form in accepted.forms}
    lacking = sorted(party.id for party in bound_parties(question) if party.id not in signed)
    if lacking:
        return Finding("signatures", {"parties": lacking})
    electronic = sorted(party for party in signed if party and forms[party] == "electronic")
    return Finding(None, {"parties": electronic}, accepted.advice, warns=True) if electronic else None


def _supersedes_named(question: Question) -> Finding | None:
    if awaits(question, "supersedes"):
        return None
    current = agreement(question)
    named = given(question, "supersedes") or (None if has_input(question, "supersedes") else current.get("supersedes"))
    if not named:
        return Finding("supersedes")
    wrong = has_input(question, "supersedes") and current.get("id") not in (None, named)
    return Finding("supersedes", {"agreement": current.get("id")}) if wrong else None


def _in_force(question: Question) -> Finding | None:
    current = agreement(question)
    state, status, kind = question.case.state, current.get("status"), current.get("kind")
    if not current:
        return Finding("agreement", {"state": state})
    other = question.track is not None and question.track.ref not in (None, current.get("id"))
    if state in IN_FORCE_STATES and status in (None, "in_force") and kind in (None, *AGREED_KINDS) and not other:
        return None
    return Finding(None, {"state": state, "status": status, "kind": kind})


GUARDS = (
    attested(
        "agreement_covers_case",
        "协议对全部未处理请求均有约定；未涵盖的应当先分案或者变更请求",
        "the agreement disposes of every open claim; otherwise split off or amend the claims first",
        "LDMAL 14; R17 26 (from memory); SPC-OL 19",
        _covers_case,
        missing="remaining_claims",
    ),
    attested(
        "agreement_complete",
        "协议要件齐备：金额、期限、收款人、大小写一致、合计相符、税费和其余请求已约定，且无放弃社会保险等内容",
        "the agreement is complete: sums, dates, payees, capitals and total agree, tax and remaining claims are settled, nothing unlawful",
        "LDMAL 14; R17 26 (from memory); PML 29",
    ),
    attested(
        "new_terms_complete", "变更后的条款要件齐备", "the replacing terms are complete", "CC 543; R17 26 (from memory)"
    ),
    attested(
        "all_signatures_present",
        "受约束的各方均已签名或者盖章",
        "every bound party signed or sealed",
        "LDMAL 14(2); PML 29; SPC-OL 19; AMB-14",
        _all_signatures,
        missing="signatures",
    ),
    attested(
        "mediator_and_seal_present",
        "调解员已签名并加盖调解组织印章",
        "the mediator signed and the organization sealed",
        "LDMAL 14(2); PML 29",
    ),
    computed(
        "supersedes_named",
        "已写明被替代的协议",
        "the agreement that is replaced is named",
        "CC 543",
        _supersedes_named,
        missing="supersedes",
    ),
    computed(
        "agreement_in_force",
        "协议已生效且未被替代或者撤销",
        "the agreement is in force and not superseded",
        "LDMAL 14(2); LI1 51",
        _in_force,
        missing="agreement",
    ),
    attested(
        "warned_no_title",
        "已告知撤回后仅有合同效力，可以改为申请调解书或者确认",
        "the parties know that a withdrawal leaves only a contract; a statement or confirmation was offered",
        "LDMAL 42, 51; CPL 205",
    ),
    attested(
        "warned_award_stands",
        "已告知裁判逾期不起诉即生效，和解本身不能强制执行",
        "the parties know that the award or judgment stands unless sued on and the settlement is no title",
        "LDMAL 48–51; LI1 35",
    ),
)
