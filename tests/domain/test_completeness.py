from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from mediation.domain.completeness import is_behind, judge

CASE = "case"


def deadline(status: str = "running", key: str = "d", **values: Any) -> dict[str, Any]:
    return {"id": key, "status": status, "due": "2026-06-30", "ended_on": None, "ended_by": None, **values}


def entry(
    number: int, before: Mapping[str, Any] | None, after: Mapping[str, Any], names: str | None = None, actor: str = "p"
) -> dict[str, Any]:
    changes = [
        {"c": "facts", "k": "urgent", "b": None, "a": {"value": True}},
        {"c": "deadlines", "k": after["id"], "b": before, "a": after},
    ]
    return {
        "sequence": number, "actor": actor, "input": {} if names is None else {"deadline": names}, "changes": changes
    }  # fmt: skip


def clock(number: int, after: Mapping[str, Any], names: str | None = "d") -> dict[str, Any]:
    """What the worker writes when a running deadline is over."""
    return entry(number, deadline(), after, names, "system")


STARTED = entry(1, None, deadline())
FIRED, LAPSED, STOPPED = (deadline(status) for status in ("fired", "lapsed", "stopped"))


def gaps(entries: list[dict[str, Any]], *rows: dict[str, Any], **tasks: int) -> list[str]:
    return [gap.text for gap in judge(CASE, entries, rows, tasks)]


@pytest.mark.parametrize(
    ("entries", "row", "tasks"),
    [
        ([STARTED], deadline(), 0),
        ([STARTED, clock(2, FIRED)], FIRED, 0),
        ([STARTED, clock(2, LAPSED)], LAPSED, 1),
        ([STARTED, entry(2, deadline(), STOPPED)], STOPPED, 0),
        ([entry(1, None, STOPPED)], STOPPED, 0),
        ([STARTED, clock(2, FIRED), entry(3, FIRED, deadline())], deadline(), 0),
        ([STARTED, clock(2, FIRED), entry(3, FIRED, deadline()), clock(4, FIRED)], FIRED, 0),
        ([STARTED, clock(2, LAPSED), entry(3, LAPSED, deadline()), clock(4, LAPSED)], LAPSED, 2),
    ],
)
def test_what_history_tells_and_what_is_stored_fit(
    entries: list[dict[str, Any]], row: dict[str, Any], tasks: int
) -> None:
    assert gaps(entries, row, d=tasks) == []


@pytest.mark.parametrize(
    ("entries", "rows", "tasks", "text"),
    [
        ([STARTED], [], 0, "not among the deadlines"),
        ([], [deadline()], 0, "never started it"),
        ([STARTED], [FIRED], 0, "its status is fired, but history says running"),
        ([STARTED], [deadline(due="2026-07-01")], 0, "its due is 2026-07-01"),
        ([STARTED, clock(2, FIRED, None)], [FIRED], 0, "which does not name it"),
        ([STARTED, clock(2, FIRED), clock(3, FIRED)], [FIRED], 0, "it fired 2 time(s)"),
        ([STARTED, clock(2, FIRED), entry(3, FIRED, FIRED, "d", "system")], [FIRED], 0, "2 entry(ies)"),
        ([STARTED, clock(2, LAPSED)], [LAPSED], 0, "has 0 task(s)"),
        ([STARTED, clock(2, LAPSED)], [LAPSED], 2, "has 2 task(s)"),
        ([STARTED, clock(2, FIRED, "x")], [FIRED], 0, "an entry of the clock names it"),
    ],
)
def test_what_does_not_fit_is_told(
    entries: list[dict[str, Any]], rows: list[dict[str, Any]], tasks: int, text: str
) -> None:
    found = gaps(entries, *rows, d=tasks)

    assert any(text in entry for entry in found), found


def test_a_worker_is_behind_when_a_running_deadline_is_over_for_longer_than_it_may() -> None:
    rows = [deadline(is_paused=paused, status=status) for paused in (False, True) for status in ("running", "stopped")]

    found = [is_behind(row, date(2026, 7, 2), grace=1) for row in rows]

    assert found == [True, False, False, False]
    assert not is_behind({**rows[0], "due": date(2026, 6, 30)}, date(2026, 7, 1), grace=1)
