"""The rows of statutory terms."""

import re

import pytest

from mediation.domain.calendar import Unit
from mediation.domain.law import cite
from mediation.domain.terms import TERM_SETS, TERMS, Term

ALL_TERMS = pytest.mark.parametrize("term", TERMS.values(), ids=TERMS)

LENGTHS = {
    "D_NEG_REPLY_5": (5, Unit.CALENDAR_DAY, True),
    "D_MED_ACCEPT_3WD": (3, Unit.WORKING_DAY, False),
    "D_MED_15": (15, Unit.CALENDAR_DAY, True),
    "D_REVIEW_15": (15, Unit.CALENDAR_DAY, True),
    "D_REVIEW_DECIDE": (5, Unit.WORKING_DAY, False),
    "D_JC_30": (30, Unit.CALENDAR_DAY, True),
    "D_JC_DECIDE": (15, Unit.CALENDAR_DAY, True),
    "D_CT_30": (30, Unit.CALENDAR_DAY, True),
    "D_CT_15": (15, Unit.CALENDAR_DAY, True),
    "D_CT_7": (7, Unit.CALENDAR_DAY, True),
    "D_ARB_ACCEPT_5": (5, Unit.WORKING_DAY, False),
    "D_ARB_ANSWER_10": (10, Unit.WORKING_DAY, False),
    "D_ARB_45": (45, Unit.CALENDAR_DAY, True),
    "D_ARB_SIMPLE_30": (30, Unit.CALENDAR_DAY, True),
    "D_SUIT_15": (15, Unit.CALENDAR_DAY, True),
    "D_SETASIDE_30": (30, Unit.CALENDAR_DAY, True),
    "D_APPEAL_15": (15, Unit.CALENDAR_DAY, True),
    "D_APPEAL_10": (10, Unit.CALENDAR_DAY, True),
    "D_FOLLOWUP_90": (90, Unit.CALENDAR_DAY, False),
    "D_ENFORCE_2Y": (2, Unit.YEAR, True),
    "D_LIMIT_1Y": (1, Unit.YEAR, True),
    "D_NOTICE_SERVE_30": (30, Unit.CALENDAR_DAY, False),
    "D_NOTICE_SERVE_10": (10, Unit.CALENDAR_DAY, False),
    "D_INSPECT_60WD": (60, Unit.WORKING_DAY, False),
    "D_ADVANCE_DECIDE": (10, Unit.WORKING_DAY, False),
    "D_PRES_48H": (48, Unit.HOUR, False),
    "D_MED_EXT": (None, Unit.AGREED, True),
    "D_CT_EXT": (None, Unit.AGREED, True),
    "D_NEG_TERM": (None, Unit.AGREED, True),
    "D_SUP_REMINDER": (None, Unit.AGREED, False),
    "D_ADMIN_ORDER": (None, Unit.AGREED, False),
    "OBLIGATION": (None, Unit.AGREED, True),
}


@pytest.mark.parametrize("code", LENGTHS)
def test_a_term_has_the_length_and_roll_of_its_source(code: str) -> None:
    term = TERMS[code]

    assert (term.length, term.unit, term.roll) == LENGTHS[code]


@ALL_TERMS
def test_a_row_is_filed_under_its_own_code_and_named_in_both_languages(term: Term) -> None:
    chinese = [label.zh for label in (term.label, term.starts_on, term.on_lapse, term.extension) if label]

    assert TERMS[term.code] is term
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in chinese)
    assert term.label.en
    assert term.starts_on.en


@ALL_TERMS
def test_only_an_agreed_term_has_no_length(term: Term) -> None:
    assert (term.length is None) == (term.unit is Unit.AGREED)
    assert term.length is None or term.length > 0


@ALL_TERMS
def test_the_number_in_a_code_is_the_length(term: Term) -> None:
    number = re.search(r"_(\d+)(WD|H|Y)?$", term.code)

    units = {"WD": Unit.WORKING_DAY, "H": Unit.HOUR, "Y": Unit.YEAR}

    assert number is None or int(number[1]) == term.length
    assert number is None or number[2] is None or units[number[2]] is term.unit


@ALL_TERMS
def test_every_basis_can_be_cited(term: Term) -> None:
    citations = cite(term.basis)

    assert citations


@ALL_TERMS
def test_working_days_need_no_roll(term: Term) -> None:
    assert not (term.unit in {Unit.WORKING_DAY, Unit.HOUR} and term.roll)


def test_sets_hold_the_terms_the_procedure_stops_together() -> None:
    assert TERM_SETS["MED"] == {"D_MED_15", "D_MED_EXT", "D_MED_ACCEPT_3WD"}
    assert TERM_SETS["CT"] == {"D_CT_30", "D_CT_15", "D_CT_7", "D_CT_EXT", "D_CT_CONTACT_3WD"}
    assert len(TERM_SETS["ARB"]) == 8
    assert set().union(*TERM_SETS.values()) <= set(TERMS)
    assert all(
        set(term.sets) == {n for n in TERM_SETS if term.code in TERM_SETS[n]} - {"ALL"} for term in TERMS.values()
    )


def test_all_leaves_out_limitation_and_enforcement() -> None:
    left_out = set(TERMS) - TERM_SETS["ALL"]

    assert left_out == {"D_LIMIT_1Y", "D_LIMIT_WAGE_EXIT_1Y", "D_ENFORCE_2Y"}


def test_only_notice_of_a_hearing_is_counted_backwards() -> None:
    backward = [code for code, term in TERMS.items() if term.backward]

    assert backward == ["D_ARB_HEARNOTICE_5"]


def test_clocks_without_a_timer_step_only_alert() -> None:
    silent = {code for code, term in TERMS.items() if not term.timer}

    assert {"D_TRIAGE_1WD", "D_COURT_REG_7", "D_FOLLOWUP_90", "D_ENFORCE_2Y", "D_LIMIT_1Y"} <= silent
    assert len(silent) == 23
    assert TERMS["D_MED_15"].timer


def test_terms_read_from_memory_are_marked() -> None:
    unverified = {code for code, term in TERMS.items() if not term.verified}

    assert unverified == {
        "D_ARB_PREMED_10",
        "D_UNION_AID_7WD",
        "D_SUP_REPLY_15WD",
        "D_SUP_ADMIN_5WD",
        "D_INSPECT_ACCEPT_5WD",
        "D_INSPECT_60WD",
        "D_ADVANCE_DECIDE",
    }


def test_short_arbitration_terms_hint_at_the_earlier_natural_day() -> None:
    hint = TERMS["D_ARB_ANSWER_10"].hint

    assert hint is not None
    assert "calendar days" in hint.en


def test_terms_that_run_for_each_party_say_so() -> None:
    per_party = {code for code, term in TERMS.items() if term.per_party}

    assert per_party == {"D_SUIT_15", "D_APPEAL_15", "D_APPEAL_10", "D_ARB_ANSWER_10"}
