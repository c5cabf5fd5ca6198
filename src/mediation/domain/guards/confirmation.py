"""Guards of the ways to enforceability: arbitration review, judicial confirmation, payment order, enforcement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mediation.domain.cases import Question
from mediation.domain.claims import CLAIM_CODES
from mediation.domain.guards.guard import Finding, attested, computed, warning
from mediation.domain.guards.reading import (
    agreement,
    fact,
    given,
    is_court_invited,
    is_overdue,
    latest,
    maker_kind,
    profile_of,
    unperformed,
)
from mediation.domain.labels import Label
from mediation.domain.organizations import Eligibility
from mediation.domain.readings import reading
from mediation.domain.records import Obligation

TITLES: Final = frozenset({
    "arb_statement", "award", "court_statement", "judgment", "confirmation_ruling", "payment_order",
})  # fmt: skip
NOTARISED: Final = "notarised"
_GRANTED: Final = frozenset({"review_granted", "judicial_granted", "po_effective"})
_DROPPED: Final = frozenset({"withdrawn", "waived", "dismissed"})
_ASK_COMMISSION: Final = Label(
    "法律未列明该类组织，请先向仲裁委员会了解", "the statute does not name this kind of body: ask the commission first"
)
_ASK_COURT: Final = Label(
    "该协议能否司法确认存在分歧，请先向法院了解，优先申请仲裁审查",
    "whether this agreement may be confirmed is open: ask the court first and prefer arbitration review",
)


def _by_organization(question: Question) -> Finding | None:
    kind = maker_kind(question)
    profile = profile_of(kind)
    if profile is None:
        return Finding("made_by", {"kind": kind})
    if profile.arbitration_review is Eligibility.YES:
        return _review_venue(question)
    asks = profile.arbitration_review is Eligibility.ASK_FIRST
    return Finding(None, {"kind": kind}, _ASK_COMMISSION if asks else None, warns=asks)


def _review_venue(question: Question) -> Finding:
    """Never a bar: to which commission the application goes, by the seat of the body that mediated."""
    made_by = agreement(question).get("made_by")
    division = question.setting.references.organizations.get(made_by or "", {}).get("division")
    return Finding(None, {"made_by": made_by, "division": division}, reading("AMB-5")(division), warns=True)


def _is_payment_only(question: Question) -> bool:
    kinds = {entry.kind for entry in question.case.live_obligations()}
    return kinds == {"payment"}


def _confirmation_gate(question: Question) -> Finding | None:
    kind = maker_kind(question)
    profile = profile_of(kind)
    if profile is None or not profile.is_mediation_body:
        return Finding("made_by", {"kind": kind})
    payment_only = _is_payment_only(question)
    gate = reading("AMB-4")(profile.kind, court_invited=is_court_invited(question), payment_only=payment_only)
    if gate is Eligibility.YES:
        return None
    return Finding(None, {"kind": kind, "payment_only": payment_only}, _ASK_COURT, warns=gate is not Eligibility.NO)


def _not_relationship_only(question: Question) -> Finding | None:
    if next(question.case.live_obligations(), None) is not None:
        return None
    codes = {claim.code for claim in question.case.claims.values() if claim.outcome not in _DROPPED}
    return Finding("obligations", {"claims": sorted(codes)}) if codes <= {"confirm_employment"} else None


def _not_confirmed(question: Question) -> Finding | None:
    current = agreement(question).get("id")
    confirmed = any(
        track.track == "confirmation" and track.state == "judicial_granted" and track.ref in (None, current)
        for track in question.case.tracks.values()
    )
    return Finding() if confirmed else None


def _owed(question: Question) -> Iterator[Obligation]:
    return (entry for entry in unperformed(question) if entry.kind == "payment" and is_overdue(question, entry))


def _po_eligible(question: Question) -> Finding | None:
    codes = {claim.code for claim in question.case.claims.values() if claim.outcome not in _DROPPED}
    kinds = [CLAIM_CODES[code].payment_order for code in codes if code in CLAIM_CODES]
    if any(kinds):
        return None
    return Finding(None, {"claims": sorted(codes)}, warns=None in kinds)


def _creditor_is_worker(question: Question) -> Finding | None:
    parties = question.case.parties
    for entry in _owed(question):
        creditor, debtor = parties.get(entry.creditor_id or ""), parties.get(entry.debtor_id or "")
        if creditor is not None and creditor.side == "worker":
            return None
        if creditor is None and debtor is not None and debtor.side == "employer":
            return None
    return Finding("creditor")


def _fixed_and_due(question: Question) -> str | None:
    return None if any(entry.amount_fen for entry in _owed(question)) else "amount"


def _enforceable_title(question: Question) -> Finding | None:
    title = fact(question, "title_kind")
    granted = any(track.state in _GRANTED for track in question.case.tracks.values())
    if title in TITLES or granted or given(question, "title_kind") == NOTARISED:
        return None
    return Finding("title_kind", {"title_kind": title})


def _title_gap(question: Question) -> Finding | None:
    return (
        None
        if _enforceable_title(question) is None
        else Finding("title_kind", {"title_kind": fact(question, "title_kind")})
    )


def _no_objection(question: Question) -> Finding | None:
    deadline, objected = latest(question, {"D_PO_OBJECT_15"}), question.on("objected_on")
    if objected is None or (deadline is not None and not deadline.start <= objected <= deadline.due):
        return None
    return Finding(None, {"objected_on": objected.isoformat()})


GUARDS = (
    computed(
        "by_organization",
        "协议由依法设立的劳动争议调解组织主持达成并盖章",
        "the agreement was made before an article 10 organization and sealed",
        "LDMAL 10; R17 27; R33 74 (from memory); ZJ 11(2); AMB-5",
        _by_organization,
        missing="made_by",
    ),
    attested(
        "jointly_applied",
        "双方共同申请，或者一方申请并附对方同意",
        "both parties sign the application, or one applies with the other's consent",
        "R17 27; CPL 205; R33 74 (from memory)",
    ),
    computed(
        "not_relationship_only",
        "协议内容不限于确认劳动关系等身份关系",
        "the content is not merely the confirmation of an employment relationship or another identity matter",
        "R33 75; CPLI 355",
        _not_relationship_only,
    ),
    computed(
        "not_judicially_confirmed",
        "该协议未经司法确认",
        "the agreement was not judicially confirmed",
        "R33 75",
        _not_confirmed,
    ),
    computed(
        "jc_gate_amb4",
        "由人民调解组织或者法院特邀调解组织主持达成，且仅有给付内容",
        "made before a people's mediation body or one invited by a court, on payment only",
        "CPL 205; LI1 52; SPC-TY 19; AMB-4",
        _confirmation_gate,
        missing="made_by",
    ),
    computed(
        "po_eligible_claim",
        "系拖欠劳动报酬、工伤医疗费、经济补偿或者赔偿金",
        "the claim is for wages, work-injury medical cost, economic compensation or damages",
        "LDMAL 16; LI1 13",
        _po_eligible,
    ),
    computed(
        "creditor_is_worker",
        "债权人为劳动者（或者其近亲属）",
        "the creditor of the sum is the worker or his heirs",
        "LDMAL 16",
        _creditor_is_worker,
        missing="creditor",
    ),
    computed(
        "amount_fixed_and_due",
        "金额确定、已到期且无对待给付",
        "the sum is definite, due and not tied to a counter-duty",
        "CPL 225; CPLI 427",
        _fixed_and_due,
        missing="amount",
    ),
    attested(
        "debtor_reachable",
        "支付令能够直接送达债务人",
        "the order can be served on the debtor in person",
        "CPL 225; CPLI 427",
    ),
    computed(
        "enforceable_title",
        "已有仲裁调解书、生效裁决、确认裁定、法院调解书、判决或者生效支付令",
        "an enforceable title exists; an agreement alone is none",
        "LDMAL 51; CPL 206, 235, 247",
        _enforceable_title,
        missing="title_kind",
    ),
    warning(
        "title_gap_shown",
        "所据文书不是执行依据：可申请仲裁、支付令，或者就仅涉报酬的协议起诉",
        "the paper is no enforceable title: arbitrate, ask for a payment order, or sue on a pay-only agreement",
        "LDMAL 15, 16, 51; LI1 51(2)",
        _title_gap,
    ),
    computed(
        "no_objection", "债务人未在期限内提出异议", "no objection was received in time", "CPL 227, 228", _no_objection
    ),
)
