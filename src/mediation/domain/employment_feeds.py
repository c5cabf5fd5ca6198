"""Which facts of an employment feed which input of each calculator, and how."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Final

from mediation.domain.calculators.months import DAY, add_months, months_and_days
from mediation.domain.calculators.result import ZERO
from mediation.domain.calculators.service_and_wage import MONTHS_AVERAGED
from mediation.domain.employment import UNLAWFUL, Employment, LeaveYear, OvertimeWorked, WageMonth

_TEN_PLACES: Final = Decimal("1e-10")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a calculation is asked on: the employment, the values given for it alone, and the day."""

    facts: Employment
    given: Mapping[str, object]
    on: date


@dataclass(frozen=True, slots=True)
class Feed:
    """How one input is fed, and which facts of the employment it rests on."""

    facts: tuple[str, ...]
    take: Callable[[Asked], object]


def _fact(name: str) -> Feed:
    return Feed((name,), lambda asked: getattr(asked.facts, name))


def _service(asked: Asked) -> Sequence[tuple[date, date]] | None:
    joined, ended = asked.facts.joined_on, asked.facts.ended_on
    if joined is None or ended is None:
        return None
    return (*asked.facts.earlier_service, (joined, ended))


def _last_day(asked: Asked) -> date:
    return asked.facts.ended_on or asked.on


def _averaged(asked: Asked) -> tuple[WageMonth, ...]:
    """Pick the months the average is taken over: the last twelve whole ones before the end (LCR 27)."""
    whole = sorted((row for row in asked.facts.wages if _is_whole(row, asked)), key=lambda row: row.month)
    return tuple(whole[-MONTHS_AVERAGED:])


def _is_whole(row: WageMonth, asked: Asked) -> bool:
    joined = asked.facts.joined_on
    return (joined is None or joined <= row.month) and add_months(row.month, 1) - DAY <= _last_day(asked)


def _mean(values: Sequence[Decimal]) -> Decimal:
    return (sum(values, ZERO) / len(values)).quantize(_TEN_PLACES, ROUND_HALF_UP)


def _monthly_wages(asked: Asked) -> tuple[Decimal, ...] | None:
    if asked.facts.avg_monthly_wage is not None:
        return None
    return tuple(row.payable for row in _averaged(asked)) or None


def _average(asked: Asked) -> Decimal | None:
    """Take the average on file, else that of the ledger."""
    wages = _monthly_wages(asked)
    return _mean(wages) if wages else asked.facts.avg_monthly_wage


def _overtime_pay(asked: Asked) -> Decimal | None:
    if asked.facts.avg_monthly_wage is not None:
        return asked.facts.avg_overtime_pay
    months = _averaged(asked)
    return _mean([row.overtime for row in months]) if any(row.overtime for row in months) else None


def _average_without_overtime(asked: Asked) -> Decimal | None:
    average = _average(asked)
    return None if average is None else max(ZERO, average - (_overtime_pay(asked) or ZERO))


def _last_month(asked: Asked) -> Decimal | None:
    """Take the month before the end from the ledger, else the wage agreed (LCR 20)."""
    before = add_months(_last_day(asked).replace(day=1), -1)
    return next((row.payable for row in asked.facts.wages if row.month == before), asked.facts.monthly_wage)


_NOTICE_GROUNDS: Final = MappingProxyType(
    {
        "agreed_employer_proposed": "article_36",
        "agreed_worker_proposed": "article_36",
        "worker_fault": "article_39",
        "article_40": "article_40",
        "layoff": "article_41",
        "expiry_not_renewed": "article_44",
        "closure": "article_44",
        "task_completed": "article_44",
        "retirement": "article_44",
        UNLAWFUL: UNLAWFUL,
    }
)
"""The article of each way to end, where pay in place of notice knows it."""


def _article(asked: Asked) -> str | None:
    return _NOTICE_GROUNDS.get(asked.facts.ended_how or "")


def _ground(asked: Asked) -> str | None:
    """Give the ground of economic compensation; an unlawful end is none of them, as damages take its place."""
    return None if asked.facts.ended_how == UNLAWFUL else asked.facts.ended_how


def _contract_months(asked: Asked) -> int | None:
    first, last = asked.facts.contract_from, asked.facts.contract_to
    return None if first is None or last is None else months_and_days(first, last)[0]


def _paid_months(asked: Asked) -> list[dict[str, object]] | None:
    rows = [row for row in asked.facts.wages if row.paid is not None]
    return [{"month": _month(row), "payable": row.payable, "paid": row.paid} for row in rows] or None


def _full_months(asked: Asked) -> list[dict[str, object]] | None:
    """Pick the months worked in full, for which the minimum wage is due (LL 48)."""
    rows = [row for row in asked.facts.wages if row.paid is not None and row.in_full and _is_whole(row, asked)]
    return [{"month": _month(row), "paid": row.paid} for row in rows] or None


def _month(row: WageMonth) -> str:
    return f"{row.month:%Y-%m}"


def _owed(asked: Asked) -> Decimal | None:
    rows = [row for row in asked.facts.wages if row.paid is not None]
    return max(ZERO, sum((row.payable - (row.paid or ZERO) for row in rows), ZERO)) if rows else None


def _year(asked: Asked) -> object:
    return asked.given.get("year") or _last_day(asked).year


def _leave(name: str) -> Feed:
    def take(asked: Asked) -> object:
        row = _leave_year(asked)
        return None if row is None else getattr(row, name)

    return Feed(("leave",), take)


def _leave_year(asked: Asked) -> LeaveYear | None:
    return next((row for row in asked.facts.leave if str(row.year) == str(_year(asked))), None)


def _working_years(asked: Asked) -> Decimal | None:
    row = _leave_year(asked)
    return asked.facts.working_years if row is None or row.entitlement_days is None else None


def _overtime(name: str) -> Feed:
    return Feed(("overtime",), lambda asked: getattr(asked.facts.overtime, name, None))


def _non_compete(name: str) -> Feed:
    return Feed(("non_compete",), lambda asked: getattr(asked.facts.non_compete, name, None))


def _order(asked: Asked) -> dict[str, object] | None:
    return None if asked.facts.admin_order is None else asdict(asked.facts.admin_order)


def _compensation(asked: Asked) -> dict[str, object] | None:
    """Give what N is computed from, as one input."""
    told = {name: feed.take(asked) for name, feed in _SERVICE_AND_WAGE.items()}
    found = {name: value for name, value in told.items() if value is not None}
    return found if "service" in found else None


_TODAY: Final = Feed((), lambda asked: asked.on)
_PLACE: Final = _fact("place")
_DAY_OF_FIGURES: Final = Feed((), _last_day)
_SERVICE_AND_WAGE: Final[Mapping[str, Feed]] = MappingProxyType(
    {
        "service": Feed(("joined_on", "ended_on"), _service),
        "avg_monthly_wage": Feed(("avg_monthly_wage", "wages"), lambda asked: asked.facts.avg_monthly_wage),
        "monthly_wages": Feed(("wages",), _monthly_wages),
        "avg_overtime_pay": Feed(("avg_overtime_pay", "wages"), _overtime_pay),
        "place": _PLACE,
        "ended_on": _fact("ended_on"),
    }
)
_LEAVE: Final = ("entitlement_days", "days_taken", "refused_in_writing", "exclusion", "carried_over")
HOURS: Final = frozenset(each.name for each in fields(OvertimeWorked)) - {"months", "cycle_norm_hours"}
"""Inputs that count hours or days of overtime."""

FEEDS: Final[Mapping[str, Mapping[str, Feed]]] = MappingProxyType(
    {
        "economic_compensation": {**_SERVICE_AND_WAGE, "ground": Feed(("ended_how",), _ground)},
        "unlawful_termination": _SERVICE_AND_WAGE,
        "double_wage": {
            "hire_date": _fact("joined_on"),
            "signed_date": _fact("contract_signed_on"),
            "last_day": _fact("ended_on"),
            "monthly_wage": _fact("monthly_wage"),
            "as_of": _TODAY,
            "exception": _fact("no_contract_reason"),
        },
        "overtime": {
            "monthly_wage": _fact("monthly_wage"),
            "system": _fact("hour_system"),
            **{each.name: _overtime(each.name) for each in fields(OvertimeWorked)},
            "contract_base": _fact("overtime_base"),
            "place": _PLACE,
            "on": _DAY_OF_FIGURES,
        },
        "overtime_by_date": {
            "monthly_wage": _fact("monthly_wage"),
            "dates_worked_full_day": _fact("worked_dates"),
            "compensated_dates": Feed(("compensated_dates",), lambda asked: asked.facts.compensated_dates or None),
        },
        "annual_leave": {
            "avg_monthly_wage_excl_overtime": Feed(("avg_monthly_wage", "wages"), _average_without_overtime),
            "working_years": Feed(("working_years",), _working_years),
            **{name: _leave(name) for name in _LEAVE},
            "year": Feed((), _year),
            "first_day": _fact("joined_on"),
            "last_day": _fact("ended_on"),
            "as_of": _TODAY,
        },
        "wage_arrears": {
            "monthly_wage": _fact("monthly_wage"),
            "by_month": Feed(("wages",), _paid_months),
        },
        "minimum_wage_gap": {
            "by_month": Feed(("wages",), _full_months),
            "place": _PLACE,
            "on": _DAY_OF_FIGURES,
        },
        "additional_compensation": {
            "owed": Feed(("wages",), _owed),
            "admin_order": Feed(("admin_order",), _order),
            "as_of": _TODAY,
        },
        "notice_pay": {
            "ground": Feed(("ended_how",), _article),
            "last_month_wage": Feed(("wages", "monthly_wage"), _last_month),
            "notice_days": _fact("notice_days"),
        },
        "probation": {
            "wage_after_probation": _fact("monthly_wage"),
            "contract": _fact("contract_kind"),
            "contract_months": Feed(("contract_from", "contract_to"), _contract_months),
            "is_repeated": _fact("is_probation_repeated"),
            "served_from": _fact("probation_from"),
            "served_to": _fact("probation_to"),
        },
        "non_compete": {
            **{name: _non_compete(name) for name in ("months", "agreed_monthly", "paid", "is_ended_by_employer")},
            "avg_monthly_wage": Feed(("avg_monthly_wage", "wages"), _average),
            "place": _PLACE,
            "ended_on": _fact("ended_on"),
        },
        "union_dismissal": {
            "monthly_wage": _fact("monthly_wage"),
            "annual_income": _fact("annual_income"),
            "compensation": Feed(("joined_on", "ended_on", "avg_monthly_wage", "wages"), _compensation),
        },
        "payment_delay_interest": {},
        "small_amount_test": {"place": _PLACE, "on": _DAY_OF_FIGURES},
        "settlement_ratio": {},
    }
)
"""By kind of calculation and input: the facts it is taken from. What is not here is only ever given."""
