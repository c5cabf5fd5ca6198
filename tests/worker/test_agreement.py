"""The proof that what is stored is what history says, as the command gives it, and what it finds when it is not."""

import base64

import pytest
from tests.services.test_disposals import disposed
from tests.services.test_erasure import ended, erase
from tests.services.world import MASTER_KEY, World, agree, mediate, tell, triage
from tests.worker.test_completeness import spoil

from mediation import agreement_check
from mediation.__main__ import main
from mediation.services import agreement


def proof(world: World, case: str | None = None) -> tuple[int, list[str]]:
    told: list[str] = []
    if case is None:
        return agreement_check.prove(world.database, told.append), told
    return agreement_check.prove_one(world.database, case, told.append), told


@pytest.fixture
def busy(world: World) -> World:
    """A world with a case that went its whole way, one that was agreed on, one that waits and a draft."""
    list(tell(world, world.create()["id"]))
    agreed = world.create()["id"]
    mediate(world, agreed)
    agree(world, agreed, ["2026-06-22", "2026-07-20"])
    triage(world, world.create()["id"])
    world.create(submit=False)
    return world


def test_every_case_is_what_its_history_gives(busy: World) -> None:
    found, told = proof(busy)

    assert (found, told) == (0, ["4 cases beside their histories, 0 record(s) differ"])


def test_the_comparison_goes_on_from_batch_to_batch(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(busy, "update claims set amount_fen = 1")
    whole = proof(busy)
    monkeypatch.setattr(agreement, "BATCH", 1)

    one_by_one = proof(busy)

    assert one_by_one == whole
    assert whole[0] > 4


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("update claims set amount_fen = amount_fen + 1", "stored otherwise than history says: amount_fen"),
        ("update cases set claimed_fen = claimed_fen + 1", "case row claimed_fen: stored otherwise"),
        ("delete from obligations", "obligations "),
        ("delete from obligations", "history has it, and it is not stored"),
        ("update cases set state = 'triage'", "tracks main: stored otherwise than history says: state"),
        ("update cases set is_open = not is_open", "case row is_open: stored otherwise"),
        ("update cases set applicants = '某某'", "case row applicants: stored otherwise"),
        ("update cases set number = number || '1'", "case number: stored otherwise"),
        ("update cases set next_due = '2029-01-01'", "case row next_due: stored otherwise"),
        ("update deadlines set due = '2026-12-24'", "stored otherwise than history says: due"),
        ("update parties set name = '某某' where side = 'worker'", "stored otherwise than history says: name"),
        ("update assignments set until = '2026-06-15'", "stored otherwise than history says: until"),
        ("update cases set facts = '{}' where number is not null", "facts channel: history has it"),
        (
            "update assignments set id = 'unknown' where id = (select min(id) from assignments)",
            "history does not have it",
        ),
        ("update claims set basis = 'AAAA' where basis is not null", "opens no more"),
    ],
)
def test_what_was_changed_behind_the_back_of_the_service_is_found(busy: World, sql: str, text: str) -> None:
    spoil(busy, sql)

    found, told = proof(busy)

    assert found > 0
    assert any(text in line for line in told), told
    assert told[-1] == f"4 cases beside their histories, {found} record(s) differ"


def test_what_is_found_names_the_case_and_shows_nothing_of_it(busy: World) -> None:
    (row,) = busy.rows("select c.id, c.number from cases c join obligations o on o.case_id = c.id limit 1")
    spoil(busy, "update parties set name = '某人'")

    _, told = proof(busy, row["number"])

    assert all(line.startswith(f"case {row['id']} ({row['number']}) ") for line in told[:-1])
    assert "某人" not in "".join(told)


def test_one_case_is_compared_by_id_or_number_and_no_other(busy: World) -> None:
    spoil(busy, "update obligations set amount_fen = 1")
    rows = busy.rows("select id, number from cases where number is not null order by id")
    spoiled = {row["case_id"] for row in busy.rows("select case_id from obligations")}

    found = {row["id"]: [proof(busy, row[name])[0] for name in ("id", "number")] for row in rows}

    assert {case for case, (by_id, by_number) in found.items() if by_id == by_number > 0} == spoiled
    assert proof(busy, "none") == (1, ["there is no case none"])


def test_of_a_case_whose_keys_are_destroyed_what_is_clear_is_compared(world: World) -> None:
    case = ended(world)
    assert erase(world, case).status_code == 200
    whole = proof(world)
    spoil(world, "update claims set amount_fen = amount_fen + 1")

    changed, told = proof(world)

    assert whole[0] == 0, whole[1]
    assert changed > 0
    assert any("amount_fen" in line for line in told)


def test_a_file_that_was_destroyed_is_compared_by_what_is_clear(world: World) -> None:
    case = ended(world)
    disposed(world, case)
    whole = proof(world)
    spoil(world, "update claims set code = 'overtime_pay'")

    changed, told = proof(world)

    assert whole[0] == 0, whole[1]
    assert changed > 0
    assert any("code" in line for line in told)


def test_a_case_whose_own_key_is_gone_is_compared_by_what_is_clear(busy: World) -> None:
    (row,) = busy.rows("select c.id from cases c join obligations o on o.case_id = c.id limit 1")
    spoil(busy, f"update subject_keys set wrapped = null where case_id = '{row['id']}'")  # noqa: S608 - an id of ours

    whole = proof(busy, row["id"])
    spoil(busy, "update obligations set amount_fen = amount_fen + 1")

    assert whole[0] == 0, whole[1]
    assert proof(busy, row["id"])[0] > 0


def test_the_command_compares_all_cases_or_one_and_fails_when_they_differ(
    busy: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEDIATION_DATABASE_URL", busy.url)
    monkeypatch.setenv("MEDIATION_DEMO", "true")
    monkeypatch.setenv("MEDIATION_MASTER_KEY", base64.b64encode(MASTER_KEY).decode())
    (row,) = busy.rows("select case_id from obligations limit 1")
    options = ["check", "--today", busy.today.isoformat()]
    before = main(options)
    spoil(busy, "delete from obligations")

    codes = [main(options), main([*options, "--case", row["case_id"]])]

    out = capsys.readouterr().out
    assert (before, codes) == (0, [1, 1])
    assert "4 cases beside their histories, 0 record(s) differ" in out
    assert "1 cases beside their histories" in out
