"""What the other sides learn later: which rows tell them, and the case without what they do not know of."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.builders import build_case, build_party

from mediation.domain.access import Actor
from mediation.domain.cases import Case
from mediation.domain.deadlines import Deadline, DeadlineStatus
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import Claim, LimitationAct, TrackInstance
from mediation.domain.sight import Sight, is_clock_told, is_limitation_seen, known, seen_row, shown, shown_row, sight_of
from mediation.domain.told import shown_entry
from mediation.domain.told_later import TOLD_LATER, is_told, untold_actions

DAY = date(2026, 6, 15)
OTHERS = (CaseRole.EMPLOYER_SIDE, CaseRole.THIRD_SIDE)
SOMEBODY = Actor("somebody", "某人", None, frozenset())


def sight(*roles: CaseRole) -> Sight:
    return sight_of(SOMEBODY, frozenset(roles))


def with_preservation(state: str, **facts: Any) -> Case:
    """A case of a worker against an employer with a preservation in a state."""
    case = build_case(
        parties=[build_party(), build_party("respondent")],
        facts={"preservation:1.court": "C", "attested": {"g": {"action": "apply_preservation"}}, **facts},
    )
    track = TrackInstance("preservation:1", "preservation", state)
    act = LimitationAct("L", 1, "authority", DAY, ("K",), action="apply_preservation")
    claim = Claim("K", 1, "unpaid_wages", "2008", "worker")
    return replace(
        case, tracks={**case.tracks, track.id: track}, limitation_acts={"L": act}, claims={"K": claim},
        last_entry={"action": "apply_preservation", "track": track.id},
    )  # fmt: skip


def entry(*changes: Any, track: str = "main", **values: Any) -> dict[str, Any]:
    return {
        "action": "amend_case", "step": None, "track": track, "from": None, "to": None, "actor": "x", "input": {},
        "private": None, "attestations": [], "changes": list(changes), **values,
    }  # fmt: skip


def change(collection: str, key: str, before: Any = None, after: Any = None) -> dict[str, Any]:
    return {"c": collection, "k": key, "b": before, "a": after}


def test_each_such_track_is_told_in_states_of_its_own_by_rows_of_its_own() -> None:
    for track, row in TOLD_LATER.items():
        states = {state for name, state in PROCEDURE.states if name == track}
        untold = untold_actions(frozenset({track}))

        assert row.told_in < states
        assert row.basis
        assert {PROCEDURE.steps[action].track for action in untold} == {track}


def test_the_first_row_of_such_a_track_is_never_told() -> None:
    assert {"apply_preservation", "hand_over_inspection", "preservation_refused"} <= untold_actions(
        frozenset(TOLD_LATER)
    )


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("state", ["pres_applied", "pres_refused", "none"])
def test_the_other_sides_know_nothing_before_they_are_told(role: CaseRole, state: str) -> None:
    found = shown(with_preservation(state), sight(role))

    assert set(found.tracks) == {"main"}
    assert (found.facts, found.limitation_acts, found.last_entry) == ({"attested": {}}, {}, {})


@pytest.mark.parametrize("role", [CaseRole.CLERK, CaseRole.AUDITOR, CaseRole.COURT_LIAISON, CaseRole.WORKER_SIDE])
def test_the_house_the_court_and_the_side_that_asked_know_it_from_the_beginning(role: CaseRole) -> None:
    found = known(with_preservation("pres_applied"), sight(role))

    assert "preservation:1" in found.tracks
    assert "preservation:1.court" in found.facts
    assert found.last_entry


def test_who_has_no_part_is_told_no_earlier_than_the_other_sides() -> None:
    assert set(known(with_preservation("pres_applied"), sight()).tracks) == {"main"}


def test_once_told_they_see_where_it_stands_and_not_how_it_began() -> None:
    case = with_preservation("pres_granted", **{"preservation:1.measures_on": "2026-06-15"})

    found = shown(case, sight(CaseRole.EMPLOYER_SIDE))

    assert "preservation:1" in found.tracks
    assert set(found.facts) == {"attested", "preservation:1.measures_on"}
    assert is_told(case, replace(case.tracks["preservation:1"], state="none"))


def test_an_entry_that_changes_only_what_is_not_known_is_not_told() -> None:
    case, employer = with_preservation("pres_applied"), sight(CaseRole.EMPLOYER_SIDE)
    clock = {"term": "D_PRES_48H", "track_key": "preservation:1", "ref_id": None}
    limit = {"term": "D_LIMIT_1Y", "track_key": "main", "ref_id": "K"}
    act = {"action": None, "claims": ["K"]}
    vouched = {"value": {"g": {"action": "apply_preservation"}}}
    unknown = [
        change("facts", "preservation:1.court", None, {"value": "C"}),
        change("facts", "attested", None, vouched),
        change("facts", "risk:1.level", None, {"value": "red"}),
        change("tracks", "preservation:1", None, {"state": "pres_applied"}),
        change("tracks", "risk:1", None, {"state": "alerted"}),
        change("deadlines", "D", None, clock),
        change("deadlines", "E", None, limit),
        change("limitation_acts", "L", None, act),
    ]

    assert [shown_entry(entry(one), case, employer) for one in unknown] == [None] * len(unknown)
    assert [shown_entry(entry(one), case, sight(CaseRole.CLERK)) is None for one in unknown] == [False] * len(unknown)
    assert shown_entry(entry(*unknown, change("facts", "urgent", None, {"value": True})), case, employer) is not None


def test_of_the_entries_of_such_a_track_those_are_told_that_lead_to_where_they_are_told() -> None:
    case, employer = with_preservation("pres_granted"), sight(CaseRole.EMPLOYER_SIDE)
    ways = [("none", "pres_applied"), ("pres_applied", "pres_granted"), ("pres_granted", "pres_released")]

    told = [shown_entry(entry(track="preservation:1", **{"from": a, "to": b}), case, employer) for a, b in ways]

    assert [one is not None for one in told] == [False, True, True]


def test_a_clock_of_the_track_is_seen_where_only_what_was_told_starts_it() -> None:
    employer = sight(CaseRole.EMPLOYER_SIDE)

    found = [is_clock_told("preservation:1", term, employer) for term in ("D_PRES_48H", "D_PRES_SUIT_30")]

    assert found == [False, True]
    assert is_clock_told("main", "D_PRES_48H", employer)


def test_of_the_clocks_of_a_case_the_other_side_sees_neither_those_of_the_track_nor_the_limitation() -> None:
    case = with_preservation("pres_applied")
    running = [
        clock("D_PRES_48H", "preservation:1"),
        clock("D_LIMIT_1Y", "main", "K"),
        clock("D_ENFORCE_2Y", "main"),
    ]
    case = replace(case, deadlines={one.id: one for one in running})

    assert set(shown(case, sight(CaseRole.EMPLOYER_SIDE)).deadlines) == {"D_ENFORCE_2Y"}
    assert set(shown(case, sight(CaseRole.WORKER_SIDE)).deadlines) == {one.id for one in running}


def clock(term: str, track: str, ref: str | None = None) -> Deadline:
    return Deadline(
        id=term, term=term, track_key=track, party_id=None, ref_id=ref, fact="x", start=DAY, due=DAY, raw=DAY,
        provisional=False, status=DeadlineStatus.RUNNING, ended_on=None, ended_by=None, calendar_version="v",
    )  # fmt: skip


def test_the_limitation_of_a_claim_is_for_the_house_and_the_side_that_claims() -> None:
    case = with_preservation("none")
    roles = [CaseRole.CLERK, CaseRole.WORKER_SIDE, CaseRole.EMPLOYER_SIDE, CaseRole.THIRD_SIDE]

    assert [is_limitation_seen(case, "K", sight(role)) for role in roles] == [True, True, False, False]
    assert [is_limitation_seen(case, "gone", sight(role)) for role in roles] == [True, False, False, False]


def test_a_row_of_a_list_is_seen_by_the_part_one_has_in_that_case() -> None:
    row = {"next_due": "2026-07-01", "next_term": "D_X", "is_provisional": False, "has_risk": True, "has_tasks": True}
    house = sight(CaseRole.VOLUNTEER)

    found = [shown_row(row, seen_row(house, SOMEBODY, side)) for side in (None, "worker", "employer")]

    assert [one["next_due"] for one in found] == ["2026-07-01", "2026-07-01", None]
    assert [one["has_risk"] for one in found] == [True, None, None]
