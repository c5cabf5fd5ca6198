"""The table of a run, and its place in docs/performance.md (or another page)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PAGE = Path("docs/performance.md")
_HEAD = (
    "| database | operation | CPU ratio | spread | throughput ratio | p50 ratio | p99 ratio | CPU ms ours / floor "
    "| requests/s ours / floor | p50 ms | p99 ms |\n|---|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One operation on one side for some seconds, and the CPU seconds that service and database took for it."""

    database: str
    operation: str
    side: str
    milliseconds: Sequence[float]
    seconds: float
    service_cpu: float
    database_cpu: float

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds per request."""
        return (self.service_cpu + self.database_cpu) * 1000 / len(self.milliseconds)

    @property
    def database_ms(self) -> float:
        """The database's part of it; SQLite works inside the service."""
        return self.database_cpu * 1000 / len(self.milliseconds)

    def __str__(self) -> str:
        """One line."""
        cpu = f"{self.cpu_ms:7.3f} ms CPU, {self.database_ms:6.3f} of it in the database"
        return f"{self.database:<11}{self.operation:<7}{self.side:<6}{cpu}, {self.throughput:6.0f} requests/s"

    @property
    def throughput(self) -> float:
        """Requests per second."""
        return len(self.milliseconds) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that this share of requests stays below."""
        return self.milliseconds[min(int(len(self.milliseconds) * share), len(self.milliseconds) - 1)]


def table(runs: Sequence[Run]) -> str:
    """Ratios first: each the median over the rounds of ours / floor, taken round by round."""
    rows = dict.fromkeys((run.database, run.operation) for run in runs)
    return "\n".join([_HEAD, *(_row(database, operation, runs) for database, operation in rows)])


def _row(database: str, operation: str, runs: Sequence[Run]) -> str:
    mine = [run for run in runs if (run.database, run.operation) == (database, operation)]
    ours = [run for run in mine if run.side == "ours"]
    floor = [run for run in mine if run.side == "floor"]
    cpu = [a.cpu_ms / b.cpu_ms for a, b in zip(ours, floor, strict=True)]
    spread = f"{min(cpu):.2f}–{max(cpu):.2f}"
    return f"| {' | '.join([database, operation, f'**{median(cpu):.2f}**', spread, *_cells(ours, floor)])} |"


def _cells(ours: Sequence[Run], floor: Sequence[Run]) -> Iterator[str]:
    pairs = list(zip(ours, floor, strict=True))
    yield f"{median(a.throughput / b.throughput for a, b in pairs):.2f}"
    for share in (0.5, 0.99):
        yield f"{median(a.percentile(share) / b.percentile(share) for a, b in pairs):.2f}"
    yield f"{median(r.cpu_ms for r in ours):.2f} / {median(r.cpu_ms for r in floor):.2f}"
    yield f"{median(r.throughput for r in ours):.0f} / {median(r.throughput for r in floor):.0f}"
    for share in (0.5, 0.99):
        yield f"{median(r.percentile(share) for r in ours):.1f} / {median(r.percentile(share) for r in floor):.1f}"


def write(text: str, *, section: str = "measured", page: Path = PAGE) -> None:
    """Replace what stands between the markers of a section."""
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    head, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, _, tail = rest.partition(end)
    page.write_text(f"{head}{begin}\n{text}\n{end}{tail}", encoding="utf-8")
