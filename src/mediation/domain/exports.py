"""The history of one case as it is handed to somebody outside, and what they can check with a public key alone.

The format is told byte by byte in docs/history-format.md; who changes one changes both, under another FORMAT.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mediation.domain.checkpoints import (
    IsSigned,
    Leaf,
    Sealed,
    UnreadableError,
    check_leaves,
    sealed_of,
    signature_findings,
)
from mediation.domain.findings import Fault, Finding
from mediation.domain.history import verify
from mediation.domain.merkle import Neighbour, climb

FORMAT = "mediation-history-1"


@dataclass(frozen=True, slots=True)
class Proof:
    """That a checkpoint covers a case: the checkpoint, the leaf of the case in it, and the path to its root."""

    sealed: Sealed
    leaf: Leaf
    path: Sequence[Neighbour]


def export_document(
    case_id: str, entries: Sequence[Mapping[str, Any]], proof: Proof | None, exported_at: str
) -> dict[str, Any]:
    """The export: entries as {sequence, payload, hash}, payloads as they lie stored, what is sealed in them sealed."""
    return {
        "format": FORMAT,
        "case_id": case_id,
        "exported_at": exported_at,
        "entries": [{name: entry[name] for name in ("sequence", "payload", "hash")} for entry in entries],
        "proof": proof
        and {
            **proof.sealed.document(),
            "leaf": {"sequence": proof.leaf.sequence, "head": proof.leaf.head},
            "path": [{"side": step.side, "hash": step.hash.hex()} for step in proof.path],
        },
    }


@dataclass(frozen=True, slots=True)
class Export:
    """An export taken apart."""

    case_id: str
    entries: tuple[tuple[int, str, str], ...]
    proof: Proof | None

    @property
    def covered(self) -> int:
        """The last entry that the checkpoint speaks for; 0 without one."""
        return self.proof.leaf.sequence if self.proof else 0


def parse_export(text: str | bytes) -> Export:
    """Take the text of an export apart; UnreadableError when it is none, or says anything twice: readers would differ."""
    try:
        document = json.loads(text, object_pairs_hook=_once)
    except UnreadableError:
        raise
    except (ValueError, RecursionError) as error:
        raise UnreadableError("it is not JSON") from error
    return read_export(document)


def read_export(document: Any) -> Export:
    """Take a parsed export apart; UnreadableError when it is none."""
    try:
        if document["format"] != FORMAT:
            raise UnreadableError(f"it is not of the format {FORMAT}")
        case_id = _text(document["case_id"])
        entries = tuple(
            (_number(entry["sequence"]), _text(entry["payload"]), _text(entry["hash"])) for entry in document["entries"]
        )
        return Export(case_id, entries, _proof(case_id, document["proof"]))
    except (KeyError, TypeError) as error:
        raise UnreadableError("it is not the history of a case") from error


def _once(members: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise UnreadableError("a member of an object is given twice")
    return found


def _proof(case_id: str, given: Mapping[str, Any] | None) -> Proof | None:
    if given is None:
        return None
    leaf = Leaf(case_id, _number(given["leaf"]["sequence"]), _text(given["leaf"]["head"]))
    sealed = sealed_of({"checkpoint": given["checkpoint"], "signature": given["signature"]})
    return Proof(sealed, leaf, tuple(_neighbour(step) for step in given["path"]))


def _neighbour(step: Mapping[str, Any]) -> Neighbour:
    if step["side"] not in {"left", "right"}:
        raise UnreadableError("a step of its path is on no side")
    try:
        return Neighbour(step["side"], bytes.fromhex(_text(step["hash"])))
    except ValueError as error:
        raise UnreadableError("a step of its path is no hash") from error


def _text(value: Any) -> str:
    try:
        if not isinstance(value, str) or not value.encode():
            raise UnreadableError("a text in it is none")
    except UnicodeEncodeError as error:
        raise UnreadableError("a text in it is none") from error
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise UnreadableError("a number in it is none")
    return value


def check_export(export: Export, is_signed: IsSigned) -> Iterator[Finding]:
    """What does not hold: the chain, that a checkpoint covers it, the path to its root, its signature."""
    yield from verify(export.entries, case_id=export.case_id)
    if export.proof is None:
        text = "no checkpoint covers it: nothing but its own chain speaks for it"
        yield Finding(Fault.EXPORT_INCOMPLETE, text, export.case_id)
        return
    checkpoint = export.proof.sealed.checkpoint
    hashes = {sequence: stored for sequence, _, stored in export.entries}
    yield from check_leaves(export.case_id, [(checkpoint.number, export.proof.leaf)], hashes)
    if climb(export.proof.leaf.data(), export.proof.path).hex() != checkpoint.root:
        text = f"its path does not lead to the root of checkpoint {checkpoint.number}"
        yield Finding(Fault.PATH_BROKEN, text, export.case_id, checkpoint.number)
    yield from signature_findings(export.proof.sealed, is_signed)
