"""What is taken and what is refused, value by value."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from mediation.api.calendars import NoticeIn
from mediation.api.queries import CaseListQuery
from mediation.api.validation import explain
from mediation.api.values import format_money
from mediation.api.wire import (
    Body,
    ClaimAmendIn,
    ClaimIn,
    ContactIn,
    NewCaseIn,
    ObligationIn,
    PartyChangesIn,
    PartyIn,
)

TODAY = date(2026, 3, 2)
ID = "01938f3e-7d52-7c10-8a11-3f0c5b7e2a00"
PARTY = {"role": "applicant", "kind": "worker", "name": "张某"}


def read(kind: type[Body], body: Any) -> Body:
    return kind.model_validate_json(json.dumps(body), context={"today": TODAY})


def faults(kind: type[Body], body: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as found:
        read(kind, body)
    return [(error.pointer, error.code) for error in explain(found.value).errors]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("0.01", 1),
        ("12", 1200),
        ("1234.5", 123450),
        ("1234.50", 123450),
        ("999999999999.99", 99999999999999),
    ],
)
def test_money_is_yuan_as_text(text: str, fen: int) -> None:
    claim = read(ClaimIn, {"code": "overtime_pay", "amount": text})

    assert claim.values()["amount_fen"] == fen


@pytest.mark.parametrize(
    "amount",
    [
        12,
        12.5,
        "",
        "-1",
        "+1",
        "1.234",
        "01",
        "1,000",
        "1e3",
        "１２",
        " 1",
        ".5",
        "1.",
        "1000000000000",
        True,
    ],
)
def test_money_in_any_other_form_is_refused(amount: Any) -> None:
    assert faults(ClaimIn, {"code": "overtime_pay", "amount": amount}) == [("/amount", "money_format")]


@pytest.mark.parametrize(("fen", "text"), [(0, "0.00"), (1, "0.01"), (123450, "1234.50"), (-5, "-0.05")])
def test_money_is_shown_with_two_places(fen: int, text: str) -> None:
    assert format_money(fen) == text


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-02-30", "date_impossible"),
        ("2026-13-01", "date_impossible"),
        ("1989-12-31", "date_out_of_range"),
        ("2101-01-01", "date_out_of_range"),
        ("2026-1-1", "date_format"),
        ("20260101", "date_format"),
        ("2026-01-01T00:00:00", "date_format"),
        ("1735689600", "date_format"),
        (20260101, "date_format"),
        ("昨天", "date_format"),
    ],
)
def test_a_date_that_is_none_is_refused(day: Any, code: str) -> None:
    assert faults(ClaimIn, {"code": "overtime_pay", "knew_on": day}) == [("/knew_on", code)]


def test_a_moment_carries_its_offset() -> None:
    contact = {"party": ID, "at": "2026-01-05T09:30:00+08:00", "channel": "phone", "reached": True}

    assert read(ContactIn, contact).values()["at"] == datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
    assert faults(ContactIn, {**contact, "at": "2026-01-05T09:30:00"}) == [("/at", "datetime_format")]
    assert faults(ContactIn, {**contact, "at": "2026-02-30T09:30:00Z"}) == [("/at", "datetime_impossible")]
    assert faults(ContactIn, {**contact, "at": 1767576600}) == [("/at", "datetime_format")]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": ""}, ("/name", "too_short")),
        ({"name": "   "}, ("/name", "too_short")),
        ({"name": "张" * 201}, ("/name", "too_long")),
        ({"name": "张\u0000某"}, ("/name", "text_control")),
        ({"name": None}, ("/name", "type_text")),
        ({"kind": "alien"}, ("/kind", "not_in_list")),
        ({"role": "judge"}, ("/role", "not_in_list")),
        ({"headcount": 0}, ("/headcount", "too_small")),
        ({"headcount": "3"}, ("/headcount", "type_integer")),
        ({"side": "worker"}, ("/side", "unknown_field")),
        ({"resident_id": "110105194912310021"}, ("/resident_id", "resident_id_checksum")),
        ({"resident_id": "110105202712310025"}, ("/resident_id", "resident_id_birth_date_future")),
        ({"resident_id": "123"}, ("/resident_id", "resident_id_format")),
        ({"uscc": "91330106MA2XXXXX0X"}, ("/uscc", "social_credit_code_checksum")),
        ({"phone": "12345"}, ("/phone", "phone_format")),
        ({"bank_account": "62"}, ("/bank_account", "bank_card_format")),
        ({"person_id": "7"}, ("/person_id", "id_format")),
        ({"consent_form": "telepathy"}, ("/consent_form", "not_in_list")),
    ],
)
def test_a_party_with_something_wrong_is_refused_at_the_place(changes: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults(PartyIn, {**PARTY, **changes}) == [fault]


def test_numbers_are_kept_in_their_plain_form() -> None:
    party = read(PartyIn, {**PARTY, "resident_id": "11010519491231002x", "phone": "+86 138-0000-0000"})

    assert party.values()["resident_id"] == "11010519491231002X"
    assert party.values()["phone"] == "13800000000"


def test_a_refusal_never_repeats_the_value() -> None:
    with pytest.raises(ValidationError) as found:
        read(PartyIn, {**PARTY, "resident_id": "110105194912310021", "phone": "12345"})

    told = " ".join(error.text.zh + error.text.en for error in explain(found.value).errors)
    assert "110105194912310021" not in told
    assert "12345" not in told


def test_all_faults_of_a_body_are_told_at_once() -> None:
    body = {
        "channel": "dream",
        "parties": [{**PARTY, "name": 5}, PARTY],
        "claims": [{"amount": "1"}],
        "x/y": 1,
    }

    assert faults(NewCaseIn, body) == [
        ("/channel", "not_in_list"),
        ("/parties/0/name", "type_text"),
        ("/claims/0/code", "required"),
        ("/x~1y", "unknown_field"),
    ]


def test_there_may_be_only_so_many_entries() -> None:
    assert faults(NewCaseIn, {"channel": "walk_in", "parties": [PARTY] * 201}) == [("/parties", "too_many")]


def test_an_obligation_names_its_ends_by_the_words_of_the_domain() -> None:
    owed = read(ObligationIn, {"kind": "payment", "debtor": ID.upper(), "amount": "8000", "due_on": "2026-04-01"})

    assert owed.values() == {
        "kind": "payment",
        "debtor": ID,
        "amount_fen": 800000,
        "due_on": date(2026, 4, 1),
    }


def test_an_amendment_tells_taking_away_from_leaving_alone() -> None:
    changes = read(ClaimAmendIn, {"amount": None, "basis": "工资条", "expected_version": 3})

    assert changes.changes() == {"amount_fen": None, "basis": "工资条"}


def test_what_a_party_must_have_cannot_be_taken_away() -> None:
    assert faults(PartyChangesIn, {"name": None}) == [("/name", "type_text")]


def test_a_notice_is_read_day_by_day() -> None:
    body = {
        "year": 2027,
        "notice": {"title": "通知", "source": "国务院办公厅"},
        "days_off": ["2027-01-01", "x"],
    }

    assert faults(NoticeIn, body) == [("/days_off/1", "date_format")]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"is_open": "yes"}, "type_boolean"),
        ({"limit": "0"}, "too_small"),
        ({"limit": "many"}, "type_integer"),
        ({"state": "nowhere"}, "not_in_list"),
        ({"flags": ["lucky"]}, "not_in_list"),
        ({"deadline_before": "soon"}, "date_format"),
        ({"number_prefix": ""}, "too_short"),
        ({"cursor": "c" * 1025}, "too_long"),
        ({"colour": "red"}, "unknown_field"),
        ({"party_prefix": "张"}, "unknown_field"),
    ],
)
def test_a_filter_that_is_none_is_refused(given: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError) as found:
        CaseListQuery.model_validate(given)

    assert [error.code for error in explain(found.value, "query:").errors] == [fault]
