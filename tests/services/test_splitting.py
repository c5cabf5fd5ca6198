"""A case is split: a sibling goes on in the same state, with copies of its own under keys of its own."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.builders import build_case, build_claim, build_deadline, build_party, build_track
from tests.services.world import (
    EMPLOYER,
    TODAY,
    WORKER,
    World,
    accept,
    document_of,
    mediate,
    party_of,
    triage,
)

from mediation.domain.cases import Case
from mediation.domain.deadlines import suspend_deadline
from mediation.domain.draft import Draft
from mediation.domain.errors import BlockedError
from mediation.domain.splitting import sibling as sibling_of
from mediation.domain.splitting import take_out

OTHER = "另一家有限公司"


def split(world: World, case_id: str, **given: Any) -> Case:
    """Split the case and give the sibling."""
    world.take(case_id, "split_off", reason="uncovered_claim", **given)
    return world.case(world.case(case_id).facts["siblings"][0])


def claim_of(case: Case, code: str) -> str:
    return next(key for key, claim in case.claims.items() if claim.code == code)


def clocks(case: Case, *, own: bool = False) -> list[tuple[Any, ...]]:
    """The running clocks of the case, or only those that belong to no claim."""
    running = [d for d in case.running() if not own or d.ref_id is None]
    return sorted((d.term, d.start, d.due, d.fact, str(d.status)) for d in running)


def test_a_claim_split_off_goes_on_in_a_sibling_in_the_same_state(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    before = world.case(case_id)
    severance = claim_of(before, "economic_compensation")

    sibling = split(world, case_id, claims=[severance])

    first = world.case(case_id)
    assert sibling.state == first.state == before.state
    assert sibling.number
    assert sibling.number != first.number == before.number
    assert sibling.facts["split_from"] == case_id
    assert first.facts["siblings"] == [sibling.id]
    assert first.claims[severance].outcome == "split_off"
    assert [claim.code for claim in first.open_claims()] == ["unpaid_wages"]
    assert [claim.code for claim in sibling.open_claims()] == ["economic_compensation"]
    assert sibling.mediator_id() == before.mediator_id()
    assert world.verification(case_id)["holds"]
    assert world.verification(sibling.id)["holds"]


def test_a_sibling_keeps_the_clocks_that_run_with_their_days(world: World) -> None:
    case_id = world.create()["id"]
    accept(world, case_id)
    before = world.case(case_id)
    severance = claim_of(before, "economic_compensation")

    sibling = split(world, case_id, claims=[severance])

    own = claim_of(sibling, "economic_compensation")
    limits = {(d.term, d.start, d.due) for d in before.running("D_LIMIT_1Y") if d.ref_id == severance}
    assert clocks(before, own=True)
    assert clocks(sibling, own=True) == clocks(before, own=True)
    assert {(d.term, d.start, d.due) for d in sibling.running("D_LIMIT_1Y")} == limits != set()
    assert {d.ref_id for d in sibling.running("D_LIMIT_1Y")} == {own}
    acts = [(act.action, act.day) for act in before.limitation_acts.values() if severance in act.claims]
    assert [(act.action, act.day) for act in sibling.limitation_acts.values()] == acts != []
    assert {act.claims for act in sibling.limitation_acts.values()} == {(own,)}
    assert not sibling.deadlines.keys() & before.deadlines.keys()
    assert severance not in {d.ref_id for d in world.case(case_id).running()}


def test_personal_data_goes_over_under_keys_of_the_siblings_own(world: World) -> None:
    case_id = world.create()["id"]
    triage(world, case_id)
    severance = claim_of(world.case(case_id), "economic_compensation")

    sibling = split(world, case_id, claims=[severance])

    shown = [document_of(world, key) for key in (case_id, sibling.id)]
    people = [next(p for p in case["parties"] if p["kind"] == "worker") for case in shown]
    rows = [world.rows("select * from subjects where case_id = :key", key=key) for key in (case_id, sibling.id)]
    keys = [world.rows("select * from subject_keys where case_id = :key", key=key) for key in (case_id, sibling.id)]
    sealed = [next(row for row in found if row["resident_id"]) for found in rows]
    assert [person["name"] for person in people] == [WORKER, WORKER]
    assert people[0]["id"] != people[1]["id"]
    assert sealed[0]["id"] != sealed[1]["id"]
    assert sealed[0]["phone"] != sealed[1]["phone"]
    assert sealed[0]["resident_id"] != sealed[1]["resident_id"]
    assert sealed[0]["resident_id_hash"] == sealed[1]["resident_id_hash"]
    assert {row["wrapped"] for row in keys[0]}.isdisjoint(row["wrapped"] for row in keys[1])
    assert len(keys[1]) == len(rows[1]) + 2  # one for each person, one for the case, one for what is said in it


def test_a_respondent_split_off_leaves_the_amounts_with_the_first_case(world: World) -> None:
    parties = [party_of("worker", WORKER), party_of("employer", EMPLOYER), party_of("employer", OTHER)]
    case_id = world.create(parties=parties)["id"]
    triage(world, case_id)
    before = world.case(case_id)
    other = next(key for key, party in before.parties.items() if party.name == OTHER)

    sibling = split(world, case_id, respondents=[other])

    first = world.case(case_id)
    assert [party.name for party in sibling.respondents()] == [OTHER]
    assert [party.name for party in sibling.applicants()] == [WORKER]
    assert [party.name for party in first.respondents()] == [EMPLOYER]
    assert first.parties[other].status == "split_off"
    assert sorted(c.amount_fen or 0 for c in first.open_claims()) == [900_000, 2_400_000]
    assert {c.amount_fen for c in sibling.open_claims()} == {None}
    assert all(c.amount_text for c in sibling.open_claims())
    assert len(sibling.claims) == len(before.claims)
    assert world.verification(sibling.id)["holds"]


@pytest.mark.parametrize("part", ["claims", "workers", "respondents"])
def test_the_whole_case_cannot_be_split_off(world: World, part: str) -> None:
    case_id = world.create()["id"]
    triage(world, case_id)
    case = world.case(case_id)
    wholes = {
        "claims": list(case.claims),
        "workers": [party.id for party in case.applicants()],
        "respondents": [party.id for party in case.respondents()],
    }
    counted = world.counts()

    with pytest.raises(BlockedError) as refused:
        split(world, case_id, **{part: wholes[part]})

    assert [blocker.code for blocker in refused.value.blockers] == ["split_not_empty_not_whole"]
    assert world.counts() == counted
    assert world.case(case_id) == case


def test_a_sibling_can_go_on_by_itself(world: World) -> None:
    case_id = world.create()["id"]
    triage(world, case_id)
    severance = claim_of(world.case(case_id), "economic_compensation")
    sibling = split(world, case_id, claims=[severance])
    version = world.case(case_id).version

    world.take(sibling.id, "withdraw", asked_by=next(party.id for party in sibling.applicants()))

    assert world.case(sibling.id).state == "closed_withdrawn"
    assert world.case(case_id).version == version
    assert world.verification(sibling.id)["holds"]


def test_the_sibling_of_a_case_on_hold_is_on_hold_and_its_clocks_go_on_when_it_ends() -> None:
    running = build_deadline("D_CT_30", date(2026, 6, 1))
    clock = suspend_deadline(running, since=date(2026, 6, 3), reason="appraisal", by="T26")
    facts = {
        "hold_since": "2026-06-03",
        "served_on": {"W": "2026-06-02", "E": "2026-06-03"},
        "hold:1.hold_reason": "appraisal",
        "risk:1.level": "red",
    }
    tracks = [build_track("hold", "on_hold"), build_track("risk", "alerted")]
    claims = [build_claim(), build_claim("notice_pay")]
    case = build_case(
        "court_mediation_in_progress", claims=claims, deadlines=[clock], facts=facts, tracks=tracks, mediator="M"
    )
    ids = iter(f"new-{n}" for n in range(99))
    empty = replace(case, id="c2", facts={}, tracks={}, parties={}, claims={}, deadlines={}, assignments={})

    draft = sibling_of(
        case, {"claims": ["notice_pay"]}, empty,
        new_id=lambda: next(ids), copy_party=lambda party: replace(party, id=f"{party.id}2"),
    )  # fmt: skip

    (copied,) = draft.case.running()
    assert (copied.is_paused, copied.ledger) == (True, clock.ledger)
    assert draft.case.facts["hold_since"] == "2026-06-03"
    assert draft.case.facts["served_on"] == {"W2": "2026-06-02", "E2": "2026-06-03"}
    assert draft.case.facts["hold:1.hold_reason"] == "appraisal"
    assert "risk:1.level" not in draft.case.facts
    assert draft.case.track_state("hold") == "on_hold"
    assert draft.case.track_state("risk") is None
    assert copied.id != clock.id
    assert draft.case.mediator_id() == "M"


def put_employment(world: World, case_id: str, worker: str, wage: str) -> None:
    answer = world.send(
        "clerk-lin",
        "PUT",
        f"/v1/cases/{case_id}/employment",
        headers={"If-Match": f'"{world.case(case_id).version}"'},
        json={"party_id": worker, "monthly_wage": wage},
    )
    assert answer.status_code == 200, answer.text


def test_the_employment_of_a_worker_goes_with_them_and_leaves_the_first_case(world: World) -> None:
    parties = [
        party_of("worker", WORKER),
        party_of("worker", "李四", role="co_applicant"),
        party_of("employer", EMPLOYER),
    ]
    case_id = world.create(parties=parties)["id"]
    triage(world, case_id)
    workers = {party.name: key for key, party in world.case(case_id).parties.items() if party.side == "worker"}
    for name, wage in ((WORKER, "5000.00"), ("李四", "6000.00")):
        put_employment(world, case_id, workers[name], wage)

    sibling = split(world, case_id, workers=[workers["李四"]])

    (moved,) = (party.id for party in sibling.applicants())
    (stored,) = world.rows("select facts from cases where id = :id", id=sibling.id)
    assert sibling.facts["employment"] == {moved: {"monthly_wage": "6000.00"}}
    assert world.case(case_id).facts["employment"] == {workers[WORKER]: {"monthly_wage": "5000.00"}}
    assert "6000.00" not in stored["facts"]
    assert world.verification(case_id)["holds"]
    assert world.verification(sibling.id)["holds"]


def test_a_worker_who_is_in_both_parts_has_their_employment_in_both(world: World) -> None:
    case = world.create()
    triage(world, case["id"])
    (worker,) = (party.id for party in world.case(case["id"]).applicants())
    put_employment(world, case["id"], worker, "5000.00")

    sibling = split(world, case["id"], claims=[claim_of(world.case(case["id"]), "economic_compensation")])

    (copied,) = (party.id for party in sibling.applicants())
    assert sibling.facts["employment"] == {copied: {"monthly_wage": "5000.00"}}
    assert world.case(case["id"]).facts["employment"] == {worker: {"monthly_wage": "5000.00"}}


def test_a_case_split_by_worker_keeps_no_employment_once_the_last_on_file_has_left() -> None:
    workers = [build_party(), build_party("co_applicant", id="W2"), build_party("co_applicant", id="W3")]
    parties = [*workers, build_party("respondent")]
    case = build_case(parties=parties, facts={"employment": {"W2": {"monthly_wage": "1"}}})
    staying, leaving = Draft(case), Draft(case)

    take_out(staying, {"workers": ["W3"]}, TODAY)
    take_out(leaving, {"workers": ["W2"]}, TODAY)

    assert staying.case.facts["employment"] == {"W2": {"monthly_wage": "1"}}
    assert "employment" not in leaving.case.facts
