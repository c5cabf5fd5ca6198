"""Requests about one's own data: the last day, what an answer needs, and what of a case speaks of one person."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.builders import build_case, build_party

from mediation.domain.calendar import official_calendar
from mediation.domain.data_requests import (
    ANSWERED_BY,
    GROUNDS,
    REQUESTS,
    RefusalGround,
    RequestKind,
    RequestStatus,
    check_answer,
    due_on,
    who_answers,
)
from mediation.domain.disposal import DisposalStatus, status_of
from mediation.domain.errors import InvalidInputError
from mediation.domain.impact_assessments import CONCLUSIONS, HANDLINGS, Conclusion, Handling, kept_until
from mediation.domain.party_access import MessageKind, PartyMessage, own_words
from mediation.domain.procedure.step import CaseRole
from mediation.domain.sight import DataClass, Sight
from mediation.domain.told import shown_entry, told_of
from mediation.domain.wall import Confidential

FULFILLED, PARTLY, REFUSED = RequestStatus.FULFILLED, RequestStatus.PARTLY, RequestStatus.REFUSED


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 6, 1), date(2026, 6, 16)),
        (date(2026, 6, 12), date(2026, 6, 27)),  # a Saturday: the last day does not move
        (date(2026, 9, 20), date(2026, 10, 5)),  # within the national holiday
    ],
)
def test_an_answer_is_due_after_fifteen_natural_days(received: date, due: date) -> None:
    assert due_on(received, official_calendar()) == due


def test_every_kind_and_ground_is_named_with_its_article() -> None:
    assert set(REQUESTS) == set(ANSWERED_BY) == set(RequestKind)
    assert set(GROUNDS) == set(RefusalGround)
    assert all(basis.startswith("PIPL ") for _, basis in (*REQUESTS.values(), *GROUNDS.values()))


def test_erasure_is_the_supervisors_and_the_rest_is_for_who_stands_by_neither_side() -> None:
    roles = {kind: who_answers(kind) for kind in RequestKind}

    assert roles.pop(RequestKind.ERASURE) == {CaseRole.SUPERVISOR}
    assert set(roles.values()) == {frozenset({CaseRole.CLERK, CaseRole.MEDIATOR})}


@pytest.mark.parametrize(
    ("kind", "outcome", "given", "pointers"),
    [
        (RequestKind.COPY, FULFILLED, {}, []),
        (RequestKind.COPY, REFUSED, {"ground": RefusalGround.NOT_HELD, "reason": "未持有"}, []),
        (RequestKind.COPY, REFUSED, {}, ["/ground", "/reason"]),
        (RequestKind.COPY, PARTLY, {"ground": RefusalGround.NOT_HELD}, ["/reason"]),
        (RequestKind.COPY, FULFILLED, {"ground": RefusalGround.NOT_HELD}, ["/ground"]),
        (RequestKind.ERASURE, FULFILLED, {}, ["/act_id"]),
        (RequestKind.ERASURE, PARTLY, {}, ["/ground", "/reason", "/act_id"]),
        (RequestKind.WITHDRAWAL, FULFILLED, {"act": "entry"}, []),
        (RequestKind.ERASURE, REFUSED, {"ground": RefusalGround.HAS_TO_BE_KEPT, "reason": "未满十年"}, []),
    ],
)
def test_an_answer_has_what_it_needs(
    kind: RequestKind, outcome: RequestStatus, given: dict[str, Any], pointers: list[str]
) -> None:
    found: list[str] = []
    try:
        check_answer(kind, outcome, **{"ground": None, "reason": None, "act": None, **given})
    except InvalidInputError as error:
        found = [one.pointer for one in error.errors]

    assert found == pointers


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, DisposalStatus.PROPOSED),
        ({"version": 8}, DisposalStatus.LAPSED),
        ({"version": 8, "is_confirmed": True}, DisposalStatus.DONE),
        ({"ending": "withdrawn"}, DisposalStatus.WITHDRAWN),
        ({"version": 8, "ending": "lapsed"}, DisposalStatus.LAPSED),
    ],
)
def test_a_proposal_of_a_disposal_stands_as_long_as_the_case_does_not_change(
    given: dict[str, Any], expected: DisposalStatus
) -> None:
    assert status_of(**{"is_confirmed": False, "ending": None, "proposed_at": 7, "version": 7, **given}) is expected


def entry(**values: Any) -> dict[str, Any]:
    return {
        "sequence": 3, "action": "reveal", "step": None, "track": None, "from": None, "actor": "clerk",
        "on_behalf_of": None, "recorded_for": None, "occurred_on": "2026-06-15", "recorded_at": "2026-06-15T01:00:00Z",
        "input": {}, "private": {"reason": "缘由"}, "attestations": [], "changes": [], **values,
    }  # fmt: skip


def told(party: str, **values: Any) -> dict[str, Any] | None:
    parties = [build_party(person_id="p-zhang"), build_party("respondent", person_id="p-boss")]
    case = build_case(parties=parties)
    return told_of(entry(**values), case, case.parties[party])


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ({"input": {"party_id": "W"}}, {"reason": "缘由"}),
        ({"actor": "p-zhang"}, {"reason": "缘由"}),
        ({"on_behalf_of": "p-zhang"}, {"reason": "缘由"}),
        ({"recorded_for": "W"}, {"reason": "缘由"}),
        ({"input": {"party_id": "E"}}, None),
        ({}, None),
        ({"action": "escalate_violence", "track": "risk:1", "recorded_for": "W"}, None),
    ],
)
def test_a_person_is_told_the_texts_that_are_theirs_or_about_them_alone(
    values: dict[str, Any], texts: dict[str, str] | None
) -> None:
    found = told("W", **values)

    assert (None if found is None else found["texts"]) == texts


def test_what_was_said_in_mediation_is_not_told_even_to_who_said_it() -> None:
    found = told(
        "W", action="extend", step="T13", track="main", **{"from": "org_mediation_in_progress"}, actor="p-zhang"
    )

    assert found is not None
    assert found["texts"] == {}


def test_of_an_entry_that_changes_two_parties_each_is_told_their_own_change() -> None:
    changes = [
        {
            "c": "parties",
            "k": key,
            "b": {"name": "前", "kind": kind, "side": side},
            "a": {"name": name, "kind": kind, "side": side},
        }
        for key, kind, side, name in (("W", "worker", "worker", "张"), ("E", "employer", "employer", "厂"))
    ]

    found = told("W", step="T1", action="submit_intake", track="main", **{"from": "draft"}, changes=changes)

    assert found is not None
    assert (found["texts"], [change["after"]["name"] for change in found["changes"]]) == ({}, ["张"])


@pytest.mark.parametrize(("person", "seen"), [("p-zhang", True), ("p-boss", False)])
def test_a_request_is_told_to_who_made_it_and_not_to_the_other_party(person: str, seen: bool) -> None:
    parties = [build_party(person_id="p-zhang"), build_party("respondent", person_id="p-boss")]
    sight = Sight(frozenset({CaseRole.WORKER_SIDE}), DataClass.ORDINARY, person, None, frozenset({"worker"}))

    found = shown_entry(
        entry(action="receive_data_request", input={"party_id": "W"}), build_case(parties=parties), sight
    )

    assert (found is not None) is seen


def test_a_message_is_given_back_to_who_sent_it_and_to_nobody_else() -> None:
    worker, employer = build_party(), build_party("respondent")
    sent = PartyMessage(
        "m", worker.id, "l", "worker", MessageKind.MESSAGE, datetime(2026, 6, 15, tzinfo=UTC), Confidential("同意")
    )

    assert own_words(sent, worker) == "同意"
    assert (
        own_words(PartyMessage("n", worker.id, "l", "worker", MessageKind.CONSENT, sent.sent_at, None), worker) is None
    )
    with pytest.raises(ValueError, match="who sent it"):
        own_words(sent, employer)


@pytest.mark.parametrize(
    ("made", "kept"), [(date(2026, 6, 1), date(2029, 6, 1)), (date(2028, 2, 29), date(2031, 2, 28))]
)
def test_an_assessment_is_kept_for_three_years(made: date, kept: date) -> None:
    assert kept_until(made) == kept
    assert set(HANDLINGS) == set(Handling)
    assert set(CONCLUSIONS) == set(Conclusion)
