"""Answers kept under an Idempotency-Key: dropped by the worker once the key is honoured no longer."""

from datetime import timedelta

from tests.services.world import World

from mediation import worker
from mediation.services import idempotency


def keys(world: World) -> set[str]:
    return {row["key"] for row in world.rows("select key from idempotency")}


def test_an_answer_is_kept_for_72_hours_and_no_longer(world: World) -> None:
    world.create(key="old")
    began = world.clock.now()
    world.clock.move_to(began + timedelta(hours=1))
    world.create(key="young")
    world.clock.move_to(began + timedelta(hours=72))
    worker.forget_answers(world.database, world.clock)
    before = keys(world)

    world.clock.move_to(began + timedelta(hours=72, seconds=1))
    worker.forget_answers(world.database, world.clock)

    assert before >= {"old", "young"}
    assert "old" not in keys(world)
    assert "young" in keys(world)


def test_answers_go_in_batches_the_oldest_first(world: World) -> None:
    for name in ("a", "b", "c"):
        world.create(key=name)
        world.clock.move_to(world.clock.now() + timedelta(minutes=1))
    later = world.clock.now() + timedelta(hours=80)

    taken = [world.write(idempotency.forget, later, 2) for _ in range(3)]

    assert taken == [2, 1, 0]
    assert keys(world) == set()


def test_a_key_asked_again_after_that_is_carried_out_again(world: World) -> None:
    first = world.create(key="again")
    world.clock.move_to(world.clock.now() + timedelta(hours=73))
    worker.forget_answers(world.database, world.clock)

    second = world.create(key="again")

    assert first["id"] != second["id"]
