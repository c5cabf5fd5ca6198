"""What does not hold when history is looked at again: each fault with its place, in a line a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What kind of tampering, or damage, a finding speaks of."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_MISSING = "entry_missing"
    ENTRY_REORDERED = "entry_reordered"
    ENTRY_FOREIGN = "entry_foreign"
    END_DIFFERS = "end_differs"
    COPY_DIFFERS = "copy_differs"
    TAIL_REMOVED = "tail_removed"
    CHAIN_REWRITTEN = "chain_rewritten"
    CASE_REMOVED = "case_removed"
    LEAVES_ALTERED = "leaves_altered"
    ROOT_DIFFERS = "root_differs"
    CHECKPOINT_MISSING = "checkpoint_missing"
    CHECKPOINT_REWOUND = "checkpoint_rewound"
    CHECKPOINT_UNCHAINED = "checkpoint_unchained"
    CHECKPOINT_DIFFERS = "checkpoint_differs"
    CHECKPOINT_UNREADABLE = "checkpoint_unreadable"
    SIGNATURE_WRONG = "signature_wrong"
    KEY_UNKNOWN = "key_unknown"
    EXPORT_INCOMPLETE = "export_incomplete"
    PATH_BROKEN = "path_broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold: `text` says it about an entry, a case or a checkpoint."""

    fault: Fault
    text: str
    case_id: str | None = None
    checkpoint: int | None = None

    def line(self) -> str:
        """The finding as it is printed: fault, place, sentence."""
        place = f"case {self.case_id}: " if self.case_id else ""
        return f"{self.fault}: {place}{self.text}"
