"""A party at its own case by a link: what it reads, what it sends, and that such a link opens nothing else."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.security.attack import ELSEWHERE, UNKNOWN, ask, body_for, filled, operations, told
from tests.services.world import EMPLOYER, WORKER, World, accept, mediate, party_ids

from mediation.api.endpoints import offered
from mediation.services.link_tokens import LINK_PREFIX

BY_LINK = {
    ("GET", "/v1/party/case"),
    ("POST", "/v1/party/answers"),
    ("POST", "/v1/party/data-requests"),
    ("GET", "/v1/party/data-requests"),
}
DAY = timedelta(days=1)


def make_link(world: World, case: dict[str, Any], party: int = 0, who: str = "clerk-lin", **given: Any) -> Any:
    path = f"/v1/cases/{case['id']}/parties/{party_ids(case)[party]}/access-links"
    body = {"expires_on": (world.today + 7 * DAY).isoformat(), **given.pop("body", {})}
    return world.send(who, "POST", path, json=body, **given)


def link_of(world: World, case: dict[str, Any], party: int = 0) -> str:
    made = make_link(world, case, party)
    assert made.status_code == 201, made.text
    token: str = made.json()["token"]
    return token


def by(token: str, **content: Any) -> dict[str, Any]:
    return {**content, "headers": {"Authorization": f"Bearer {token}", **content.get("headers", {})}}


def read(world: World, token: str) -> httpx.Response:
    return world.send("", "GET", "/v1/party/case", **by(token))


def answer(world: World, token: str, kind: str = "message", text: str | None = "请来电", **headers: str) -> Any:
    return world.send("", "POST", "/v1/party/answers", **by(token, json={"kind": kind, "text": text}, headers=headers))


def messages(world: World, case: dict[str, Any], who: str = "clerk-lin", query: str = "") -> httpx.Response:
    return world.send(who, "GET", f"/v1/cases/{case['id']}/party-messages{query}")


def test_a_link_is_shown_once_and_kept_as_a_hash(world: World) -> None:
    case = world.create()
    path = f"/v1/cases/{case['id']}/parties/{party_ids(case)[0]}/access-links"

    made = make_link(world, case, headers={"Idempotency-Key": "one"})
    again = make_link(world, case, headers={"Idempotency-Key": "one"})
    listed = world.send("clerk-lin", "GET", path).json()["items"]

    link = made.json()
    secret = link["token"].removeprefix(link["prefix"])
    assert (made.status_code, again.status_code) == (201, 201)
    assert again.json() == {**link, "token": None}
    assert listed == [{name: value for name, value in link.items() if name != "token"}]
    assert len(secret) == 43
    kept = [world.rows(f"select * from {table}") for table in ("party_links", "history", "idempotency")]  # noqa: S608
    assert secret not in json.dumps(kept, default=str)


def test_a_party_reads_where_its_case_stands_and_what_is_asked_of_it(world: World) -> None:
    case = world.create()
    world.take(case["id"], "triage_ok", claim_codes=["unpaid_wages"], employer_seat="330106", route_wanted="mediation",
               migrant_worker=True)  # fmt: skip
    centre = world.case(case["id"]).organization_id
    world.take(case["id"], "ask_consent", organization=centre, asked_on=world.today.isoformat(), how="phone")
    before = read(world, link_of(world, case, 1)).json()
    day = world.today.isoformat()
    consents = [{"party": key, "date": day, "form": "written"} for key in party_ids(case)]
    world.take(case["id"], "consent", consents=consents, accepted_on=day)

    after = read(world, link_of(world, case, 1)).json()

    assert before["party"]["name"] == EMPLOYER
    assert before["state"]["code"] == "awaiting_counterparty_consent"
    assert [ask["kind"] for ask in before["asked_of_you"]] == ["consent"]
    assert set(before["in_plain_words"]) == {"zh", "en"}
    assert after["asked_of_you"] == []
    assert "D_MED_15" in {deadline["code"] for deadline in after["deadlines"]}
    assert after["link_expires_on"] == (world.today + 7 * DAY).isoformat()


def test_a_party_reads_what_it_is_to_sign_and_to_pay(world: World) -> None:
    case = world.create()
    mediate(world, case["id"])
    worker, employer = link_of(world, case), link_of(world, case, 1)
    payment = {
        "kind": "payment", "debtor": party_ids(case)[1], "creditor": party_ids(case)[0], "amount": "10000.00",
        "due_on": "2026-07-01", "what": "工资",
    }  # fmt: skip
    world.take(
        case["id"], "reach_agreement", "mediator-zhou", draft={"reference": "调解协议书"}, obligations=[payment],
        remaining_claims="settled",
    )  # fmt: skip

    owed, owing = read(world, worker).json(), read(world, employer).json()
    _sign(world, case)
    signed = read(world, employer).json()

    assert [paper["code"] for paper in owed["documents_to_sign"]] == ["DOC13"]
    assert [ask["kind"] for ask in owed["asked_of_you"]] == ["sign"]
    assert [ask["kind"] for ask in owing["asked_of_you"]] == ["sign"]
    assert [(ask["kind"], ask["obligation_id"]) for ask in signed["asked_of_you"]] == [
        ("perform", signed["obligations"][0]["id"])
    ]
    assert signed["documents_to_sign"] == []
    (obligation,) = owing["obligations"]
    assert (obligation["is_owed_by_you"], obligation["amount"], obligation["what"]) == (True, "10000.00", "工资")
    assert [one["is_owed_by_you"] for one in owed["obligations"]] == [False]


def test_a_party_reads_no_more_than_a_party_of_its_side(world: World) -> None:
    case = world.create()
    accept(world, case["id"])

    text = read(world, link_of(world, case, 1)).text

    hidden = [WORKER, party_ids(case)[0], "两个月工资", "两个月未发工资", "138", "110105", "tasks", "24000.00"]
    assert [mark for mark in hidden if mark in text] == []


def test_an_answer_waits_for_the_case_team_and_moves_nothing(world: World) -> None:
    case = world.create()
    token = link_of(world, case)
    state = world.case(case["id"]).state

    sent = answer(world, token, "will_sign", "周五来签", **{"Idempotency-Key": "once"})
    again = answer(world, token, "will_sign", "周五来签", **{"Idempotency-Key": "once"})

    (listed,) = messages(world, case).json()["items"]
    assert (sent.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert sent.json() == again.json() == {"id": listed["id"]}
    assert (listed["party_id"], listed["kind"], listed["text"]) == (party_ids(case)[0], "will_sign", "周五来签")
    assert world.case(case["id"]).state == state
    assert world.rows("select count(*) as n from access_log where operation = 'list_party_messages'")[0]["n"] == 1


def test_what_a_party_sends_lies_sealed_and_is_heard_at_the_table_alone(world: World) -> None:
    case = world.create()
    volunteer = {"person_id": _person("volunteer-he"), "role": "volunteer"}
    assert world.send("clerk-lin", "POST", f"/v1/cases/{case['id']}/assignments", json=volunteer).status_code == 201
    answer(world, link_of(world, case), text="密底线九千")
    answer(world, link_of(world, case, 1), text="密最多七千")

    heard = {who: messages(world, case, who) for who in ("clerk-lin", "volunteer-he", "supervisor-tang")}

    texts = {who: [item["text"] for item in found.json().get("items", ())] for who, found in heard.items()}
    assert texts == {"clerk-lin": ["密底线九千", "密最多七千"], "volunteer-he": ["密底线九千"], "supervisor-tang": []}
    assert heard["supervisor-tang"].status_code == 403
    kept = str([world.rows(f"select * from {name}") for name in world.counts()])  # noqa: S608
    assert "party_messages" in world.counts()
    assert [mark for mark in ("底线九千", "最多七千") if mark in kept] == []
    assert "密" not in world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}/history").text


def test_messages_come_in_pages(world: World) -> None:
    case = world.create()
    token = link_of(world, case)
    for kind in ("refusal", "consent"):
        answer(world, token, kind, None)

    first = messages(world, case, query="?limit=1").json()
    second = world.send("clerk-lin", "GET", first["next"]).json()

    assert [item["kind"] for page in (first, second) for item in page["items"]] == ["refusal", "consent"]
    assert [item["text"] for item in first["items"]] == [None]
    assert second["next"] is None


def test_links_come_in_pages(world: World) -> None:
    case = world.create()
    made = [make_link(world, case).json()["id"] for _ in range(2)]
    path = f"/v1/cases/{case['id']}/parties/{party_ids(case)[0]}/access-links"

    first = world.send("clerk-lin", "GET", f"{path}?limit=1").json()
    second = world.send("clerk-lin", "GET", first["next"]).json()

    assert [item["id"] for page in (first, second) for item in page["items"]] == made
    assert second["next"] is None


def test_history_tells_links_made_used_and_revoked_and_nothing_that_was_said(world: World) -> None:
    case = world.create()
    made = make_link(world, case).json()
    answer(world, made["token"], "refusal", "不同意")
    path = f"/v1/cases/{case['id']}/parties/{made['party_id']}/access-links/{made['id']}"

    revoked = world.send("clerk-lin", "DELETE", path)
    again = world.send("clerk-lin", "DELETE", path)

    entries = world.send("clerk-lin", "GET", f"/v1/cases/{case['id']}/history").json()["items"][-3:]
    assert [e["action"] for e in entries] == ["make_access_link", "answer_by_access_link", "revoke_access_link"]
    assert {entry["input"]["link_id"] for entry in entries} == {made["id"]}
    assert entries[1]["actor"] == made["party_id"]
    assert "refusal" not in json.dumps(entries)
    assert (revoked.status_code, again.status_code) == (200, 409)
    assert told(read(world, made["token"])) == (401, "token_invalid")
    assert world.verification(case["id"])["holds"]


@pytest.mark.parametrize("ahead", [-1, 31])
def test_a_link_serves_for_thirty_days_at_most(world: World, ahead: int) -> None:
    case = world.create()

    refused = make_link(world, case, body={"expires_on": (world.today + ahead * DAY).isoformat()})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/expires_on"


def test_a_link_ends_with_its_last_day(world: World) -> None:
    case = world.create()
    token = make_link(world, case, body={"expires_on": world.today.isoformat()}).json()["token"]

    on_the_day = read(world, token)
    world.clock.move_to(world.today + DAY)

    assert on_the_day.status_code == 200
    assert told(read(world, token)) == (401, "token_expired")


def test_a_link_is_dead_once_the_case_is_closed(world: World) -> None:
    case = world.create()
    token = link_of(world, case)

    world.take(case["id"], "withdraw", asked_by=party_ids(case)[0], reason="双方自行和解")

    assert told(read(world, token)) == (401, "token_invalid")
    assert told(answer(world, token)) == (401, "token_invalid")
    assert make_link(world, case).status_code == 409


def test_a_link_is_dead_once_its_party_left(world: World) -> None:
    case = world.create()
    tokens = link_of(world, case), link_of(world, case, 1)

    world.write(_leave, party_ids(case)[0])

    assert told(read(world, tokens[0])) == (401, "token_invalid")
    assert read(world, tokens[1]).status_code == 200
    assert make_link(world, case).status_code == 409


def test_only_clerk_and_mediator_of_the_body_make_links(world: World) -> None:
    case = world.create()
    mediate(world, case["id"])
    volunteer = {"person_id": _person("volunteer-he"), "role": "volunteer"}
    world.send("clerk-lin", "POST", f"/v1/cases/{case['id']}/assignments", json=volunteer)

    found = {who: make_link(world, case, who=who).status_code for who in (
        "clerk-lin", "mediator-zhou", "volunteer-he", "supervisor-tang", "auditor-feng", "clerk-mu", "admin-qian",
    )}  # fmt: skip

    assert found == {
        "clerk-lin": 201, "mediator-zhou": 201, "volunteer-he": 403, "supervisor-tang": 403, "auditor-feng": 403,
        "clerk-mu": 404, "admin-qian": 404,
    }  # fmt: skip


def test_a_link_of_another_party_or_case_is_not_found(world: World) -> None:
    case, other = world.create(), world.create()
    made = make_link(world, case).json()
    paths = [
        f"/v1/cases/{case['id']}/parties/{party_ids(case)[1]}/access-links/{made['id']}",
        f"/v1/cases/{other['id']}/parties/{made['party_id']}/access-links/{made['id']}",
        f"/v1/cases/{case['id']}/parties/{made['party_id']}/access-links/{UNKNOWN}",
    ]

    found = [world.send("clerk-lin", "DELETE", path).status_code for path in paths]

    assert found == [404] * 3
    assert read(world, made["token"]).status_code == 200


def test_no_other_operation_takes_a_link(world: World) -> None:
    case = world.create()
    token = link_of(world, case)
    known = {"case_id": case["id"], "party_id": party_ids(case)[0]}
    needs_token = [(m, p, d) for m, p, d in operations() if d["security"] and (m, p) not in BY_LINK]
    requests = [(None, m, filled(p, **known), by(token, **body_for(d, known))) for m, p, d in needs_token]
    before = world.counts()

    answers = ask(world, requests)

    assert len(answers) > 200
    assert {told(found) for found in answers} == {(401, "token_invalid")}
    assert world.counts() == before


def test_the_operations_of_a_link_take_no_account(world: World) -> None:
    world.create()
    marked = {(entry.method, entry.path) for entry in offered().values() if entry.by_link}

    answers = [
        ask(world, [(who, m, p, {"json": {"kind": "consent"}} if m == "POST" else {})])[0]
        for who in ("clerk-lin", "worker-zhang", "admin-qian", None)
        for m, p in sorted(BY_LINK)
    ]

    assert marked == BY_LINK
    assert {found.status_code for found in answers} == {401}


@pytest.mark.parametrize("header", ["Mediation-On-Behalf-Of", "Mediation-Acting-As"])
def test_a_party_by_link_acts_as_nobody_else(world: World, header: str) -> None:
    token = link_of(world, world.create())

    found = [
        world.send("", "GET", "/v1/party/case", **by(token, headers={header: _person("clerk-lin")})),
        answer(world, token, **{header: _person("clerk-lin")}),
        world.send("", "GET", "/v1/party/data-requests", **by(token, headers={header: _person("clerk-lin")})),
        world.send(
            "", "POST", "/v1/party/data-requests",
            **by(token, headers={header: _person("clerk-lin")}, json={"kind": "copy"}),
        ),
    ]  # fmt: skip

    assert [one.status_code for one in found] == [403] * 4


def test_a_message_needs_words(world: World) -> None:
    token = link_of(world, world.create())

    refused = answer(world, token, "message", None)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/text")


def test_answers_have_a_budget_of_their_own(world: World) -> None:
    token = link_of(world, world.create())
    content = by(token, json={"kind": "consent"})

    answers = ask(world, [(None, "POST", "/v1/party/answers", content)] * 4, rate_party_answers=2)

    assert [found.status_code for found in answers] == [201, 201, 429, 429]
    assert world.counts()["party_messages"] == 2


def test_guessing_links_is_counted_as_failed_sign_ins_and_raises_an_alarm(world: World) -> None:
    made = make_link(world, world.create()).json()
    guesses = [f"{made['prefix']}{number}" for number in range(3)] + [LINK_PREFIX, f"{LINK_PREFIX}{UNKNOWN}_x"]

    answers = ask(
        world, [(None, "GET", "/v1/party/case", by(guess)) for guess in guesses], address=ELSEWHERE,
        rate_failed_sign_ins=3,
    )  # fmt: skip

    assert [found.status_code for found in answers] == [401] * 3 + [429] * 2
    assert [row["kind"] for row in world.rows("select kind from alarms")] == ["failed_sign_ins"]


def _sign(world: World, case: dict[str, Any]) -> None:
    day = world.today.isoformat()
    signatures = [{"party": key, "date": day} for key in party_ids(case)]
    world.take(case["id"], "complete_signatures", "mediator-zhou", signatures=signatures, seal_on=day, effective_on=day)


def _person(subject: str) -> str:
    from mediation.demo.people import person

    return person(subject).id


def _leave(unit: Any, party_id: str) -> None:
    from mediation.storage.json_sql import statement

    unit.execute(statement("update parties set status = 'left' where id = :id"), {"id": party_id})
