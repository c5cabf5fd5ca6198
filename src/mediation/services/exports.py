"""The history of one case for somebody outside: as it lies stored, with the proof that a checkpoint covers it."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from typing import Any

from mediation.domain.checkpoints import Checkpoint, Leaf, Part
from mediation.domain.errors import ConflictError, NotPermittedError
from mediation.domain.exports import Proof, export_document
from mediation.domain.labels import Label
from mediation.domain.merkle import Neighbour, Tree, leaf_hash
from mediation.domain.procedure.step import HOUSE
from mediation.services.caller import Caller
from mediation.services.checkpoints import newest
from mediation.services.identity import relation
from mediation.services.reading import read_for
from mediation.storage import Unit, consistent
from mediation.storage import checkpoints as rows
from mediation.storage import history as history_rows


class NotProvableError(ConflictError):
    """What is stored of the newest checkpoint does not add up to what was signed."""

    text = Label(
        "存储的封存数据与已签名的检查点不符,请运行 mediation history verify",
        "What is stored does not add up to the signed checkpoint; run `mediation history verify`",
    )


@consistent
def export_history(unit: Unit, caller: Caller, case_id: str) -> dict[str, Any]:
    """Every entry as it lies stored, sealed parts sealed, with the path to the newest checkpoint that covers the case.

    For the people of the house: what stands in clear names parties by their masks, above an auditor, who verifies the
    chain instead. NotPermittedError, NotProvableError.
    """
    loaded, actor = read_for(unit, caller, case_id)
    _, roles = relation(loaded, actor)
    if not roles & HOUSE:
        raise NotPermittedError(recorded_by=sorted(HOUSE))
    return exported(unit, case_id, caller.now)


@consistent
def export_as_operator(unit: Unit, case_id: str, now: datetime) -> dict[str, Any] | None:
    """The same from a terminal beside the database; None for a case that is not there."""
    found = exported(unit, case_id, now)
    return found if found["entries"] else None


def exported(unit: Unit, case_id: str, now: datetime) -> dict[str, Any]:
    entries = history_rows.entries(unit, case_id)
    return export_document(case_id, entries, prove(unit, case_id), now.isoformat())


def prove(unit: Unit, case_id: str) -> Proof | None:
    """The proof of a case in the newest checkpoint; None when it knows nothing of the case; NotProvableError."""
    sealed = newest(unit)
    leaf = rows.leaf_at(unit, case_id, sealed.checkpoint) if sealed else None
    if sealed is None or leaf is None:
        return None
    path, root = _path(unit, leaf, sealed.checkpoint)
    if root != sealed.checkpoint.root:
        raise NotProvableError
    return Proof(sealed, leaf, path)


def _path(unit: Unit, leaf: Leaf, checkpoint: Checkpoint) -> tuple[list[Neighbour], str]:
    """The path of a leaf, and the root it leads to: its own part is computed anew, the others stand stored."""
    parts = rows.parts(unit)
    position = bisect_right([part.first_case_id for part in parts], leaf.case_id) - 1
    if position < 0:
        raise NotProvableError
    inner = _tree_of_part(unit, parts, position, leaf, checkpoint)
    own = inner.root()
    outer = Tree()
    for number, part in enumerate(parts):
        outer.add(own if number == position else bytes.fromhex(part.root), watched=number == position)
    root = outer.root().hex()
    return [*inner.path, *outer.path], root


def _tree_of_part(unit: Unit, parts: list[Part], position: int, leaf: Leaf, checkpoint: Checkpoint) -> Tree:
    following = parts[position + 1].first_case_id if position + 1 < len(parts) else None
    tree = Tree()
    for other in rows.leaves_between(unit, parts[position].first_case_id, following, checkpoint):
        tree.add(leaf_hash(other.data()), watched=other == leaf)
    return tree
