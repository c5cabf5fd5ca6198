"""The glass is broken on one case, for a while, never unseen, and nothing can be done under it but reading."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.security.attack import OPENAPI, filled
from tests.security.told_in_talks import MARKS, Talks, in_talks, talk
from tests.services.world import CENTRE, World

from mediation.demo.people import organization, person

REASON = "当事人投诉调解员泄露底价"
READS = sorted(
    path for path, methods in OPENAPI["paths"].items()
    if path.startswith("/v1/cases/{case_id}") and path.count("{") == 1 and "get" in methods
)  # fmt: skip


@pytest.fixture
def talks(world: World) -> Talks:
    """Give a case in which everything marked was said."""
    found = in_talks(world)
    talk(found)
    return found


def broken(talks: Talks, who: str = "supervisor-tang", hours: float = 24, **changes: Any) -> httpx.Response:
    until = (talks.world.clock.now() + timedelta(hours=hours)).isoformat(timespec="seconds")
    body = {"purpose": "complaint", "reason": REASON, "until": until, **changes}
    return talks.world.send(who, "POST", f"{talks.path}/break-glass", json=body)


def texts(talks: Talks, who: str) -> str:
    answers = talks.world.send_all([(who, "GET", filled(path, case_id=talks.id), {}) for path in READS])
    return "".join(answer.text for answer in answers)


def heard(talks: Talks, who: str) -> set[str]:
    return {mark for mark in MARKS if mark in texts(talks, who)}


def logged(talks: Talks) -> list[dict[str, Any]]:
    found = talks.world.rows("select * from access_log order by id")
    return [row for row in found if row["operation"].startswith("break_glass.")]


@pytest.mark.parametrize("who", ["supervisor-tang", "supervisor-yan", "auditor-feng"])
def test_who_watches_over_the_body_reads_what_was_said_once_the_glass_is_broken(talks: Talks, who: str) -> None:
    before = heard(talks, who)

    opened = broken(talks, who)

    assert opened.status_code == 201, opened.text
    assert before == set()
    assert heard(talks, who) == heard(talks, "mediator-zhou") != set()
    assert talks.world.send(who, "GET", talks.path).json()["withheld"] == []
    assert len(talks.shown_to(who, "offers")) == len(talks.shown_to("mediator-zhou", "offers"))


def test_each_reading_under_it_is_in_the_access_log_and_none_before_or_of_others(talks: Talks) -> None:
    talks.world.send("supervisor-tang", "GET", talks.path)
    broken(talks)
    texts(talks, "supervisor-yan")

    for tail in ("", "/steps", "/history", "/offers"):
        talks.world.send("supervisor-tang", "GET", f"{talks.path}{tail}").raise_for_status()

    rows = logged(talks)
    assert [row["operation"].partition(".")[2] for row in rows] == [
        "read_case", "read_steps", "read_history", "list_offers",
    ]  # fmt: skip
    assert {(row["case_id"], row["person_id"], row["purpose"]) for row in rows} == {
        (talks.id, person("supervisor-tang").id, "complaint")
    }


def test_history_an_event_and_a_list_tell_of_it_and_the_reason_is_sealed(talks: Talks) -> None:
    grant = broken(talks).json()

    entry = talks.shown_to("clerk-lin", "history?limit=200")[-1]
    (event,) = talks.world.rows("select * from outbox where kind = 'break_glass.opened'")
    stored = str(talks.world.rows("select * from grants") + talks.world.rows("select payload from history"))
    listed = talks.world.send("auditor-feng", "GET", "/v1/break-glass").json()
    assert (entry["action"], entry["private"]) == ("break_glass", {"reason": REASON})
    assert entry["input"] == {"grant_id": grant["id"], "purpose": "complaint", "until": grant["until"]}
    assert (event["case_id"], event["ref_id"]) == (talks.id, grant["id"])
    assert REASON not in stored
    assert listed == {"items": [grant], "next": None}
    assert (grant["handling_id"], grant["organization_id"]) == (CENTRE, organization("yunxi-union").id)
    assert talks.world.verification(talks.id)["holds"]


def test_it_gives_no_step_and_changes_nothing(talks: Talks) -> None:
    before = talks.world.send("supervisor-tang", "GET", f"{talks.path}/steps").json()
    broken(talks)
    offer = {"kind": "proposal", "made_on": str(talks.world.today), "text": "各退一步"}
    reveal = {"fields": ["phone"], "purpose": "service_of_documents"}

    after = talks.world.send("supervisor-tang", "GET", f"{talks.path}/steps").json()
    written = talks.world.send("supervisor-tang", "POST", f"{talks.path}/offers", json=offer)
    revealed = talks.world.send("supervisor-tang", "POST", f"{talks.path}/parties/{talks.worker}/reveal", json=reveal)

    assert {one["action"] for one in after["open_steps"]} <= {one["action"] for one in before["open_steps"]}
    assert after["roles"] == before["roles"] == ["supervisor"]
    assert (written.status_code, revealed.status_code) == (403, 403)


def test_it_ends_by_itself_to_the_moment(talks: Talks) -> None:
    broken(talks, hours=2)
    start = talks.world.clock.now()

    talks.world.clock.move_to(start + timedelta(hours=2, seconds=-1))
    until_then = heard(talks, "supervisor-tang")
    talks.world.clock.move_to(start + timedelta(hours=2))

    assert until_then != set()
    assert heard(talks, "supervisor-tang") == set()


@pytest.mark.parametrize("who", ["supervisor-tang", "auditor-feng"])
def test_it_is_ended_at_once_by_who_opened_it_or_who_watches(talks: Talks, who: str) -> None:
    grant = broken(talks).json()

    ended = talks.world.send(who, "DELETE", f"/v1/break-glass/{grant['id']}")
    again = talks.world.send(who, "DELETE", f"/v1/break-glass/{grant['id']}")

    assert ended.status_code == 200, ended.text
    assert ended.json()["revoked_by"] == person(who).id
    assert again.status_code == 409
    assert heard(talks, "supervisor-tang") == set()
    assert talks.shown_to("clerk-lin", "history?limit=200")[-1]["action"] == "revoke_break_glass"
    assert len(talks.world.rows("select * from outbox where kind = 'break_glass.revoked'")) == 1


@pytest.mark.parametrize("who", ["clerk-lin", "mediator-zhou", "worker-zhang", "supervisor-meng", "admin-qian"])
def test_nobody_else_ends_it_lists_it_or_learns_of_it(talks: Talks, who: str) -> None:
    grant = broken(talks).json()

    ended = talks.world.send(who, "DELETE", f"/v1/break-glass/{grant['id']}")
    listed = talks.world.send(who, "GET", "/v1/break-glass")

    assert ended.status_code == 404
    assert listed.status_code == 403 or listed.json()["items"] == []


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk-lin", 403), ("mediator-zhou", 403), ("worker-zhang", 403), ("officer-xu", 403), ("supervisor-meng", 404),
     ("supervisor-cao", 404), ("admin-qian", 404), ("clerk-fang", 404)],
)  # fmt: skip
def test_the_glass_is_for_those_who_watch_over_the_body_alone(talks: Talks, who: str, status: int) -> None:
    refused = broken(talks, who)

    assert refused.status_code == status
    assert talks.world.rows("select * from grants") == []


@pytest.mark.parametrize("hours", [-1, 73])
def test_an_end_behind_or_too_far_ahead_is_refused(talks: Talks, hours: int) -> None:
    refused = broken(talks, hours=hours)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/until"


def test_a_purpose_and_a_reason_are_given(talks: Talks) -> None:
    refused = [broken(talks, purpose="curiosity"), broken(talks, reason=" ")]

    assert [answer.status_code for answer in refused] == [422, 422]


def test_who_sees_nothing_of_a_case_below_them_reads_it_for_that_while(talks: Talks) -> None:
    scope = f"b:{organization('yunxi-union').id}"
    sql = f"delete from case_scope where scope_id = '{scope}'"  # noqa: S608
    talks.world.write(lambda unit: unit.connection.exec_driver_sql(sql))
    unseen = talks.world.send("supervisor-tang", "GET", talks.path)

    opened = broken(talks)

    read = talks.world.send("supervisor-tang", "GET", talks.path)
    written = talks.world.send("supervisor-tang", "POST", f"{talks.path}/legal-hold", json={"reason": "另案"})
    assert (unseen.status_code, opened.status_code, read.status_code, written.status_code) == (404, 201, 200, 404)
    assert read.json()["roles"] == []
    assert len(logged(talks)) == 1


def test_it_ends_with_the_membership(talks: Talks) -> None:
    broken(talks)
    sql = f"update memberships set until = '2026-06-15' where person_id = '{person('supervisor-tang').id}'"  # noqa: S608

    talks.world.write(lambda unit: unit.connection.exec_driver_sql(sql))

    assert talks.world.send("supervisor-tang", "GET", talks.path).status_code == 404


def test_what_it_is_explained_to_give_is_what_is_shown(talks: Talks) -> None:
    broken(talks)

    explained = talks.world.send("supervisor-tang", "GET", f"/v1/access/explain?case_id={talks.id}").json()

    (relation,) = explained["relations"]
    assert (relation["ceiling"], relation["withheld"]) == ("confidential", [])


def test_the_list_comes_in_pages_newest_first(talks: Talks) -> None:
    made = [broken(talks).json()["id"] for _ in range(3)]

    first = talks.world.send("supervisor-yan", "GET", "/v1/break-glass?limit=2").json()
    second = talks.world.send("supervisor-yan", "GET", first["next"]).json()

    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None


def test_one_key_breaks_it_once(talks: Talks) -> None:
    until = (talks.world.clock.now() + timedelta(hours=1)).isoformat(timespec="seconds")
    content = {"json": {"purpose": "audit", "reason": REASON, "until": until}, "headers": {"Idempotency-Key": "k"}}

    answers = [talks.world.send("supervisor-tang", "POST", f"{talks.path}/break-glass", **content) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert len(talks.world.rows("select * from grants")) == 1
