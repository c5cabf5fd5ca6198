"""What is said in mediation reaches those at the table and no exit: marked words and a marked amount are looked for."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.security.test_personal_data_leaks import listening
from tests.security.told_in_talks import (
    AMOUNT,
    AWAY,
    CONCEDED,
    EXTENDED,
    FACT,
    MARKS,
    OFFERED,
    PROPOSED,
    RECORD,
    SESSION,
    STATED,
    TABLE,
    Talks,
    in_talks,
    send_out,
    talk,
)
from tests.services.notary import Notary
from tests.services.world import World

from mediation.api.endpoints import offered
from mediation.demo.people import person
from mediation.domain.leaving import PACKINGS
from mediation.services.caller import Answer
from mediation.storage.json_sql import statement
from mediation.storage.wall import wall_key_id

EVERYBODY = (*TABLE, "volunteer-he", *AWAY)
ON_A_CASE = sorted(
    (entry.path, name)
    for name, entry in offered().items()
    if entry.method == "GET" and entry.path.count("{") == 1 and "{case_id}" in entry.path
)
"""Every reading of a case that needs no other id."""
LISTS = (
    "/v1/cases", "/v1/cases?scope=me", "/v1/cases?scope=sent", "/v1/cases?scope=below", "/v1/tasks",
    "/v1/tasks?scope=below", "/v1/reminders", "/v1/alarms", "/v1/access-log", "/v1/break-glass",
    "/v1/access-requests?scope=to_decide", "/v1/access-requests?scope=decided", "/v1/me", "/metrics",
)  # fmt: skip
AT_THE_TABLE = {"list_offers", "list_undisputed_facts", "read_history"}


@pytest.fixture
def talks(world: World) -> Talks:
    """Give a case in which everything marked was said, and which then went to every body outside."""
    found = in_talks(world)
    talk(found)
    send_out(found)
    return found


def marks_in(text: str) -> set[str]:
    """Which marks a text holds, in clear or as JSON escapes them."""
    return {mark for mark in MARKS if mark in text or json.dumps(mark)[1:-1] in text}


def test_no_reading_of_a_case_tells_who_is_not_at_the_table(talks: Talks) -> None:
    paths = [path.replace("{case_id}", talks.id) for path, _ in ON_A_CASE]
    paths.append(f"{talks.path}?as_of={talks.world.today}")

    answers = talks.world.send_all([(subject, "GET", path, {}) for subject in AWAY for path in paths])

    assert {answer.status_code for answer in answers} == {200, 403, 404}
    assert [(str(a.request.url), found) for a in answers if (found := marks_in(a.text))] == []


def test_at_the_table_three_readings_tell_it_and_no_other(talks: Talks) -> None:
    told: dict[str, set[str]] = {}
    for path, name in ON_A_CASE:
        for subject in TABLE:
            answer = talks.world.send(subject, "GET", path.replace("{case_id}", talks.id))
            told[name] = told.get(name, set()) | marks_in(answer.text)

    assert {name for name, found in told.items() if found} == AT_THE_TABLE
    assert told["list_offers"] == {OFFERED, CONCEDED, PROPOSED, AMOUNT}
    assert told["list_undisputed_facts"] == {FACT}
    assert told["read_history"] == {SESSION, STATED, RECORD, EXTENDED}


@pytest.mark.parametrize("path", LISTS)
def test_no_list_carries_it_for_anybody(talks: Talks, path: str) -> None:
    answers = talks.world.send_all([(subject, "GET", path, {}) for subject in EVERYBODY])

    assert 200 in {answer.status_code for answer in answers}
    assert [found for answer in answers if (found := marks_in(answer.text))] == []


def test_a_search_finds_the_case_without_it(talks: Talks) -> None:
    answers = talks.world.send_all(
        [(subject, "POST", "/v1/case-lookups", {"json": {"phone": "13800000000"}}) for subject in EVERYBODY]
    )

    assert any(answer.status_code == 200 and talks.id in answer.text for answer in answers)
    assert [found for answer in answers if (found := marks_in(answer.text))] == []


def test_a_simulation_tells_nobody_of_it(talks: Talks) -> None:
    body = {"until": "2026-12-31"}
    answers = talks.world.send_all(
        [(subject, "POST", f"{talks.path}/simulation", {"json": body}) for subject in EVERYBODY]
    )

    assert 200 in {answer.status_code for answer in answers}
    assert [found for answer in answers if (found := marks_in(answer.text))] == []


def test_a_command_answers_without_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = in_talks(world)
    with answers_of(monkeypatch) as answers:
        talk(found)
        send_out(found)

    assert len(answers) > 4
    assert [marks for text in answers if (marks := marks_in(text))] == []


def test_a_refusal_does_not_repeat_it(talks: Talks) -> None:
    bodies: list[dict[str, Any]] = [
        {"kind": "offer", "made_by": talks.id, "made_on": "2026-06-15", "text": OFFERED, "amount": AMOUNT},
        {"kind": OFFERED, "made_on": "2026-06-15", "text": OFFERED, "amount": f"{AMOUNT}9"},
        {"kind": "proposal", "made_on": "2031-01-01", "text": OFFERED, "amount": AMOUNT},
    ]
    answers = talks.world.send_all(
        [(subject, "POST", f"{talks.path}/offers", {"json": body}) for subject in EVERYBODY for body in bodies]
    )

    assert {answer.status_code for answer in answers} <= {403, 404, 422}
    assert [found for answer in answers if (found := marks_in(answer.text))] == []


def test_no_log_and_no_number_carries_it(world: World) -> None:
    with listening() as lines:
        found = in_talks(world)
        talk(found)
        send_out(found)
        for subject in (*TABLE, "court-gao"):
            for path, _ in ON_A_CASE:
                world.send(subject, "GET", path.replace("{case_id}", found.id))

    assert any("list_offers" in line for line in lines)
    assert marks_in("\n".join(lines)) == set()


def test_nothing_of_it_lies_in_clear_in_any_table(talks: Talks) -> None:
    tables = [row["name"] for row in talks.world.rows(_TABLES[talks.world.database.dialect])]

    stored = {name: json.dumps(talks.world.rows(f"select * from {name}"), default=str) for name in tables}  # noqa: S608

    assert {"offers", "undisputed_facts", "history", "outbox", "idempotency", "cases"} <= stored.keys()
    assert stored["offers"].count('"id"') == 3
    assert {name: found for name, text in stored.items() if (found := marks_in(text))} == {}


_TABLES = {
    "sqlite": "select name from sqlite_master where type = 'table'",
    "postgresql": "select table_name as name from information_schema.tables where table_schema = 'public'",
}


def test_a_checkpoint_file_and_an_export_carry_it_sealed_and_verify(talks: Talks, tmp_path: Path) -> None:
    notary = Notary(talks.world, tmp_path)
    notary.seal()

    exported = talks.world.send("clerk-lin", "GET", f"{talks.path}/history/export")
    verified = talks.world.send("clerk-lin", "GET", f"{talks.path}/history/verification").json()

    assert marks_in(notary.file.read_text()) == set()
    assert '\\"confidential\\":\\"' in exported.text
    assert marks_in(exported.text) == set()
    assert verified["holds"]


def test_an_answer_kept_for_a_retry_repeats_nothing_to_who_left_the_table(world: World) -> None:
    talks = in_talks(world)
    body = {"kind": "proposal", "made_on": str(world.today), "text": OFFERED, "amount": AMOUNT}
    sent: tuple[str, str, str, dict[str, Any]] = (
        "mediator-zhou", "POST", f"{talks.path}/offers", {"json": body, "headers": {"Idempotency-Key": "k"}},
    )  # fmt: skip
    first = world.send(*sent[:3], **sent[3])
    world.take(talks.id, "replace_mediator", mediator=person("mediator-chen").id, reason="unavailable")

    again = world.send(*sent[:3], **sent[3])

    assert first.status_code == 201
    assert set(first.json()) == {"id", "version"}
    assert marks_in(again.text) == set()
    assert world.send("mediator-zhou", "GET", f"{talks.path}/offers").status_code in {403, 404}


def test_who_advises_the_worker_hears_the_worker_and_the_mediator_alone(talks: Talks) -> None:
    heard = {item["text"] for item in talks.shown_to("volunteer-he", "offers")}
    in_history = json.dumps(talks.shown_to("volunteer-he", "history?limit=200"), ensure_ascii=False)

    assert heard == {CONCEDED, PROPOSED}
    assert OFFERED not in in_history
    assert AMOUNT not in in_history


def test_an_adviser_writes_no_offer_of_the_employer(world: World) -> None:
    talks = in_talks(world)
    body = {"kind": "offer", "made_on": str(world.today), "text": OFFERED}

    own = world.send("volunteer-he", "POST", f"{talks.path}/offers", json={**body, "made_by": talks.worker})
    other = world.send("volunteer-he", "POST", f"{talks.path}/offers", json={**body, "made_by": talks.employer})

    assert (own.status_code, other.status_code) == (201, 403)


def test_an_offer_is_answered_once_and_on_the_version_that_was_read(world: World) -> None:
    talks = in_talks(world)
    offer = talks.offer()
    path = f"{talks.path}/offers/{offer['id']}"

    def answer(status: str, version: int) -> int:
        body = {"status": status, "expected_version": version}
        return world.send("mediator-zhou", "PATCH", path, json=body).status_code

    assert [answer("accepted", 2), answer("accepted", 1), answer("refused", 2)] == [412, 200, 409]
    (shown,) = talks.shown_to("mediator-zhou", "offers")
    assert (shown["status"], shown["version"], shown["text"]) == ("accepted", 2, OFFERED)


def test_offers_are_told_page_by_page(world: World) -> None:
    talks = in_talks(world)
    for number in range(5):
        talks.offer(text=f"方案{number}")

    page: str | None = f"{talks.path}/offers?limit=2"
    texts = []
    while page is not None:
        document = world.send("clerk-lin", "GET", page).json()
        texts.append([item["text"] for item in document["items"]])
        page = document["next"]

    assert texts == [["方案0", "方案1"], ["方案2", "方案3"], ["方案4"]]


def test_a_fact_leaves_the_table_once_everybody_has_signed(world: World) -> None:
    talks = in_talks(world)
    fact = talks.fact()["id"]
    talks.sign(fact, talks.worker)
    before = [talks.shown_to(who, "undisputed-facts") for who in ("employer-wang", "supervisor-tang")]

    talks.sign(fact, talks.employer)

    assert before == [[], []]
    shown = {who: talks.shown_to(who, "undisputed-facts") for who in ("employer-wang", "supervisor-tang", "clerk-lin")}
    assert {(item["text"], item["settled_on"]) for (item,) in shown.values()} == {(FACT, str(world.today))}


@pytest.mark.parametrize("action", PACKINGS)
def test_a_parcel_carries_signed_facts_and_nothing_that_was_said(talks: Talks, action: str) -> None:
    path = f"{talks.path}/parcels/{action}"
    signed = "双方确认的入职日期"
    answers = talks.world.send_all([(subject, "GET", path, {}) for subject in EVERYBODY])
    before = talks.world.send("clerk-lin", "GET", path).json()
    talks.sign(talks.fact(signed)["id"], talks.worker, talks.employer)

    after = talks.world.send("clerk-lin", "GET", path).json()

    assert [marks for answer in answers if (marks := marks_in(answer.text))] == []
    assert {answer.status_code for answer in answers} == {200, 403, 404}
    assert "DOC09" not in after["papers"]
    assert before["undisputed_facts"] == []
    told = [fact["text"] for fact in after["undisputed_facts"]]
    assert told == ([signed] if PACKINGS[action].has_facts else [])


def test_an_event_has_no_place_for_words_or_amounts(talks: Talks) -> None:
    events = talks.world.rows("select * from outbox")

    assert {name for event in events for name in event} == {
        "id", "kind", "case_id", "sequence", "ref_id", "published_at",
    }  # fmt: skip
    entries = [event["ref_id"] for event in events if event["kind"] == "entry"]
    assert entries == [None] * talks.world.case(talks.id).sequence


def test_a_fact_is_signed_by_the_parties_and_by_each_once(world: World) -> None:
    talks = in_talks(world)
    path = f"{talks.path}/undisputed-facts/{talks.fact()['id']}/signatures"
    day = str(world.today)

    def sign(party: str) -> int:
        return world.send("clerk-lin", "POST", path, json={"party_id": party, "signed_on": day}).status_code

    taken = [sign(party) for party in (talks.worker, talks.worker, talks.id, talks.employer, talks.employer)]

    assert taken == [201, 409, 409, 201, 409]


def test_without_its_key_nothing_that_was_said_opens_and_the_chain_still_holds(talks: Talks) -> None:
    destroy = "update subject_keys set wrapped = null where id = :id"
    talks.world.write(lambda unit: unit.execute(statement(destroy), {"id": wall_key_id(talks.id)}))

    offers = talks.shown_to("clerk-lin", "offers")
    history = json.dumps(talks.shown_to("clerk-lin", "history?limit=200"), ensure_ascii=False)

    assert [(item["text"], item["amount"]) for item in offers] == [(None, None)] * 3
    assert marks_in(history) == set()
    assert talks.world.verification(talks.id)["holds"]


@contextmanager
def answers_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every answer given while this lasts, as text."""
    kept: list[str] = []
    send, answer = World.send, World.answer

    def heard(self: World, *args: Any, **content: Any) -> httpx.Response:
        found = send(self, *args, **content)
        kept.append(found.text)
        return found

    def answered(self: World, *args: Any, **content: Any) -> Answer:
        found = answer(self, *args, **content)
        kept.append(found.body.decode())
        return found

    with monkeypatch.context() as patched:
        patched.setattr(World, "send", heard)
        patched.setattr(World, "answer", answered)
        yield kept
