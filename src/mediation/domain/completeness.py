"""Nothing that is due is lost: every deadline ever started is fired, ended otherwise, or still to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from mediation.domain.access import SYSTEM
from mediation.domain.deadlines import DeadlineStatus

FIRED: Final = frozenset({DeadlineStatus.FIRED, DeadlineStatus.LAPSED})
"""Ends that the clock brought: by a timer step, or noted with a task where no step could be taken."""
PENDING: Final = frozenset({DeadlineStatus.RUNNING})


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that does not add up, in one case."""

    case_id: str
    deadline_id: str
    text: str


@dataclass(slots=True)
class _Told:
    """What history tells of one deadline: as it last stood, and the entries that changed its status or name it."""

    last: Mapping[str, Any]
    ends: list[Mapping[str, Any]] = field(default_factory=list)


def judge(
    case_id: str, entries: Iterable[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]], tasks: Mapping[str, int]
) -> Iterator[Gap]:
    """Compare the history of one case with its deadlines as they are stored; gives what does not fit.

    `entries` are payloads in order; `rows` say id, status and due of each deadline; `tasks` count tasks by deadline.
    """
    told, named = _told(entries)
    stored = {row["id"]: row for row in rows}
    for key in told.keys() - stored.keys():
        yield Gap(case_id, key, "history started it, but it is not among the deadlines")
    for key in stored.keys() - told.keys():
        yield Gap(case_id, key, "it is among the deadlines, but history never started it")
    for key in sorted(told.keys() & stored.keys()):
        texts = (*_differences(told[key].last, stored[key]), *_ends(told[key], named.get(key, 0), tasks.get(key, 0)))
        yield from (Gap(case_id, key, text) for text in texts)
    for key in named.keys() - told.keys():
        yield Gap(case_id, key, "an entry of the clock names it, but history never started it")


def _told(entries: Iterable[Mapping[str, Any]]) -> tuple[dict[str, _Told], dict[str, int]]:
    """What history tells of each deadline, and how many entries of the clock name it."""
    told: dict[str, _Told] = {}
    named: dict[str, int] = {}
    for entry in entries:
        key = (entry["input"] or {}).get("deadline") if entry["actor"] == SYSTEM.person_id else None
        if key is not None:
            named[key] = named.get(key, 0) + 1
        for change in entry["changes"]:
            if change["c"] == "deadlines":
                _follow(told, entry, change)
    return told, named


def _follow(told: dict[str, _Told], entry: Mapping[str, Any], change: Mapping[str, Any]) -> None:
    found = told.setdefault(change["k"], _Told(change["a"]))
    found.last = change["a"]
    was = (change["b"] or {}).get("status", DeadlineStatus.RUNNING)
    if change["a"]["status"] != was:
        found.ends.append({**entry, "was": was, "became": change["a"]["status"]})


def _differences(told: Mapping[str, Any], stored: Mapping[str, Any]) -> Iterator[str]:
    for name in ("status", "due", "ended_on", "ended_by"):
        if str(told[name]) != str(stored[name]):
            yield f"its {name} is {stored[name]}, but history says {told[name]}"


def _ends(told: _Told, named: int, tasks: int) -> Iterator[str]:
    """Each firing by one entry that names the deadline, each lapse with one task, every other end by an entry."""
    fired = [end for end in told.ends if end["became"] in FIRED]
    if named != len(fired):
        yield f"it fired {len(fired)} time(s), but {named} entry(ies) of the clock name it"
    for end in fired:
        if (end["input"] or {}).get("deadline") != told.last["id"]:
            yield f"it fired in entry {end['sequence']}, which does not name it"
    taken_back = sum(end["was"] in FIRED for end in told.ends)
    if len(fired) - taken_back != int(told.last["status"] in FIRED):
        yield f"it is {told.last['status']}, but it fired {len(fired)} time(s) and was taken back {taken_back} time(s)"
    lapses = sum(end["became"] == DeadlineStatus.LAPSED for end in told.ends)
    if tasks != lapses:
        yield f"it lapsed {lapses} time(s), but has {tasks} task(s)"


def is_behind(row: Mapping[str, Any], today: date, grace: int) -> bool:
    """Whether a deadline should have fired more than `grace` days ago: the worker is behind, or cannot."""
    if row["status"] != DeadlineStatus.RUNNING or row["is_paused"]:
        return False
    due = row["due"]
    return (today - (due if isinstance(due, date) else date.fromisoformat(due))).days > grace
