"""The key that signs checkpoints: made in the demo, demanded outside it, and known by its thumbprint."""

import base64
import secrets
import shutil
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from mediation.gateways.checkpoint_file import CheckpointFile, CheckpointFileError, read_lines
from mediation.gateways.keys import UnusableKeyError
from mediation.gateways.signing import PublicKeys, Signer, public_pem, read_public_keys, thumbprint
from mediation.settings import Settings, SettingsError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CURVE_KEY = ec.generate_private_key(ec.SECP256R1())
REAL = {
    "issuer": "https://issuer.example",
    "jwks_url": "https://issuer.example/keys",
    "master_key": base64.b64encode(secrets.token_bytes(32)).decode(),
}


def pem_of(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_the_demo_makes_its_own_key_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(demo=True, data=tmp_path)

    first, second = settings.read_checkpoint_key(), settings.read_checkpoint_key()

    assert first.private_bytes_raw() == second.private_bytes_raw()
    assert stat.S_IMODE((tmp_path / "checkpoint.pem").stat().st_mode) == 0o600
    assert settings.where_checkpoints() == tmp_path / "checkpoints.jsonl"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "MEDIATION_CHECKPOINT_KEY_FILE"),
        ({"checkpoint_key_file": "none.pem"}, "MEDIATION_CHECKPOINT_KEY_FILE"),
        ({"checkpoint_key_file": "curve.pem"}, "MEDIATION_CHECKPOINT_KEY_FILE"),
        ({"checkpoint_key_file": "words.pem"}, "MEDIATION_CHECKPOINT_KEY_FILE"),
        ({"checkpoint_key_file": "good.pem"}, "MEDIATION_CHECKPOINT_FILE"),
    ],
)
def test_outside_the_demo_what_is_missing_is_named(tmp_path: Path, given: dict[str, str], named: str) -> None:
    for name, content in {"curve": pem_of(CURVE_KEY), "words": b"words", "good": pem_of(KEY)}.items():
        (tmp_path / f"{name}.pem").write_bytes(content)
    paths = {name: tmp_path / value for name, value in given.items()}

    with pytest.raises(SettingsError, match=named):
        Settings(_env_file=None, **REAL, **paths).check()  # type: ignore[arg-type]


def test_outside_the_demo_key_and_file_are_enough(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(pem_of(KEY))
    given = {"checkpoint_key_file": tmp_path / "key.pem", "checkpoint_file": tmp_path / "checkpoints.jsonl"}

    settings = Settings(_env_file=None, **REAL, **given).check()  # type: ignore[arg-type]

    assert settings.where_checkpoints() == tmp_path / "checkpoints.jsonl"
    assert list(tmp_path.iterdir()) == [tmp_path / "key.pem"]


def test_a_process_that_does_no_chores_needs_no_key() -> None:
    assert not Settings(_env_file=None, worker=False, **REAL).check().worker  # type: ignore[arg-type]


def test_the_name_of_a_key_is_that_of_the_standard() -> None:
    """The example of RFC 8037, appendix A.3."""
    assert thumbprint("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo") == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_what_was_signed_is_known_by_the_public_key_alone() -> None:
    signer = Signer(KEY)
    keys, signature = PublicKeys([signer.public_key]), signer.sign("欠薪")

    answers = [
        keys.is_signed(signer.key_id, "欠薪", signature),
        keys.is_signed(signer.key_id, "欠薪!", signature),
        keys.is_signed(signer.key_id, "欠薪", signature[:-2]),
        keys.is_signed(signer.key_id, "欠薪", "no signature: 不是"),
        keys.is_signed("another", "欠薪", signature),
    ]

    assert answers == [True, False, False, False, None]


def test_public_keys_are_read_one_after_another(tmp_path: Path) -> None:
    signers = [Signer(KEY), Signer(Ed25519PrivateKey.generate())]
    (tmp_path / "public.pem").write_text("".join(public_pem(signer.public_key) for signer in signers))

    keys = read_public_keys(tmp_path / "public.pem")

    assert [keys.is_signed(signer.key_id, "x", signer.sign("x")) for signer in signers] == [True, True]


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN PUBLIC KEY-----\nxx\n-----END PUBLIC KEY-----", "curve"])
def test_a_file_without_usable_public_keys_is_refused(tmp_path: Path, content: bytes | str | None) -> None:
    if content == "curve":
        content = CURVE_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    if isinstance(content, bytes):
        (tmp_path / "public.pem").write_bytes(content)

    with pytest.raises(UnusableKeyError):
        read_public_keys(tmp_path / "public.pem")


def test_lines_are_added_and_never_taken_back(tmp_path: Path) -> None:
    file = CheckpointFile(tmp_path / "folder" / "checkpoints.jsonl")
    seen: list[list[str]] = []

    def given(last: Sequence[str]) -> list[str]:
        seen.append(list(last))
        return further.pop(0)

    further = [["one", "two"], [], ["three"]]
    counts = [file.extend(given) for _ in range(3)]

    assert counts == [2, 0, 1]
    assert seen == [[], ["one", "two"], ["one", "two"]]
    assert read_lines(file.path) == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("one\n", ["one"]),
        ("one\ntw\ntwo\n", ["one", "two"]),
        ("one\nt\ntw\ntwo\n", ["one", "two"]),
        ("one\ntw", ["one", "tw"]),
        ("one\none\n", ["one", "one"]),
    ],
)
def test_a_line_cut_short_counts_for_nothing_once_it_stands_whole(tmp_path: Path, text: str, lines: list[str]) -> None:
    (tmp_path / "file").write_text(text)

    assert read_lines(tmp_path / "file") == lines


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CheckpointFileError):
        read_lines(tmp_path / "none")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
def test_a_key_of_openssl_is_taken(tmp_path: Path) -> None:
    command = [shutil.which("openssl") or "", "genpkey", "-algorithm", "ed25519", "-out", str(tmp_path / "key.pem")]
    subprocess.run(command, check=True)

    key = Settings(demo=True, checkpoint_key_file=tmp_path / "key.pem").read_checkpoint_key()

    assert len(key.private_bytes_raw()) == 32
