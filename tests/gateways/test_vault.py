import re

import pytest

from mediation.gateways.sealing import UnsealError
from mediation.gateways.vault import Vault

KEY = bytes(range(32))
VAULT = Vault(KEY)


def test_a_new_key_opens_again_in_its_place_alone() -> None:
    key, wrapped = VAULT.new_key("subjects/1/key")

    assert Vault(KEY).open_key(wrapped, "subjects/1/key") == key
    with pytest.raises(UnsealError):
        VAULT.open_key(wrapped, "subjects/2/key")


def test_a_text_is_sealed_under_its_key() -> None:
    key, _ = VAULT.new_key("subjects/1/key")
    other, _ = VAULT.new_key("subjects/1/key")
    sealed = VAULT.seal(key, "桥头街道12号", "subjects/1/address")

    assert VAULT.unseal(key, sealed, "subjects/1/address") == "桥头街道12号"
    with pytest.raises(UnsealError):
        VAULT.unseal(other, sealed, "subjects/1/address")


def test_a_stored_answer_opens_byte_for_byte_under_the_same_master() -> None:
    body = '{"number":"云溪工调〔2026〕00001号"}'.encode()
    sealed = VAULT.seal_answer(body, "answers/1")

    assert Vault(KEY).unseal_answer(sealed, "answers/1") == body
    with pytest.raises(UnsealError):
        Vault(bytes(32)).unseal_answer(sealed, "answers/1")


def test_equal_values_of_one_kind_are_found_by_their_hash() -> None:
    found = VAULT.hash("phone", "13800000000")

    assert found == Vault(KEY).hash("phone", "13800000000")
    assert found != VAULT.hash("bank_account", "13800000000")
    assert found != Vault(bytes(32)).hash("phone", "13800000000")


def test_a_signature_belongs_to_its_text_and_master() -> None:
    signature = VAULT.sign("cursor")

    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", signature)
    assert signature == Vault(KEY).sign("cursor")
    assert len({signature, VAULT.sign("cursors"), Vault(bytes(32)).sign("cursor")}) == 3
