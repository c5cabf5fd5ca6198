"""Who writes on a case beside its steps: roles here and above, a volunteer by their side, a party of its own."""

from collections.abc import Iterable

import pytest
from tests.builders import build_case, build_party

from mediation.domain.access import not_below
from mediation.domain.cases import Case
from mediation.domain.procedure.step import HOUSE, SIDES, CaseRole
from mediation.domain.writing import WRITINGS, Writer, may_write, writings_of

WORKER = build_party(id="worker", person_id="zhang")
EMPLOYER = build_party("respondent", id="employer", kind="employer", side="employer")
CLERK, VOLUNTEER = Writer(frozenset({CaseRole.CLERK})), Writer(frozenset({CaseRole.VOLUNTEER}))
OFFICER_ABOVE = Writer(frozenset(), frozenset({CaseRole.UNION_OFFICER}))
SUPERVISOR_ABOVE = Writer(frozenset(), frozenset({CaseRole.SUPERVISOR}))
AUDITOR_ABOVE = Writer(frozenset(), frozenset({CaseRole.AUDITOR}))
APPLICANT = Writer(frozenset({CaseRole.WORKER_SIDE}), parties=frozenset({"worker"}))
RESPONDENT = Writer(frozenset({CaseRole.EMPLOYER_SIDE}), parties=frozenset({"employer"}))
FILE = {"amend_case", "add_party", "add_claim", "amend_claim", "put_employment", "compute_claim"}
ABOUT_ONESELF = {"amend_party", "record_consent", "withdraw_consent", "receive_data_request", "export_data"}


def case_in(state: str, **changes: str) -> Case:
    parties = [build_party("applicant", id="worker", person_id="zhang", **changes), EMPLOYER]
    return build_case(state, parties=parties)


def verbs(state: str, writer: Writer) -> set[str]:
    return set(writings_of(case_in(state), writer))


def test_an_officer_above_writes_nothing_and_a_supervisor_above_what_watching_over_the_work_asks_for() -> None:
    assert verbs("triage", OFFICER_ABOVE) == set()
    assert verbs("triage", AUDITOR_ABOVE) == set()
    assert verbs("triage", SUPERVISOR_ABOVE) == {
        "assign", "end_assignment", "amend_task", "answer_data_request", "erase", "set_legal_hold", "lift_legal_hold",
        "propose_disposal", "confirm_disposal", "withdraw_disposal",
    }  # fmt: skip


@pytest.mark.parametrize(("mine", "written"), [(True, FILE), (False, set())])
def test_who_wrote_a_draft_down_from_above_corrects_it(mine: bool, written: Iterable[str]) -> None:
    above = Writer(frozenset(), frozenset({CaseRole.UNION_OFFICER}), wrote_it_down=mine)

    assert verbs("draft", above) == set(written)
    assert verbs("triage", above) == set()


def test_nobody_but_the_house_takes_a_draft_down_because_they_wrote_it() -> None:
    auditor = Writer(frozenset(), frozenset({CaseRole.AUDITOR}), wrote_it_down=True)

    assert verbs("draft", auditor) == set()


def test_a_party_writes_of_its_own_draft_what_it_applies_for_and_of_itself_ever_after() -> None:
    assert verbs("draft", APPLICANT) == FILE | ABOUT_ONESELF
    assert verbs("triage", APPLICANT) == ABOUT_ONESELF
    assert verbs("draft", RESPONDENT) == ABOUT_ONESELF
    assert not may_write("record_consent", case_in("triage"), APPLICANT, EMPLOYER)


def test_who_left_the_case_still_asks_about_their_data_and_takes_a_consent_back() -> None:
    case = case_in("draft", status="left")

    assert set(writings_of(case, APPLICANT)) == {"record_consent", "withdraw_consent", "receive_data_request"}


@pytest.mark.parametrize("verb", ["amend_party", "record_consent", "withdraw_consent", "receive_data_request"])
def test_a_volunteer_writes_of_the_workers_side_alone_once_a_case_is_registered(verb: str) -> None:
    found = [may_write(verb, case_in(state), VOLUNTEER, party) for state in ("draft", "triage")
             for party in (WORKER, EMPLOYER, None)]  # fmt: skip

    assert found == [True, True, True, True, False, True]
    assert may_write(verb, case_in("triage"), CLERK, EMPLOYER)


def test_no_row_names_a_party_a_liaison_or_an_auditor_and_nobody_above_has_more_than_here() -> None:
    for row in WRITINGS.values():
        assert row.here <= HOUSE
        assert row.above <= row.here
        assert not row.here & SIDES


def test_scopes_of_bodies_above_are_left_out() -> None:
    assert not_below({"o:centre", "b:union", "p:zhang", "s:court"}) == {"o:centre", "p:zhang", "s:court"}
