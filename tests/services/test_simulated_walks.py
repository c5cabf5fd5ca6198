"""Random lawful walks, simulated and then carried out: what was thought is what happens, record by record."""

import json
import os
import random
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import hypothesis
from hypothesis import strategies as st
from tests.services.walks import candidates, recorder
from tests.services.world import TODAY, World, agree, mediate

from mediation.api.simulations import SimulationIn, render_simulation, request_of
from mediation.domain.cases import Case
from mediation.domain.days import shanghai_date
from mediation.domain.errors import InvalidInputError
from mediation.domain.records import RECORD_TYPES, to_row
from mediation.services import simulations
from mediation.services.views import SimulationView
from mediation.storage import history as history_rows

LONGEST_WALK = 8
WALKS = int(os.environ.get("MEDIATION_WALKS", "12"))
Record = Mapping[str, Any]
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def simulated(world: World, case_id: str, steps: list[dict[str, Any]], until: date | None = None) -> SimulationView:
    """What a simulation finds, before it is written as an answer."""
    found: list[SimulationView] = []
    body = json.dumps({"steps": steps, "until": str(until) if until else None})
    asked = request_of(SimulationIn.model_validate_json(body), world.today)

    def keep(view: SimulationView) -> bytes:
        found.append(view)
        return render_simulation(view)

    world.read(simulations.simulate_case, world.caller("clerk-lin"), case_id, asked, keep)
    return found[0]


def begin(world: World, chance: random.Random) -> str:
    """A case at one of four points of its way."""
    case_id: str = world.create(submit=chance.random() < 0.8)["id"]
    if world.case(case_id).number is not None and chance.random() < 0.6:
        mediate(world, case_id)
        if chance.random() < 0.5:
            agree(world, case_id, ["2026-06-30", "2026-08-14"])
    return case_id


def walk(world: World, case_id: str, chance: random.Random) -> list[dict[str, Any]]:
    """Steps that are lawful one after the other, on days that follow each other."""
    steps: list[dict[str, Any]] = []
    day = world.today
    while len(steps) < LONGEST_WALK:
        day += timedelta(days=chance.choice((0, 0, 1, 3, 20)))
        standing = simulated(world, case_id, steps, day).after
        tried = candidates(chance, standing.case, standing.open_steps, day)
        found = next((step for step in tried if _is_taken(world, case_id, [*steps, step])), None)
        if found is None:
            break
        steps.append(found)
    return steps


def _is_taken(world: World, case_id: str, steps: list[dict[str, Any]]) -> bool:
    """Whether the last step is lawful, and somebody of the house could record it."""
    try:
        view = simulated(world, case_id, steps)
    except InvalidInputError:
        return False
    taken = view.happenings[-1] if view.stopped is None else None
    return taken is not None and recorder(taken.before, steps[-1]["action"], for_you=taken.for_you is True) is not None


def plain(case: Case, known: frozenset[str] = frozenset()) -> str:
    """The case record by record, in one text: ids that are new by the order in which they came, recorders left out."""
    attested = {name: {**told, "by": None} for name, told in (case.facts.get("attested") or {}).items()}
    told = {
        "version": case.version,
        "sequence": case.sequence,
        "organization": case.organization_id,
        "last": {name: case.last_entry.get(name) for name in ("kind", "action", "track", "recorded_on", "occurred_on")},
        "facts": {**case.facts, "attested": attested},
        **{name: [to_row(name, one) for _, one in sorted(getattr(case, name).items())] for name in RECORD_TYPES},
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1, default=str)
    named: dict[str, str] = {}

    def rename(found: re.Match[str]) -> str:
        return found[0] if found[0] in known else named.setdefault(found[0], f"new {len(named) + 1}")

    return _UUID.sub(rename, text) if known else text


def live_until(world: World, case_id: str, day: date) -> None:
    """Let days pass in reality, with the worker at work on each morning on which something may be over."""
    world.run_due()
    while world.today < day:
        mornings = [d.due + timedelta(days=1) for d in world.case(case_id).running()]
        world.run_due(min([morning for morning in mornings if morning > world.today] + [day]))


def real_ids(thought: Case, real: Case) -> dict[str, str]:
    """The id in reality of each record that a simulation brought in, by its placeholder."""
    pairs = [(getattr(thought, name), getattr(real, name)) for name in RECORD_TYPES]
    found = {one: other for before, after in pairs for one, other in zip(sorted(before), sorted(after), strict=True)}
    agreement = thought.facts.get("agreement") or {}
    return found | ({agreement["id"]: real.facts["agreement"]["id"]} if agreement else {})


def take(world: World, case_id: str, subject: str, step: Record, ids: Mapping[str, str]) -> None:
    """Take a simulated step in reality, with real ids in place of placeholders."""
    text = json.dumps(step)
    for placeholder, key in ids.items():
        text = text.replace(placeholder, key)
    given = json.loads(text)
    own = {"occurred_on": given["occurred_on"], "attestations": given["attestations"], "evidence": given["evidence"]}
    world.take(case_id, given["action"], subject, **{**own, **given["input"]})


def entries(world: World, case_id: str, after: int) -> list[tuple[str, str, str]]:
    """What history tells after an entry: action, day of the act, day of recording."""
    found = world.read(history_rows.history, case_id, after=after, limit=500)
    told = [json.loads(row["payload"]) for row in found]
    return [(one["action"], one["occurred_on"], str(_day(one["recorded_at"]))) for one in told]


def _day(moment: str) -> date:
    return shanghai_date(datetime.fromisoformat(moment))


def bounded(simulates_reality: Callable[[int], None]) -> Callable[[], None]:
    """Let Hypothesis choose a few dozen seeds over both databases."""
    given = hypothesis.given(seed=st.integers(0, 2**32))(simulates_reality)
    checks = list(hypothesis.HealthCheck)
    return hypothesis.settings(max_examples=WALKS, database=None, suppress_health_check=checks)(given)


def test_a_simulated_walk_is_what_happens_when_it_is_carried_out(world: World) -> None:
    @bounded
    def simulates_reality(seed: int) -> None:
        chance = random.Random(seed)
        world.clock.move_to(TODAY)
        case_id = begin(world, chance)
        begun = world.case(case_id)
        known = frozenset(_UUID.findall(plain(begun)))
        steps = walk(world, case_id, chance)
        end = world.today + timedelta(days=200)

        view = simulated(world, case_id, steps, end)

        for happening in (one for one in view.happenings if one.position is not None):
            live_until(world, case_id, happening.today)
            real = world.case(case_id)
            assert plain(real, known) == plain(happening.before, known)
            step = steps[happening.position or 0]
            subject = recorder(happening.before, step["action"], for_you=happening.for_you is True)
            take(world, case_id, subject or "", step, real_ids(happening.before, real))
            assert plain(world.case(case_id), known) == plain(happening.after, known)
        live_until(world, case_id, end)
        assert plain(world.case(case_id), known) == plain(view.after.case, known)
        told = [(one.entry.action, str(one.entry.occurred_on), str(one.today)) for one in view.happenings]
        assert entries(world, case_id, begun.sequence) == told

    simulates_reality()
