"""What if: steps and lapses told in order without a trace, judged by the roles their rows allow."""

import json
from datetime import date
from typing import Any

import pytest
from tests.services.test_refusals import everything
from tests.services.world import CENTRE, TRIAGE, World, agree, attested, mediate, new_case, party_ids, triage

from mediation.api import examples
from mediation.api.simulations import SimulationIn, request_of
from mediation.demo.people import organization, person
from mediation.domain.calendar import official_calendar

Step = dict[str, Any]
DAY = "2026-06-15"


def step(action: str, on: str | None = None, **given: Any) -> Step:
    """One step with everything attested that it may want."""
    dated = {} if on is None else {"occurred_on": on}
    return {"action": action, "input": given, "attestations": attested(action), **dated}


def simulate(world: World, case_id: str, *steps: Step, who: str = "clerk-lin", **body: Any) -> dict[str, Any]:
    answer = world.send(who, "POST", f"/v1/cases/{case_id}/simulation", json={"steps": list(steps), **body})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(world: World, case_id: str, *steps: Step, who: str = "clerk-lin", **body: Any) -> list[tuple[str, str]]:
    """The faults of a simulation that is refused with 422: pointer and code."""
    answer = world.send(who, "POST", f"/v1/cases/{case_id}/simulation", json={"steps": list(steps), **body})
    assert answer.status_code == 422, answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def to_agreement(case: dict[str, Any], on: str = DAY) -> list[Step]:
    """The steps from registration to an agreement in force, with two payments."""
    worker, employer = party_ids(case)
    consents = [{"party": key, "date": on, "form": "written"} for key in (worker, employer)]
    owed = {"kind": "payment", "debtor": employer, "creditor": worker, "amount": "10000.00", "what": "工资"}
    return [
        step("triage_ok", on, **TRIAGE),
        step("ask_consent", organization=CENTRE, asked_on=on, how="phone"),
        step("consent", consents=consents, accepted_on=on),
        step("assign_mediator", mediator=person("mediator-zhou").id),
        step(
            "hold_session", session_on=f"{on}T09:30:00+08:00", mode="in_person", present=[worker, employer],
            record={"reference": "调解笔录"},
        ),
        step(
            "reach_agreement", draft={"reference": "协议书"}, remaining_claims="settled",
            obligations=[{**owed, "due_on": "2026-06-30"}, {**owed, "due_on": "2026-07-31"}],
        ),
        step(
            "complete_signatures", signatures=[{"party": key, "date": on} for key in (worker, employer)],
            seal_on=on, effective_on=on,
        ),
    ]  # fmt: skip


def actions(found: dict[str, Any]) -> list[str]:
    return [item["action"] for item in found["items"]]


def test_steps_are_told_with_the_lapses_in_between(world: World) -> None:
    case = world.create()

    found = simulate(world, case["id"], *to_agreement(case, "2026-06-16"), until="2026-08-10")

    told = [(item["kind"], item["action"], item["occurred_on"], item["recorded_on"]) for item in found["items"][-5:]]
    assert told == [
        ("step", "complete_signatures", "2026-06-16", "2026-06-16"),
        ("timer", "instalment_missed", "2026-06-30", "2026-07-01"),
        ("timer", "review_window_ends", "2026-07-01", "2026-07-02"),
        ("timer", "jc_window_ends", "2026-07-16", "2026-07-17"),
        ("timer", "further_instalment_missed", "2026-07-31", "2026-08-01"),
    ]
    assert (found["stopped_at"], found["blockers"]) == (None, [])
    assert found["case"]["state"]["code"] == "defaulted"
    assert found["case"]["today"] == found["until"] == "2026-08-10"
    assert "agree_new_terms" in {entry["action"] for entry in found["case"]["open_steps"]}
    assert "further_instalment_missed" in {entry["action"] for entry in found["case"]["blocked_steps"]}


def test_each_item_tells_its_clocks_documents_and_law(world: World) -> None:
    case = world.create()

    found = simulate(world, case["id"], *to_agreement(case), until="2026-07-01")

    signed, missed = found["items"][6], found["items"][-1]
    payments = [entry for entry in signed["deadlines"] if entry["code"] == "OBLIGATION"]
    assert {entry["due"] for entry in payments} == {"2026-06-30", "2026-07-31"}
    assert {entry["id"] for entry in payments} <= set(signed["started"])
    assert all(entry["why"]["working"] for entry in signed["deadlines"])
    assert [entry["code"] for entry in found["items"][5]["ended"]] == ["D_MED_15"]
    assert [kind["code"] for kind in signed["documents"]["kinds"]] == ["DOC13"]
    assert missed["action"] == "instalment_missed"
    assert [(entry["code"], entry["status"]) for entry in missed["ended"]] == [("OBLIGATION", "fired")]
    assert missed["citations"]
    assert (missed["source"]["code"], missed["target"]["code"]) == ("agreement_effective", "defaulted")


def test_a_lapse_without_a_timer_raises_its_task_and_moves_nothing(world: World) -> None:
    case = world.create()

    found = simulate(world, case["id"], until="2026-06-17")

    (lapse,) = found["items"]
    assert (lapse["kind"], lapse["action"], lapse["source"]) == ("lapse", None, None)
    assert [task["code"] for task in lapse["tasks"]] == ["D_TRIAGE_1WD"]
    assert lapse["label"] == lapse["tasks"][0]["label"]
    assert lapse["citations"]
    assert found["case"]["state"]["code"] == "registered"


def test_a_task_that_a_step_answers_is_told(world: World) -> None:
    case = world.create()

    found = simulate(world, case["id"], step("triage_ok", "2026-06-17", **TRIAGE))

    lapse, taken = found["items"]
    assert taken["tasks_answered"] == [task["id"] for task in lapse["tasks"]]


def test_nothing_is_written(world: World) -> None:
    case = world.create(submit=False)
    registered = step("submit_intake", channel="walk_in", written_or_oral="written", received_on=DAY, reason="欠薪")
    joined = step(
        "join_party", party={"kind": "worker", "name": "李四", "phone": "13900000000"}, role="co_applicant",
        ground="same_facts",
    )  # fmt: skip
    before = everything(world)

    found = simulate(world, case["id"], registered, step("triage_ok", **TRIAGE), joined, until="2026-12-31")

    assert len(found["items"]) > 3
    assert "李四" in {party["name"] for party in found["case"]["parties"]}
    assert everything(world) == before
    assert world.case(case["id"]).sequence == 1


def test_a_case_registered_in_thought_has_no_number_yet(world: World) -> None:
    case = world.create(submit=False)
    given = {"channel": "walk_in", "written_or_oral": "written", "received_on": DAY, "reason": "欠薪"}

    found = simulate(world, case["id"], step("submit_intake", **given))
    registered = world.take(case["id"], "submit_intake", **given)

    assert [remark["code"] for remark in found["items"][0]["remarks"]] == ["number_not_issued"]
    assert found["case"]["number"] is None
    assert registered["number"].endswith("00001号")


def test_the_first_step_refused_ends_the_simulation_with_all_its_reasons(world: World) -> None:
    case = world.create()
    bare = {"action": "triage_ok", "input": dict(TRIAGE)}

    found = simulate(world, case["id"], bare, step("ask_consent", organization=CENTRE, asked_on=DAY, how="phone"))
    real = world.send(
        "clerk-lin", "POST", f"/v1/cases/{case['id']}/steps/triage_ok",
        json={**TRIAGE, "expected_version": case["version"]},
    ).json()  # fmt: skip

    assert found["items"] == []
    assert found["stopped_at"]["position"] == 0
    assert found["stopped_at"]["code"] == real["code"] == "step_blocked"
    assert [{**entry, "text": entry["text"]["zh"]} for entry in found["blockers"]] == real["blockers"]
    assert found["case"]["state"]["code"] == "registered"


def test_a_step_that_does_not_leave_the_state_stops_it_and_time_runs_no_further(world: World) -> None:
    case = world.create()

    found = simulate(world, case["id"], step("clear_risk", "2026-06-20", why="已安抚"), until="2027-01-01")

    assert found["stopped_at"]["code"] == "step_not_open"
    assert [entry["code"] for entry in found["blockers"]] == ["step_not_open"]
    assert found["until"] == "2026-06-20"


def test_what_somebody_else_would_record_is_told_apart(world: World) -> None:
    case = world.create()

    found = simulate(world, case["id"], *to_agreement(case))

    recorded = {item["action"]: item["for_you"] for item in found["items"]}
    assert recorded["triage_ok"] is True
    assert recorded["hold_session"] is False
    assert found["items"][-1]["for_you"] is True


def test_a_liaison_simulates_nothing_since_it_would_run_on_the_whole_of_the_case(world: World) -> None:
    case_id = world.create("court-gao", organization_id=CENTRE, submit=False)["id"]
    world.take(
        case_id, "intake_court_dispatch", "court-gao", court_no="(2026)浙0106诉前调1号", cause="unpaid_wages",
        pretrial_venue="court_prefiling_dispatch", court_route_basis="not_stated", evidence=["委派函"],
        dispatch_received_on=DAY,
    )  # fmt: skip

    answer = world.send("court-gao", "POST", f"/v1/cases/{case_id}/simulation", json={"until": "2026-06-19"})

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_who_may_take_a_step_follows_the_case_as_it_changes(world: World) -> None:
    case = world.create()
    moved = step("reassign_organization", organization=organization("qiaotou-street").id, why="属地")

    found = simulate(world, case["id"], moved, step("triage_ok", **TRIAGE))

    assert [item["for_you"] for item in found["items"]] == [True, False]
    assert found["case"]["roles"] == []


def test_only_those_who_see_the_case_and_may_act_may_ask(world: World) -> None:
    case = world.create()
    path = f"/v1/cases/{case['id']}/simulation"

    statuses = [
        world.send(who, "POST", path, json={"until": DAY}).status_code for who in ("auditor-feng", "clerk-fang")
    ]

    assert statuses == [403, 404]


def test_days_do_not_go_back_and_end_within_ten_years(world: World) -> None:
    case = world.create()
    first = step("triage_ok", "2026-06-17", **TRIAGE)
    second = step("ask_consent", "2026-06-16", organization=CENTRE, asked_on=DAY, how="phone")

    assert refused(world, case["id"], first, second) == [("/steps/1/occurred_on", "days_go_back")]
    assert refused(world, case["id"], first, until="2026-06-16") == [("/until", "days_go_back")]
    assert refused(world, case["id"], until="2037-01-01") == [("/until", "too_far_ahead")]
    assert refused(world, case["id"]) == [("/steps", "nothing_asked")]


def test_a_step_without_a_day_is_taken_on_the_day_before_it_or_today(world: World) -> None:
    case = world.create()
    asked = step("ask_consent", organization=CENTRE, asked_on="2026-06-18", how="phone")

    today = simulate(world, case["id"], step("triage_ok", **TRIAGE))
    later = simulate(world, case["id"], step("triage_ok", "2026-06-18", **TRIAGE), asked)

    assert today["items"][0]["occurred_on"] == DAY
    assert later["items"][-1]["occurred_on"] == "2026-06-18"


def test_an_act_of_the_past_is_recorded_today(world: World) -> None:
    case = world.create(received_on="2026-06-10")
    world.clock.move_to(date(2026, 6, 17))

    found = simulate(world, case["id"], step("triage_ok", "2026-06-16", **TRIAGE))

    taken = found["items"][-1]
    assert (taken["occurred_on"], taken["recorded_on"]) == ("2026-06-16", "2026-06-17")


def test_what_is_malformed_is_refused_under_its_place(world: World) -> None:
    case = world.create()
    unknown = "0198a1a0-0000-7000-8000-000000000000"

    assert refused(world, case["id"], step("triage_ok", **TRIAGE), step("refuse", unknown=1)) == [
        ("/steps/1/input/by", "required"),
        ("/steps/1/input/how", "required"),
        ("/steps/1/input/unknown", "unknown_field"),
    ]
    assert refused(world, case["id"], step("instalment_missed"))[0] == ("/steps/0/action", "not_in_list")
    named = step("ask_consent", organization=unknown, asked_on=DAY, how="phone")
    assert refused(world, case["id"], named) == [("/steps/0/input/organization", "organization_unknown")]
    unasked = {**step("triage_ok", **TRIAGE), "attestations": [{"guard": "moon_is_full", "evidence": "1"}]}
    assert refused(world, case["id"], unasked) == [("/steps/0/attestations/0/guard", "guard_unknown")]
    stranger = step("withdraw", asked_by=unknown)
    assert refused(world, case["id"], stranger) == [("/steps/0/input/asked_by", "not_in_case")]
    aid = {**step("request_aid"), "form": "written"}
    assert ("/steps/0/form", "belongs_in_input") in refused(world, case["id"], aid)
    assert refused(world, case["id"], until=DAY, procedure="2031-01") == [("/procedure", "not_in_list")]


def test_ids_of_what_is_new_are_the_same_each_time_so_that_later_steps_can_name_it(world: World) -> None:
    case = world.create()
    steps = to_agreement(case)
    _, employer = party_ids(case)

    first = simulate(world, case["id"], *steps)["case"]["obligations"]
    paid = step(
        "record_performance", "2026-06-29", obligation=first[0]["id"], done_on="2026-06-29", payer=employer,
        payer_capacity="respondent", proof=[{"reference": "转账凭证"}],
    )  # fmt: skip
    found = simulate(world, case["id"], *steps, paid)

    assert [owed["id"] for owed in found["case"]["obligations"]] == [owed["id"] for owed in first]
    assert found["stopped_at"] is None
    assert [owed["status"] for owed in found["case"]["obligations"]] == ["done", "open"]


def test_a_simulated_step_can_be_taken_back(world: World) -> None:
    case = world.create()
    sorted_out = step("triage_ok", **TRIAGE)

    entry = simulate(world, case["id"], sorted_out)["items"][0]["entry_id"]
    found = simulate(world, case["id"], sorted_out, step("void_last_step", step=entry, why="误操作"))
    late = simulate(world, case["id"], sorted_out, step("void_last_step", "2026-06-16", step=entry, why="误操作"))

    assert found["case"]["state"]["code"] == "registered"
    assert [item["for_you"] for item in found["items"]] == [True, False]
    assert [blocker["code"] for blocker in late["blockers"]] == ["last_step_and_same_day"]


def test_a_recorded_step_can_be_taken_back_and_only_one(world: World) -> None:
    case_id = world.create()["id"]
    triage(world, case_id)
    entries = [entry["id"] for entry in world.send("clerk-lin", "GET", f"/v1/cases/{case_id}/history").json()["items"]]
    void = step("void_last_step", step=entries[-1], why="误操作")

    found = simulate(world, case_id, void, who="supervisor-tang")
    after = simulate(
        world, case_id, step("escalate_violence", level="red", kind="violence", reported_to=[CENTRE]), void
    )
    twice = refused(world, case_id, void, step("void_last_step", step=entries[0], why="误操作"))

    assert found["case"]["state"]["code"] == "registered"
    assert found["items"][0]["for_you"] is True
    assert after["case"]["state"]["code"] == "registered"
    assert twice == [("/steps/1/input/step", "one_recorded_step")]


def test_a_step_that_a_later_one_builds_on_cannot_be_taken_back(world: World) -> None:
    case = world.create()
    steps = [step("triage_ok", **TRIAGE), step("ask_consent", organization=CENTRE, asked_on=DAY, how="phone")]
    entry = simulate(world, case["id"], *steps)["items"][0]["entry_id"]

    found = simulate(world, case["id"], *steps, step("void_last_step", step=entry, why="误操作"))

    assert "later_step_depends" in {blocker["code"] for blocker in found["blockers"]}


def test_of_a_split_only_the_case_itself_is_simulated(world: World) -> None:
    case = world.create()
    split = step("split_off", claims=[case["claims"][1]["id"]], reason="uncovered_claim")

    found = simulate(world, case["id"], step("triage_ok", **TRIAGE), split)

    assert [remark["code"] for remark in found["items"][-1]["remarks"]] == ["sibling_not_simulated"]
    assert [claim["outcome"] for claim in found["case"]["claims"]] == ["open", "split_off"]
    assert world.counts()["cases"] == 1


def test_another_calendar_changes_days_and_nothing_else(world: World) -> None:
    case = world.create()
    notice = next(entry for entry in official_calendar().notices if entry.year == 2026)
    other = {
        "year": 2026,
        "notice": {"title": "另一安排", "source": "test"},
        "days_off": [*map(str, notice.days_off), "2026-06-30", "2026-07-01"],
        "working_weekends": [*map(str, notice.working_weekends)],
    }
    steps = to_agreement(case)[:5]

    usual = simulate(world, case["id"], *steps)
    moved = simulate(world, case["id"], *steps, calendar=[other])

    assert actions(usual) == actions(moved)
    assert [item["tracks"] for item in usual["items"]] == [item["tracks"] for item in moved["items"]]
    due = [
        {entry["code"]: entry["due"] for entry in found["case"]["deadlines"] if entry["code"] == "D_MED_15"}
        for found in (usual, moved)
    ]
    assert due == [{"D_MED_15": "2026-06-30"}, {"D_MED_15": "2026-07-02"}]
    assert usual["calendar_version"] != moved["calendar_version"]
    assert simulate(world, case["id"], *steps)["calendar_version"] == usual["calendar_version"]


def test_a_notice_that_cannot_be_is_refused(world: World) -> None:
    case = world.create()
    notice = {"year": 2027, "notice": {"title": "空", "source": "test"}, "days_off": []}

    assert refused(world, case["id"], until=DAY, calendar=[notice]) == [("/calendar/0", "notice_invalid")]


def test_what_was_said_in_confidence_is_not_told_again(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    day, secret = world.today.isoformat(), "雇主愿让步至八千元"
    consents = [
        {"party": key, "date": day, "form": "written"}
        for key in party_ids(world.send("clerk-lin", "GET", f"/v1/cases/{case_id}").json())
    ]
    given = {
        **step("extend", new_end="2026-07-10", consents=consents, reason=secret), "note": secret,
        "late_reason": secret,
    }  # fmt: skip

    answer = world.send("clerk-lin", "POST", f"/v1/cases/{case_id}/simulation", json={"steps": [given]})

    assert answer.json()["items"][0]["action"] == "extend"
    assert secret not in answer.text


@pytest.mark.parametrize("body", [{"steps": [{"action": "triage_ok"}] * 51}, {"until": DAY, "unknown": 1}])
def test_a_simulation_has_bounds(sqlite_world: World, body: dict[str, Any]) -> None:
    case = sqlite_world.create(**new_case())

    answer = sqlite_world.send("clerk-lin", "POST", f"/v1/cases/{case['id']}/simulation", json=body)

    assert answer.status_code == 422


def test_payments_of_a_case_on_file_fall_due_in_thought(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    agree(world, case_id, ["2026-06-30"])

    found = simulate(world, case_id, until="2026-07-01")

    assert "instalment_missed" in actions(found)
    assert world.case(case_id).state == "agreement_effective"


def test_the_example_gives_each_step_what_it_takes() -> None:
    body = SimulationIn.model_validate_json(json.dumps(examples.BODIES["simulate"]))

    asked = request_of(body, date(2021, 1, 20))

    assert [step.action for step in asked.steps] == ["extend", "reach_agreement"]
    assert asked.until == date(2021, 3, 2)
