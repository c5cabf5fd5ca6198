"""History holds everything: a case can be rebuilt from it, what was altered is found, what was wrong is taken back."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from tests.services.world import CENTRE, TABLES, World, agree, attested, mediate, party_of, story, tell, triage

from mediation.demo.people import organization, person
from mediation.domain.cases import Case
from mediation.domain.errors import BlockedError, NotPermittedError, VersionConflictError
from mediation.domain.history import rebuild
from mediation.domain.records import RECORD_TYPES
from mediation.storage import Unit
from mediation.storage import cases as rows
from mediation.storage import history as history_rows
from mediation.storage.recording import unsealed

MARKER = "慕容翠花"
TEXT_MARKER = "独一无二的话"


def opened(world: World, case_id: str) -> list[dict[str, Any]]:
    """Every entry of a case with everything opened that its keys open."""

    def read(unit: Unit) -> list[dict[str, Any]]:
        keys = rows.load(unit, case_id, subject="", today=world.today).keys
        found = history_rows.history(unit, case_id, after=0, limit=1000)
        return [unsealed(unit, json.loads(row["payload"]), keys) for row in found]

    return world.read(read)


def parts(case: Case) -> dict[str, Any]:
    """Everything a case is made of, by collection and key; empty collections left out."""
    found = {name: dict(getattr(case, name)) for name in RECORD_TYPES}
    return {name: records for name, records in {**found, "facts": dict(case.facts)}.items() if records}


def rebuilt(payloads: list[dict[str, Any]]) -> dict[str, Any]:
    state = rebuild(payloads)
    state.pop("case", None)
    return {name: records for name, records in state.items() if records}


def test_a_case_can_be_rebuilt_at_every_point_of_its_history(world: World) -> None:
    case_id = world.create(submit=False)["id"]
    stored = [world.case(case_id)]
    given = {"channel": "walk_in", "written_or_oral": "written", "received_on": "2026-06-15", "reason": "欠薪"}
    world.take(case_id, "submit_intake", **given)
    stored.append(world.case(case_id))
    stored.extend(tell(world, case_id))

    payloads = opened(world, case_id)

    assert len(payloads) == len(stored) == 17
    assert stored[-1].state == "closed_performed"
    for number, case in enumerate(stored, start=1):
        assert rebuilt(payloads[:number]) == parts(case), f"after entry {number}"
        assert (case.sequence, case.head) == (number, entry_hash(world, case_id, number))
    assert rebuild(payloads)["case"] == {"number": stored[-1].number, "organization_id": CENTRE}


def entry_hash(world: World, case_id: str, sequence: int) -> str:
    sql = "select hash from history where case_id = :id and sequence = :n"
    found: str = world.rows(sql, id=case_id, n=sequence)[0]["hash"]
    return found


def test_a_case_written_down_for_another_body_can_be_rebuilt_with_its_home(world: World) -> None:
    home = organization("linjiang-centre").id
    case_id = world.create("supervisor-yan", organization_id=home, submit=False)["id"]

    payloads = opened(world, case_id)

    assert rebuild(payloads)["case"]["organization_id"] == home


def test_a_case_with_new_people_lapses_and_corrections_can_be_rebuilt(world: World) -> None:
    case_id = world.create()["id"]
    party = {"kind": "worker", "name": "李四", "phone": "13900000000"}
    world.take(case_id, "join_party", party=party, role="co_applicant", ground="same_facts")
    world.run_due(date(2026, 6, 18))
    triage(world, case_id)
    claim = next(claim for claim in world.case(case_id).claims.values() if claim.knew_on)
    world.take(
        case_id, "correct_entry", "supervisor-tang", field=f"claims/{claim.id}/knew_on", old="2026-06-01",
        new="2026-05-02", why="笔误",
    )  # fmt: skip
    world.send(
        "clerk-lin", "PATCH", f"/v1/cases/{case_id}/parties/{next(iter(world.case(case_id).parties))}",
        headers={"If-Match": '"1"'}, json={"name": "更正后的名字", "phone": "13700000000"},
    )  # fmt: skip

    payloads = opened(world, case_id)

    assert rebuilt(payloads) == parts(world.case(case_id))
    assert world.verification(case_id)["holds"]


def unlocked(world: World, *statements: str) -> None:
    """Do what only an owner of the database can do: take the triggers away, and alter what is stored."""
    on = " on history" if world.database.dialect == "postgresql" else ""
    triggers = {
        "sqlite": ("history_refuses_update", "history_refuses_delete"),
        "postgresql": ("history_refuses_change",),
    }[world.database.dialect]
    for statement in (*(f"drop trigger {name}{on}" for name in triggers), *statements):
        world.write(lambda unit, sql=statement: unit.connection.exec_driver_sql(sql))


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("update history set payload = replace(payload, 'triage_ok', 'triage_no') where sequence = 3", "entry 3"),
        ("update history set payload = replace(payload, 'T02', 'T03') where sequence = 3", "entry 3"),
        ("update history set hash = 'x' where sequence = 2", "entry 2"),
        ("delete from history where sequence = 2", "entry 2 is missing"),
        ("delete from history where sequence = 1", "entry 1 is missing"),
        ("delete from history where sequence = 3", "does not end"),
        ("delete from history", "does not end"),
        ("update cases set head = 'x'", "does not end"),
        ("update history set sequence = 9 where sequence = 2", "entry 2"),
        ("update history set action = 'settle' where sequence = 3", "entry 3 does not agree with its action"),
        ("update history set actor_id = 'x' where sequence = 3", "entry 3 does not agree with its actor_id"),
        (
            "update history set occurred_on = '2026-06-01' where sequence = 3",
            "entry 3 does not agree with its occurred_on",
        ),
        (
            "update history set recorded_at = '2026-06-01T00:00:00+00:00' where sequence = 3",
            "entry 3 does not agree with its recorded_at",
        ),
        ("update history set id = 'x' where sequence = 3", "entry 3 does not agree with its id"),
    ],
)
def test_what_was_altered_is_found(world: World, statement: str, problem: str) -> None:
    case_id = world.create()["id"]
    triage(world, case_id)
    before = world.verification(case_id)

    unlocked(world, statement)

    after = world.verification(case_id)
    assert before["holds"]
    assert not after["holds"]
    assert any(problem in found for found in after["problems"])


def test_an_entry_forged_at_the_end_is_found(world: World) -> None:
    case_id = world.create()["id"]
    columns = "case_id, {n} as sequence, {id} as id, action, occurred_on, recorded_at, actor_id, payload, hash"
    select = columns.format(n=3, id="'forged'")

    world.write(
        lambda unit: unit.connection.exec_driver_sql(
            f"insert into history select {select} from history where sequence = 2"  # noqa: S608 - columns of ours
        )
    )

    assert not world.verification(case_id)["holds"]


def test_verification_beside_people_who_write_never_finds_a_false_alarm(world: World) -> None:
    case_id = world.create(submit=False)["id"]
    path = f"/v1/cases/{case_id}"
    requests: list[tuple[str, str, str, Any]] = []
    for _ in range(12):
        requests.append(("clerk-lin", "POST", f"{path}/claims", {"json": {"code": "overtime_pay"}}))
        requests += [("supervisor-tang", "GET", f"{path}/history/verification", {})] * 2

    answers = world.send_all(requests)

    assert {answer.status_code for answer in answers} == {200, 201}
    assert [found for answer in answers if not (found := answer.json()).get("holds", True)] == []


def live(case: Case) -> dict[str, Any]:
    """What counts of a case: state, facts, clocks that run, people and claims as they are; not what was retired."""
    facts = {name: value for name, value in case.facts.items() if name != "attested"}
    return {
        "tracks": {key: track for key, track in case.tracks.items() if key == "main" or track.state not in RESTING},
        "facts": facts,
        "running": {deadline.id: deadline for deadline in case.running()},
        "parties": {key: unversioned(p) for key, p in case.parties.items() if p.status == "active"},
        "claims": {key: unversioned(c) for key, c in case.claims.items()},
        "obligations": {key: unversioned(o) for key, o in case.obligations.items() if o.status != "dropped"},
        "assignments": {key: a for key, a in case.assignments.items() if a.until is None},
        "tasks": {key: t for key, t in case.tasks.items() if t.status == "open"},
    }


RESTING = {"none", "calm", "running"}


def unversioned(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__ if name != "version"}


def last_entry(world: World, case_id: str) -> str:
    found: str = world.case(case_id).last_entry["entry_id"]
    return found


def void(world: World, case_id: str, entry: str, subject: str = "supervisor-tang") -> Any:
    return world.take(case_id, "void_last_step", subject, step=entry, why="录入错误")


VOIDABLE = [
    "triage_ok", "ask_consent", "consent", "assign_mediator", "replace_mediator", "hold_session", "extend",
    "hold_further_session", "escalate_violence", "reach_agreement", "complete_signatures", "record_performance",
    "record_final_performance",
]  # fmt: skip


def test_a_step_taken_back_leaves_the_case_as_it_was_and_both_entries(world: World) -> None:
    """Every step of a story is taken, taken back, and taken again."""
    case_id = world.create()["id"]
    voided = []
    for action, subject, given in story(world, case_id):
        before = world.case(case_id)
        world.take(case_id, action, subject, **given)
        if action in VOIDABLE:
            void(world, case_id, last_entry(world, case_id))
            after = world.case(case_id)
            assert live(after) == live(before), action
            assert after.sequence == before.sequence + 2
            voided.append(action)
            world.take(case_id, action, subject, **given)

    actions = [row["action"] for row in world.rows("select action from history order by sequence")]
    assert voided == VOIDABLE
    assert actions.count("void_last_step") == len(VOIDABLE)
    assert world.case(case_id).state == "closed_performed"
    assert world.verification(case_id)["holds"]
    assert rebuilt(opened(world, case_id)) == parts(world.case(case_id))


def test_registration_taken_back_keeps_its_number_and_gives_it_again(world: World) -> None:
    created = world.create()
    void(world, created["id"], last_entry(world, created["id"]))
    between = world.case(created["id"])
    given = {"channel": "walk_in", "written_or_oral": "written", "received_on": "2026-06-15", "reason": "欠薪"}

    world.take(created["id"], "submit_intake", **given)

    assert (between.state, between.number) == ("draft", created["number"])
    assert world.case(created["id"]).number == created["number"]
    assert world.rows("select n from counters") == [{"n": 1}]


def test_a_clerk_takes_nothing_back(world: World) -> None:
    case_id = world.create()["id"]
    triage(world, case_id)

    with pytest.raises(NotPermittedError):
        void(world, case_id, last_entry(world, case_id), "clerk-lin")


def test_an_earlier_step_is_taken_back_while_nothing_later_depends_on_it(world: World) -> None:
    case_id = world.create()["id"]
    world.take(case_id, "escalate_violence", level="red", kind="violence", reported_to=[CENTRE])
    entry = last_entry(world, case_id)
    triage(world, case_id)

    void(world, case_id, entry)

    case = world.case(case_id)
    assert case.state == "triage"
    assert case.track_state("risk") == "calm"
    assert world.verification(case_id)["holds"]


def test_an_earlier_step_that_later_ones_rest_on_is_not_taken_back(world: World) -> None:
    case_id = world.create()["id"]
    triage(world, case_id)
    entry = last_entry(world, case_id)
    world.take(case_id, "ask_consent", organization=CENTRE, asked_on=str(world.today), how="phone")
    before = world.counts()

    with pytest.raises(BlockedError) as caught:
        void(world, case_id, entry)

    assert "later_step_depends" in {blocker.code for blocker in caught.value.blockers}
    assert world.counts() == before


def test_a_step_is_taken_back_once(world: World) -> None:
    case_id = world.create()["id"]
    triage(world, case_id)
    entry = last_entry(world, case_id)
    void(world, case_id, entry)

    with pytest.raises(BlockedError):
        void(world, case_id, entry)


def test_a_supervisor_does_not_take_back_what_they_recorded_themselves(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    world.take(case_id, "replace_mediator", "supervisor-tang", mediator=person("mediator-chen").id, reason="supervisor")
    entry = last_entry(world, case_id)

    with pytest.raises(BlockedError) as caught:
        void(world, case_id, entry)
    void(world, case_id, entry, "supervisor-yan")

    assert {blocker.code for blocker in caught.value.blockers} == {"supervisor_approves"}
    assert world.case(case_id).mediator_id() == person("mediator-zhou").id


def test_an_assignment_taken_back_is_seen_no_more(world: World) -> None:
    from tests.services.world import accept

    case_id = world.create()["id"]
    accept(world, case_id)
    world.take(case_id, "assign_mediator", mediator=person("mediator-zhou").id)
    path = f"/v1/cases/{case_id}"
    before = world.send("mediator-zhou", "GET", path).status_code

    void(world, case_id, last_entry(world, case_id))

    assert (before, world.send("mediator-zhou", "GET", path).status_code) == (200, 404)


def test_a_void_that_comes_too_late_changes_nothing(world: World) -> None:
    case_id = world.create()["id"]
    triage(world, case_id)
    entry = last_entry(world, case_id)

    with pytest.raises(VersionConflictError):
        world.answer(case_id, "void_last_step", "supervisor-tang", version=2, step=entry, why="录入错误")

    assert world.case(case_id).state == "triage"


CLEAR_COLUMNS = {
    ("parties", "name"),
    ("cases", "applicants"),
    ("cases", "respondents"),
}


def test_names_and_texts_stand_in_clear_nowhere_but_where_lists_search(world: World) -> None:
    worker = party_of("worker", MARKER, address=f"{TEXT_MARKER}街1号", bank_account="6222020000000000006")
    case = world.create(
        parties=[worker, party_of("employer", "某公司")], summary=TEXT_MARKER, reason=TEXT_MARKER, key="create",
        claims=[{"code": "unpaid_wages", "amount": "1.00", "basis": TEXT_MARKER}],
    )  # fmt: skip
    case_id = case["id"]
    triage(world, case_id, note=f"{TEXT_MARKER}{MARKER}", evidence=[f"{MARKER}的{TEXT_MARKER}"], key="triage")
    attestations = [
        {**entry, "evidence": f"{MARKER}的{TEXT_MARKER}", "statement": TEXT_MARKER} for entry in attested("ask_consent")
    ] + [{"guard": "mediation_wanted_by_applicant", "evidence": f"{MARKER}的{TEXT_MARKER}", "statement": TEXT_MARKER}]
    world.take(
        case_id, "ask_consent", organization=CENTRE, asked_on=str(world.today), how="phone", attestations=attestations
    )  # fmt: skip
    joined = {"kind": "worker", "name": f"{MARKER}二", "phone": "13900000000"}
    world.take(case_id, "join_party", party=joined, role="co_applicant", ground="same_facts", key="join")
    party = next(p for p in world.case(case_id).parties.values() if p.name == MARKER)
    world.take(
        case_id, "correct_entry", "supervisor-tang", field=f"parties/{party.id}/name", old=MARKER, new=f"{MARKER}三",
        why=TEXT_MARKER,
    )  # fmt: skip

    found = {
        (table, column)
        for table in TABLES
        for row in world.rows(f"select * from {table}")  # noqa: S608
        for column, value in row.items()
        for needle in (MARKER, TEXT_MARKER, "13800000000", "13900000000", "11010519491231002X", "6222020000000000006")
        if needle in str(value) or needle in str(value).encode().decode("unicode_escape", errors="ignore")
    }

    assert found <= CLEAR_COLUMNS
    assert any(MARKER in json.dumps(entry, ensure_ascii=False) for entry in opened(world, case_id))


def test_what_was_promised_in_an_agreement_stands_sealed(world: World) -> None:
    case_id = world.create()["id"]
    mediate(world, case_id)
    agree(world, case_id, [str(world.today + timedelta(days=20))])

    stored = world.rows("select payload from history") + world.rows("select what from obligations")

    assert all("工资" not in str(row) for row in stored)
    assert {owed.what for owed in world.case(case_id).obligations.values()} == {"工资"}
