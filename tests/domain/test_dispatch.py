"""A case as it was sent: what goes along, what is read since, and that nothing else comes to be seen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.builders import build_case, build_deadline

from mediation.domain.access import Actor
from mediation.domain.cases import MAIN
from mediation.domain.dispatch import (
    OWN_STATES,
    SENT_TO,
    Dispatched,
    bodies_sent_to,
    lies_with,
    may_record,
    rows_seen,
    sent_aside,
)
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole, Kind
from mediation.domain.records import TrackInstance, to_row
from mediation.domain.sight import sight_of

COURT, OFFICE, COMMISSION = CaseRole.COURT_LIAISON, CaseRole.INSPECTION_LIAISON, CaseRole.ARBITRATION_LIAISON
PARTY = {
    "id": "W", "version": 1, "role": "applicant", "kind": "worker", "side": "worker", "name": "张", "headcount": None,
    "uscc": None, "consented_on": "2026-06-01", "consent_form": "written", "person_id": "p", "status": "active",
    "authority": "self", "bound": True,
}  # fmt: skip
CLAIM = {
    "id": "K", "version": 1, "code": "unpaid_wages", "cause_scheme": "2026", "claimant_side": "worker", "agreed_fen": 9,
    "outcome": "open",
}  # fmt: skip
OWED = {"id": "O", "version": 1, "agreement_id": "A", "kind": "payment", "status": "open"}


def change(collection: str, key: str, after: Mapping[str, Any] | None, before: Any = None) -> dict[str, Any]:
    return {"c": collection, "k": key, "b": before, "a": after}


def main(state: str, before: str | None = None) -> dict[str, Any]:
    def track(code: str) -> dict[str, Any]:
        return {"id": MAIN, "track": MAIN, "state": code}

    return change("tracks", MAIN, track(state), before and track(before))


def told(sequence: int, action: str | None = None, **values: Any) -> dict[str, Any]:
    """An entry: of a step where `action` is a row's, else of an amendment."""
    step = PROCEDURE.steps.get(action or "")
    return {
        "id": f"e{sequence}", "sequence": sequence, "hash": "h", "kind": "step" if step else "amended",
        "action": action or "amend_case", "step": step.id if step else None, "track": MAIN if step else None,
        "from": None, "to": None, "organization": "centre", "actor": "clerk", "input": {}, "attestations": (),
        "changes": [], **values,
    }  # fmt: skip


BEGINNING = told(
    1, "create_case", kind="created",
    changes=[
        main("draft"), change("parties", "W", PARTY), change("claims", "K", CLAIM),
        change("facts", "channel", {"value": "walk_in"}), change("obligations", "O", OWED),
    ],
)  # fmt: skip
CLOCK = build_deadline("D_MED_15", id="D_X")
SENT = told(
    2, "request_court_mediation", input={"court": "court"}, to="court_mediation_requested",
    **{"from": "mediation_failed"},
    changes=[
        main("court_mediation_requested", "mediation_failed"), change("facts", "court", {"value": "court"}),
        change("facts", "round", {"value": 2}), change("deadlines", "old", None, {"id": "old"}),
        change("deadlines", "D_X", to_row("deadlines", CLOCK)), change("tasks", "T", {"id": "T"}),
    ],
)  # fmt: skip


def read(role: CaseRole, *entries: Mapping[str, Any], body: str = "court") -> Dispatched:
    found = Dispatched(sight_of(Actor("liaison", "某人", body, frozenset()), frozenset({role})))
    found.read(entries)
    return found


def seen(found: Dispatched) -> list[int]:
    return [entry["sequence"] for entry in found.entries]


def test_parties_and_claims_go_along_as_they_stood_without_consents_and_offers() -> None:
    found = read(COURT, BEGINNING, SENT)
    case = found.case_of(replace(build_case(), deadlines={}))

    assert seen(found) == [2]
    assert (case.parties["W"].name, case.parties["W"].consented_on, case.parties["W"].person_id) == ("张", None, None)
    assert case.claims["K"].agreed_fen is None
    assert (case.facts, case.obligations, case.tasks) == ({"court": "court"}, {}, {})
    assert case.state == "court_mediation_requested"


def test_the_entry_that_sends_says_nothing_of_what_was_before() -> None:
    (entry,) = read(COURT, BEGINNING, SENT).entries

    assert entry["from"] is None
    assert [(one["c"], one["k"], one["b"]) for one in entry["changes"]] == [
        ("tracks", MAIN, None), ("facts", "court", None), ("deadlines", "D_X", None),
    ]  # fmt: skip


def test_a_clock_started_since_stands_as_it_runs_now() -> None:
    moved = replace(CLOCK, is_paused=True)
    case = replace(build_case(), deadlines={"D_X": moved, "old": CLOCK})

    found = read(COURT, BEGINNING, SENT).case_of(case)

    assert found.deadlines == {"D_X": moved}


def test_what_the_house_does_by_itself_since_is_not_read() -> None:
    amended = told(3, changes=[change("parties", "W", {**PARTY, "name": "改名"}, PARTY)])
    elsewhere = told(4, "ask_consent", **{"from": "triage"})
    own_state = told(5, "court_mediation_fails", **{"from": "court_mediation_in_progress"})
    by_court = told(6, "record_insolvency")
    own_act = told(7, "start_hold", organization="court")

    found = read(COURT, BEGINNING, SENT, amended, elsewhere, own_state, by_court, own_act)

    assert seen(found) == [2, 5, 6, 7]
    assert found.case_of(replace(build_case(), deadlines={})).parties["W"].name == "张"


def test_what_was_never_sent_is_not_seen_at_all() -> None:
    assert read(COURT, BEGINNING, SENT, body="other-court").entries == []
    assert read(COURT, BEGINNING, told(2, "prepare_referral", input={"commission": "court"})).entries == []


def test_a_filing_sends_to_the_commission_that_stands_on_the_case() -> None:
    prepared = told(2, "prepare_referral", changes=[change("facts", "commission", {"value": "commission"})])
    filed = told(3, "file", changes=[main("arbitration_filed")], to="arbitration_filed")

    found = read(COMMISSION, BEGINNING, prepared, filed, body="commission")

    assert seen(found) == [3]
    assert list(bodies_sent_to("file", {}, {"commission": None})) == []


def test_an_agreement_that_is_confirmed_goes_along_with_what_it_obliges_to() -> None:
    applied = told(
        2, "apply_judicial_confirmation", input={"court": "court"}, track="confirmation:1", **{"from": "none"}
    )

    case = read(COURT, BEGINNING, applied).case_of(replace(build_case(), deadlines={}))

    assert list(case.obligations) == ["O"]
    assert MAIN not in case.tracks


@pytest.mark.parametrize("after", [None, {**OWED, "status": "dropped"}, {**OWED, "status": "draft"}])
def test_what_was_drafted_and_never_agreed_does_not_go_along(after: Mapping[str, Any] | None) -> None:
    refused = told(2, changes=[change("obligations", "O", after, OWED)])
    applied = told(3, "apply_payment_order", input={"court": "court"}, track="payment_order:1", **{"from": "none"})

    case = read(COURT, BEGINNING, refused, applied).case_of(replace(build_case(), deadlines={}))

    assert case.obligations == {}


def test_papers_of_a_session_stay_there_though_what_was_stated_is_read() -> None:
    stated = ({"guard": "x", "evidence": "当事人在调解中的陈述"},)
    talk = told(
        3, "court_mediation_fails", to="mediation_failed", attestations=stated,
        **{"from": "court_mediation_in_progress"},
    )  # fmt: skip

    theirs = read(COURT, BEGINNING, SENT, talk).entries[-1]["attestations"]
    their_own = read(COURT, BEGINNING, SENT, {**talk, "organization": "court"}).entries[-1]["attestations"]

    assert [dict(one).get("evidence") for one in theirs] == [None]
    assert their_own == list(stated)


def test_why_a_mediation_failed_is_told_to_no_court_unless_the_court_says_so_itself() -> None:
    failed = told(
        3, "court_mediation_fails", to="mediation_failed", input={"reason": "wide_gap"},
        changes=[change("facts", "reason", {"value": "wide_gap"})], **{"from": "court_mediation_in_progress"},
    )  # fmt: skip
    declined = told(
        3, "court_declines_request", to="mediation_failed", input={"reason": "no_jurisdiction"},
        **{"from": "court_mediation_requested"},
    )  # fmt: skip

    theirs = read(COURT, BEGINNING, SENT, failed)
    its_own = read(COURT, BEGINNING, SENT, declined)

    assert theirs.entries[-1]["action"] == "court_mediation_fails"
    assert theirs.entries[-1]["input"] == {}
    assert "reason" not in theirs.case_of(replace(build_case(), deadlines={})).facts
    assert its_own.entries[-1]["input"] == {"reason": "no_jurisdiction"}


def test_each_office_reads_of_its_own_matter() -> None:
    def handed(sequence: int, office: str, track: str) -> dict[str, Any]:
        return told(sequence, "hand_over_inspection", input={"office": office}, track=track, **{"from": "none"})

    filed = [
        told(n, "inspection_filed", track=track, **{"from": "inspection_informed"})
        for n, track in ((4, "labour_inspection:1"), (5, "labour_inspection:2"))
    ]
    entries = (BEGINNING, handed(2, "here", "labour_inspection:1"), handed(3, "there", "labour_inspection:2"), *filed)

    assert seen(read(OFFICE, *entries, body="here")) == [2, 4]
    assert seen(read(OFFICE, *entries, body="there")) == [3, 5]


def confirming(sequence: int, action: str, source: str, court: str | None = None) -> dict[str, Any]:
    given = {} if court is None else {"court": court}
    return told(sequence, action, input=given, track="confirmation:1", **{"from": source})


def test_a_court_that_confirms_reads_nothing_of_the_court_that_mediates_and_the_other_way_round() -> None:
    entries = (
        BEGINNING,
        confirming(2, "apply_judicial_confirmation", "none", "confirming"),
        {**SENT, "sequence": 3, "id": "e3"},
        confirming(4, "jc_accepted", "judicial_applied"),
        told(5, "court_dispatch_in", **{"from": "court_mediation_requested"}),
        told(6, "court_mediation_fails", organization="court", **{"from": "court_mediation_in_progress"}),
    )

    assert seen(read(COURT, *entries, body="confirming")) == [2, 4]
    assert seen(read(COURT, *entries, body="court")) == [3, 5, 6]
    assert read(COURT, *entries, body="confirming").case_of(replace(build_case(), deadlines={})).tracks == {}


def test_a_court_the_case_went_on_from_reads_no_further() -> None:
    declined = told(3, "court_declines_request", **{"from": "court_mediation_requested"})
    again = {**SENT, "sequence": 4, "id": "e4", "input": {"court": "next"}}
    taken = told(5, "court_dispatch_in", **{"from": "court_mediation_requested"})

    entries = (BEGINNING, SENT, declined, again, taken)

    assert seen(read(COURT, *entries)) == [2, 3]
    assert seen(read(COURT, *entries, body="next")) == [4, 5]


def test_a_dispatch_taken_back_gives_the_case_back_to_the_court_before() -> None:
    again = {**SENT, "sequence": 3, "id": "e3", "input": {"court": "next"}}
    back = told(4, "void_last_step", input={"step": "e3"}, **{"from": "court_mediation_requested"})
    taken = told(5, "court_dispatch_in", **{"from": "court_mediation_requested"})

    entries = (BEGINNING, SENT, again, back, taken)

    assert seen(read(COURT, *entries)) == [2, 5]
    assert seen(read(COURT, *entries, body="next")) == [3, 4]


def test_what_is_sent_again_goes_along_as_it_stands_by_then() -> None:
    renamed = told(3, changes=[change("parties", "W", {**PARTY, "name": "改名"}, PARTY)])
    confirmed = confirming(4, "apply_judicial_confirmation", "none", "court")

    before = read(COURT, BEGINNING, SENT, renamed).case_of(replace(build_case(), deadlines={}))
    after = read(COURT, BEGINNING, SENT, renamed, confirmed).case_of(replace(build_case(), deadlines={}))

    assert (before.parties["W"].name, list(before.obligations)) == ("张", [])
    assert (after.parties["W"].name, list(after.obligations)) == ("改名", ["O"])


def test_an_act_of_a_court_on_a_track_that_was_sent_to_none_is_not_known_to_be_this_one_s() -> None:
    notice = told(3, "start_public_notice", track="service:1", **{"from": "undeliverable"})

    assert seen(read(COURT, BEGINNING, SENT, notice)) == [2]


def test_a_case_lies_with_the_body_it_was_sent_to_and_with_no_other_of_its_kind() -> None:
    at_court = {"court": "court", "commission": "commission", "confirmation:1.court": "confirming"}

    assert lies_with("court", [COURT], "court_mediation_requested", at_court)
    assert not lies_with("confirming", [COURT], "court_mediation_requested", at_court)
    assert not lies_with("commission", [COMMISSION], "court_mediation_requested", at_court)
    assert not lies_with("court", [COURT], "triage", at_court)
    assert not lies_with("court", [OFFICE], "court_mediation_requested", at_court)
    assert sent_aside({**at_court, "confirmation:2.court": "court", "summary.court": 1}) == {"confirming"}


def record(role: CaseRole, action: str, facts: Mapping[str, Any], body: str = "court", **asked: Any) -> bool:
    case = build_case(
        state="litigation_recorded", tracks=[TrackInstance("confirmation:1", "confirmation", "judicial_applied")]
    )
    case = replace(case, facts=facts)
    return may_record(body, [role], PROCEDURE.steps[action], case, **asked)


AT_COURT = {"court": "court", "confirmation:1.court": "confirming", "commission": "commission"}


@pytest.mark.parametrize(
    ("role", "body", "action", "asked", "may"),
    [
        (COURT, "court", "record_judgment", {}, True),
        (COURT, "confirming", "record_judgment", {}, False),
        (COURT, "confirming", "record_insolvency", {}, False),
        (COURT, "court", "record_insolvency", {}, True),
        (COURT, "confirming", "jc_accepted", {}, True),
        (COURT, "confirming", "jc_accepted", {"instance": "confirmation:1"}, True),
        (COURT, "court", "jc_accepted", {}, False),
        (COMMISSION, "commission", "award", {}, True),
        (COMMISSION, "another", "award", {}, False),
        (COMMISSION, "another", "arbitration_transferred", {"given": {"new_commission": "another"}}, False),
        (OFFICE, "office", "receive_from_inspection", {"given": {"office": "office"}}, True),
        (OFFICE, "office", "receive_from_inspection", {"given": {"office": "another"}}, False),
    ],
)
def test_a_body_records_on_what_was_sent_to_it_and_on_nothing_of_another(
    role: CaseRole, body: str, action: str, asked: dict[str, Any], may: bool
) -> None:
    assert record(role, action, AT_COURT, body, **asked) is may


def test_a_body_that_wrote_the_case_down_records_on_it() -> None:
    assert record(COURT, "record_judgment", {})
    assert record(COURT, "record_judgment", {"confirmation:1.court": "another"})


def test_a_suit_of_a_court_not_named_is_recorded_by_the_one_court_there_is() -> None:
    assert record(COURT, "record_judgment", {"preservation:1.court": "court"})
    assert not record(COURT, "record_judgment", {"preservation:1.court": "court", "confirmation:1.court": "another"})


def test_a_suit_of_a_court_not_named_is_read_by_the_court_that_acted_in_it() -> None:
    preserved = told(
        2, "apply_preservation", input={"court": "court"}, track="preservation:1", **{"from": "none"}
    )  # fmt: skip
    before = told(3, "court_statement_issued", **{"from": "litigation_recorded"})
    entrusted = told(4, "court_entrusts", organization="court", **{"from": "litigation_recorded"})
    accepted = told(5, "accept_dispatch", **{"from": "court_dispatch_pending"})

    found = read(COURT, BEGINNING, preserved, before, entrusted, accepted)

    assert seen(found) == [2, 4, 5]


def test_a_case_that_the_body_wrote_down_itself_is_seen_from_its_beginning() -> None:
    own = {**BEGINNING, "organization": "court"}

    assert seen(read(COURT, own)) == [1]
    assert read(COURT, own).entries[0]["input"] == {}


@pytest.mark.parametrize(
    ("state", "court", "is_seen"),
    [
        ("court_mediation_in_progress", "court", True),
        ("court_mediation_in_progress", "another", False),
        ("court_mediation_in_progress", None, True),
        ("arbitration_accepted", None, False),
        ("triage", "court", False),
    ],
)
def test_a_case_split_off_while_it_lay_with_the_body_is_seen(state: str, court: str | None, is_seen: bool) -> None:
    named = [] if court is None else [change("facts", "court", {"value": court})]
    split = told(1, "split_off", kind="created", step=None, organization="court", changes=[main(state), *named])

    assert seen(read(COURT, split)) == ([1] if is_seen else [])


def test_taking_back_is_read_where_what_is_taken_back_was() -> None:
    dispatched = told(3, "court_dispatch_in", to="court_dispatch_pending", **{"from": "court_mediation_requested"})
    undone = told(
        4, "void_last_step", input={"step": "e3"}, to="court_mediation_requested",
        changes=[main("court_mediation_requested")], **{"from": "court_dispatch_pending"},
    )  # fmt: skip
    back = told(
        5, "void_last_step", input={"step": "e2"}, to="mediation_failed", changes=[main("mediation_failed")],
        **{"from": "court_mediation_requested"},
    )  # fmt: skip
    other = told(6, "void_last_step", input={"step": "e1"})

    found = read(COURT, BEGINNING, SENT, dispatched, undone, back, other)

    assert seen(found) == [2, 3, 4, 5]
    assert (found.entries[-1]["to"], found.entries[-1]["changes"]) == (None, [])


def test_texts_of_a_row_are_read_up_to_what_was_said_in_mediation() -> None:
    texts = {"reason": "密", "cost_raising_conduct": "密", "note": "密", "advice": "建议", "statements": {"g": "密"}}
    failed = told(3, "court_mediation_fails", private=texts, **{"from": "court_mediation_in_progress"})
    declined = told(4, "court_declines_request", private=texts)
    withdrawn = told(5, "withdraw", private=texts, **{"from": "court_mediation_in_progress"})

    found = read(COURT, BEGINNING, SENT, failed, declined, withdrawn)

    assert [entry.get("private") for entry in found.entries] == [None, None, {"advice": "建议"}, None]


@pytest.mark.parametrize("role", OWN_STATES)
def test_no_fact_and_no_input_of_the_whole_procedure_is_seen_but_by_rows_that_are_let_in(role: CaseRole) -> None:
    """Every row of the table is taken once after the dispatch, each input marked with the row's own name."""
    doors = [
        told(2, "hand_over_inspection", input={"office": "body"}, track="labour_inspection:1"),
        told(3, "file_suit", input={"court": "body"}),
    ]
    entries = [BEGINNING, *doors, *(_marked(number, action, role) for number, action in enumerate(PROCEDURE.steps, 4))]

    found = read(role, *entries, body="body")

    let_in = {entry["action"] for entry in found.entries}
    sending = {step.action for step in PROCEDURE.steps.values() for one in step.inputs if one.name in SENT_TO}
    assert let_in == (rows_seen(role) | (sending - {"prepare_referral"})) - {"void_last_step"}
    told_of = {value.partition("/")[0] for entry in found.entries[2:] for value in entry["input"].values()}
    told_of.discard("body")
    assert told_of <= let_in
    confidential = {
        f"{step.action}/{one.name}"
        for step in PROCEDURE.steps.values()
        for one in step.inputs
        if one.kind is Kind.CONTACT
    }
    assert not confidential & {v for entry in found.entries for v in entry.get("private", {}).values()}


def _marked(number: int, action: str, role: CaseRole) -> dict[str, Any]:
    step = PROCEDURE.steps[action]
    values = {one.name: "body" if one.name in SENT_TO else f"{action}/{one.name}" for one in step.inputs}
    own = [source for source in sorted(PROCEDURE.sources(step)) if (step.track, source) in OWN_STATES[role]]
    return told(
        number, action, track=MAIN if step.track == MAIN else f"{step.track}:1", input=values,
        private={**values, "note": "密"}, **{"from": next(iter(own), None)},
    )  # fmt: skip
