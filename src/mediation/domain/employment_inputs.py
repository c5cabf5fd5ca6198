"""From the facts of an employment to the inputs of a calculation, and what is missing for it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from mediation.domain.calculators.calculator import as_given
from mediation.domain.employment import Employment
from mediation.domain.employment_feeds import FEEDS, HOURS, Asked
from mediation.domain.errors import InputError, InvalidInputError
from mediation.domain.labels import Label


def inputs_of(kind: str, facts: Employment, given: Mapping[str, object], on: date) -> dict[str, object]:
    """Put the inputs of a kind of calculation together: what the employment tells, overlaid with what is given.

    A value given stands in place of the fact; null takes the fact away. What is given one way (months of pay, an
    average) takes away what the facts tell the other way (periods of service, the ledger). InvalidInputError where
    nothing at all was counted that could be paid for.
    """
    asked = Asked(facts, given, on)
    told = {name: value for name, feed in FEEDS[kind].items() if (value := feed.take(asked)) is not None}
    for name in _put_aside(told, given):
        del told[name]
    found = {name: as_given(value) for name, value in {**told, **given}.items()}
    if kind == "overtime" and all(found.get(name) is None for name in HOURS):
        text = Label("请填写加班时间", "overtime worked is missing")
        raise InvalidInputError([_named(kind, InputError("/hours_150", "missing", text))])
    return found


def named(kind: str, errors: Iterable[InputError]) -> list[InputError]:
    """Point errors of a calculation at the inputs given, and name the facts on which a missing one rests."""
    return [_named(kind, error) for error in errors]


def _named(kind: str, error: InputError) -> InputError:
    feed = FEEDS[kind].get(error.pointer.split("/")[1])
    text = error.text
    if error.code in {"missing", "one_of"} and feed is not None and feed.facts:
        listed = ", ".join(feed.facts)
        text = Label(
            f"{text.zh}；也可登记用工事实：{listed}",
            f"{text.en}; or put the facts of the employment on file: {listed}",
        )
    return InputError(f"/inputs{error.pointer}", error.code, text)


_EXCLUSIVE: Final = (
    ({"n"}, {"service"}),
    ({"avg_monthly_wage"}, {"monthly_wages"}),
    ({"monthly_wage", "months", "paid"}, {"by_month"}),
    ({"served_months"}, {"served_from", "served_to"}),
    ({"entitlement_days"}, {"working_years"}),
)
"""Inputs in all, and the same told in detail: only one of the two is taken."""


def _put_aside(told: Mapping[str, object], given: Mapping[str, object]) -> Iterator[str]:
    stated = {name for name, value in given.items() if value is not None}
    for in_all, in_detail in _EXCLUSIVE:
        if stated & in_all:
            yield from told.keys() & in_detail
        elif (stated | told.keys()) & in_detail:
            yield from told.keys() & in_all
