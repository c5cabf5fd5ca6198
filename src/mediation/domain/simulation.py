"""What if: the steps and lapses of reality, taken on a case that is carried on in thought and written nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from mediation.domain.advance import advance, clock_setting, lapse
from mediation.domain.calendar import Calendar
from mediation.domain.cases import MAIN, Advance, Case, Command, Setting
from mediation.domain.days import SHANGHAI, shanghai_date
from mediation.domain.deadlines import Deadline, DeadlineStatus, may_fire, recount_deadline
from mediation.domain.errors import BlockedError, NotPermittedError
from mediation.domain.history import Entry, recorded
from mediation.domain.labels import Label
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import CaseRole
from mediation.domain.records import RECORD_TYPES, Change, Task

SOMEBODY_ELSE = "somebody_else"
"""Who records, in thought, what the one who asks could not record; another one each time."""
_DAY = timedelta(days=1)
_NOON = time(12, tzinfo=SHANGHAI)
_PLACEHOLDER = UUID("ffffffff-0000-7000-8000-000000000000").int
_PREFIX = str(UUID(int=_PLACEHOLDER))[:24]


def placeholder(number: int) -> str:
    """The id that the nth new thing of a simulation has: it sorts after every real one, and is the same each time."""
    return str(UUID(int=_PLACEHOLDER + number))


def is_placeholder(key: str) -> bool:
    """Whether an id was given by a simulation."""
    return key.startswith(_PREFIX)


class Moved(NamedTuple):
    """A deadline whose last day differs from what it was."""

    deadline: Deadline
    was_due: date


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry that history would have: a step taken, a step of the clock, or a lapse that only leaves a task.

    `position` counts the steps asked for from 0, `for_you` says whether the one who asks could record the step; both
    are None for the clock. `advance` is None for a lapse, `fired` is the deadline that was over.
    """

    entry: Entry
    before: Case
    after: Case
    changes: tuple[Change, ...]
    advance: Advance | None = None
    fired: Deadline | None = None
    position: int | None = None
    for_you: bool | None = None

    @property
    def kind(self) -> str:
        """`step` for one that was asked for, `timer` for a step of the clock, `lapse` for what only leaves a task."""
        if self.fired is None:
            return "step"
        return "lapse" if self.advance is None else "timer"

    @property
    def today(self) -> date:
        """The day on which it would be recorded; the clock acts on the morning after the day it dates from."""
        return shanghai_date(self.entry.recorded_at)

    @property
    def started(self) -> tuple[Deadline, ...]:
        """Deadlines that run now and did not before."""
        return tuple(d for d in self.after.running() if not self._ran(d))

    @property
    def ended(self) -> tuple[Deadline, ...]:
        """Deadlines that ran before and run no more, each with what became of it."""
        now = self.after.deadlines.values()
        return tuple(d for d in now if d.status != DeadlineStatus.RUNNING and self._ran(d))

    @property
    def moved(self) -> tuple[Moved, ...]:
        """Deadlines that ran on to another day."""
        both = [(d, self.before.deadlines[d.id].due) for d in self.after.running() if self._ran(d)]
        return tuple(Moved(d, due) for d, due in both if d.due != due)

    @property
    def raised(self) -> tuple[Task, ...]:
        """Tasks that a person must look at from then on."""
        return tuple(task for key, task in self.after.tasks.items() if key not in self.before.tasks)

    @property
    def answered(self) -> tuple[str, ...]:
        """Ids of tasks that were open before and are no more."""
        still = {key for key, task in self.after.tasks.items() if task.status == "open"}
        return tuple(key for key, task in self.before.tasks.items() if task.status == "open" and key not in still)

    @property
    def remarks(self) -> tuple[tuple[str, Label], ...]:
        """What reality would do besides, and a simulation does not: (code, text)."""
        if self.advance is None:
            return ()
        found = (("number_not_issued", self.advance.needs_number), ("sibling_not_simulated", self._splits))
        return tuple((code, REMARKS[code]) for code, holds in found if holds)

    @property
    def told(self) -> Mapping[str, Any]:
        """The entry as history would tell it, for a later step that takes it back."""
        return {
            "id": self.entry.id,
            "kind": self.entry.kind,
            "action": self.entry.action,
            "sequence": self.after.sequence,
            "actor": self.entry.actor_id,
            "on_behalf_of": self.entry.on_behalf_of,
            "recorded_at": self.entry.recorded_at.isoformat(),
            "changes": [{"c": c.collection, "k": c.key, "b": c.before, "a": c.after} for c in self.changes],
        }

    @property
    def _splits(self) -> bool:
        return self.entry.action == "split_off"

    def _ran(self, deadline: Deadline) -> bool:
        known = self.before.deadlines.get(deadline.id)
        return known is not None and known.status == DeadlineStatus.RUNNING


REMARKS: Mapping[str, Label] = {
    "number_not_issued": Label("案号尚未编发", "The case number is not yet issued"),
    "sibling_not_simulated": Label("只推演原案,分出的案件不在其内", "The case that is split off is not simulated"),
}


class Simulation:
    """A case carried on from `today`: `let_run` moves time, `take` takes a step; `happenings` tells what happened."""

    __slots__ = ("_count", "calendar", "case", "happenings", "today")

    def __init__(self, case: Case, today: date, calendar: Calendar) -> None:
        """Begin with the case as it stands."""
        self.case = case
        self.today = today
        self.happenings: list[Happening] = []
        self.calendar = calendar
        self._count = 0

    def new_id(self) -> str:
        """The next placeholder: what is new is told from what is on file, and in the order in which it came."""
        self._count += 1
        return placeholder(self._count)

    def recount(self) -> None:
        """Count every running deadline on the simulation's calendar, as when its notices had been loaded."""
        counted = {
            d.id: recount_deadline(d, self.calendar)
            for d in self.case.running()
            if d.calendar_version != self.calendar.version
        }
        self.case = replace(self.case, deadlines={**self.case.deadlines, **counted})

    def let_run(self, day: date) -> None:
        """Let time run to a day: what falls due fires on the morning after, in order, as the worker fires it."""
        while (found := self._next_to_fire()) is not None and found[0] <= day:
            self.today, deadline = found
            self._fire(deadline)
        self.today = max(self.today, day)

    def take(self, command: Command, setting: Setting, position: int) -> Happening:
        """Take a step by the roles of the one who asks, or else by those that its row allows; on the day of `setting`.

        Raises StepNotOpenError, BlockedError with what stands in the way of those who may record it,
        InvalidInputError.
        """
        try:
            result, for_you = advance(self.case, command, setting), True
        except (NotPermittedError, BlockedError):
            setting = by_somebody_else(setting, command.action, position)
            result, for_you = advance(self.case, command, setting), False
        return self._record(result, setting, position=position, for_you=for_you)

    def voidable(self, key: str) -> Mapping[str, Any] | None:
        """The simulated entry of this id as a step that takes it back is told of it, or None."""
        return next((one.told for one in self.happenings if one.entry.id == key), None)

    def told_after(self, key: str | None) -> list[Mapping[str, Any]]:
        """What later simulated entries tell, after that of this id or from the first on."""
        keys = [one.entry.id for one in self.happenings]
        return [one.told for one in self.happenings[keys.index(key) + 1 if key in keys else 0 :]]

    def _next_to_fire(self) -> tuple[date, Deadline] | None:
        due = [(max(self.today, d.due + _DAY), d) for d in self.case.running()]
        firing = [(day, d) for day, d in due if may_fire(d, day)]
        return min(firing, key=lambda found: (found[1].due, found[1].id), default=None)

    def _fire(self, deadline: Deadline) -> None:
        setting = clock_setting(self.today, self.calendar, self.new_id)
        outcome = lapse(self.case, deadline, setting)
        if isinstance(outcome, Advance):
            self._record(outcome, setting, fired=deadline)
            return
        draft, _ = outcome
        entry = self._entry("lapse", "term_lapsed", deadline.due, setting)
        self._append(entry, draft.case, draft.changes(), fired=deadline)

    def _record(self, result: Advance, setting: Setting, **told: Any) -> Happening:
        entry = self._entry("step", result.step.action, result.command.occurred_on, setting)
        entry = replace(
            entry, step_id=result.step.id, track_id=result.track_id, source=result.source, target=result.target
        )
        return self._append(entry, result.case, result.changes, advance=result, **told)

    def _entry(self, kind: str, action: str, occurred_on: date, setting: Setting) -> Entry:
        return Entry(
            id=self.new_id(),
            kind=kind,
            action=action,
            occurred_on=occurred_on,
            recorded_at=datetime.combine(self.today, _NOON),
            actor_id=setting.hand or setting.actor_id,
            on_behalf_of=setting.actor_id if setting.hand else None,
            organization_id=None,
            roles=(),
            request_id="",
            procedure=self.case.procedure,
        )

    def _append(self, entry: Entry, after: Case, changes: tuple[Change, ...], **told: Any) -> Happening:
        case = in_order(recorded(self.case, after, entry, self.case.head))
        self.happenings.append(Happening(entry, self.case, case, changes, **told))
        self.case = case
        return self.happenings[-1]


def by_somebody_else(setting: Setting, action: str, position: int) -> Setting:
    """The setting in which those whom the row names record the step, not the one who asks."""
    allowed = PROCEDURE.steps[action].recorded_by - {CaseRole.SYSTEM}
    return replace(setting, roles=setting.roles | allowed, actor_id=f"{SOMEBODY_ELSE}:{position}", hand=None)


def in_order(case: Case) -> Case:
    """The case with its records in the order in which storage gives them: by id, the main track first."""
    collections: dict[str, Any] = {
        name: dict(sorted(getattr(case, name).items(), key=lambda entry: (entry[0] != MAIN, entry[0])))
        for name in RECORD_TYPES
    }
    return replace(case, **collections)
