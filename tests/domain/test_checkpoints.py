"""Checkpoints follow one another, each signed; what was sealed of a case and what stands now are compared."""

import json
from dataclasses import replace
from typing import Any

import pytest

from mediation.domain.checkpoints import (
    PART,
    ChainCheck,
    Checkpoint,
    Leaf,
    Sealed,
    Stand,
    UnreadableError,
    check_leaves,
    read_sealed,
)
from mediation.domain.exports import check_export, export_document, read_export
from mediation.domain.findings import Fault, Finding
from mediation.domain.history import GENESIS, chain, verify
from mediation.domain.merkle import root_of

CASE = "00000000-0000-7000-8000-000000000001"


def is_signed(key_id: str, _text: str, signature: str) -> bool | None:
    return signature == "good" if key_id == "key" else None


def checkpoint(before: Checkpoint | None = None, **values: Any) -> Checkpoint:
    given = {
        "number": before.number + 1 if before else 1, "previous": before.digest() if before else GENESIS,
        "sealed_at": "2026-06-15T01:00:00+00:00", "cases": 1, "entries": 1, "root": "0" * 64, "changed": 1,
        "changed_root": "0" * 64, "key_id": "key", "new_key": None, **values,
    }  # fmt: skip
    return Checkpoint(**given)


def faults(*checkpoints: Checkpoint, signature: str = "good") -> list[Fault]:
    check = ChainCheck(is_signed)
    return [finding.fault for one in checkpoints for finding in check.look(Sealed(one, signature))]


FIRST = checkpoint()
SECOND = checkpoint(FIRST, cases=2, entries=3)


def test_checkpoints_that_follow_one_another_hold() -> None:
    assert faults(FIRST, SECOND, checkpoint(SECOND, cases=2, entries=4)) == []


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        (replace(SECOND, previous="1" * 64), Fault.CHECKPOINT_UNCHAINED),
        (replace(SECOND, number=3), Fault.CHECKPOINT_MISSING),
        (replace(SECOND, number=5), Fault.CHECKPOINT_MISSING),
        (FIRST, Fault.CHECKPOINT_REWOUND),
        (replace(SECOND, cases=0), Fault.CHECKPOINT_REWOUND),
        (replace(SECOND, entries=0), Fault.CHECKPOINT_REWOUND),
        (replace(SECOND, key_id="another"), Fault.KEY_UNKNOWN),
    ],
)
def test_a_checkpoint_that_does_not_follow_is_found(second: Checkpoint, fault: Fault) -> None:
    assert fault in faults(FIRST, second)


def test_a_wrong_signature_is_found() -> None:
    assert faults(FIRST, signature="bad") == [Fault.SIGNATURE_WRONG]


def test_a_chain_that_begins_later_is_found() -> None:
    assert faults(SECOND) == [Fault.CHECKPOINT_MISSING]


def test_a_line_is_read_as_it_was_written() -> None:
    sealed = Sealed(SECOND, "good")

    assert read_sealed(sealed.line()) == sealed
    assert read_sealed(sealed.line()).line() == sealed.line()


def changed(**values: Any) -> str:
    document = Sealed(FIRST, "good").document()
    return json.dumps({**document, "checkpoint": {**document["checkpoint"], **values}})


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "{}", '{"checkpoint": 1, "signature": "x"}', '{"checkpoint": {}, "signature": 1}',
        '{"checkpoint": {}, "signature": "x"}', changed(format="other"), changed(more=1), changed(number="1"),
        changed(number=True), changed(root="\ud800"),
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_not_read(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_sealed(text)


@pytest.mark.parametrize("size", [0, 1, 3, PART, PART + 1, 3 * PART + 5])
def test_the_root_over_parts_is_the_root_over_all(size: int) -> None:
    leaves = [Leaf(f"{number:05d}", number + 1, str(number % 10) * 64) for number in range(size)]
    stand = Stand()
    for leaf in leaves:
        stand.add(leaf)

    root = stand.root()

    assert root == root_of(leaf.data() for leaf in leaves).hex()
    assert (stand.cases, stand.entries) == (size, size * (size + 1) // 2)
    assert len(stand.parts) == -(-size // PART)
    assert [part.first_case_id for part in stand.parts] == [leaf.case_id for leaf in leaves[::PART]]


def test_a_leaf_is_its_case_its_number_and_its_hash() -> None:
    assert Leaf(CASE, 2, "ab").data() == f"{CASE} 2 ab".encode()


LEAVES = [(1, Leaf(CASE, 1, "a")), (4, Leaf(CASE, 3, "c"))]


@pytest.mark.parametrize(
    ("hashes", "fault", "number"),
    [
        ({1: "a", 2: "b", 3: "c", 4: "d"}, None, None),
        (None, Fault.CASE_REMOVED, 1),
        ({1: "a", 2: "b"}, Fault.TAIL_REMOVED, 4),
        ({1: "x", 2: "y", 3: "z"}, Fault.CHAIN_REWRITTEN, 1),
        ({1: "a", 2: "y", 3: "z"}, Fault.CHAIN_REWRITTEN, 4),
    ],
)
def test_what_stands_is_compared_with_what_was_sealed(
    hashes: dict[int, str] | None, fault: Fault | None, number: int | None
) -> None:
    found = list(check_leaves(CASE, LEAVES, hashes))

    assert [(entry.fault, entry.checkpoint) for entry in found] == ([] if fault is None else [(fault, number)])


def test_a_finding_is_a_line_with_its_place() -> None:
    lines = [Finding(Fault.TAIL_REMOVED, "it ends", CASE).line(), Finding(Fault.ROOT_DIFFERS, "it differs").line()]

    assert lines == [f"tail_removed: case {CASE}: it ends", "root_differs: it differs"]


def entries(*payloads: str) -> list[tuple[int, str, str]]:
    made, previous = [], GENESIS
    for number, payload in enumerate(payloads, start=1):
        previous = chain(previous, payload)
        made.append((number, payload, previous))
    return made


@pytest.mark.parametrize(
    ("payload", "faults_found"),
    [
        (f'{{"case_id":"{CASE}","sequence":1}}', []),
        ('{"case_id":"other","sequence":1}', [Fault.ENTRY_FOREIGN]),
        ('{"sequence":2}', [Fault.ENTRY_REORDERED]),
        ("no json", []),
        ("[]", []),
    ],
)
def test_an_entry_stands_where_it_says(payload: str, faults_found: list[Fault]) -> None:
    assert [finding.fault for finding in verify(entries(payload), case_id=CASE)] == faults_found


def test_an_entry_that_is_no_json_any_more_is_found_by_its_hash() -> None:
    ((number, payload, stored),) = entries('{"sequence":1}')

    found = verify([(number, payload[1:], stored)])

    assert [finding.fault for finding in found] == [Fault.ENTRY_CHANGED]


@pytest.mark.parametrize(
    "change",
    [
        {"format": "x"}, {"entries": [{"sequence": 1}]}, {"entries": [{"sequence": True, "payload": "x", "hash": "x"}]},
        {"entries": [{"sequence": 1, "payload": "", "hash": "x"}]}, {"case_id": "\ud800"}, {"case_id": 1},
        {"proof": {}}, {"proof": {"leaf": {"sequence": 1, "head": "x"}, "checkpoint": 1, "signature": 1, "path": []}},
    ],
)  # fmt: skip
def test_what_is_no_export_is_not_read(change: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError):
        read_export({**export_document(CASE, [], None, "now"), **change})


@pytest.mark.parametrize("step", [{"side": "up", "hash": "00"}, {"side": "left", "hash": "zz"}])
def test_a_path_that_is_none_is_not_read(step: dict[str, str]) -> None:
    proof = {**Sealed(FIRST, "good").document(), "leaf": {"sequence": 1, "head": "x"}, "path": [step]}

    with pytest.raises(UnreadableError):
        read_export({**export_document(CASE, [], None, "now"), "proof": proof})


def test_an_export_without_a_checkpoint_covers_nothing() -> None:
    export = read_export(export_document(CASE, [], None, "now"))

    assert export.covered == 0
    assert [finding.fault for finding in check_export(export, is_signed)] == [Fault.EXPORT_INCOMPLETE]


def test_an_export_whose_path_leads_elsewhere_is_found() -> None:
    proof = {**Sealed(FIRST, "good").document(), "leaf": {"sequence": 1, "head": "x"}, "path": []}
    document = {**export_document(CASE, [{"sequence": 1, "payload": "p", "hash": "x"}], None, "now"), "proof": proof}
    export = read_export(document)

    found = [finding.fault for finding in check_export(export, is_signed)]

    assert export.covered == 1
    assert found == [Fault.ENTRY_CHANGED, Fault.PATH_BROKEN]
