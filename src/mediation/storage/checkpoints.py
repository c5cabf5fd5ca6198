"""Checkpoints and their leaves: where every case stands now and stood then, read in stretches of case ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from mediation.domain.checkpoints import Checkpoint, Leaf, Part, Sealed
from mediation.storage import tables
from mediation.storage.database import Unit
from mediation.storage.json_sql import insert, statement, upsert

BEYOND = "zzzz"
"""After every case id, whatever order of letters the database keeps."""
_COLUMNS = "number, body, signature, key_id, new_key"
_LAST = statement(f"select {_COLUMNS} from checkpoints order by number desc limit 1")
_AFTER = statement(f"select {_COLUMNS} from checkpoints where number > :after order by number limit :limit")
_KEYS = statement("select number, key_id, new_key from checkpoints where new_key is not null order by number")


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint as it lies stored: the signed text, whatever it says, and its signature."""

    number: int
    body: str
    signature: str
    key_id: str
    new_key: str | None

    @property
    def line(self) -> str:
        """What the line of the file must be."""
        return f'{{"checkpoint":{self.body},"signature":"{self.signature}"}}'


def _stored(row: Row[Any]) -> StoredCheckpoint:
    return StoredCheckpoint(row.number, row.body, row.signature, row.key_id, row.new_key)


def _leaf(row: Row[Any]) -> Leaf:
    return Leaf(row.case_id, row.sequence, row.head)


def last_checkpoint(unit: Unit) -> StoredCheckpoint | None:
    """The newest checkpoint."""
    row = unit.execute(_LAST).one_or_none()
    return None if row is None else _stored(row)


def checkpoints(unit: Unit, *, after: int, limit: int) -> list[StoredCheckpoint]:
    """Checkpoints after a number, in order."""
    return [_stored(row) for row in unit.execute(_AFTER, {"after": after, "limit": limit})]


def introduced_keys(unit: Unit) -> list[Mapping[str, Any]]:
    """Every key with the first checkpoint under it, oldest first."""
    return [dict(row) for row in unit.execute(_KEYS).mappings()]


# A sub-select for each case, ordered as the index is: joined, the leaves are walked through from the first.
_STANDS = statement(
    "select c.id, c.sequence, c.head, (select l.sequence || ' ' || l.head from checkpoint_leaves l "
    "where l.case_id = c.id and l.number < :number order by l.case_id desc, l.number desc limit 1) as sealed "
    "from cases c where c.id > :after order by c.id limit :limit"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands, and what was last sealed of it."""

    leaf: Leaf
    sealed: Leaf | None

    @property
    def is_changed(self) -> bool:
        """Whether there is something to seal."""
        return self.leaf != self.sealed

    @property
    def is_contradiction(self) -> bool:
        """Whether it stands before, or beside, what was sealed: history only grows."""
        return self.sealed is not None and self.is_changed and self.leaf.sequence <= self.sealed.sequence


def standings(unit: Unit, *, number: int, after: str, limit: int) -> list[Standing]:
    """Cases after an id, in order of ids, each beside its leaf before checkpoint `number`."""
    rows = unit.execute(_STANDS, {"number": number, "after": after, "limit": limit})
    return [Standing(Leaf(row.id, row.sequence, row.head), _sealed(row.id, row.sealed)) for row in rows.all()]


def _sealed(case_id: str, text: str | None) -> Leaf | None:
    sequence, _, head = (text or "").partition(" ")
    return Leaf(case_id, int(sequence), head) if text else None


_KEEP_LEAVES = {d: statement(upsert(tables.checkpoint_leaves, d, gated=False)) for d in ("sqlite", "postgresql")}
_KEEP_PARTS = {d: statement(upsert(tables.checkpoint_parts, d, gated=False)) for d in ("sqlite", "postgresql")}
_KEEP = {d: statement(insert(tables.checkpoints, d, gated=False)) for d in ("sqlite", "postgresql")}
_TELL = statement("insert into outbox (kind, ref_id) values ('checkpoint.sealed', :number)")
_DROP_PARTS = statement("delete from checkpoint_parts where position >= :count")


def keep_leaves(unit: Unit, number: int, leaves: Iterable[Leaf]) -> None:
    """Write leaves of a checkpoint that is not finished; those of a run that broke off are replaced."""
    rows = [
        {"number": number, "case_id": leaf.case_id, "sequence": leaf.sequence, "head": leaf.head} for leaf in leaves
    ]
    unit.execute(_KEEP_LEAVES[unit.dialect], {"checkpoint_leaves": orjson.dumps(rows).decode()})


def keep_checkpoint(unit: Unit, sealed: Sealed, parts: Sequence[Part]) -> None:
    """Write a finished checkpoint, its event, and the parts of its tree in place of those of the one before."""
    checkpoint = sealed.checkpoint
    row = {
        "number": checkpoint.number,
        "body": checkpoint.body(),
        "signature": sealed.signature,
        "key_id": checkpoint.key_id,
        "new_key": checkpoint.new_key,
        "sealed_at": checkpoint.sealed_at,
    }
    unit.execute(_KEEP[unit.dialect], {"checkpoints": orjson.dumps([row]).decode()})
    rows = [
        {"position": position, "first_case_id": part.first_case_id, "root": part.root}
        for position, part in enumerate(parts)
    ]
    unit.execute(_KEEP_PARTS[unit.dialect], {"checkpoint_parts": orjson.dumps(rows).decode()})
    unit.execute(_DROP_PARTS, {"count": len(rows)})
    unit.execute(_TELL, {"number": str(checkpoint.number)})


_PARTS = statement("select first_case_id, root from checkpoint_parts order by position")
_LATEST = (
    "select {columns} from checkpoint_leaves l where {where} and l.number = "
    "(select max(m.number) from checkpoint_leaves m where m.case_id = l.case_id and m.number <= :number)"
)
_LEAF = statement(_LATEST.format(columns="l.case_id, l.sequence, l.head", where="l.case_id = :case_id"))
_LEAVES_OF_PART = statement(
    _LATEST.format(
        columns="l.case_id, l.sequence, l.head",
        where="l.case_id >= :first and l.case_id < :next",
    )
    + " order by l.case_id"
)


def parts(unit: Unit) -> list[Part]:
    """The parts of the newest checkpoint's tree, in order."""
    return [Part(row.first_case_id, row.root) for row in unit.execute(_PARTS)]


def leaf_at(unit: Unit, case_id: str, checkpoint: Checkpoint) -> Leaf | None:
    """What a checkpoint says of a case; None when it knows nothing of it."""
    row = unit.execute(_LEAF, {"case_id": case_id, "number": checkpoint.number}).one_or_none()
    return None if row is None else _leaf(row)


def leaves_between(unit: Unit, first: str, following: str | None, checkpoint: Checkpoint) -> list[Leaf]:
    """What a checkpoint says of the cases from one id up to another, that one left out; None for no end."""
    values = {"first": first, "next": following or BEYOND, "number": checkpoint.number}
    return [_leaf(row) for row in unit.execute(_LEAVES_OF_PART, values)]


_LEAVES_OF = statement(
    "select case_id, sequence, head from checkpoint_leaves where number = :number and case_id > :after "
    "order by case_id limit :limit"
)
_HEADS = statement("select id, sequence, head from cases where id > :after order by id limit :limit")
_LEAVES = statement(
    "select case_id, number, sequence, head from checkpoint_leaves where case_id > :after "
    "and case_id <= :until and number <= :number order by case_id, number"
)
_ENTRIES = statement(
    "select case_id, sequence, id, action, occurred_on, recorded_at, actor_id, payload, hash from history "
    "where case_id > :after and case_id <= :until order by case_id, sequence"
)


def leaves_of(unit: Unit, number: int, *, after: str, limit: int) -> list[Leaf]:
    """The leaves that one checkpoint added, in order of case ids, after one of them."""
    return [_leaf(row) for row in unit.execute(_LEAVES_OF, {"number": number, "after": after, "limit": limit})]


@dataclass(slots=True)
class Stretch:
    """Everything stored between two case ids, that first one left out: heads of cases, leaves, entries."""

    heads: dict[str, tuple[int, str]]
    leaves: dict[str, list[tuple[int, Leaf]]]
    entries: dict[str, list[Mapping[str, Any]]]
    until: str

    def case_ids(self) -> list[str]:
        """Every case that anything speaks of."""
        return sorted(self.heads.keys() | self.leaves.keys() | self.entries.keys())


def stretch(unit: Unit, *, number: int, after: str, limit: int) -> Stretch:
    """The next cases, what checkpoints up to `number` say of them, and their history: all as of one moment.

    `until` is the last case id read, "" once nothing follows.
    """
    with unit.snapshot():
        rows = unit.execute(_HEADS, {"after": after, "limit": limit})
        heads = {row.id: (row.sequence, row.head) for row in rows}
        until = next(reversed(heads)) if len(heads) == limit else ""
        found = Stretch(heads, {}, {}, until)
        values = {"after": after, "until": until or BEYOND}
        for row in unit.execute(_LEAVES, {**values, "number": number}):
            found.leaves.setdefault(row.case_id, []).append((row.number, _leaf(row)))
        for entry in unit.execute(_ENTRIES, values).mappings():
            found.entries.setdefault(entry["case_id"], []).append(dict(entry))
    return found
