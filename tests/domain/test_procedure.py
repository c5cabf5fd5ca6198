"""The table of steps: what must hold of it as a whole, row by row against its list, and taken step by step."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.builders import TODAY, build_case, build_track

from mediation.domain import advance as advancing
from mediation.domain.advance import advance
from mediation.domain.calendar import official_calendar
from mediation.domain.cases import MAIN, Command, Setting
from mediation.domain.conditions import CONDITIONS
from mediation.domain.diagram import ROLES, draw_track, mermaid, page
from mediation.domain.errors import BlockedError, Blocker, NotPermittedError, Refusal, StepNotOpenError
from mediation.domain.guards import GUARDS
from mediation.domain.labels import Label
from mediation.domain.machine import target_of
from mediation.domain.procedure import PROCEDURE, Procedure
from mediation.domain.procedure.checks import CHECKS, check_all
from mediation.domain.procedure.step import (
    ANY_OPEN,
    PREVIOUS,
    RECORDERS,
    SAME,
    ActOf,
    CaseRole,
    Kind,
    Move,
    Start,
    Step,
    Stop,
    TextClass,
    field,
)

ROOT = Path(__file__).parents[2]
LISTED = json.loads((ROOT / "tests" / "data" / "procedure_rows.json").read_text(encoding="utf-8"))
BEYOND_THE_LIST: Mapping[str, Mapping[str, Any]] = {"T17": {"roles": ["S", "C"]}}
ROWS = [{**row, **BEYOND_THE_LIST.get(row["id"], {})} for row in LISTED["rows"]]
OPEN_STATES = frozenset(code for (track, code), state in PROCEDURE.states.items() if track == MAIN and state.is_open)


def check(procedure: Procedure) -> list[str]:
    return check_all(procedure, guards=GUARDS, conditions=CONDITIONS)


def changed(action: str, /, **values: Any) -> Procedure:
    step = replace(PROCEDURE.steps[action], **values)
    return replace(PROCEDURE, steps={**PROCEDURE.steps, action: step})


def without(*actions: str) -> Procedure:
    return replace(PROCEDURE, steps={key: step for key, step in PROCEDURE.steps.items() if key not in actions})


def with_step(key: str, step: Step) -> Procedure:
    return replace(PROCEDURE, steps={**PROCEDURE.steps, key: step})


def closed_to(role: CaseRole, state: str) -> Procedure:
    """A table in which nobody of this role may leave the state."""
    letter = {CaseRole.WORKER_SIDE: "E", CaseRole.EMPLOYER_SIDE: "W"}[role]
    steps = {
        key: replace(step, roles=(letter,), recorded_by=RECORDERS[letter])
        if step.track == MAIN and state in PROCEDURE.sources(step)
        else step
        for key, step in PROCEDURE.steps.items()
    }
    return replace(PROCEDURE, steps=steps)


def never_left(state: str) -> Procedure:
    steps = {key: replace(step, sources=PROCEDURE.sources(step) - {state}) for key, step in PROCEDURE.steps.items()}
    return replace(PROCEDURE, steps=steps)


def relabelled(action: str, zh: str, en: str) -> Procedure:
    return changed(action, label=Label(zh, en))


def sourced(action: str, *states: str) -> Procedure:
    return changed(action, sources=frozenset(states))


SETTLE = PROCEDURE.steps["settle"]
FILE = PROCEDURE.steps["file"]

BREACHES: list[tuple[str, Callable[[], Procedure], str]] = [
    ("rows are unique", lambda: with_step("again", SETTLE), "filed under again"),
    ("rows are unique", lambda: with_step("again", SETTLE), "settle leaves triage of main more than once"),
    ("rows are unique", lambda: changed("file", id="T05"), "T05 is the id of more than one row"),
    ("states exist", lambda: sourced("file", "nowhere"), "names nowhere"),
    ("states exist", lambda: changed("file", target="nowhere"), "names nowhere"),
    ("states exist", lambda: changed("file", track="nothing"), "unknown track nothing"),
    ("states exist", lambda: sourced("file"), "leaves no state"),
    ("states are reachable", lambda: without("signature_refused", "start_negotiation"), "negotiating of main"),
    ("states are reachable", lambda: without("apply_review"), "review_granted of confirmation"),
    (
        "sides have a way out",
        lambda: closed_to(CaseRole.WORKER_SIDE, "org_mediation_in_progress"),
        "org_mediation_in_progress holds the worker side",
    ),
    (
        "sides have a way out",
        lambda: closed_to(CaseRole.EMPLOYER_SIDE, "defaulted"),
        "defaulted holds the employer side",
    ),
    (
        "sides have a way out",
        lambda: without("prepare_referral"),
        "performed holds the employer side",
    ),
    (
        "sides have a way out",
        lambda: changed("settle_and_withdraw_arbitration", act_of=ActOf.COMMISSION),
        "arbitration_filed holds the worker side",
    ),
    ("applicant can withdraw", lambda: without("withdraw"), "triage cannot be left by withdrawing"),
    ("closed states keep a way", lambda: without("unarchive"), "archived can never be taken up again"),
    ("closed states keep a way", lambda: without("archive"), "closed_settled can never be archived"),
    ("closed states keep a way", lambda: without("reopen"), "closed_withdrawn can never be taken up again"),
    ("terms exist", lambda: changed("file", starts=(Start("D_NONE", "filed_on"),)), "the term D_NONE"),
    ("terms exist", lambda: changed("file", stops=(Stop(frozenset({"D_NONE"})),)), "the term D_NONE"),
    ("terms begin and end", lambda: without("enforcement_refused"), "D_SUIT_AFTER_NONENF_30 is stopped or fires"),
    (
        "terms begin and end",
        lambda: replace(
            PROCEDURE,
            steps={
                **PROCEDURE.steps,
                "decide_challenge": replace(PROCEDURE.steps["decide_challenge"], stops=()),
                "withdraw_challenge": replace(PROCEDURE.steps["withdraw_challenge"], stops=()),
            },
        ),
        "D_CHALLENGE_2WD starts, and no row stops or answers it",
    ),
    ("timers have rows", lambda: without("no_reply"), "D_NEG_REPLY_5 lapses without a row"),
    (
        "timers have rows",
        lambda: changed("no_reply", fires_on=frozenset({"D_TRIAGE_1WD"})),
        "D_TRIAGE_1WD is declared to have no timer row",
    ),
    ("timers have rows", lambda: changed("no_reply", stops=()), "fires on D_NEG_REPLY_5 and leaves it running"),
    (
        "timers have rows",
        lambda: changed("no_reply", roles=("C",), recorded_by=RECORDERS["C"]),
        "the clock may not take it",
    ),
    (
        "clocks have facts",
        lambda: changed("file", starts=(Start("D_ARB_ACCEPT_5", "some_day"),)),
        "some_day, a day that no step gives",
    ),
    ("clocks have facts", lambda: changed("extend_again", moves=(Move("D_MED_EXT", "later"),)), "to later"),
    (
        "clocks have facts",
        lambda: changed("appeal", stops=(Stop(frozenset({"D_APPEAL_15"}), only="whoever"),)),
        "stops terms of whoever",
    ),
    ("conditions exist", lambda: changed("file", limitation="I+ [full_moon]"), "the condition full_moon"),
    ("conditions exist", lambda: changed("consent", inputs=()), "rests on acknowledges_claim, but does not ask"),
    ("conditions exist", lambda: changed("prepare_referral", limitation="W"), "mediation_was_running is used by no"),
    ("guards exist", lambda: changed("file", guards=("guessed",)), "names the guard guessed"),
    ("guards exist", lambda: changed("file", guards=("copies_sufficient",) * 2), "copies_sufficient twice"),
    ("guards exist", lambda: changed("file", guards=()), "the guard copies_sufficient is used by no row"),
    ("documents exist", lambda: changed("file", documents="DOC99"), "the document DOC99"),
    ("documents exist", lambda: changed("file", documents="a letter"), "the document a letter"),
    ("documents exist", lambda: changed("file", inputs=(field("paper: doc(DOC77)!"),)), "the document DOC77"),
    (
        "inputs are typed",
        lambda: changed("file", inputs=(replace(field("how: enum(a,b)!"), values=()),)),
        "without saying which values",
    ),
    ("inputs are typed", lambda: changed("file", inputs=(field("by: ref(planet)!"),)), "an unknown planet"),
    ("inputs are typed", lambda: changed("file", inputs=(field("by: date!"),) * 2), "asks for by twice"),
    ("inputs are typed", lambda: changed("file", inputs=(field("arb_no: text!"),)), "seals arb_no"),
    ("limitation is readable", lambda: changed("file", limitation="perhaps"), "perhaps"),
    ("bases are cited", lambda: changed("file", basis=""), "cites no basis"),
    ("bases are cited", lambda: changed("file", basis="Hammurabi 3"), "Hammurabi"),
    ("roles are named", lambda: changed("file", roles=(), recorded_by=frozenset()), "may be recorded by nobody"),
    ("roles are named", lambda: changed("file", recorded_by=frozenset(CaseRole)), "by others than its roles P V C"),
    ("labels are given", lambda: relabelled("file", "", "File"), "file has no Chinese name"),
    ("labels are given", lambda: relabelled("file", "递交", ""), "file has no English name"),
    ("labels are given", lambda: relabelled("file", "递交", "递交"), "file has no English name"),
    ("labels are given", lambda: relabelled("file", "递交", SETTLE.label.en), f"is called {SETTLE.label.en}"),
]


def test_every_check_holds() -> None:
    assert check(PROCEDURE) == []
    assert check_all() == []


@pytest.mark.parametrize(("name", "broken", "finding"), BREACHES)
def test_a_broken_table_is_found(name: str, broken: Callable[[], Procedure], finding: str) -> None:
    found = [line for line in check(broken()) if line.startswith(f"{name}: ")]

    assert any(finding in line for line in found), found


def test_every_check_has_a_table_that_breaks_it() -> None:
    assert {name for name, _, _ in BREACHES} == set(CHECKS)


def test_two_stops_for_one_term_are_enough_with_one_left() -> None:
    assert not [line for line in check(changed("decide_challenge", stops=())) if "D_CHALLENGE_2WD" in line]


def test_the_table_is_complete() -> None:
    assert len(PROCEDURE.steps) == 239
    assert len(PROCEDURE.states) == 104
    assert len(PROCEDURE.tracks) == 13
    assert {step.id for step in PROCEDURE.steps.values()} == {f"T{n:02}" for n in range(1, 240)}


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_each_row_is_as_listed(row: dict[str, Any]) -> None:
    step = PROCEDURE.steps[row["action"]]

    assert step.id == row["id"]
    assert step.track == row["track"]
    assert step.sources == frozenset(row["sources"])
    assert step.target == row["target"]
    assert list(step.guards) == row["guards"]
    assert list(step.roles) == row["roles"]


def test_what_goes_beyond_the_list_is_written_down() -> None:
    decision = next((ROOT / "docs" / "decisions").glob("*-procedure-*.md")).read_text(encoding="utf-8")

    assert all(id_ in decision for id_ in BEYOND_THE_LIST)


def listed_sources(row: Mapping[str, Any]) -> frozenset[str]:
    return OPEN_STATES if row["sources"] == [ANY_OPEN] else frozenset(row["sources"])


def expected_target(row: Mapping[str, Any], state: str) -> str | None:
    if state not in listed_sources(row):
        return None
    return state if row["target"] in {SAME, PREVIOUS} else str(row["target"])


@pytest.mark.parametrize("track", PROCEDURE.tracks)
def test_the_machine_leads_where_the_list_says_and_nowhere_else(track: str) -> None:
    states = [code for (owner, code) in PROCEDURE.states if owner == track]
    rows = [row for row in ROWS if row["track"] == track]

    for state in states:
        for row in rows:
            assert target_of(track, row["action"], state) == expected_target(row, state), (state, row["action"])


def walk(track: str) -> Iterator[tuple[str, Mapping[str, Any], CaseRole, type[Refusal]]]:
    """Every state, action and role of a track, with the refusal the list demands where a guard always bars."""
    rows = [(row, frozenset[CaseRole]().union(*(RECORDERS[r] for r in row["roles"]))) for row in ROWS]
    for owner, state in PROCEDURE.states:
        if owner != track:
            continue
        for row, recorders in rows:
            if row["track"] != track:
                continue
            is_open = state in listed_sources(row)
            for role in CaseRole:
                if role not in recorders:
                    yield state, row, role, NotPermittedError
                else:
                    yield state, row, role, BlockedError if is_open else StepNotOpenError


@pytest.mark.parametrize("track", PROCEDURE.tracks)
def test_each_step_is_open_exactly_where_and_to_whom_the_list_says(track: str, monkeypatch: pytest.MonkeyPatch) -> None:
    barred = Blocker("barred", Label("不可", "barred"))
    monkeypatch.setattr(advancing, "judge", lambda _question: ((barred,), ()))
    calendar = official_calendar()
    cases = {
        state: build_case(state) if track == MAIN else build_case(tracks=[build_track(track, state)])
        for owner, state in PROCEDURE.states
        if owner == track
    }
    instance = MAIN if track == MAIN else f"{track}:1"
    settings = {role: Setting(TODAY, calendar, frozenset({role}), "someone") for role in CaseRole}

    for state, row, role, refusal in walk(track):
        answer: type[Exception] | None = None
        try:
            advance(cases[state], Command(row["action"], TODAY, instance=instance), settings[role])
        except Refusal as raised:
            answer = type(raised)
        assert answer is refusal, (state, row["action"], role)


def test_a_clock_takes_only_the_rows_of_the_clock() -> None:
    for step in PROCEDURE.steps.values():
        assert (CaseRole.SYSTEM in step.recorded_by) == ("S" in step.roles)
        assert CaseRole.AUDITOR not in step.recorded_by


def test_every_text_says_how_it_is_kept() -> None:
    kept = {
        (step.action, entry.name): entry.text_class
        for step in PROCEDURE.steps.values()
        for entry in step.inputs
        if entry.kind is Kind.TEXT
    }
    confidential = {key for key, kind in kept.items() if kind is TextClass.CONFIDENTIAL}
    ordinary = {name for (_, name), kind in kept.items() if kind is TextClass.ORDINARY}

    assert confidential == {
        ("extend", "reason"),
        ("signature_refused", "reason"),
        ("resume_drafting", "why"),
        ("court_mediation_fails", "cost_raising_conduct"),
        ("withdraw", "reason"),
    }
    assert {name for name in ordinary if not name.endswith("_no")} == {"court", "decided_by", "field"}


def test_the_hash_changes_with_the_meaning_of_a_row() -> None:
    others = {
        changed("file", documents="DOC19").hash,
        changed("file", act_of=ActOf.BOTH).hash,
        changed("file", guards=FILE.guards[:-1]).hash,
        changed("start_hold", pauses=()).hash,
        changed("end_hold", resumes=()).hash,
    }

    assert PROCEDURE.hash not in others
    assert len(others) == 5
    assert relabelled("file", "递交", "Submit").hash == PROCEDURE.hash


def test_the_page_is_the_one_in_the_repository() -> None:
    committed = (ROOT / "docs" / "procedure.md").read_text(encoding="utf-8")

    assert committed == page(), "docs/procedure.md is stale: run `mediation procedure docs`"


def test_the_page_shows_every_part_of_the_table() -> None:
    text = page()

    assert all(f"| {step.id} | `{step.action}`<br>{step.label.zh}" in text for step in PROCEDURE.steps.values())
    assert all(f"| `{guard}` |" in text for guard in GUARDS)
    assert set(ROLES) == set(RECORDERS)
    assert "| AMB-16 |" in text
    assert "⚠" in text


def test_each_track_is_one_diagram() -> None:
    drawn = mermaid()

    assert drawn.count("stateDiagram-v2") == len(PROCEDURE.tracks)
    assert all(draw_track(code) in drawn for code in PROCEDURE.tracks)


@pytest.mark.parametrize("track", PROCEDURE.tracks)
def test_a_diagram_holds_every_state_and_step_of_its_track(track: str) -> None:
    drawn = draw_track(track)

    for (owner, code), state in PROCEDURE.states.items():
        if owner == track:
            assert f'state "{state.label.zh} / {state.label.en}" as {code}' in drawn
    for step in PROCEDURE.steps.values():
        if step.track == track:
            assert f"{step.id} {step.action}" in drawn
