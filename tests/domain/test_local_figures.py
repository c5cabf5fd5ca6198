"""Figures of a place and a time: the one in force is found, a missing one is named, a wrong row is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mediation.domain.local_figures import (
    FigureError,
    FigureKind,
    Figures,
    MissingFigureError,
    figure_row,
    read_file,
    shipped_figures,
)

EMPTY = Figures.of(())


def minimum(**changes: Any) -> dict[str, Any]:
    row = {"kind": "minimum_wage", "place": "330106", "since": "2024-01-01", "value": "2490", "source": "made up"}
    return row | changes


def average(**changes: Any) -> dict[str, Any]:
    row = {"kind": "average_wage", "place": "330100", "year": 2025, "value": "9480", "source": "made up"}
    return row | changes


def test_minimum_wage_in_force_is_the_last_one_begun() -> None:
    figures = EMPTY.with_rows([minimum(), minimum(since="2026-01-01", value="2600", verified=True)])

    assert figures.minimum_wage("330106", date(2025, 12, 31)).value == 2490
    assert figures.minimum_wage("330106", date(2026, 1, 1)).value == 2600
    assert figures.minimum_wage("330106", date(2026, 1, 1)).verified


def test_average_wage_is_that_of_the_year_before() -> None:
    figures = EMPTY.with_rows([average()])

    assert figures.average_wage("330100", date(2026, 1, 1)).value == Decimal(9480)
    with pytest.raises(MissingFigureError):
        figures.average_wage("330100", date(2027, 1, 1))


def test_figure_past_its_end_is_missing() -> None:
    figures = EMPTY.with_rows([minimum(until="2024-12-31")])

    assert figures.minimum_wage("330106", date(2024, 12, 31)).value == 2490
    with pytest.raises(MissingFigureError):
        figures.minimum_wage("330106", date(2025, 1, 1))


def test_division_code_falls_back_to_its_city_and_province() -> None:
    figures = EMPTY.with_rows([average(), average(place="330000", value="8000")])

    assert figures.average_wage("330106", date(2026, 5, 1)).value == 9480
    assert figures.average_wage("330226", date(2026, 5, 1)).value == 8000


def test_name_of_a_place_stands_for_itself_alone() -> None:
    figures = EMPTY.with_rows([minimum(place="西湖区")])

    assert figures.minimum_wage("西湖区", date(2026, 5, 1)).value == 2490
    with pytest.raises(MissingFigureError):
        figures.minimum_wage("西湖", date(2026, 5, 1))


def test_missing_figure_says_which_where_and_when() -> None:
    with pytest.raises(MissingFigureError) as missing:
        EMPTY.minimum_wage("330106", date(2026, 5, 1))

    assert (missing.value.kind, missing.value.place) == (FigureKind.MINIMUM_WAGE, "330106")
    assert missing.value.on == date(2026, 5, 1)
    [error] = missing.value.errors
    assert error.code == "missing_figure"
    assert error.text.zh == "缺少330106（2026-05-01）的月最低工资标准：请载入该数据，或在输入中直接填写。"
    assert "2026-05-01" in error.text.en


def test_later_row_replaces_the_one_of_the_same_day() -> None:
    figures = EMPTY.with_rows([minimum()]).with_rows([minimum(value="2500")])

    assert [row.value for row in figures.rows] == [2500]


def test_version_follows_the_rows() -> None:
    one, other = EMPTY.with_rows([minimum()]), EMPTY.with_rows([minimum(value="2500")])

    assert one == EMPTY.with_rows([minimum()])
    assert one.version != other.version


@pytest.mark.parametrize(
    ("row", "pointer", "code"),
    [
        (minimum(kind="rent"), "/0/kind", "not_a_choice"),
        (minimum(kind=["rent"]), "/0/kind", "not_a_choice"),
        ("2490", "/0", "not_an_object"),
        (minimum(place=""), "/0/place", "missing"),
        (minimum(source=None), "/0/source", "missing"),
        (minimum(since="spring"), "/0/since", "not_a_date"),
        (minimum(until="2023-12-31"), "/0/until", "impossible"),
        (minimum(value=2490.5), "/0/value", "not_a_number"),
        (minimum(value="0"), "/0/value", "not_a_number"),
        (minimum(value="much"), "/0/value", "not_a_number"),
        (minimum(value="Infinity"), "/0/value", "not_a_number"),
        (minimum(value="1000000000"), "/0/value", "not_a_number"),
        (minimum(value="0.5"), "/0/value", "implausible"),
        (average(value="9480000"), "/0/value", "implausible"),
        (minimum(source="line\nbreak"), "/0/source", "text_length"),
        (minimum(source="源" * 201), "/0/source", "text_length"),
        (minimum(place="全国"), "/0/place", "not_of_this_kind"),
        (minimum(kind="paid_days", value="21.75"), "/0/place", "not_of_this_kind"),
        (average(year="2025"), "/0/year", "not_a_year"),
        (average(year=True), "/0/year", "not_a_year"),
        (average(year=1989), "/0/year", "not_a_year"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named(row: Any, pointer: str, code: str) -> None:
    with pytest.raises(FigureError) as refused:
        EMPTY.with_rows([row])

    assert [(error.pointer, error.code) for error in refused.value.errors] == [(pointer, code)]


def test_a_row_given_twice_is_refused() -> None:
    with pytest.raises(FigureError) as refused:
        EMPTY.with_rows([minimum(), average(), minimum(value="2600")])

    assert refused.value.errors[0].pointer == "/2"


def test_shipped_local_figures_only_illustrate() -> None:
    local = [row for row in shipped_figures().rows if row.place != "全国"]

    assert local
    assert all(row.illustrative and not row.verified for row in local)


def test_paid_days_and_the_rate_of_delay_are_on_file() -> None:
    figures = shipped_figures()

    assert figures.paid_days().value == Decimal("21.75")
    assert figures.paid_days().verified
    assert not figures.paid_days(date(2010, 5, 1)).verified
    assert figures.delay_rate(date(2026, 1, 1)).value == Decimal("0.000175")
    assert not figures.delay_rate(date(2026, 1, 1)).verified
    with pytest.raises(MissingFigureError):
        figures.paid_days(date(2007, 12, 31))


def test_codes_of_towns_and_villages_fall_back_to_their_county() -> None:
    figures = EMPTY.with_rows([minimum()])

    assert figures.minimum_wage("330106001", date(2026, 5, 1)).value == 2490
    assert figures.minimum_wage("330106001002", date(2026, 5, 1)).value == 2490


def test_figures_are_listed_by_kind_and_place_with_those_around_it() -> None:
    figures = EMPTY.with_rows([minimum(), minimum(place="440300"), average(place="330000")])

    assert figures.select() == figures.rows
    assert [row.place for row in figures.select(place="330106")] == ["330000", "330106"]
    assert [row.place for row in figures.select(kind=FigureKind.MINIMUM_WAGE)] == ["330106", "440300"]


def test_figures_are_listed_that_a_calculation_would_take_for_a_day() -> None:
    later = minimum(since="2026-01-01", value="2600")
    figures = EMPTY.with_rows([minimum(), later, average(), minimum(place="440300", until="2025-01-01")])

    assert [str(row.value) for row in figures.select(on=date(2026, 5, 1))] == ["9480", "2600"]
    assert [str(row.value) for row in figures.select(on=date(2025, 5, 1))] == ["2490"]


@pytest.mark.parametrize("row", [minimum(verified=True), minimum(until="2027-01-01"), average(illustrative=True)])
def test_a_figure_written_as_data_reads_back_as_itself(row: dict[str, Any]) -> None:
    figures = EMPTY.with_rows([row]).rows

    assert EMPTY.with_rows([figure_row(figure) for figure in figures]).rows == figures


@pytest.mark.parametrize("content", [[], {}, {"figures": "many"}, {"figures": []}])
def test_a_file_without_figures_is_refused(content: object) -> None:
    with pytest.raises(FigureError) as refused:
        read_file(content)

    assert [error.pointer for error in refused.value.errors] == ["/figures"]


def test_a_row_of_a_file_is_pointed_at_within_it() -> None:
    with pytest.raises(FigureError) as refused:
        read_file({"figures": [minimum(), minimum(value="", since="2025-01-01")]})

    assert [error.pointer for error in refused.value.errors] == ["/figures/1/value"]
