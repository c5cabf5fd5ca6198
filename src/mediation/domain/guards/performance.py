"""Guards of performance: what is done, overdue or left once the step's own payment is counted in."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from mediation.domain.cases import CHANGE_PENDING, Question
from mediation.domain.deadlines import Deadline, is_over
from mediation.domain.guards.guard import OPEN, Finding, attested, computed, needs_input
from mediation.domain.guards.reading import (
    after_performance,
    due_day,
    fact,
    given,
    has_evidence,
    has_input,
    is_overdue,
    is_pending,
    latest,
    own_sides,
    requires,
    requires_input,
    unperformed,
)
from mediation.domain.labels import Label
from mediation.domain.procedure.step import SIDES
from mediation.domain.records import Obligation

NEAR: Final = timedelta(days=3)
AGREED_TITLES: Final = frozenset(
    {"agreement", "arb_statement", "court_statement", "confirmation_ruling", "payment_order"}
)
ADJUDICATED_TITLES: Final = frozenset({"award", "judgment"})
_OWED: Final = frozenset({"open", "part"})
_NOT_OWED: Final = Label(
    "该义务不在履行中（草稿、暂停、已变更、已失效或者已履行），不能登记履行",
    "This obligation is not in force or is done already: nothing is performed on it",
)
_NO_SUM: Final = Label("该义务没有约定金额，请勿填写金额", "This obligation has no sum: leave the amount out")
_SUM_OUT_OF_RANGE: Final = Label(
    "金额应当大于零；超过尚欠金额的，请在 note 中说明",
    "The amount is more than zero; more than what is left needs a word of explanation in `note`",
)
_DEBTORS_WORD: Final = Label(
    "当事人自行登记履行的，只能由权利人一方登记；义务人一方请将凭证交工作人员登记",
    "A party records a performance only as the creditor; the debtor's proof is recorded by the house",
)


def _is_owed_to(question: Question, owed: Obligation, sides: frozenset[str]) -> bool:
    """Whether an obligation is owed to these sides; where no creditor is named, the other principal side has it."""
    debtor, creditor = (question.case.parties.get(key or "") for key in (owed.debtor_id, owed.creditor_id))
    if debtor is not None and debtor.side in sides:
        return False
    if creditor is not None:
        return creditor.side in sides
    entitled = {party.side for party in question.case.applicants()}
    if debtor is not None:
        entitled |= {party.side for party in question.case.respondents()}
    return not sides.isdisjoint(entitled)


def _is_debtors_word(question: Question) -> bool:
    """Whether a party tells of a performance that is not owed to its own side."""
    roles = question.setting.roles
    if not roles or not roles <= SIDES or not has_input(question, "obligation"):
        return False
    named = given(question, "obligation")
    owed = [entry for entry in unperformed(question) if named in {None, entry.id}]
    return bool(owed) and not any(_is_owed_to(question, entry, own_sides(question)) for entry in owed)


def _proof(question: Question) -> Finding | None:
    if _is_debtors_word(question):
        return Finding("proof", text=_DEBTORS_WORD)
    if given(question, "proof") or has_evidence(question):
        return None
    if question.command is not None and has_input(question, "proof"):
        return Finding("proof")
    return OPEN


def _listed(obligations: list[Obligation]) -> dict[str, list[str]]:
    return {"obligations": [entry.id for entry in obligations]}


def _miscounted(question: Question) -> Finding | None:
    """Why the performance given cannot be counted in: nothing is owed there, or the sum does not fit what is left."""
    if question.command is None or not has_input(question, "obligation"):
        return None
    owed = question.case.obligations.get(given(question, "obligation") or "")
    if owed is None:
        return Finding("obligation")
    bound = owed.status in _OWED or (owed.status == "frozen" and question.case.state == CHANGE_PENDING)
    if not bound:
        return Finding("obligation", {"status": owed.status}, _NOT_OWED)
    amount = given(question, "amount")
    if amount is None:
        return None
    if owed.amount_fen is None:
        return Finding("amount", {"left": None}, _NO_SUM)
    left = owed.amount_fen - owed.paid_fen
    explained = amount <= left or bool(question.command.note)
    return None if amount > 0 and explained else Finding("amount", {"left": left}, _SUM_OUT_OF_RANGE)


def _all_done(question: Question) -> Finding | None:
    if not has_input(question, "obligation"):
        return None if given(question, "proof") else Finding("proof")
    if miscounted := _miscounted(question):
        return miscounted
    left = [entry for entry in after_performance(question) if entry.status != "done"]
    return Finding(None, _listed(left)) if left else None


def _something_left(question: Question) -> Finding | None:
    if miscounted := _miscounted(question):
        return miscounted
    left = any(entry.status != "done" for entry in after_performance(question))
    return None if left else Finding()


def _overdue_after(question: Question) -> list[Obligation]:
    return [entry for entry in after_performance(question) if is_overdue(question, entry)]


def _nothing_overdue(question: Question) -> Finding | None:
    overdue = _overdue_after(question)
    return Finding(None, _listed(overdue)) if overdue else None


def _something_overdue(question: Question) -> Finding | None:
    return _miscounted(question) or (None if _overdue_after(question) else Finding())


def _missed(question: Question, deadline: Deadline) -> bool:
    obligation = question.case.obligations.get(deadline.ref_id or "")
    undone = obligation is not None and obligation.status in {"open", "part"}
    return undone and is_over(deadline, question.today)


def _due_date_over(question: Question) -> Finding | None:
    fired = question.command.fired if question.command else None
    candidates = [fired] if fired else list(question.case.running("OBLIGATION"))
    if any(entry.term == "OBLIGATION" and _missed(question, entry) for entry in candidates):
        return None
    nearest = min((entry.due for entry in candidates), default=None)
    return Finding(None, {"due": nearest.isoformat() if nearest else None})


def _due_or_near(question: Question) -> Finding | None:
    dues = [due for entry in unperformed(question) if (due := due_day(question, entry))]
    if any(due <= question.day + NEAR for due in dues):
        return None
    return Finding(None, {"due": min(dues).isoformat() if dues else None})


def _overdue_shown(question: Question) -> Finding | None:
    named = given(question, "obligation")
    overdue = [entry.id for entry in unperformed(question) if is_overdue(question, entry)]
    if named in overdue or (named is None and overdue):
        return None
    return Finding("obligation", {"obligations": overdue})


def _none_ahead(question: Question) -> Finding | None:
    if given(question, "reason") == "both_declined":
        return None
    ahead = [due for entry in unperformed(question) if (due := due_day(question, entry)) and due > question.day]
    return Finding(None, {"due": max(ahead).isoformat()}) if ahead else None


def _followup_ended(question: Question) -> Finding | None:
    if given(question, "reason") != "unreachable_after_followup":
        return OPEN
    deadline = latest(question, {"D_FOLLOWUP_90"})
    if deadline is None:
        return OPEN
    if is_pending(question, deadline):
        return Finding("reason", {"term": deadline.term, "due": deadline.due.isoformat()})
    return None


def _title_is_agreed(question: Question) -> Finding | None:
    title = fact(question, "title_kind")
    return None if title in AGREED_TITLES else Finding("title_kind", {"title_kind": title})


def _title_is_adjudicated(question: Question) -> Finding | None:
    title = fact(question, "title_kind")
    return None if title in ADJUDICATED_TITLES else Finding("title_kind", {"title_kind": title})


GUARDS = (
    attested(
        "proof_of_performance",
        "有付款凭证、收款人确认或者履行记录",
        "a payment slip, the payee's confirmation or a record of the act is on file",
        "PML 31; ZJ 8(2)",
        _proof,
        missing="proof",
    ),
    needs_input(
        "all_obligations_done",
        "本次履行后，全部义务均已履行",
        "after this act every obligation is done",
        "PML 31; CC 557",
        _all_done,
        missing="obligation",
    ),
    needs_input(
        "something_left",
        "本次履行后，尚有义务未履行（否则登记为全部履行）",
        "after this act at least one obligation is left; otherwise record the final performance",
        "PML 31",
        _something_left,
        missing="obligation",
    ),
    needs_input(
        "nothing_overdue",
        "本次履行后，没有逾期未履行的义务",
        "after this act no obligation is overdue",
        "PML 31; LDMAL 15",
        _nothing_overdue,
        missing="obligation",
    ),
    needs_input(
        "something_overdue",
        "本次履行后，仍有义务逾期",
        "after this act at least one obligation stays overdue",
        "PML 31; LDMAL 15",
        _something_overdue,
        missing="obligation",
    ),
    computed(
        "due_date_over_without_proof",
        "履行期限（含顺延）已届满且没有履行凭证",
        "the due date, rolled, has ended without proof of performance",
        "LDMAL 15; CC 203",
        _due_date_over,
    ),
    computed(
        "due_date_passed_or_near",
        "有义务已逾期或者将在三日内到期",
        "an obligation is overdue or due within three days",
        "PML 31; ZJ 8(2)",
        _due_or_near,
    ),
    computed(
        "overdue_obligation_shown",
        "有已列明的义务逾期未履行",
        "a named obligation is overdue",
        "LDMAL 15, 16",
        _overdue_shown,
        missing="obligation",
    ),
    needs_input(
        "no_due_date_ahead_or_declined",
        "没有尚未到期的义务，或者双方均不需要回访",
        "no obligation falls due later, unless both sides declined follow-up",
        "PML 31; product rule",
        _none_ahead,
        missing="reason",
    ),
    attested(
        "followup_declined_or_exhausted",
        "双方书面表示不需要回访，或者回访期满仍无答复",
        "both sides declined follow-up in writing, or reminders ran to their end",
        "PML 31; product rule",
        _followup_ended,
    ),
    computed(
        "title_is_agreed",
        "履行的依据是协议、和解或者调解书",
        "what is performed is an agreement, settlement or mediation statement",
        "LDMAL 14; PML 31",
        _title_is_agreed,
        missing="title_kind",
    ),
    computed(
        "title_is_adjudicated",
        "履行的依据是裁决或者判决",
        "what is performed is an award or judgment",
        "LDMAL 51; CPL 247",
        _title_is_adjudicated,
        missing="title_kind",
    ),
    needs_input(
        "wrong_closing_shown",
        "已说明结案有误之处",
        "what was wrong in the closing is stated",
        "product rule",
        requires_input("why"),
        missing="why",
    ),
    needs_input(
        "decided_by_commission_or_court",
        "撤销或者无效已由裁决、判决或者裁定确定",
        "the rescission or invalidity stands in an award, judgment or ruling",
        "LI1 35; CC 147–151, 155",
        requires("decided_by"),
        missing="decided_by",
    ),
)
