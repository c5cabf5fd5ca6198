"""What each open question decides: both readings as values and functions, and the one in force.

The engine asks `reading("AMB-n")` and uses what it gets, so that naming another rule in the data changes what it does.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from mediation.domain import workings
from mediation.domain.ambiguities import EXTENSION_CAP_DAYS, RULES, SUPERVISOR_AFTER_CONSENTS
from mediation.domain.calendar import Calendar, Count, Unit, count, count_agreed
from mediation.domain.labels import Label
from mediation.domain.organizations import (
    ORGANIZATION_KINDS,
    Eligibility,
    OrganizationKind,
    judicial_confirmation,
    may_agree_orally,
)

DAY: Final = timedelta(days=1)
RECEIPT, ACCEPTANCE = "received_on", "accepted_on"
ZHEJIANG: Final = "33"


@dataclass(frozen=True, slots=True)
class MediationStart:
    """AMB-1: the facts the mediation term counts from; `offers_only`: acceptance starts it for offers alone.

    `shown_from` is the fact of the other reading, whose end is shown with `hint`.
    """

    facts: frozenset[str]
    offers_only: bool
    starts_on: Label
    shown_from: str
    hint: Label


@dataclass(frozen=True, slots=True)
class ShortTerms:
    """AMB-2: how the 3, 5 and 10 days of arbitration are counted, and the safer day beside the end."""

    unit: Unit
    roll: bool
    hint: Label | None
    hint_on: Callable[[date, int, date], date | None]
    """Asked with the start, the length and the end."""


@dataclass(frozen=True, slots=True)
class MakeUpDays:
    """AMB-3: where a term that rolls ends, and the safer day beside the end."""

    settle: Callable[[Count, Calendar], Count]
    hint: Label
    hint_on: Callable[[date, date, Calendar], date | None]
    """Asked with the end before rolling and the end."""


@dataclass(frozen=True, slots=True)
class SuitAlert:
    """AMB-7: `text` to warn with; None where the term may be over and the guard's own words say so."""

    text: Label | None


@dataclass(frozen=True, slots=True)
class Extensions:
    """AMB-12: days one consent may add, and consents before a supervisor approves; None for no bound."""

    cap_days: int | None
    unsupervised: int | None
    told: Label


@dataclass(frozen=True, slots=True)
class Signatures:
    """AMB-14: forms that count as signed, and what to warn of where one of them is electronic."""

    forms: frozenset[str]
    advice: Label | None


def _natural_day(start: date, length: int, due: date) -> date | None:
    return min(due, start + length * DAY)


def _no_safer_day(_start: date, _length: int, _due: date) -> date | None:
    return None


def _as_counted(counted: Count, _calendar: Calendar) -> Count:
    return counted


def _working_day_before(_raw: date, due: date, calendar: Calendar) -> date | None:
    return count(calendar, due, 1, Unit.WORKING_DAY, roll=False, backward=True).due


def _past_make_up_days(counted: Count, calendar: Calendar) -> Count:
    """Move an end off a make-up working day, and off the days off behind it."""
    due = counted.due
    while not calendar.is_working_day(due) or calendar.day_kind(due).kind == "makeup_working":
        due += DAY
    if due == counted.due:
        return counted
    passed = [counted.raw + n * DAY for n in range((due - counted.raw).days)]
    kept = [line for line in counted.working if line.facts["line"] not in {"rolled", "no_roll_on_makeup"}]
    moved = workings.rolled(counted.raw, due, [(day, calendar.day_kind(day).kind) for day in passed])
    unknown = counted.provisional or any(calendar.is_provisional(day) for day in (*passed, due))
    return replace(counted, due=due, provisional=unknown, working=(*kept, moved))


def _end_without_moving(raw: date, due: date, calendar: Calendar) -> date | None:
    earlier = count_agreed(calendar, raw, roll=True).due
    return earlier if earlier < due else None


def _payment_before_people_or_invited(
    kind: OrganizationKind, *, court_invited: bool, payment_only: bool
) -> Eligibility:
    found = judicial_confirmation(kind, court_invited=court_invited)
    if found is Eligibility.PAYMENT_ONLY and payment_only:
        return Eligibility.YES
    return found if found in {Eligibility.YES, Eligibility.NO} else Eligibility.ASK_FIRST


def _any_mediation_body(kind: OrganizationKind, *, court_invited: bool, payment_only: bool) -> Eligibility:
    return Eligibility.YES if ORGANIZATION_KINDS[kind].is_mediation_body else Eligibility.NO


_AT_SEAT: Final = Label(
    "调解组织在浙江省内：向调解组织所在地的仲裁委员会申请审查",
    "the organization sits in Zhejiang: apply to the commission at its seat",
)
_AT_JURISDICTION: Final = Label(
    "向有管辖权的仲裁委员会（劳动合同履行地或者用人单位所在地）申请审查",
    "apply to the commission with jurisdiction, where the contract is performed or the employer has its seat",
)
_SEAT_UNKNOWN: Final = Label(
    "调解组织在浙江省内的，向其所在地的仲裁委员会申请审查；在省外的，向有管辖权的仲裁委员会申请",
    "if the organization sits in Zhejiang apply to the commission at its seat, otherwise to the one with jurisdiction",
)


def _seat_in_zhejiang(division: str | None) -> Label:
    if division is None:
        return _SEAT_UNKNOWN
    return _AT_SEAT if division.startswith(ZHEJIANG) else _AT_JURISDICTION


def _always_jurisdiction(_division: str | None) -> Label:
    return _AT_JURISDICTION


_REGISTER_TOO: Final = Label(
    "以法院收件日期为起诉日期，请留存收件凭证；仍应在起诉期间届满前办理正式立案",
    "the court's receipt stamp counts as filing, keep it; have the suit registered before the term to sue ends",
)
_ONLY_REGISTERED: Final = Label(
    "递交诉状不停止起诉期间，应当在期间届满前办理正式立案",
    "handing in the complaint does not keep the term to sue: have it registered before the term ends",
)


def _stamp_counts(filed: date, due: date, today: date) -> SuitAlert | None:
    if filed > due:
        return SuitAlert(None)
    return SuitAlert(_REGISTER_TOO) if today <= due else None


def _registration_counts(_filed: date, due: date, today: date) -> SuitAlert | None:
    return SuitAlert(None if today > due else _ONLY_REGISTERED)


def _silence_refuses(terms: frozenset[str]) -> frozenset[str]:
    return terms


def _silence_waits(_terms: frozenset[str]) -> frozenset[str]:
    return frozenset()


def _any_body_orally(kind: OrganizationKind, *, court_invited: bool) -> bool:
    return ORGANIZATION_KINDS[kind].is_mediation_body


_ON_PAPER: Final = frozenset({"signature", "seal", "fingerprint"})

READINGS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType({
    "AMB-1": {
        "run_from_receipt": MediationStart(
            facts=frozenset({RECEIPT, ACCEPTANCE}),
            offers_only=True,
            starts_on=Label("调解组织收到调解申请", "the organization receives the application"),
            shown_from=ACCEPTANCE,
            hint=Label(
                "自收到申请之日起算；受理之后另示按受理之日起算的到期日，请以本期限为准。",
                "Counted from receipt. Once accepted, the end counted from acceptance is shown too; keep to this one.",
            ),
        ),
        "run_from_acceptance": MediationStart(
            facts=frozenset({ACCEPTANCE}),
            offers_only=False,
            starts_on=Label("调解组织受理调解申请", "the organization accepts the application"),
            shown_from=RECEIPT,
            hint=Label(
                "自受理之日起算；稳妥起见，请在按收到申请之日起算的较早日期前完成。",
                "Counted from acceptance; to be safe act by the earlier end counted from receipt.",
            ),
        ),
    },
    "AMB-2": {
        "working_days_for_short_terms": ShortTerms(
            unit=Unit.WORKING_DAY,
            roll=False,
            hint=Label(
                "按工作日计算（办案规则第80条）；稳妥起见，请在按自然日计算的较早日期前完成。",
                "Counted in working days (R33 80); to be safe act by the earlier date counted in calendar days.",
            ),
            hint_on=_natural_day,
        ),
        "natural_days_throughout": ShortTerms(Unit.CALENDAR_DAY, roll=True, hint=None, hint_on=_no_safer_day),
    },
    "AMB-3": {
        "make_up_day_is_working_day": MakeUpDays(
            settle=_as_counted,
            hint=Label(
                "末日是否因调休上班而顺延，各地理解不一；稳妥起见，请提前一个工作日完成。",
                "Whether a make-up working day moves the end is read differently: act one working day earlier.",
            ),
            hint_on=_working_day_before,
        ),
        "make_up_day_is_rest_day": MakeUpDays(
            settle=_past_make_up_days,
            hint=Label(
                "末日为调休上班日的已顺延；稳妥起见，请在未顺延的日期前完成。",
                "An end on a make-up working day was moved on; to be safe act by the day it would end unmoved.",
            ),
            hint_on=_end_without_moving,
        ),
    },
    "AMB-4": {
        "people_or_invited_and_payment_only": _payment_before_people_or_invited,
        "any_lawful_organization": _any_mediation_body,
    },
    "AMB-5": {
        "seat_of_organization_in_zhejiang": _seat_in_zhejiang,
        "commission_with_jurisdiction": _always_jurisdiction,
    },
    "AMB-7": {
        "receipt_stamp_is_filing_date": _stamp_counts,
        "only_registration_counts": _registration_counts,
    },
    "AMB-11": {
        "silence_is_refusal_late_consent_reopens": _silence_refuses,
        "silence_keeps_waiting": _silence_waits,
    },
    "AMB-12": {
        "cap_per_consent": Extensions(
            cap_days=EXTENSION_CAP_DAYS,
            unsupervised=SUPERVISOR_AFTER_CONSENTS,
            told=Label(
                "双方书面同意可延长；每次同意至多30日，可再次同意，第三次起须主管批准",
                "both sides agree in writing; at most 30 days per consent, repeatable, from the third on a supervisor approves",
            ),
        ),
        "no_cap": Extensions(
            cap_days=None,
            unsupervised=None,
            told=Label("双方书面同意可延长，长度和次数不限", "both sides agree in writing, to any length, repeatable"),
        ),
    },
    "AMB-13": {
        "record_both_use_latest_show_first": "likely",
        "restart_at_event_only": "safe",
    },
    "AMB-14": {
        "certified_signature_paper_for_confirmation": Signatures(
            forms=_ON_PAPER | {"electronic"},
            advice=Label(
                "协议有电子签名：申请仲裁审查或者司法确认前，请打印签署，或者通过法院平台签署",
                "the agreement is signed electronically: before review or confirmation sign on paper or on the court platform",
            ),
        ),
        "paper_only": Signatures(forms=_ON_PAPER, advice=None),
    },
    "AMB-15": {
        "written_agreement_required": may_agree_orally,
        "oral_record_suffices": _any_body_orally,
    },
    "AMB-16": {
        "dispatch_record_decides": {"D_CT_30": 30, "D_MED_15": 15},
        "always_organization_term": {"D_CT_30": 15, "D_MED_15": 15},
    },
})  # fmt: skip
"""By question and rule, for the questions that decide something in a case."""

_rules: ContextVar[Mapping[str, str]] = ContextVar("rules", default=RULES)


def reading(question: str) -> Any:
    """What the rule in force on an open question decides with."""
    return READINGS[question][_rules.get()[question]]


@contextmanager
def choosing(rules: Mapping[str, str]) -> Iterator[None]:
    """Follow other rules within the block; ValueError for a question or rule that is not there."""
    for question, rule in rules.items():
        if rule not in READINGS.get(question, {}):
            raise ValueError(f"{question} has no rule {rule!r}")
    token = _rules.set({**_rules.get(), **rules})
    try:
        yield
    finally:
        _rules.reset(token)
