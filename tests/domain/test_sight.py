"""What each role sees of a case: every column has a class, every role a ceiling, and nothing above it is shown."""

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.builders import build_case, build_party

from mediation.domain.access import Actor, organization_scope, person_scope, sent_scope
from mediation.domain.effects import is_fact
from mediation.domain.explaining import RULES
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import HOUSE, SIDES, CaseRole, Kind
from mediation.domain.records import RECORD_TYPES, Claim, LimitationAct, Obligation, Task, TrackInstance
from mediation.domain.sight import (
    CEILINGS,
    COLUMNS,
    LIAISONS,
    DataClass,
    Sight,
    may_identify,
    may_search,
    row_sight,
    shown,
    shown_row,
    sight_of,
)
from mediation.domain.told import (
    private_classes,
    remark_class,
    shown_change,
    shown_entry,
    shown_record,
    text_class,
)

DAY = date(2026, 6, 15)
WAGES = {"W": {"monthly_wage": "1"}, "W2": {"monthly_wage": "2"}}


def actor(*roles: str, person_id: str = "somebody", organization: str | None = "centre") -> Actor:
    return Actor(person_id, "某人", organization, frozenset(roles))


def sight(*roles: CaseRole, person_id: str = "somebody") -> Sight:
    return sight_of(actor(person_id=person_id), frozenset(roles))


def full_case() -> Any:
    """A case with something of each class in it."""
    parties = [
        build_party(person_id="p-zhang", phone_masked="138****0000", resident_id_masked="1101**********002X"),
        build_party("co_applicant", id="W2", person_id="p-li"),
        build_party("respondent", person_id="p-boss", phone_masked="139****0000"),
    ]
    claim = Claim("K", 1, "unpaid_wages", "2008", "worker", basis="依据", amount_text="约两万")
    owed = Obligation("O", 1, "A", "payment", what="工资", due_text="年底前")
    act = LimitationAct("L", 1, "assertion", DAY, ("K",), evidence="函", note="备注")
    task = Task("T", "D_X", "D", "main", DAY, DAY, note="要点")
    case = build_case(
        parties=parties,
        facts={
            "employment": WAGES,
            "attested": {"g": {"by": "c", "evidence": "页"}},
            "court": "c",
            "risk:1.level": "red",
        },
    )
    return dataclasses.replace(
        case,
        claims={"K": claim},
        obligations={"O": owed},
        limitation_acts={"L": act},
        tasks={"T": task},
        tracks={**case.tracks, "risk:1": TrackInstance("risk:1", "risk", "alerted")},
    )


def test_every_column_of_every_record_has_a_class_and_every_role_a_ceiling() -> None:
    fields = {name: {one.name for one in dataclasses.fields(kind)} for name, kind in RECORD_TYPES.items()}

    assert {name: set(columns) for name, columns in COLUMNS.items() if name != "case"} == fields
    assert CEILINGS.keys() == RULES.keys() == set(CaseRole)


def test_facts_are_ordinary_since_no_text_of_another_class_becomes_one() -> None:
    kept = {
        (step.action, one.name)
        for step in PROCEDURE.steps.values()
        for one in step.inputs
        if one.kind is Kind.TEXT and is_fact(one)
    }

    assert kept
    assert {(action, name) for action, name in kept if classes_of(action)[name] is not DataClass.ORDINARY} == set()


def classes_of(action: str) -> dict[str, DataClass]:
    return private_classes(PROCEDURE.steps[action])


@pytest.mark.parametrize(
    ("roles", "ceiling"),
    [
        ((CaseRole.CLERK,), DataClass.CONFIDENTIAL),
        ((CaseRole.AUDITOR, CaseRole.UNION_OFFICER), DataClass.PERSONAL),
        ((CaseRole.COURT_LIAISON,), DataClass.PERSONAL),
        ((CaseRole.COURT_LIAISON, CaseRole.WORKER_SIDE), DataClass.ORDINARY),
        ((), DataClass.ORDINARY),
    ],
)
def test_the_ceiling_is_the_highest_of_the_parts_somebody_has(roles: tuple[CaseRole, ...], ceiling: DataClass) -> None:
    found = sight(*roles)

    assert found.ceiling is ceiling
    assert found.is_from_dispatch == (roles == (CaseRole.COURT_LIAISON,))


def test_the_team_sees_the_case_as_it_is() -> None:
    case = full_case()

    assert shown(case, sight(CaseRole.MEDIATOR)) == case
    assert sight(CaseRole.MEDIATOR).withheld == ()


def test_an_auditor_sees_no_natural_persons_name_no_text_and_no_wage() -> None:
    found = shown(full_case(), sight(CaseRole.AUDITOR))

    assert [party.name for party in found.parties.values()][:2] == ["", ""]
    assert found.parties["E"].name != ""
    assert (found.claims["K"].basis, found.obligations["O"].what) == (None, None)
    assert found.facts["employment"] == {}
    assert found.facts["attested"] == {"g": {"by": "c", "evidence": None}}
    assert (found.tasks["T"].note, found.limitation_acts["L"].evidence) == (None, None)
    assert "risk:1" in found.tracks
    assert shown(build_case(), sight(CaseRole.AUDITOR)).facts == {}


def test_a_party_sees_its_own_people_and_of_the_other_side_the_names() -> None:
    found = shown(full_case(), sight(CaseRole.WORKER_SIDE, person_id="p-zhang"))

    assert found.parties["W"].phone_masked is not None
    assert (found.parties["E"].phone_masked, found.parties["E"].person_id) == (None, None)
    assert found.parties["E"].name
    assert found.claims["K"].basis == "依据"
    assert found.obligations["O"].what == "工资"
    assert found.facts["employment"] == {"W": WAGES["W"]}
    assert (found.tasks, "risk:1" in found.tracks, "risk:1.level" in found.facts) == ({}, False, False)


def test_the_other_side_reads_neither_the_basis_of_a_claim_nor_a_wage() -> None:
    found = shown(full_case(), sight(CaseRole.EMPLOYER_SIDE, person_id="p-boss"))

    assert found.claims["K"].basis is None
    assert found.facts["employment"] == {}


def entry(**values: Any) -> dict[str, Any]:
    return {
        "sequence": 3, "action": "extend", "step": "T13", "track": "main",
        "from": "org_mediation_in_progress", "actor": "m", "on_behalf_of": None,
        "sealed": "x",
        "private": {"reason": "缘由", "note": "备注"}, "attestations": [{"guard": "g", "evidence": "页"}],
        "changes": [],
        **values,
    }  # fmt: skip


def test_what_was_said_in_mediation_is_read_by_the_team_alone() -> None:
    case = full_case()

    texts = {
        role: (shown_entry(entry(), case, sight(role)) or {}).get("private")
        for role in (CaseRole.CLERK, CaseRole.SUPERVISOR, CaseRole.AUDITOR, CaseRole.WORKER_SIDE)
    }

    assert texts == {
        CaseRole.CLERK: {"reason": "缘由", "note": "备注"},
        CaseRole.SUPERVISOR: None,
        CaseRole.AUDITOR: None,
        CaseRole.WORKER_SIDE: None,
    }


def test_everybody_reads_what_they_wrote_themselves() -> None:
    own = sight(CaseRole.WORKER_SIDE, person_id="p-zhang")

    found = shown_entry(entry(actor="p-zhang"), full_case(), own) or {}

    assert found["private"] == {"reason": "缘由", "note": "备注"}
    assert found["attestations"] == [{"guard": "g", "evidence": "页"}]


def test_what_is_no_step_is_personal_and_read_from_above() -> None:
    told = entry(action="create_case", step=None, track=None, private={"reason": "理由"})

    above, outside = (
        shown_entry(told, full_case(), sight(role)) for role in (CaseRole.UNION_OFFICER, CaseRole.AUDITOR)
    )

    assert (above or {})["private"] == {"reason": "理由"}
    assert "private" not in (outside or {})
    assert text_class(None) is DataClass.PERSONAL


def test_a_warning_of_danger_is_no_entry_for_the_parties() -> None:
    told = entry(action="escalate_violence", step="T231", track="risk:1")

    assert shown_entry(told, full_case(), sight(CaseRole.EMPLOYER_SIDE)) is None
    assert shown_entry(told, full_case(), sight(CaseRole.AUDITOR)) is not None


def change(collection: str, key: str, **after: Any) -> dict[str, Any]:
    return {"c": collection, "k": key, "b": None, "a": after}


def test_changes_are_shown_column_by_column() -> None:
    auditor, party = sight(CaseRole.AUDITOR), sight(CaseRole.WORKER_SIDE)
    worker = change("parties", "W", kind="worker", side="worker", name="张", phone_masked="138", new_column="x")

    assert (shown_change(worker, auditor) or {})["a"] == {
        "kind": "worker", "side": "worker", "name": None, "phone_masked": None, "new_column": None,
    }  # fmt: skip
    assert (shown_change(worker, party) or {})["a"]["phone_masked"] == "138"
    assert shown_change(change("obligations", "O", what="工资"), party) == change("obligations", "O", what="工资")
    assert shown_change(change("obligations", "O", what="工资"), auditor) == change("obligations", "O", what=None)
    assert shown_record("parties", None, auditor) is None


def test_collections_that_are_not_seen_are_left_out() -> None:
    auditor, party = sight(CaseRole.AUDITOR), sight(CaseRole.WORKER_SIDE)
    hidden = [change("tasks", "T"), change("brand_new", "x")]

    assert [shown_change(one, party) for one in hidden] == [None] * 2
    assert [shown_change(one, auditor) is None for one in hidden] == [False, True]
    assert shown_change(change("computations", "K", amount_fen=1), auditor) is not None


def test_the_evidence_of_a_fact_is_shown_from_a_personal_ceiling_on() -> None:
    told = {"c": "facts", "k": "attested", "b": None, "a": {"value": {"g": {"evidence": "页", "by": "c"}}}}

    assert shown_change(told, sight(CaseRole.SUPERVISOR)) == told
    assert (shown_change(told, sight(CaseRole.AUDITOR)) or {})["a"] == {"value": {"g": {"evidence": None, "by": "c"}}}


def test_the_evidence_behind_a_session_is_shown_at_the_table_alone() -> None:
    stated = {"evidence": "页", "by": "m", "action": "hold_session"}
    told = {"c": "facts", "k": "attested", "b": None, "a": {"value": {"g": stated}}}

    assert shown_change(told, sight(CaseRole.MEDIATOR)) == told
    assert (shown_change(told, sight(CaseRole.SUPERVISOR)) or {})["a"]["value"]["g"]["evidence"] is None


def test_a_list_is_shown_by_the_membership_that_opens_its_scope() -> None:
    row = {
        "state": {"code": "mediation_failed"}, "stage": "enterprise_mediation", "next_due": "x", "next_term": "x",
        "claimed": "1", "organization_id": "o", "is_provisional": False, "applicants": "张", "respondents": "某厂",
        "has_tasks": True, "has_risk": True, "is_open": True, "is_collective": True, "is_urgent": True,
        "is_migrant_worker": True,
    }  # fmt: skip
    at_court = row_sight(actor("court_liaison", organization="court"), sent_scope("court"))
    audited = row_sight(actor("auditor"), organization_scope("centre"))
    given = row_sight(actor("volunteer"), person_scope("somebody"))
    party = row_sight(actor(organization=None), person_scope("somebody"))

    assert shown_row(row, given) == row
    assert shown_row(row, audited) == {**row, "applicants": None, "respondents": None}
    assert shown_row(row, party) == {**row, "has_tasks": None, "has_risk": None}
    elsewhere = shown_row(row, at_court, sent_on="2026-06-01")
    here = shown_row(row, at_court, sent_on="2026-06-01", is_here=True)
    assert {name for name, value in elsewhere.items() if value is not None} == {"applicants", "respondents", "sent_on"}
    assert {name for name, value in here.items() if value is not None} - elsewhere.keys() == set()
    assert (here["state"], here["claimed"], here["next_due"], here["is_open"]) == (row["state"], "1", None, None)
    assert [may_search(one) for one in (at_court, audited, given, party)] == [False, False, True, True]


def test_the_roles_of_a_sight_are_those_of_the_table() -> None:
    assert HOUSE | SIDES | LIAISONS | {CaseRole.AUDITOR, CaseRole.SYSTEM} == set(CaseRole)


def test_the_page_on_access_tells_the_ceilings_that_apply() -> None:
    page = (Path(__file__).parents[2] / "docs" / "access.md").read_text()

    assert [role for role in CaseRole if f"| {role} | {CEILINGS[role].name.lower()} |" not in page] == []


@pytest.mark.parametrize(
    ("action", "state", "expected"),
    [
        ("withdraw", "registered", DataClass.CONFIDENTIAL),
        ("signature_refused", "agreement_signed_pending_effect", DataClass.CONFIDENTIAL),
        ("join_party", "org_mediation_in_progress", DataClass.CONFIDENTIAL),
        ("join_party", "registered", DataClass.PERSONAL),
        ("request_aid", "none", DataClass.PERSONAL),
        ("hold_session", "org_mediation_accepted", DataClass.CONFIDENTIAL),
    ],
)
def test_a_remark_is_of_the_class_of_what_it_was_made_in(action: str, state: str, expected: DataClass) -> None:
    found = remark_class(PROCEDURE.steps[action], state)

    assert found is expected


@pytest.mark.parametrize("role", [CaseRole.CLERK, CaseRole.MEDIATOR, CaseRole.VOLUNTEER])
def test_who_is_a_party_hears_nothing_of_the_talks_whatever_else_they_are(role: CaseRole) -> None:
    actor = Actor("p", "", None, frozenset(), raised_to=int(DataClass.CONFIDENTIAL))

    found = sight_of(actor, frozenset({role, CaseRole.EMPLOYER_SIDE}))

    assert found.ceiling is DataClass.PERSONAL


@pytest.mark.parametrize(
    ("role", "expected"),
    [(CaseRole.CLERK, True), (CaseRole.AUDITOR, False), (CaseRole.COURT_LIAISON, False), (CaseRole.WORKER_SIDE, False)],
)
def test_only_who_sees_personal_data_of_all_finds_a_person_by_a_number(role: CaseRole, *, expected: bool) -> None:
    found = may_identify(sight(role))

    assert found is expected
