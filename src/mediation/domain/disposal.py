"""Why the file of a case is destroyed once its time is over: from a closed list, as what was in it is gone then."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from mediation.domain.labels import Label


class DisposalReason(StrEnum):
    """What the destruction of a file rests on (PIPL 47)."""

    RETENTION_OVER = "retention_over"
    HANDED_TO_ARCHIVE = "handed_to_archive"


DISPOSAL_REASONS: Mapping[DisposalReason, Label] = {
    DisposalReason.RETENTION_OVER: Label("保存期限届满", "The time it had to be kept is over"),
    DisposalReason.HANDED_TO_ARCHIVE: Label("案卷已移交档案馆", "The file was handed to the archive"),
}


class DisposalStatus(StrEnum):
    """What became of a proposal: it waits, the file is destroyed, it was withdrawn, or the case moved on since."""

    PROPOSED = "proposed"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


def status_of(*, is_confirmed: bool, ending: str | None, proposed_at: int, version: int) -> DisposalStatus:
    """The status of a proposal made at one version of a case that now has another: what was read is no more."""
    if ending is not None:
        return DisposalStatus(ending)
    if is_confirmed:
        return DisposalStatus.DONE
    return DisposalStatus.PROPOSED if proposed_at == version else DisposalStatus.LAPSED
