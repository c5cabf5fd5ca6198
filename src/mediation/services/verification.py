"""The whole history compared with its checkpoints: every case, every entry, with no key but public ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mediation.domain.checkpoints import (
    ChainCheck,
    Checkpoint,
    IsSigned,
    Sealed,
    Stand,
    UnreadableError,
    check_leaves,
    read_sealed,
)
from mediation.domain.findings import Fault, Finding
from mediation.domain.history import verify
from mediation.domain.merkle import Tree, leaf_hash
from mediation.storage import Unit
from mediation.storage import checkpoints as rows
from mediation.storage import history as history_rows
from mediation.storage.checkpoints import StoredCheckpoint, Stretch

CASES = 100
LEAVES = 5000
NAMED = 5


@dataclass(slots=True)
class Verified:
    """How much was looked at, and everything that does not hold."""

    checkpoints: int = 0
    cases: int = 0
    entries: int = 0
    unsealed: int = 0
    findings: list[Finding] = field(default_factory=list)


def stored_lines(unit: Unit) -> Iterator[StoredCheckpoint]:
    """Every checkpoint of the database, in order."""
    after = 0
    while found := rows.checkpoints(unit, after=after, limit=1000):
        yield from found
        after = found[-1].number


def verify_all(
    unit: Unit,
    lines: Sequence[str],
    stored: Sequence[StoredCheckpoint],
    is_signed: IsSigned,
    *,
    is_copy: bool = False,
) -> Verified:
    """Compare everything stored with the lines of the file; a copy (`is_copy`) may end before the database does.

    `stored` are the checkpoints of the database, looked at once: one sealed since then is no matter of this.
    """
    found = Verified()
    sealed = _read(lines, is_signed, found)
    found.findings += _differences(stored, sealed, is_copy=is_copy)
    for entry in sealed:
        found.findings += _of_leaves(unit, entry.checkpoint)
    _cases(unit, sealed[-1].checkpoint if sealed else None, found)
    return found


def _read(lines: Iterable[str], is_signed: IsSigned, found: Verified) -> list[Sealed]:
    """The checkpoints of the file that can be read, each looked at in its place."""
    sealed: list[Sealed] = []
    check = ChainCheck(is_signed)
    for position, line in enumerate(lines, start=1):
        try:
            entry = read_sealed(line)
        except UnreadableError as error:
            text = f"line {position} of the file cannot be read: {error}"
            found.findings.append(Finding(Fault.CHECKPOINT_UNREADABLE, text))
            continue
        before = check.last
        found.findings += check.look(entry)
        if check.last is not before:
            sealed.append(entry)
    if not sealed:
        found.findings.append(Finding(Fault.CHECKPOINT_MISSING, "the file holds no checkpoint"))
    found.checkpoints = len(sealed)
    return sealed


def _differences(kept: Sequence[StoredCheckpoint], sealed: Sequence[Sealed], *, is_copy: bool) -> Iterator[Finding]:
    """Where file and database do not hold the same checkpoints."""
    of_file = {entry.checkpoint.number: entry for entry in sealed}
    last = sealed[-1].checkpoint.number if sealed else 0
    seen: set[int] = set()
    for stored in kept:
        seen.add(stored.number)
        entry = of_file.get(stored.number)
        if entry is None and not (is_copy and stored.number > last):
            text = f"checkpoint {stored.number} is in the database and not in the file: removed, or not yet written"
            yield Finding(Fault.CHECKPOINT_MISSING, text, checkpoint=stored.number)
        elif entry is not None and entry.line() != stored.line:
            text = f"checkpoint {stored.number} is another in the database than in the file"
            yield Finding(Fault.CHECKPOINT_DIFFERS, text, checkpoint=stored.number)
        elif entry is not None and (entry.checkpoint.key_id, entry.checkpoint.new_key) != (
            stored.key_id,
            stored.new_key,
        ):
            text = f"checkpoint {stored.number} is listed in the database under another key than it names"
            yield Finding(Fault.COPY_DIFFERS, text, checkpoint=stored.number)
    for number in sorted(of_file.keys() - seen):
        text = f"checkpoint {number} is in the file and not in the database: that was set back, or a row removed"
        yield Finding(Fault.CHECKPOINT_REWOUND, text, checkpoint=number)


def _of_leaves(unit: Unit, checkpoint: Checkpoint) -> Iterator[Finding]:
    """Whether the leaves that a checkpoint added are those it was signed over."""
    tree, after = Tree(), ""
    named: list[str] = []
    while found := rows.leaves_of(unit, checkpoint.number, after=after, limit=LEAVES):
        for leaf in found:
            tree.add(leaf_hash(leaf.data()))
        named += [leaf.case_id for leaf in found[: NAMED - len(named)]]
        after = found[-1].case_id
    if (tree.size, tree.root().hex()) != (checkpoint.changed, checkpoint.changed_root):
        text = (
            f"what is stored of the {checkpoint.changed} cases that checkpoint {checkpoint.number} sealed is not "
            f"what was signed ({tree.size} are left; the first: {', '.join(named) or 'none'})"
        )
        yield Finding(Fault.LEAVES_ALTERED, text, checkpoint=checkpoint.number)


def _cases(unit: Unit, last: Checkpoint | None, found: Verified) -> None:
    """Look at every case in turn, and put the root of the last checkpoint together on the way."""
    stand, after, number = Stand(), "", last.number if last else 0
    while True:
        stretch = rows.stretch(unit, number=number, after=after, limit=CASES)
        for case_id in stretch.case_ids():
            found.findings += _of_case(case_id, stretch)
            leaves = stretch.leaves.get(case_id)
            entries = len(stretch.entries.get(case_id, ()))
            found.cases += 1
            found.entries += entries
            found.unsealed += max(0, entries - leaves[-1][1].sequence) if leaves else entries
            if leaves:
                stand.add(leaves[-1][1])
        if not stretch.until:
            break
        after = stretch.until
    if last is not None and (stand.cases, stand.entries, stand.root()) != (last.cases, last.entries, last.root):
        text = f"the cases put together anew do not give what checkpoint {last.number} was signed over"
        found.findings.append(Finding(Fault.ROOT_DIFFERS, text, checkpoint=last.number))


def _of_case(case_id: str, stretch: Stretch) -> Iterator[Finding]:
    """The chain of one case, the columns beside its entries, and what was sealed of it."""
    entries = stretch.entries.get(case_id, [])
    leaves = stretch.leaves.get(case_id, [])
    if case_id not in stretch.heads:
        text = f"the case is gone; {len(entries)} entries of it remain"
        yield from list(check_leaves(case_id, leaves, None)) or [Finding(Fault.CASE_REMOVED, text, case_id)]
        return
    chain = [(row["sequence"], row["payload"], row["hash"]) for row in entries]
    sequence, head = stretch.heads[case_id]
    yield from verify(chain, head=head, case_id=case_id)
    if chain and chain[-1][0] != sequence:
        text = f"the case says it has {sequence} entries, its history ends with entry {chain[-1][0]}"
        yield Finding(Fault.END_DIFFERS, text, case_id)
    for row in entries:
        yield from history_rows.copy_findings(case_id, row)
    yield from check_leaves(case_id, leaves, {number: stored for number, _, stored in chain})
