"""Cases follow a moved body: whatever writes beside it, whoever is killed, however many moves overlap."""

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import orjson
import pytest
from tests.services.world import CENTRE, MASTER_KEY, World, new_case, triage

from mediation import scope_check, worker
from mediation.api.representations import render_case
from mediation.api.wire import NewCaseIn
from mediation.demo.people import ORGANIZATIONS, organization
from mediation.domain.errors import InvalidInputError, Refusal
from mediation.services import cases as case_services
from mediation.services import moves, rescoping
from mediation.services.requests import NewCase
from mediation.storage import DatabaseBusyError, Unit, tables
from mediation.storage import cases as case_rows
from mediation.storage import people as people_rows
from mediation.storage.ids import new_id

CITY = organization("city-union").id
YUNXI, LINJIANG = organization("yunxi-union").id, organization("linjiang-union").id
TREE = [row for row in ORGANIZATIONS if row.parent or row.code == "province-union"]


def _move(world: World, body: str, to: str | None) -> None:
    world.write(moves.move_by_hand, body, to, world.clock.now())


def _follow(world: World, **options: Any) -> int:
    return worker.follow_moves(world.database, world.clock, **options)


def _parents(world: World) -> dict[str, str | None]:
    return {row["id"]: row["parent_id"] for row in world.rows("select id, parent_id from organizations")}


def _above(parents: Mapping[str, str | None], body: str) -> Iterator[str]:
    upper = parents[body]
    while upper is not None:
        yield upper
        upper = parents[upper]


def _misfits(world: World) -> set[str]:
    """Cases that do not lie in the scopes of their house and of the bodies above, counted here from the tree."""
    parents = _parents(world)
    wanted = {
        (case["id"], scope, str(case["next_due"]), bool(case["is_open"]))
        for case in world.rows("select id, organization_id, next_due, is_open from cases")
        for scope in (
            f"o:{case['organization_id']}",
            *(f"b:{body}" for body in _above(parents, case["organization_id"])),
        )
    }
    stored = {
        (row["case_id"], row["scope_id"], str(row["next_due"]), bool(row["is_open"]))
        for row in world.rows("select * from case_scope where scope_id like 'b:%' or scope_id like 'o:%'")
    }
    return {row[0] for row in wanted ^ stored}


def _fits(world: World) -> bool:
    """Whether every case lies where the tree says, and the check that is offered to users finds the same."""
    told: list[str] = []
    return not _misfits(world) and scope_check.prove(world.database, told.append) == 0 and "0 of them wait" in told[-1]


def _seen_by_the_tree_alone(world: World) -> bool:
    """Whether no reading shows a case to a body that is not above it now, even while moves are under way."""
    parents = _parents(world)
    for case in world.rows("select id, organization_id from cases"):
        loaded = world.read(case_rows.load, case["id"], subject="", today=world.today)
        above = {f"b:{body}" for body in _above(parents, case["organization_id"])}
        if not {scope for scope in loaded.scopes if scope.startswith("b:")} <= above:
            return False
    return True


def test_a_worker_killed_in_the_middle_leaves_each_case_listed_or_written(world: World) -> None:
    cases = [world.create()["id"] for _ in range(8)]
    _move(world, CENTRE, LINJIANG)

    for _ in range(2):
        _follow_until_killed(world)
    listed = {row["case_id"] for row in world.rows("select case_id from organization_move_cases")}
    written = {
        row["case_id"] for row in world.rows("select case_id from case_scope where scope_id = :id", id=f"b:{LINJIANG}")
    }
    _follow(world)

    (move,) = world.rows("select cases_to_do, cases_done, scopes_closed, finished_at from organization_moves")
    assert sorted([*listed, *written]) == sorted(cases)
    assert 0 < len(listed) < len(cases)
    assert (move["cases_to_do"], move["cases_done"], move["scopes_closed"]) == (8, 8, 8)
    assert move["finished_at"] is not None
    assert _fits(world)


def _follow_until_killed(world: World) -> None:
    """Let a process of its own take case by case, and end it by SIGKILL right after its first."""
    asked = (world.url, world.today.isoformat(), MASTER_KEY.hex())
    command = [sys.executable, "-m", "tests.worker.following", *asked]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait(10)


def test_a_round_of_the_worker_brings_the_cases_along(world: World) -> None:
    world.create()
    _move(world, YUNXI, LINJIANG)

    worker._round(world.database, world.clock)

    assert _fits(world)


def test_a_move_of_a_body_without_cases_is_over_with_the_first_look(world: World) -> None:
    _move(world, CENTRE, LINJIANG)

    taken = _follow(world)

    (move,) = world.rows("select cases_to_do, finished_at from organization_moves")
    assert (taken, move["cases_to_do"]) == (0, 0)
    assert move["finished_at"] is not None


def test_a_body_moved_below_one_that_is_moved_itself_ends_where_the_tree_says(world: World) -> None:
    for _ in range(4):
        world.create()
    _move(world, CENTRE, LINJIANG)
    _follow(world, batch=1, seconds=0)

    _move(world, LINJIANG, organization("province-union").id)
    _follow(world, batch=1, seconds=0)
    _move(world, CENTRE, CITY)
    partly = _seen_by_the_tree_alone(world)
    _follow(world)

    assert partly
    assert _fits(world)


@pytest.mark.parametrize("seed", range(8))
def test_random_moves_of_a_random_tree_end_in_the_scopes_of_the_tree(world: World, seed: int) -> None:
    chance = random.Random(seed)
    bodies = _plant(world, chance)
    cases = _fill(world, bodies, chance)

    for _ in range(14):
        _something(world, chance, bodies, cases)
        assert _seen_by_the_tree_alone(world)
    _follow(world)

    assert world.rows("select 1 from organization_move_cases") == []
    assert _fits(world)


def _plant(world: World, chance: random.Random) -> list[str]:
    """A tree of made-up bodies of any shape."""
    bodies = [new_id() for _ in range(chance.randint(3, 12))]
    rows = [
        {
            "id": body, "version": 1, "parent_id": chance.choice([None, *bodies[:number]]), "kind": "other_lawful_org",
            "name": f"组织{number}", "short_name": f"组{body[-10:]}", "division": None, "uscc": None,
            "is_court_invited": False, "is_active": True,
        }
        for number, body in enumerate(bodies)
    ]  # fmt: skip
    for row in rows:
        world.write(people_rows.put, tables.organizations, [row])
    return bodies


def _fill(world: World, bodies: list[str], chance: random.Random) -> list[str]:
    """Cases of these bodies: written down at one house and put at another by hand, scopes and all."""
    cases = [world.create(submit=False)["id"] for _ in range(10)]
    parents = _parents(world)
    for case_id in cases:
        house = chance.choice(bodies)
        world.write(_put_at, case_id, house, [*_above(parents, house)])
    return cases


def _put_at(unit: Unit, case_id: str, house: str, above: list[str]) -> None:
    run = unit.connection.exec_driver_sql
    run(f"update cases set organization_id = '{house}' where id = '{case_id}'")  # noqa: S608 - our own ids
    run(f"delete from case_scope where case_id = '{case_id}' and substr(scope_id, 1, 2) in ('o:', 'b:')")  # noqa: S608
    for scope in (f"o:{house}", *(f"b:{body}" for body in above)):
        run(
            "insert into case_scope (scope_id, is_open, next_due, case_id, since) "  # noqa: S608
            f"select '{scope}', is_open, next_due, id, '2026-06-15' from cases where id = '{case_id}'"
        )


def _something(world: World, chance: random.Random, bodies: list[str], cases: list[str]) -> None:
    """A move, a few cases of one taken, a listing without more, or a batch that is rolled back as by a crash."""
    what = chance.choice(["move", "move", "take", "look", "crash"])
    if what == "move":
        with _refused():
            _move(world, chance.choice(bodies), chance.choice([None, *bodies]))
    elif what == "take":
        _follow(world, batch=chance.randint(1, 4), seconds=0)
    else:
        for move_id in world.read(rescoping.unfinished)[:1]:
            world.write(rescoping.look, move_id, world.clock.now())
            if what == "crash":
                with pytest.raises(_CrashError):
                    world.write(_crash, move_id, world)


class _refused:  # noqa: N801 - reads as a sentence
    """Moves that cannot be are refused; the tree stays as it was."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(kind, Refusal | InvalidInputError)


def _again(send: Callable[..., object], *args: object, **given: object) -> None:
    """Send it, and send it again while the database is busy, as the answer says."""
    for _ in range(20):
        with suppress(DatabaseBusyError):
            send(*args, **given)
            return
    pytest.fail("the database was busy twenty times")


class _CrashError(Exception):
    """The process ends before the batch is committed."""


def _crash(unit: Unit, move_id: str, world: World) -> None:
    with unit.transaction():
        rescoping.follow(unit, move_id, world.clock.now(), 3)
        raise _CrashError


@pytest.fixture
def shared(world: World) -> World:
    if world.database.dialect == "sqlite":
        pytest.skip("SQLite has one writer: nothing comes between")
    return world


class _Held:
    """Something that was written and is not committed yet: its transaction waits to be let go."""

    def __init__(self, world: World, service: Callable[..., Any], *arguments: Any) -> None:
        self._made, self._go = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=world.another().write, args=(self._run, service, arguments))
        self._thread.start()
        assert self._made.wait(10)

    def _run(self, unit: Unit, service: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        with unit.transaction():
            service(unit, *arguments)
            self._made.set()
            self._go.wait(10)

    def let_go(self) -> None:
        self._go.set()
        self._thread.join(10)


@pytest.mark.parametrize("what", ["draft", "create", "transfer", "split"])
def test_a_case_that_is_written_while_its_bodies_are_moved_is_written_by_the_tree_after_the_move(
    shared: World, what: str
) -> None:
    write = _writers(shared)[what]
    below = {row["id"] for row in shared.rows("select id from cases where organization_id = :id", id=CENTRE)}
    held = _Held(shared, moves.move_by_hand, YUNXI, LINJIANG, shared.clock.now())

    _write_beside(held, write)

    assert _misfits(shared) <= below
    assert shared.counts()["cases"] == (2 if what == "transfer" else 3)
    _follow(shared)
    assert _fits(shared)


def _write_beside(held: _Held, write: Callable[[], Any]) -> None:
    """Write while something is held: it waits, and ends once that is let go."""
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        with pytest.raises(TimeoutError):
            writing.result(0.4)
        held.let_go()
        writing.result(10)


def test_a_case_that_is_transferred_while_a_batch_writes_it_is_not_seen_where_the_batch_put_it(shared: World) -> None:
    case_id, home = shared.create()["id"], organization("linjiang-centre").id
    _move(shared, YUNXI, organization("linjiang-people").id)
    (move_id,) = shared.read(rescoping.unfinished)
    shared.write(rescoping.look, move_id, shared.clock.now())
    held = _Held(shared, rescoping.follow, move_id, shared.clock.now(), 10)

    _write_beside(held, lambda: shared.take(case_id, "reassign_organization", organization=home, why="管辖"))

    _follow(shared)
    assert _fits(shared)


def test_a_batch_leaves_out_the_case_that_a_step_is_writing_and_comes_back_for_it(shared: World) -> None:
    case_id, other = (shared.create()["id"] for _ in range(2))
    _move(shared, YUNXI, LINJIANG)
    held = _Held(shared, case_rows.hold_scopes, case_id)

    first = _follow(shared)

    held.let_go()
    assert (first, _misfits(shared)) == (1, {case_id})
    assert other not in _misfits(shared)
    assert _follow(shared) == 1
    assert _fits(shared)


def _writers(world: World) -> dict[str, Callable[[], Any]]:
    """Ways in which a case comes to lie below Yunxi's union, each on a case that is ready for it."""
    away = world.create("clerk-fang")["id"]
    here = world.create()["id"]
    triage(world, here)
    claims = list(world.case(here).claims)
    return {
        "draft": lambda: world.create(submit=False),
        "create": world.create,
        "transfer": lambda: world.take(away, "reassign_organization", "clerk-fang", organization=CENTRE, why="管辖"),
        "split": lambda: world.take(here, "split_off", claims=claims[:1], reason="separate_respondent"),
    }


def test_a_move_waits_for_the_case_that_is_being_written_and_takes_it_along(shared: World) -> None:
    other = shared.another()
    written, go = threading.Event(), threading.Event()

    def create(unit: Unit) -> None:
        with unit.transaction():
            _create_in(unit, shared)
            written.set()
            go.wait(10)

    with ThreadPoolExecutor(2) as pool:
        creating = pool.submit(other.write, create)
        assert written.wait(10)
        moving = pool.submit(_move, shared, YUNXI, LINJIANG)
        with pytest.raises(TimeoutError):
            moving.result(0.4)
        go.set()
        creating.result(10)
        moving.result(10)
    taken = _follow(shared)

    assert taken == 1
    assert _fits(shared)


def _create_in(unit: Unit, world: World) -> None:
    text = orjson.dumps(new_case(submit=False)).decode()
    parsed = NewCaseIn.model_validate_json(text, context={"today": world.today})
    case_services.create_case(unit, world.caller("clerk-lin"), NewCase(**parsed.values()), render_case)


def test_moves_creations_transfers_steps_and_two_workers_at_once_end_where_the_tree_says(shared: World) -> None:
    """Everything that touches a scope runs at the same time on four processes; nobody waits for nobody."""
    homes = [("clerk-lin", "yunxi-centre"), ("clerk-fang", "linjiang-centre"), ("clerk-mu", "yunxi-governance")]
    cases = {who: [shared.create(who)["id"] for _ in range(6)] for who, _ in homes}
    stop = threading.Event()
    movers, writers, workers = shared.another(), [shared.another() for _ in homes], [shared.another(), shared.another()]

    def work(world: World) -> int:
        taken = 0
        while not stop.is_set():
            taken += _follow(world, batch=3)
        return taken

    def write(world: World, who: str, seed: int) -> int:
        chance, done = random.Random(seed), 0
        for case_id in cases[who]:
            if who == "clerk-lin":
                _again(triage, world, case_id)
            _again(world.create, who)
            target = organization(chance.choice([home for name, home in homes if name != who])).id
            _again(world.take, case_id, "reassign_organization", who, organization=target, why="管辖")
            done += 1
        return done

    def move(world: World) -> int:
        chance, made = random.Random(7), 0
        bodies = [row.id for row in TREE if row.parent]
        while not stop.is_set() and made < 60:
            with _refused():
                _again(_move, world, chance.choice(bodies), chance.choice(bodies))
            made += 1
        return made

    with ThreadPoolExecutor(6) as pool:
        working = [pool.submit(work, world) for world in workers]
        moving = pool.submit(move, movers)
        writing = [
            pool.submit(write, world, who, n) for n, (world, (who, _)) in enumerate(zip(writers, homes, strict=True))
        ]
        try:
            written = sum(job.result(90) for job in writing)
            moved = moving.result(90)
        finally:
            stop.set()
        taken = sum(job.result(30) for job in working)
    _follow(shared)

    assert (written, moved) == (18, 60)
    assert taken > 0
    assert _fits(shared)
