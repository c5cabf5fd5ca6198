import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.gateways.sealing import (
    Master,
    UnsealError,
    derive,
    keyed_hash,
    new_data_key,
    seal,
    unseal,
)

KEY = bytes(range(32))
MASTER = Master(bytes(range(32, 64)))
CONTEXT = "subjects/0198/resident_id"
NUMBER = "11010519491231002X"


@given(text=st.text(), context=st.text())
def test_a_sealed_text_opens_in_its_context(text: str, context: str) -> None:
    assert unseal(KEY, seal(KEY, text, context), context) == text


def test_a_sealed_text_shows_its_version_and_nothing_else() -> None:
    sealed = seal(KEY, NUMBER, CONTEXT)

    assert re.fullmatch(r"v1\.[A-Za-z0-9_-]+", sealed)
    assert NUMBER not in sealed


def test_two_seals_of_one_text_differ() -> None:
    assert len({seal(KEY, NUMBER, CONTEXT) for _ in range(100)}) == 100


@pytest.mark.parametrize("context", ["subjects/0199/resident_id", "subjects/0198/phone", ""])
def test_a_text_moved_to_another_place_does_not_open(context: str) -> None:
    sealed = seal(KEY, NUMBER, CONTEXT)

    with pytest.raises(UnsealError):
        unseal(KEY, sealed, context)


def test_another_key_does_not_open_it() -> None:
    sealed = seal(KEY, NUMBER, CONTEXT)

    with pytest.raises(UnsealError):
        unseal(new_data_key(), sealed, CONTEXT)


def test_no_bit_of_a_sealed_text_may_change() -> None:
    version, body = seal(KEY, NUMBER, CONTEXT).split(".")
    blob = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))

    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= 1
        with pytest.raises(UnsealError):
            unseal(KEY, f"{version}.{base64.urlsafe_b64encode(changed).decode()}", CONTEXT)


@pytest.mark.parametrize("text", ["", "v1", "v1.", "v1.AAAA", "v1.§", "v1.A", "v2.AAAA", NUMBER])
def test_what_was_never_sealed_is_refused(text: str) -> None:
    with pytest.raises(UnsealError):
        unseal(KEY, text, CONTEXT)


def test_an_error_tells_nothing_of_the_text() -> None:
    with pytest.raises(UnsealError) as caught:
        unseal(KEY, NUMBER, CONTEXT)

    assert NUMBER not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_wrapped_key_opens_under_its_master_alone() -> None:
    data_key = new_data_key()
    wrapped = MASTER.wrap(data_key, CONTEXT)

    assert MASTER.unwrap(wrapped, CONTEXT) == data_key
    with pytest.raises(UnsealError, match=f"master key {MASTER.key_id}"):
        Master(bytes(32)).unwrap(wrapped, CONTEXT)


def test_a_wrapped_key_of_one_subject_does_not_open_for_another() -> None:
    wrapped = MASTER.wrap(new_data_key(), "subjects/1/key")

    with pytest.raises(UnsealError):
        MASTER.unwrap(wrapped, "subjects/2/key")


@pytest.mark.parametrize("text", ["", "v1", "v1.AAAA", "v2.00000000.AAAA"])
def test_what_was_never_wrapped_is_refused(text: str) -> None:
    with pytest.raises(UnsealError, match="not a wrapped key"):
        MASTER.unwrap(text, CONTEXT)


def test_a_master_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Master(b"short")


def test_equal_values_have_equal_hashes_within_their_kind_and_secret() -> None:
    found = keyed_hash(KEY, "resident_id", NUMBER)

    assert re.fullmatch(r"[0-9a-f]{64}", found)
    assert found == keyed_hash(KEY, "resident_id", NUMBER)
    assert found != keyed_hash(KEY, "resident_id", NUMBER[:-1] + "1")
    assert found != keyed_hash(KEY, "bank_account", NUMBER)
    assert found != keyed_hash(bytes(32), "resident_id", NUMBER)


def test_each_purpose_has_its_own_key() -> None:
    assert len({derive(KEY, "cursors"), derive(KEY, "data-keys"), derive(bytes(32), "cursors"), KEY}) == 4
    assert len(derive(KEY, "cursors")) == 32
