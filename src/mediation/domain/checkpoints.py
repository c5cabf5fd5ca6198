"""A checkpoint: one signed line that fixes where the history of every case stood, and the line before it.

The format is told byte by byte in docs/history-format.md; who changes one changes both, under another FORMAT.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mediation.domain.findings import Fault, Finding
from mediation.domain.history import GENESIS, canonical
from mediation.domain.merkle import Tree, leaf_hash

FORMAT = "mediation-checkpoint-1"
PART = 1024
"""Leaves of one part of the tree: a power of two, so that the roots of parts are nodes of the whole."""
IsSigned = Callable[[str, str, str], bool | None]
"""Whether a key (by its id) signed a text with a signature; None for a key nobody vouched for."""


class UnreadableError(ValueError):
    """A text that is no checkpoint."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """How far the history of one case went: the number of its last entry, and that entry's hash."""

    case_id: str
    sequence: int
    head: str

    def data(self) -> bytes:
        """The bytes of the leaf: id, number and hash with a space between."""
        return f"{self.case_id} {self.sequence} {self.head}".encode()


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of at most PART leaves: the case it begins with, and the root over it."""

    first_case_id: str
    root: str


class Stand:
    """Where every case stands, taken in the order of case ids: how many, how many entries, the root, the parts."""

    __slots__ = ("_first", "_part", "_whole", "cases", "entries", "parts")

    def __init__(self) -> None:
        """Begin before the first case."""
        self.cases = self.entries = 0
        self.parts: list[Part] = []
        self._part, self._whole = Tree(), Tree()
        self._first = ""

    def add(self, leaf: Leaf) -> None:
        """Take the next case."""
        if self._part.size == 0:
            self._first = leaf.case_id
        self._part.add(leaf_hash(leaf.data()))
        self.cases += 1
        self.entries += leaf.sequence
        if self._part.size == PART:
            self._close_part()

    def root(self) -> str:
        """Close the stand: the root over every case."""
        if self._part.size:
            self._close_part()
        return self._whole.root().hex()

    def _close_part(self) -> None:
        root = self._part.root()
        self.parts.append(Part(self._first, root.hex()))
        self._whole.add(root)
        self._part = Tree()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed; `sealed_at` is a moment in UTC as ISO 8601, `new_key` the public key where one is first used.

    `root` stands for all cases, `changed_root` for those whose history grew since the checkpoint before.
    """

    number: int
    previous: str
    sealed_at: str
    cases: int
    entries: int
    root: str
    changed: int
    changed_root: str
    key_id: str
    new_key: str | None

    def body(self) -> str:
        """The text that is signed."""
        return canonical({"format": FORMAT, **asdict(self)})

    def digest(self) -> str:
        """SHA-256 over the signed text, in hex: what the next checkpoint names as `previous`."""
        return hashlib.sha256(self.body().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A checkpoint and its signature: Ed25519 over the signed text, base64url without padding."""

    checkpoint: Checkpoint
    signature: str

    def document(self) -> dict[str, Any]:
        """The checkpoint as it is handed out."""
        return {"checkpoint": json.loads(self.checkpoint.body()), "signature": self.signature}

    def line(self) -> str:
        """The line of the file, without its end."""
        return canonical(self.document())


_TYPES: Mapping[str, tuple[type, ...]] = {
    "number": (int,), "previous": (str,), "sealed_at": (str,), "cases": (int,), "entries": (int,), "root": (str,),
    "changed": (int,), "changed_root": (str,), "key_id": (str,), "new_key": (str, type(None)),
}  # fmt: skip


def read_sealed(text: str) -> Sealed:
    """The checkpoint a line holds; UnreadableError for anything else, a member too many included."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("it is not JSON") from error
    return sealed_of(document)


def sealed_of(document: Any) -> Sealed:
    """The checkpoint a parsed document holds; UnreadableError."""
    if not isinstance(document, dict) or document.keys() != {"checkpoint", "signature"}:
        raise UnreadableError("it is not a checkpoint with its signature")
    body, signature = document["checkpoint"], document["signature"]
    if not isinstance(body, dict) or not isinstance(signature, str):
        raise UnreadableError("it is not a checkpoint with its signature")
    values = dict(body)
    if values.pop("format", None) != FORMAT or values.keys() != _TYPES.keys():
        raise UnreadableError(f"it is not of the format {FORMAT}")
    for name, kinds in _TYPES.items():
        if type(values[name]) not in kinds:
            raise UnreadableError(f"its {name} is of the wrong type")
    sealed = Sealed(Checkpoint(**values), signature)
    try:
        sealed.line().encode()
    except UnicodeEncodeError as error:
        raise UnreadableError("a text in it is no text") from error
    return sealed


@dataclass(slots=True)
class ChainCheck:
    """Looks at checkpoints in order, each against the one before: numbers, hashes, keys, signatures, growth."""

    is_signed: IsSigned
    last: Checkpoint | None = None

    def look(self, sealed: Sealed) -> Iterator[Finding]:
        """What is wrong with the next checkpoint."""
        checkpoint, before = sealed.checkpoint, self.last
        yield from signature_findings(sealed, self.is_signed)
        expected = before.number + 1 if before else 1
        if checkpoint.number != expected:
            yield from _out_of_order(checkpoint.number, expected)
        elif checkpoint.previous != (before.digest() if before else GENESIS):
            text = f"checkpoint {checkpoint.number} does not follow from the one before it"
            yield Finding(Fault.CHECKPOINT_UNCHAINED, text, checkpoint=checkpoint.number)
        if before and (checkpoint.cases < before.cases or checkpoint.entries < before.entries):
            text = f"checkpoint {checkpoint.number} counts fewer cases or entries than checkpoint {before.number}"
            yield Finding(Fault.CHECKPOINT_REWOUND, text, checkpoint=checkpoint.number)
        if before is None or checkpoint.number > before.number:
            self.last = checkpoint


def signature_findings(sealed: Sealed, is_signed: IsSigned) -> Iterator[Finding]:
    """What is wrong with the signature of one checkpoint."""
    number, key_id = sealed.checkpoint.number, sealed.checkpoint.key_id
    signed = is_signed(key_id, sealed.checkpoint.body(), sealed.signature)
    if signed is None:
        text = f"checkpoint {number} names the key {key_id}, which is not among the public keys given"
        yield Finding(Fault.KEY_UNKNOWN, text, checkpoint=number)
    elif not signed:
        yield Finding(Fault.SIGNATURE_WRONG, f"the signature of checkpoint {number} does not fit", checkpoint=number)


def _out_of_order(number: int, expected: int) -> Iterator[Finding]:
    if number < expected:
        text = f"checkpoint {number} stands after checkpoint {expected - 1}"
        yield Finding(Fault.CHECKPOINT_REWOUND, text, checkpoint=number)
        return
    missing = f"checkpoint {expected} is" if number == expected + 1 else f"checkpoints {expected} to {number - 1} are"
    yield Finding(Fault.CHECKPOINT_MISSING, f"{missing} missing", checkpoint=expected)


def check_leaves(
    case_id: str, leaves: Iterable[tuple[int, Leaf]], hashes: Mapping[int, str] | None
) -> Iterator[Finding]:
    """Whether a case still is what checkpoints sealed of it.

    `leaves` are (checkpoint, leaf) in order, `hashes` the chain computed anew by sequence; None: the case is gone.
    """
    for number, leaf in leaves:
        if hashes is None:
            text = f"the case is gone; checkpoint {number} sealed {leaf.sequence} entries of it"
            yield Finding(Fault.CASE_REMOVED, text, case_id, number)
        elif leaf.sequence not in hashes:
            text = f"it ends before entry {leaf.sequence}, which checkpoint {number} sealed"
            yield Finding(Fault.TAIL_REMOVED, text, case_id, number)
        elif hashes[leaf.sequence] != leaf.head:
            text = f"its entries up to {leaf.sequence} are not those that checkpoint {number} sealed"
            yield Finding(Fault.CHAIN_REWRITTEN, text, case_id, number)
        else:
            continue
        return
