"""What makes two requests the same under one Idempotency-Key."""

from typing import Any

import pytest
from tests.api.offline import CASE, Client

from mediation.services.caller import Caller

BODY: dict[str, Any] = {"channel": "walk_in", "summary": "欠薪", "urgent": True}


def caller_of(content: bytes, path: str = "/v1/cases", key: str = "k-1") -> Caller:
    client = Client()
    client.send("POST", path, headers={"Idempotency-Key": key, "Content-Type": "application/json"}, content=content)
    caller: Caller = client.database.asked[0][1]
    return caller


def test_the_same_body_spaced_and_ordered_otherwise_is_the_same_request() -> None:
    plain = caller_of(b'{"channel":"walk_in","urgent":true}')
    spaced = caller_of(b'{ "urgent" : true,\n "channel" : "walk_in" }')

    assert plain.fingerprint == spaced.fingerprint


@pytest.mark.parametrize("content", [b'{"channel":"phone","urgent":true}', b'{"channel":"walk_in"}'])
def test_another_body_is_another_request(content: bytes) -> None:
    assert caller_of(content).fingerprint != caller_of(b'{"channel":"walk_in","urgent":true}').fingerprint


def test_another_path_is_another_request() -> None:
    party = b'{"role":"applicant","kind":"worker","name":"x"}'

    here = caller_of(party, f"/v1/cases/{CASE}/parties")
    there = caller_of(party, f"/v1/cases/{CASE[:-1]}1/parties")

    assert here.fingerprint != there.fingerprint


def test_without_a_key_nothing_is_fingerprinted() -> None:
    caller = caller_of(b'{"channel":"walk_in"}', key="")

    assert (caller.key, caller.fingerprint) == (None, None)


def test_a_caller_is_told_whole() -> None:
    client = Client()
    headers = {"If-Match": '"7"', "X-Request-Id": "r-9", "Accept-Language": "en", "Mediation-Acting-As": CASE}

    client.send("PATCH", f"/v1/cases/{CASE}", headers=headers, json={"urgent": True})

    caller: Caller = client.database.asked[0][1]
    assert (caller.subject, caller.expected_version, caller.request_id) == ("clerk-1", 7, "r-9")
    assert (caller.language, caller.acting_as) == ("en", CASE)
