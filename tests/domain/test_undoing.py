"""Correcting and taking back: a closed list of values, each in its wire form, and clocks counted anew."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import pytest
from tests.builders import (
    TODAY,
    build_agreement,
    build_case,
    build_claim,
    build_deadline,
    build_obligation,
    build_party,
    build_track,
)

from mediation.domain.advance import advance
from mediation.domain.calendar import official_calendar
from mediation.domain.cases import Attestation, Case, Command, Question, Setting
from mediation.domain.deadlines import Adjustment, AdjustmentKind
from mediation.domain.draft import Draft
from mediation.domain.errors import InvalidInputError
from mediation.domain.guards import required_attestations
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Assignment, Change, LimitationAct, Task, to_row
from mediation.domain.undoing import later_entry_depends, undo

WAGES, SEVERANCE = "unpaid_wages", "economic_compensation"


def setting() -> Setting:
    ids: Iterator[int] = count(1)
    roles = frozenset({CaseRole.CLERK, CaseRole.SUPERVISOR})
    return Setting(TODAY, official_calendar(), roles, "clerk", new_id=lambda: f"new-{next(ids)}")


def corrected(case: Case, field: str, old: str, new: str) -> Case:
    """Correct one value with everything stated."""
    stated = {g: Attestation(g, "卷宗第3页") for g in required_attestations(PROCEDURE.steps["correct_entry"])}
    given = {"field": field, "old": old, "new": new, "why": "录入有误"}
    return advance(case, Command("correct_entry", TODAY, given, attestations=stated), setting()).case


def refusal(case: Case, field: str, old: str, new: str) -> tuple[str, str]:
    """Where and why a correction is refused; what to do is told in both languages."""
    with pytest.raises(InvalidInputError) as refused:
        corrected(case, field, old, new)
    (error,) = refused.value.errors
    assert error.text.zh
    assert error.text.en
    return error.pointer, error.code


FACTS: Mapping[str, Any] = {
    "received_on": "2026-06-10",
    "hearing_on": "2026-06-20",
    "channel": "walk_in",
    "written_or_oral": "oral",
    "employer_seat": "330106",
    "migrant_worker": True,
    "court_no": "（2026）浙0106民初1号",
    "arb_no": "云劳人仲〔2026〕1号",
    "court_route_basis": "not_stated",
    "pretrial_venue": "court_prefiling_dispatch",
    "costs": 123_450,
}


@pytest.mark.parametrize(
    ("name", "old", "new", "kept"),
    [
        ("received_on", "2026-06-10", "2026-06-15", "2026-06-15"),
        ("hearing_on", "2026-06-20", "2026-07-20", "2026-07-20"),
        ("channel", "walk_in", "hotline_12351", "hotline_12351"),
        ("written_or_oral", "oral", "written", "written"),
        ("employer_seat", "330106", "330109", "330109"),
        ("migrant_worker", "true", "false", False),
        ("migrant_worker", "true", "true", True),
        ("court_no", "（2026）浙0106民初1号", " （2026）浙0106民初2号 ", "（2026）浙0106民初2号"),
        ("arb_no", "云劳人仲〔2026〕1号", "仲" * 64, "仲" * 64),
        ("court_route_basis", "not_stated", "wage_iou", "wage_iou"),
        ("pretrial_venue", "court_prefiling_dispatch", "court_postfiling_entrust", "court_postfiling_entrust"),
        ("costs", "1234.50", "0.5", 50),
    ],
)
def test_a_fact_of_each_kind_is_set_right(name: str, old: str, new: str, kept: Any) -> None:
    after = corrected(build_case(facts=FACTS), f"facts/{name}", old, new)

    assert after.facts[name] == kept
    assert type(after.facts[name]) is type(kept)


@pytest.mark.parametrize(
    ("name", "new", "code"),
    [
        ("received_on", "2026-06-16", "date_in_future"),
        ("received_on", "10.06.2026", "date_format"),
        ("received_on", "2026-02-30", "date_impossible"),
        ("received_on", "1989-12-31", "date_out_of_range"),
        ("channel", "pigeon", "not_in_list"),
        ("written_or_oral", "sung", "not_in_list"),
        ("employer_seat", "000000", "division_code_format"),
        ("migrant_worker", "True", "bool_format"),
        ("court_no", "号" * 65, "text_length"),
        ("court_no", "  ", "text_length"),
        ("arb_no", "仲\x00号", "text_length"),
        ("court_route_basis", "whim", "not_in_list"),
        ("pretrial_venue", "street", "not_in_list"),
        ("costs", "-5", "money_format"),
        ("costs", "1.234", "money_format"),
    ],
)
def test_a_value_that_cannot_be_is_refused_where_it_stands(name: str, new: str, code: str) -> None:
    old = {"migrant_worker": "true", "costs": "1234.50"}.get(name, FACTS[name])

    assert refusal(build_case(facts=FACTS), f"facts/{name}", old, new) == ("/new", code)


DECIDED: Mapping[str, Any] = {
    "title_kind": "agreement", "organization_kind": "court", "extensions": 1, "explicit_refusal": True,
    "arb_overdue": True, "round": 1, "mediation_offered": True, "hold_reason": "appraisal", "award_kind": "final",
    "appealable": True, "new_end": "2026-07-01", "agreement": build_agreement(), "attested": {"g": {}},
    "hold_since": "2026-06-10", "siblings": ["c2"], "split_from": "c0",
}  # fmt: skip


@pytest.mark.parametrize("name", DECIDED)
def test_what_only_steps_decide_is_never_corrected(name: str) -> None:
    case = build_case(facts=DECIDED)

    assert refusal(case, f"facts/{name}", str(DECIDED[name]), "x") == ("/field", "not_correctable")


@pytest.mark.parametrize(
    "field",
    [
        "number", "case/number", "parties/W/role", "parties/W/phone", "claims/unpaid_wages/outcome",
        "claims/unpaid_wages/amount_fen", "obligations/o1/status", "deadlines/d1/due", "tracks/main/state", "facts",
        "facts/court_no/W", "facts/nowhere:1.applied_on", "claims/unpaid_wages", "facts/nothing",
    ],
)  # fmt: skip
def test_whatever_is_not_on_the_list_is_not_correctable(field: str) -> None:
    assert refusal(build_case(facts={"court_no": "x"}), field, "x", "y") == ("/field", "not_correctable")


def test_a_fact_nobody_recorded_and_a_record_that_is_not_there_are_told_apart() -> None:
    case = build_case()

    assert refusal(case, "facts/received_on", "", "2026-06-10") == ("/field", "nothing_on_file")
    assert refusal(case, "claims/none/amount", "", "5.00") == ("/field", "not_in_case")


@pytest.mark.parametrize(
    ("field", "old"),
    [
        ("facts/received_on", "2026-06-09"),
        ("facts/migrant_worker", "True"),
        ("claims/unpaid_wages/amount", "1000000"),
        ("claims/unpaid_wages/amount", ""),
        ("parties/W/uscc", "x"),
    ],
)
def test_the_old_value_must_be_what_is_on_file_as_the_wire_shows_it(field: str, old: str) -> None:
    assert refusal(build_case(facts=FACTS), field, old, "2026-06-01") == ("/old", "old_value_differs")


@pytest.mark.parametrize(
    ("field", "old", "new", "kept"),
    [
        ("parties/W/name", "张三", " 张三丰 ", "张三丰"),
        ("parties/W/headcount", "", "12", 12),
        ("parties/E/uscc", "", "91350100m000100y43", "91350100M000100Y43"),
        ("claims/unpaid_wages/amount", "10000.00", "1234.5", 123_450),
        ("claims/unpaid_wages/amount", "10000.00", "0", 0),
        ("claims/unpaid_wages/amount_text", "", "约一万元", "约一万元"),
        ("claims/unpaid_wages/code", WAGES, SEVERANCE, SEVERANCE),
        ("claims/unpaid_wages/knew_on", "", "2026-06-01", date(2026, 6, 1)),
        ("obligations/o1/amount", "10000.00", "8000.00", 800_000),
        ("obligations/o1/due_on", "2026-06-30", "2026-07-31", date(2026, 7, 31)),
        ("obligations/o1/due_text", "", "分两次付清", "分两次付清"),
    ],
)
def test_a_field_of_a_record_is_set_right(field: str, old: str, new: str, kept: Any) -> None:
    after = corrected(build_case(obligations=[build_obligation()]), field, old, new)

    collection, key, name = field.split("/")
    record = getattr(after, collection)[key]
    assert getattr(record, f"{name}_fen" if name == "amount" else name) == kept
    assert record.version == 2


@pytest.mark.parametrize(
    ("field", "old", "new", "code"),
    [
        ("parties/W/name", "张三", "张" * 121, "text_length"),
        ("parties/W/headcount", "", "0", "count_format"),
        ("parties/E/uscc", "", "91350100M000100Y44", "social_credit_code_checksum"),
        ("claims/unpaid_wages/amount", "10000.00", "-5", "money_format"),
        ("claims/unpaid_wages/code", WAGES, "zzz", "not_in_list"),
        ("claims/unpaid_wages/knew_on", "", "2026-06-16", "date_in_future"),
        ("obligations/o1/due_on", "2026-06-30", "soon", "date_format"),
    ],
)
def test_a_field_of_a_record_takes_no_impossible_value(field: str, old: str, new: str, code: str) -> None:
    assert refusal(build_case(obligations=[build_obligation()]), field, old, new) == ("/new", code)


@pytest.mark.parametrize("paid", [{"status": "done", "paid_fen": 1_000_000}, {"status": "part", "paid_fen": 500_000}])
def test_an_amount_that_was_paid_is_not_corrected_below_it(paid: dict[str, Any]) -> None:
    case = build_case(obligations=[build_obligation(**paid)])

    assert refusal(case, "obligations/o1/amount", "10000.00", "5000.00") == ("/new", "already_paid")


def due(case: Case, term: str) -> list[date]:
    return sorted(deadline.due for deadline in case.running(term))


def test_an_agreed_end_follows_the_day_it_was_read_from() -> None:
    clock = build_deadline("D_NEG_TERM", date(2026, 6, 10), due=date(2026, 6, 24), fact="ends_on")
    case = build_case(deadlines=[clock], facts={"ends_on": "2026-06-24"})

    after = corrected(case, "facts/ends_on", "2026-06-24", "2026-06-26")

    assert due(after, "D_NEG_TERM") == [date(2026, 6, 26)]


@pytest.mark.parametrize(
    "other",
    [
        build_deadline("D_MED_15", date(2026, 6, 8), fact="received_on"),
        build_deadline("D_MED_15", date(2026, 6, 10), fact="accepted_on"),
        build_deadline("D_NEG_TERM", date(2026, 6, 10), due=date(2026, 6, 24), fact="received_on"),
    ],
    ids=["another day", "another fact", "agreed otherwise"],
)
def test_a_clock_that_does_not_count_from_the_day_runs_on(other: Any) -> None:
    case = build_case(deadlines=[other], facts={"received_on": "2026-06-10"})

    after = corrected(case, "facts/received_on", "2026-06-10", "2026-06-09")

    assert after.deadlines == case.deadlines


def test_a_corrected_start_goes_through_the_pauses_and_keeps_an_end_agreed_since() -> None:
    pause = Adjustment(AdjustmentKind.SUSPENSION, "appraisal", "T26", date(2026, 6, 11), date(2026, 6, 12))
    agreed = Adjustment(AdjustmentKind.EXTENSION, "extend", "T13", date(2026, 6, 12), date(2026, 7, 10))
    held = build_deadline("D_CT_30", date(2026, 6, 10), fact="received_on", ledger=(pause,))
    extended = build_deadline("D_MED_15", date(2026, 6, 10), fact="received_on", ledger=(agreed,))
    case = build_case(deadlines=[held, extended], facts={"received_on": "2026-06-10"})

    after = corrected(case, "facts/received_on", "2026-06-10", "2026-06-09")

    assert due(after, "D_CT_30") == [date(2026, 7, 13)]
    assert due(after, "D_MED_15") == [date(2026, 7, 10)]
    assert {d.start for d in after.running()} == {date(2026, 6, 9)}


def test_a_day_of_a_side_track_moves_the_clocks_of_that_track_only() -> None:
    facts = {"applied_on": "2026-06-10", "confirmation:1.applied_on": "2026-06-10"}
    own = build_deadline("D_JC_ACCEPT_3", date(2026, 6, 10), fact="applied_on", track_key="confirmation:1")
    main = build_deadline("D_CT_ASSIGN_3WD", date(2026, 6, 10), fact="applied_on")
    track = build_track("confirmation", "judicial_applied")
    case = build_case(deadlines=[own, main], facts=facts, tracks=[track])

    side = corrected(case, "facts/confirmation:1.applied_on", "2026-06-10", "2026-06-09")
    whole = corrected(case, "facts/applied_on", "2026-06-10", "2026-06-09")

    assert {d.term: d.start.day for d in side.running()} == {"D_JC_ACCEPT_3": 9, "D_CT_ASSIGN_3WD": 10}
    assert {d.term: d.start.day for d in whole.running()} == {"D_JC_ACCEPT_3": 10, "D_CT_ASSIGN_3WD": 9}


def test_a_day_kept_for_each_party_moves_only_that_partys_clock() -> None:
    clocks = [
        build_deadline("D_SUIT_15", date(2026, 6, 8), id=f"d{key}", fact="received_on", party_id=key) for key in "WE"
    ]
    case = build_case(deadlines=clocks, facts={"received_on": {"W": "2026-06-08", "E": "2026-06-08"}})

    after = corrected(case, "facts/received_on/W", "2026-06-08", "2026-06-10")

    assert after.facts["received_on"] == {"W": "2026-06-10", "E": "2026-06-08"}
    assert {d.party_id: d.due for d in after.running()} == {"W": date(2026, 6, 25), "E": date(2026, 6, 23)}
    assert refusal(case, "facts/received_on", "x", "y") == ("/field", "not_correctable")
    assert refusal(case, "facts/received_on/X", "x", "y") == ("/field", "not_correctable")


def test_the_agreement_follows_its_effective_day() -> None:
    clock = build_deadline("D_JC_30", date(2026, 6, 1), fact="effective_on")
    facts = {"effective_on": "2026-06-01", "agreement": build_agreement(effective_on="2026-06-01")}

    after = corrected(
        build_case(deadlines=[clock], facts=facts), "facts/effective_on", "2026-06-01", "2026-06-03"
    )  # fmt: skip

    assert after.facts["agreement"]["effective_on"] == "2026-06-03"
    assert due(after, "D_JC_30") == [date(2026, 7, 3)]


def test_a_venue_whose_term_runs_is_corrected_by_taking_the_step_back() -> None:
    case = build_case(deadlines=[build_deadline("D_CT_30")], facts=FACTS)

    found = refusal(case, "facts/pretrial_venue", "court_prefiling_dispatch", "court_postfiling_entrust")

    assert found == ("/field", "clock_depends")


def limitation(claim: str = SEVERANCE, start: date = date(2026, 3, 2), **values: Any) -> Any:
    term = "D_LIMIT_WAGE_EXIT_1Y" if claim == WAGES else "D_LIMIT_1Y"
    fact = "ended_on" if claim == WAGES else "knew_on"
    return build_deadline(term, start, **{"ref_id": claim, "fact": fact, "id": f"lim-{claim}", **values})


def test_limitation_counts_from_the_corrected_day_of_knowledge_of_that_claim() -> None:
    claims = [build_claim(SEVERANCE, knew_on=date(2026, 3, 2)), build_claim("notice_pay", knew_on=date(2026, 3, 2))]
    clocks = [limitation(), limitation("notice_pay")]
    case = build_case(claims=claims, deadlines=clocks)

    after = corrected(case, f"claims/{SEVERANCE}/knew_on", "2026-03-02", "2026-04-02")

    starts = {d.ref_id: d.start for d in after.running("D_LIMIT_1Y")}
    assert starts == {SEVERANCE: date(2026, 4, 2), "notice_pay": date(2026, 3, 2)}
    assert after.deadlines[f"lim-{SEVERANCE}"].due == date(2027, 4, 2)


@pytest.mark.parametrize(
    ("knew_on", "start"),
    [
        ("2026-04-01", "2026-06-10"),
        ("2025-06-10", "2026-06-10"),
        ("2025-01-06", "2025-01-06"),
        ("2026-06-12", "2026-06-12"),
    ],
)
def test_an_act_starts_limitation_anew_only_where_the_term_ran_on_its_day(knew_on: str, start: str) -> None:
    claim = build_claim(SEVERANCE, knew_on=date(2026, 3, 2))
    restarted = limitation(start=date(2026, 6, 10), fact="submit_intake")
    act = LimitationAct("act", 1, "assertion", date(2026, 6, 10), (SEVERANCE,), action="submit_intake")
    case = build_case(claims=[claim], deadlines=[restarted], limitation_acts={"act": act})

    after = corrected(case, f"claims/{SEVERANCE}/knew_on", "2026-03-02", knew_on)

    (running,) = after.running("D_LIMIT_1Y")
    assert running.start == date.fromisoformat(start)


def test_a_day_of_knowledge_told_for_the_first_time_starts_limitation() -> None:
    registered = build_case(claims=[build_claim(SEVERANCE)])

    after = corrected(registered, f"claims/{SEVERANCE}/knew_on", "", "2026-06-01")

    assert due(after, "D_LIMIT_1Y") == [date(2027, 6, 1)]


def test_a_draft_has_no_clocks_yet() -> None:
    draft = build_case("draft", claims=[build_claim(SEVERANCE)])

    after = corrected(draft, f"claims/{SEVERANCE}/knew_on", "", "2026-06-01")

    assert not after.deadlines


def test_a_limitation_that_was_stopped_stays_so() -> None:
    claim = build_claim(SEVERANCE, knew_on=date(2026, 3, 2))
    case = build_case(claims=[claim], deadlines=[limitation(status="stopped")])

    after = corrected(case, f"claims/{SEVERANCE}/knew_on", "2026-03-02", "2026-04-02")

    assert not list(after.running())


def test_a_claim_that_turns_out_to_be_about_wages_changes_its_limitation() -> None:
    claim = build_claim(SEVERANCE, knew_on=date(2026, 3, 2))
    case = build_case(claims=[claim], deadlines=[limitation()])

    employed = corrected(case, f"claims/{SEVERANCE}/code", SEVERANCE, WAGES)
    left = corrected(replace(case, facts={"ended_on": "2026-05-04"}), f"claims/{SEVERANCE}/code", SEVERANCE, WAGES)

    assert not list(employed.running())
    assert employed.deadlines[f"lim-{SEVERANCE}"].status == "replaced"
    assert [(d.term, d.start) for d in left.running()] == [("D_LIMIT_WAGE_EXIT_1Y", date(2026, 5, 4))]


def test_a_corrected_end_of_employment_moves_the_limitation_of_wages_and_the_papers_due() -> None:
    claims = [build_claim(WAGES), build_claim(SEVERANCE, knew_on=date(2026, 3, 2))]
    papers = build_deadline("D_TERMDOC_15", date(2026, 6, 1), fact="ended_on")
    clocks = [limitation(WAGES, date(2026, 6, 1)), limitation(), papers]
    case = build_case(claims=claims, deadlines=clocks, facts={"ended_on": "2026-06-01"})

    after = corrected(case, "facts/ended_on", "2026-06-01", "2026-06-03")

    starts = {d.term: d.start for d in after.running()}
    assert starts == {
        "D_LIMIT_WAGE_EXIT_1Y": date(2026, 6, 3), "D_LIMIT_1Y": date(2026, 3, 2), "D_TERMDOC_15": date(2026, 6, 3),
    }  # fmt: skip


def owing(status: str = "running", **values: Any) -> Case:
    owed = [build_obligation("o1", **values), build_obligation("o2", due_on=date(2026, 7, 10))]
    clocks = [
        build_deadline("OBLIGATION", id=f"d-{o.id}", due=o.due_on, ref_id=o.id, fact="due_on", status=status)
        for o in owed
    ]
    enforce = build_deadline("D_ENFORCE_2Y", date(2026, 7, 10), fact="last_due_date")
    return build_case("performing", obligations=owed, deadlines=[*clocks, enforce])


def test_an_obligation_falls_due_on_its_corrected_day_and_enforcement_counts_from_the_last() -> None:
    case = owing()

    sooner = corrected(case, "obligations/o1/due_on", "2026-06-30", "2026-06-12")
    later = corrected(case, "obligations/o1/due_on", "2026-06-30", "2026-07-31")

    assert due(sooner, "OBLIGATION") == [date(2026, 6, 12), date(2026, 7, 10)]
    assert due(sooner, "D_ENFORCE_2Y") == due(case, "D_ENFORCE_2Y")
    assert due(later, "OBLIGATION") == [date(2026, 7, 10), date(2026, 7, 31)]
    assert [d.start for d in later.running("D_ENFORCE_2Y")] == [date(2026, 7, 31)]


def test_an_obligation_whose_clock_ran_out_on_the_wrong_day_runs_again() -> None:
    case = owing("lapsed", due_on=date(2026, 6, 12))

    again = corrected(case, "obligations/o1/due_on", "2026-06-12", "2026-06-22")
    past = corrected(case, "obligations/o1/due_on", "2026-06-12", "2026-06-11")

    assert [(d.ref_id, d.due) for d in again.running("OBLIGATION")] == [("o1", date(2026, 6, 22))]
    assert not list(past.running("OBLIGATION"))


def test_an_obligation_without_a_day_gets_its_clock_with_the_day() -> None:
    case = build_case("performing", obligations=[build_obligation(due_on=None, due_text="春节前")])

    after = corrected(case, "obligations/o1/due_on", "", "2026-07-31")

    assert due(after, "OBLIGATION") == [date(2026, 7, 31)]


def taken_back(case: Case, *changes: Change) -> Case:
    """The case once the changes of a step are undone."""
    told: list[Mapping[str, Any]] = [{"c": c.collection, "k": c.key, "b": c.before, "a": c.after} for c in changes]
    step = PROCEDURE.steps["void_last_step"]
    draft = Draft(case)
    undo(draft, Question(case, step, case.tracks["main"], setting(), Command("void_last_step", TODAY)), told)
    return draft.case


def brought_in(collection: str, record: Any) -> Change:
    return Change(collection, record.id, None, to_row(collection, record))


def test_what_a_step_brought_in_is_retired_with_it() -> None:
    parts: dict[str, Any] = {
        "parties": build_party("co_applicant", id="W2"),
        "claims": build_claim(SEVERANCE),
        "obligations": build_obligation(),
        "deadlines": build_deadline("D_MED_15"),
        "assignments": Assignment("as1", "mediator", "mediator", TODAY),
    }
    task = Task("t1", "D_MED_15", "D_MED_15", "main", TODAY, TODAY)
    track = build_track("risk", "alerted")
    lists: dict[str, Any] = {name: [record] for name, record in parts.items()}
    case = build_case(tracks=[track], tasks={"t1": task}, **lists)
    records = {**parts, "tasks": task, "tracks": track}

    after = taken_back(case, *(brought_in(name, record) for name, record in records.items()))

    assert after.parties["W2"].status == "dropped"
    assert after.claims[SEVERANCE].outcome == "withdrawn"
    assert after.obligations["o1"].status == "dropped"
    assert after.deadlines["D_MED_15"].status == "cancelled"
    assert after.deadlines["D_MED_15"].ended_on == TODAY
    assert after.assignments["as1"].until == TODAY
    assert (after.tasks["t1"].status, after.tasks["t1"].done_on) == ("cancelled", TODAY)
    assert after.tracks["risk:1"].state == PROCEDURE.tracks["risk"].first_state
    assert [after.parties["W2"].version, after.claims[SEVERANCE].version, after.obligations["o1"].version] == [2, 2, 2]


def test_a_clock_a_step_stopped_runs_as_before_and_what_is_not_there_stays_away() -> None:
    running, stopped = build_deadline("D_MED_15"), build_deadline("D_MED_15", status="stopped")
    case = build_case(deadlines=[stopped])

    after = taken_back(
        case,
        Change("deadlines", running.id, to_row("deadlines", running), to_row("deadlines", stopped)),
        brought_in("claims", build_claim("gone")),
    )

    assert after.deadlines == {running.id: running}
    assert "gone" not in after.claims


def test_a_later_entry_depends_on_one_whose_record_it_touched() -> None:
    voided = {"changes": [{"c": "claims", "k": "c1"}]}
    same, other = ({"changes": [{"c": "claims", "k": key}]} for key in ("c1", "c2"))

    assert later_entry_depends(voided, [other, same])
    assert not later_entry_depends(voided, [other])


def test_what_a_step_changed_is_as_before_and_a_number_stays_given() -> None:
    old, new = build_claim(amount_fen=5), build_claim(amount_fen=7, version=4)
    case = build_case(claims=[new], facts={"round": 2, "channel": "phone"}, number="1号")

    after = taken_back(
        case,
        Change("claims", old.id, to_row("claims", old), to_row("claims", new)),
        Change("facts", "round", {"value": 1}, {"value": 2}),
        Change("facts", "channel", None, {"value": "phone"}),
        Change("case", "organization_id", {"value": "town"}, {"value": "centre"}),
        Change("case", "number", None, {"value": "1号"}),
        brought_in("claims", build_claim("gone")),
    )

    assert (after.claims[old.id].amount_fen, after.claims[old.id].version) == (5, 5)
    assert after.facts == {"round": 1}
    assert (after.organization_id, after.number) == ("town", "1号")
    assert "gone" not in after.claims
