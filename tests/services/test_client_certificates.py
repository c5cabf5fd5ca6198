"""Systems known by a certificate that the proxy in front passes on: from it alone, in time, and bound to the token."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.certificates import HEADER, NAME, byte_sequence, certificate, escaped, passed_on, pem, thumbprint, usual
from tests.security.attack import Asked, ask, filled, operations, told
from tests.security.test_api4_resource_consumption import said
from tests.services.test_clients import JWKS, amend, assertion, register
from tests.services.world import CENTRE, World

from mediation.api.endpoints import offered
from mediation.domain.days import shanghai_date
from mediation.settings import Settings, SettingsError

PROXY, ATTACKER = "10.0.0.5", "198.51.100.7"
BEHIND: dict[str, Any] = {"client_cert_header": HEADER, "proxies": "10.0.0.0/28,::1"}
CA_CHECKED: dict[str, Any] = {**BEHIND, "client_cert_ca": True}
DAY = timedelta(days=1)


def asking(client: dict[str, Any], header: Any = None, **form: Any) -> Asked:
    """A request for a token with a certificate."""
    given = {"grant_type": "client_credentials", "client_id": client["id"], **form}
    data = {name: value for name, value in given.items() if value is not None}
    return None, "POST", "/v1/token", {"data": data, "headers": passed_on(usual()) if header is None else header}


def using(token: str, header: Any) -> Asked:
    return None, "GET", "/v1/me", {"headers": [("Authorization", f"Bearer {token}"), *dict(header).items()]}


def grant(world: World, client: dict[str, Any], header: Any = None, **settings: Any) -> httpx.Response:
    return ask(world, [asking(client, header)], address=PROXY, **{**BEHIND, **settings})[0]


def use(world: World, token: str, header: Any, address: str = PROXY) -> tuple[int, str | None]:
    return told(ask(world, [using(token, header)], address=address, **BEHIND)[0])


@pytest.fixture
def client(world: World) -> dict[str, Any]:
    """A system of the centre that shows the usual certificate."""
    return register(world, certificates=[pem(usual())])


def test_a_certificate_is_shown_by_its_thumbprint_its_subject_and_its_days(client: dict[str, Any]) -> None:
    days = [shanghai_date(moment).isoformat() for moment in (usual().not_valid_before_utc, usual().not_valid_after_utc)]

    assert client["certificates"] == [
        {"thumbprint": thumbprint(usual()), "subject": NAME, "begins_on": days[0], "ends_on": days[1]}
    ]
    assert client["rotated_at"] is not None
    assert (client["jwks"], client["certificate_subject"]) == (None, None)


def test_a_certificate_is_exchanged_for_a_token_that_opens_the_account(world: World, client: dict[str, Any]) -> None:
    answer = grant(world, client)

    granted = answer.json()
    me = ask(world, [using(granted["access_token"], passed_on(usual()))], address=PROXY, **BEHIND)[0].json()
    assert (answer.status_code, granted["token_type"], granted["expires_in"]) == (200, "Bearer", 600)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert (me["id"], me["roles"]) == (client["id"], ["clerk"])
    assert world.rows("select last_used_at from clients")[0]["last_used_at"] is not None


def test_what_nginx_passes_on_is_read_too(world: World, client: dict[str, Any]) -> None:
    header = {HEADER: escaped(usual())}
    token = grant(world, client, header).json()["access_token"]

    assert use(world, token, header) == (200, None)
    assert use(world, token, passed_on(usual())) == (200, None)


@pytest.mark.parametrize("shown", [None, "another", "expired", "junk"])
def test_a_stolen_token_is_nobodys_without_its_certificate(
    world: World, client: dict[str, Any], shown: str | None
) -> None:
    token = grant(world, client).json()["access_token"]
    headers: dict[str | None, Any] = {
        None: {}, "another": passed_on(certificate()), "expired": passed_on(certificate(ends=-DAY / 2)),
        "junk": {HEADER: "junk"},
    }  # fmt: skip

    found = use(world, token, headers[shown])

    assert found == (401, "certificate_refused" if shown == "junk" else "token_invalid")


def test_a_stolen_token_serves_nobody_who_adds_the_certificate_themselves(world: World, client: dict[str, Any]) -> None:
    token = grant(world, client).json()["access_token"]

    assert use(world, token, passed_on(usual()), ATTACKER) == (401, "certificate_refused")


def test_a_token_for_an_assertion_is_bound_to_nothing(world: World) -> None:
    client = register(world, jwks=JWKS, certificates=[pem(usual())])
    form = {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}
    (answer,) = ask(world, [asking(client, client_assertion=assertion(client), **form)], address=PROXY, **BEHIND)

    assert use(world, answer.json()["access_token"], {}) == (200, None)


@pytest.mark.parametrize("path", ["/v1/me", "/v1/cases/x/steps/accept", "/v1/party/case"])
@pytest.mark.parametrize("subject", [None, "clerk-lin"])
def test_the_header_from_anybody_but_the_proxy_is_refused_wherever_somebody_signs_in(
    world: World, path: str, subject: str | None
) -> None:
    method = "POST" if path.endswith("accept") else "GET"
    asked: Asked = (subject, method, path, {"headers": passed_on(usual())})

    answers = ask(world, [asked] * 4, address=ATTACKER, rate_failed_sign_ins=2, **BEHIND)

    assert [told(answer) for answer in answers] == [(401, "certificate_refused")] * 2 + [(429, "rate_limited")] * 2
    assert [row["kind"] for row in world.rows("select kind from alarms")] == ["failed_sign_ins"]


@pytest.mark.parametrize("with_assertion", [False, True])
def test_nobody_but_the_proxy_tells_of_a_certificate_at_the_exchange(
    world: World, client: dict[str, Any], with_assertion: bool
) -> None:
    signs = register(world, name="另一系统", jwks=JWKS)
    form = {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion(signs),
    }
    asked = asking(signs, **form) if with_assertion else asking(client)

    answers = ask(world, [asked] * 2, address=ATTACKER, rate_failed_sign_ins=1, **BEHIND)

    assert [told(answer) for answer in answers] == [(400, "invalid_client"), (429, "rate_limited")]


@pytest.mark.parametrize("shown", [passed_on(usual()), {HEADER: "junk"}], ids=["whole", "junk"])
def test_what_needs_no_sign_in_does_not_look_at_a_certificate(sqlite_world: World, shown: dict[str, str]) -> None:
    public = [
        entry.path for entry in offered().values()
        if entry.method == "GET" and entry.is_public and "{" not in entry.path
    ]  # fmt: skip
    plain = ask(sqlite_world, [(None, "GET", path, {}) for path in public], address=ATTACKER, **BEHIND)

    answers = ask(
        sqlite_world, [(None, "GET", path, {"headers": shown}) for path in public], address=ATTACKER, **BEHIND
    )

    assert {"/v1/health/live", "/v1/procedure"} <= set(public)
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.status_code for answer in plain] == [answer.status_code for answer in answers]


def test_whatever_is_asked_with_a_forged_certificate_is_answered_as_the_document_says(sqlite_world: World) -> None:
    offers = operations()
    asked: list[Asked] = [(None, method, filled(path), {"headers": passed_on(usual())}) for method, path, _ in offers]

    answers = ask(sqlite_world, asked, address=ATTACKER, **BEHIND)

    undocumented = {
        (method, path, answer.status_code)
        for (method, path, described), answer in zip(offers, answers, strict=True)
        if str(answer.status_code) not in described["responses"]
    }
    assert len(answers) > 150
    assert undocumented == set()


def test_a_certificate_passed_on_twice_is_refused(world: World, client: dict[str, Any]) -> None:
    other = certificate()
    header = [(HEADER, byte_sequence(usual())), (HEADER.lower(), byte_sequence(other))]

    (answer,) = ask(world, [asking(client, header)], address=PROXY, **BEHIND)

    assert told(answer) == (400, "invalid_client")


@pytest.mark.parametrize("value", [":", ":!!!!:", ":YWJj:", "junk", byte_sequence(usual())[:-9], f"{'A' * 20000}"])
def test_what_cannot_be_read_is_refused_and_counted(world: World, client: dict[str, Any], value: str) -> None:
    answers = ask(
        world, [asking(client, {HEADER: value})] * 3, address=PROXY, rate_failed_sign_ins=1, **BEHIND
    )  # fmt: skip

    assert [told(answer)[0] for answer in answers] == [400, 429, 429]
    assert answers[0].json()["error"] == "invalid_client"


def test_the_certificate_of_another_system_opens_nothing(world: World, client: dict[str, Any]) -> None:
    theirs = certificate()
    other = register(world, name="另一系统", certificates=[pem(theirs)])

    found = [grant(world, client, passed_on(theirs)), grant(world, other, passed_on(usual()))]

    assert [told(answer) for answer in found] == [(400, "invalid_client")] * 2
    assert grant(world, other, passed_on(theirs)).status_code == 200


@pytest.mark.parametrize("changes", [{"subject": NAME}, {"begins": DAY, "ends": 9 * DAY}])
def test_the_same_name_is_not_the_same_certificate(world: World, client: dict[str, Any], changes: Any) -> None:
    assert told(grant(world, client, passed_on(certificate(**changes)))) == (400, "invalid_client")


def test_failed_certificates_are_failed_sign_ins_and_raise_an_alarm(world: World, client: dict[str, Any]) -> None:
    guess = asking(client, passed_on(certificate()))

    answers = ask(world, [guess] * 4, address=PROXY, rate_failed_sign_ins=2, **BEHIND)

    assert [answer.status_code for answer in answers] == [400, 400, 429, 429]
    assert [row["kind"] for row in world.rows("select kind from alarms")] == ["failed_sign_ins"]


def test_it_counts_from_its_first_moment_to_its_last(world: World) -> None:
    coming = certificate(begins=DAY, ends=9 * DAY)
    client = register(world, certificates=[pem(coming)])

    answer = grant(world, client, passed_on(coming))

    assert told(answer) == (400, "invalid_client")
    assert "not valid yet" in answer.json()["error_description"]


def test_two_certificates_at_a_time_and_the_old_one_goes_when_the_new_one_is_in_use(
    world: World, client: dict[str, Any]
) -> None:
    new = certificate()
    both = amend(world, client, certificates=[pem(usual()), pem(new)]).json()
    with_both = [grant(world, client, passed_on(one)).status_code for one in (usual(), new)]

    amend(world, client, certificates=[pem(new)])
    after = [grant(world, client, passed_on(one)).status_code for one in (usual(), new)]
    third = amend(world, client, certificates=[pem(new)] * 3)

    assert [entry["thumbprint"] for entry in both["certificates"]] == [thumbprint(usual()), thumbprint(new)]
    assert (with_both, after, third.status_code) == ([200, 200], [400, 200], 422)


def test_without_certificates_nothing_is_shown_and_nothing_is_granted(world: World, client: dict[str, Any]) -> None:
    gone = amend(world, client, certificates=None).json()

    assert gone["certificates"] is None
    assert told(grant(world, client)) == (400, "invalid_client")


def test_what_was_got_before_is_good_for_its_ten_minutes_unless_the_system_is_closed(
    world: World, client: dict[str, Any]
) -> None:
    token = grant(world, client).json()["access_token"]
    amend(world, client, certificates=[pem(certificate())])
    still = use(world, token, passed_on(usual()))

    amend(world, client, is_active=False)

    assert (still, use(world, token, passed_on(usual()))) == ((200, None), (403, "person_unknown"))
    assert told(grant(world, client)) == (400, "invalid_client")


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"certificates": ["junk"]}, "/certificates/0"),
        ({"certificates": [pem(usual()), pem(certificate(begins=-9 * DAY, ends=-DAY))]}, "/certificates/1"),
        ({"certificate_subject": "court"}, "/certificate_subject"),
        ({"certificates": [pem(usual())], "certificate_subject": NAME}, "/certificate_subject"),
    ],
)
def test_what_cannot_be_a_systems_is_not_registered(world: World, given: dict[str, Any], pointer: str) -> None:
    body = {"organization_id": CENTRE, "name": "前台系统", "roles": ["clerk"], **given}

    answer = world.send("admin-qian", "POST", "/v1/clients", json=body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_a_subject_beside_certificates_on_file_is_refused(world: World, client: dict[str, Any]) -> None:
    assert amend(world, client, certificate_subject=NAME).status_code == 422
    assert amend(world, client, certificates=None, certificate_subject=NAME).status_code == 200


def test_a_subject_says_who_it_is_where_the_proxy_asks_a_ca_and_nowhere_else(world: World) -> None:
    client = register(world, certificate_subject="CN=court.example.org, O=Court".replace(", ", ","))
    first, renewed, other = certificate(), certificate(), certificate("CN=other.example.org,O=Court")

    trusted = [told(grant(world, client, passed_on(one), **CA_CHECKED)) for one in (first, renewed, other)]
    unchecked = told(grant(world, client, passed_on(first)))
    expired = told(grant(world, client, passed_on(certificate(begins=-9 * DAY, ends=-DAY)), **CA_CHECKED))

    assert client["certificate_subject"] == NAME
    assert trusted == [(200, None), (200, None), (400, "invalid_client")]
    assert (unchecked, expired) == ((400, "invalid_client"), (400, "invalid_client"))


def test_a_token_got_by_a_subject_is_bound_to_that_one_certificate(world: World) -> None:
    client = register(world, certificate_subject=NAME)
    first, renewed = certificate(), certificate()
    token = grant(world, client, passed_on(first), **CA_CHECKED).json()["access_token"]

    assert [use(world, token, passed_on(one)) for one in (first, renewed)] == [(200, None), (401, "token_invalid")]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"client_id": None}, "invalid_request"),
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"client_id": "x"}, "invalid_client"),
        ({"client_id": "é" * 36}, "invalid_client"),
        ({"client_assertion": "junk"}, "invalid_request"),
    ],
)
def test_a_request_for_a_token_is_complete(
    world: World, client: dict[str, Any], form: dict[str, Any], code: str
) -> None:
    (answer,) = ask(world, [asking(client, **form)], address=PROXY, **BEHIND)

    assert told(answer) == (400, code)


def test_where_no_header_is_set_none_is_read(world: World, client: dict[str, Any]) -> None:
    found = ask(world, [asking(client), ("clerk-lin", "GET", "/v1/me", {"headers": passed_on(usual())})])

    assert [told(answer) for answer in found] == [(400, "invalid_request"), (200, None)]


def test_an_account_of_a_person_is_not_opened_by_a_certificate(world: World) -> None:
    person_id = world.rows("select id from people where subject = 'clerk-lin'")[0]["id"]

    assert told(grant(world, {"id": person_id})) == (400, "invalid_client")


@pytest.mark.parametrize("peer", ["10.0.0.15", "::ffff:10.0.0.5", "::1"])
def test_a_proxy_is_known_by_its_network(world: World, client: dict[str, Any], peer: str) -> None:
    assert ask(world, [asking(client)], address=peer, **BEHIND)[0].status_code == 200


@pytest.mark.parametrize("peer", ["10.0.0.16", "::2", "", "unix"])
def test_who_is_not_known_is_no_proxy(world: World, client: dict[str, Any], peer: str) -> None:
    assert told(ask(world, [asking(client)], address=peer, **BEHIND)[0]) == (400, "invalid_client")


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"client_cert_header": HEADER}, "MEDIATION_PROXIES"),
        ({"client_cert_header": "Client Cert", "proxies": PROXY}, "MEDIATION_CLIENT_CERT_HEADER"),
        ({**BEHIND, "demo_open": True}, "MEDIATION_DEMO_OPEN"),
        ({"client_cert_ca": True}, "MEDIATION_CLIENT_CERT_CA"),
    ],
)
def test_settings_that_would_believe_anybody_are_refused(changes: dict[str, Any], variable: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        Settings(demo=True, worker=False, **changes).check()


@pytest.mark.parametrize(("proxies", "status"), [("127.0.0.1", 200), ("10.0.0.5", 400)])
def test_the_proxy_is_who_is_at_the_other_end_whatever_it_forwards_for(
    world: World, client: dict[str, Any], proxies: str, status: int
) -> None:
    """Over a real connection, where the server writes the forwarded address over the proxy's own."""
    form = f"grant_type=client_credentials&client_id={client['id']}"
    head = {
        "Host": "service", "Connection": "close", "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(form)), "X-Forwarded-For": "203.0.113.9, 10.0.0.5", **passed_on(usual()),
    }  # fmt: skip
    lines = ["POST /v1/token HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", form]

    answer, _ = said(world, "\r\n".join(lines).encode(), client_cert_header=HEADER, proxies=proxies)

    assert answer == status
