import pytest
from tests.api.offline import Client

from mediation.domain.procedure import PROCEDURE
from mediation.domain.terms import TERMS


@pytest.fixture(scope="module")
def client() -> Client:
    return Client()


def test_the_procedure_is_told_whole(client: Client) -> None:
    told = client.send("GET", "/v1/procedure", headers={"Authorization": ""}).json()

    assert set(told) == {"version", "hash", "tracks", "states", "steps", "terms"}
    assert [step["action"] for step in told["steps"]] == list(PROCEDURE.steps)
    assert told["hash"] == PROCEDURE.hash
    assert {term["code"] for term in told["terms"]} == set(TERMS)


def test_the_diagram_draws_every_track(client: Client) -> None:
    answer = client.send("GET", "/v1/procedure/diagram")

    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.count("stateDiagram-v2") == len(PROCEDURE.tracks)


@pytest.mark.parametrize(
    "name",
    [
        "claim_codes",
        "document_kinds",
        "organization_kinds",
        "sources",
        "break_glass_purposes",
        "access_purposes",
        "party_kinds",
        "party_roles",
        "channels",
    ],
)
def test_tables_carry_labels_in_both_languages(client: Client, name: str) -> None:
    items = client.send("GET", f"/v1/tables/{name}").json()["items"]

    assert items
    assert all(item["label"]["zh"] and item["label"]["en"] for item in items)


def test_questions_left_open_are_told_with_their_rule(client: Client) -> None:
    items = client.send("GET", "/v1/ambiguities").json()["items"]

    assert [item["id"] for item in items] == [f"AMB-{number}" for number in range(1, 17)]


def test_a_term_is_previewed_with_its_arithmetic(client: Client) -> None:
    told = client.post("/v1/terms/D_MED_15/preview", {"start": "2026-09-16"}).json()

    assert (told["due"], told["provisional"]) == ("2026-10-08", False)
    assert [line["facts"]["line"] for line in told["working"]] == ["start_not_counted", "raw_end", "rolled"]


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("D_NEG_TERM", {"start": "2026-09-16"}),
        ("D_NEG_TERM", {"start": "2026-09-16", "agreed_end": "2026-09-15"}),
        ("D_MED_15", {"start": "2026-09-16", "agreed_end": "2026-09-30"}),
    ],
)
def test_an_agreed_end_is_given_where_and_only_where_it_belongs(
    client: Client, code: str, body: dict[str, str]
) -> None:
    answer = client.post(f"/v1/terms/{code}/preview", body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/agreed_end"


def test_an_unknown_term_is_not_found(client: Client) -> None:
    assert client.post("/v1/terms/D_NONE/preview", {"start": "2026-09-16"}).status_code == 404


def test_days_are_counted(client: Client) -> None:
    body = {"start": "2026-09-28", "length": 3, "unit": "working_day", "roll": True}

    told = client.post("/v1/calendar/count", body).json()

    assert told["due"] == "2026-10-08"


def test_a_count_beyond_the_calendar_is_refused(client: Client) -> None:
    body = {"start": "2099-01-01", "length": 5000, "unit": "year", "roll": False}

    assert client.post("/v1/calendar/count", body).status_code == 422


def test_a_day_beyond_the_notices_is_provisional(client: Client) -> None:
    body = {"start": "2098-01-01", "length": 5, "unit": "working_day", "roll": True}

    assert client.post("/v1/calendar/count", body).json()["provisional"] is True


def test_the_page_of_operations_needs_nothing_from_elsewhere(client: Client) -> None:
    answer = client.send("GET", "/docs")

    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "http://" not in answer.text.replace("http://127.0.0.1", "")
    assert 'id="submit_intake"' in answer.text


def test_the_clock_of_the_demo_moves() -> None:
    client = Client()

    before = client.post("/v1/demo/clock", {"today": "2026-01-05"}).json()
    after = client.post("/v1/demo/clock", {"advance_days": 10}).json()

    assert (before["today"], after["today"]) == ("2026-01-05", "2026-01-15")


def test_the_clock_does_not_move_on_both_counts() -> None:
    answer = Client().post("/v1/demo/clock", {"today": "2026-01-05", "advance_days": 1})

    assert answer.status_code == 422
