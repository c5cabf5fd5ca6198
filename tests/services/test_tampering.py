"""Whoever owns the database can write what they like into it; the checkpoints outside tell what was done, and where."""
# ruff: noqa: S608 - an owner writes what they like

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.services.notary import KEY, Notary, run_as_owner
from tests.services.world import World, triage

from mediation import audit
from mediation.__main__ import main
from mediation.gateways.signing import PublicKeys, Signer

OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
CHILDREN = (
    "case_scope", "claims", "parties", "subjects", "subject_keys", "deadlines", "tasks", "tracks", "assignments",
    "obligations",
)  # fmt: skip


@pytest.fixture
def notary(world: World, tmp_path: Path) -> Notary:
    return Notary(world, tmp_path)


@pytest.fixture
def cases(notary: Notary) -> list[str]:
    """Give three cases of three entries each; two checkpoints, the second over what came after the first."""
    made = [notary.world.create()["id"] for _ in range(3)]
    notary.seal()
    for case_id in made:
        triage(notary.world, case_id)
    notary.seal()
    return made


def verified(notary: Notary, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[str]]:
    """What the verification answers, and the lines it prints."""
    capsys.readouterr()
    code = notary.verify(*options)
    return code, capsys.readouterr().out.splitlines()


def findings(notary: Notary, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """The lines of a verification that fails, the last one the sum."""
    code, lines = verified(notary, capsys, *options)
    assert code == 1, lines
    return lines


def faults(lines: list[str]) -> set[str]:
    """What the lines of findings name: `fault` or `fault case`."""
    found = set()
    for line in lines[:-1]:
        fault, _, text = line.partition(": ")
        found.add(f"{fault} {text.split()[1].rstrip(':')}" if text.startswith("case ") else fault)
    return found


def deletions(case_id: str, *further: str) -> Iterator[str]:
    """Statements that take a case away with everything that hangs on it."""
    for table in ("history", *CHILDREN, *further):
        yield f"delete from {table} where case_id = '{case_id}'"
    yield f"delete from cases where id = '{case_id}'"


def rewritten(world: World, case_id: str, old: str, new: str) -> Iterator[str]:
    """Statements that write the whole chain of a case anew around a changed entry, its head included."""
    previous = "0" * 64
    for row in world.rows("select sequence, payload from history where case_id = :id order by sequence", id=case_id):
        payload = row["payload"].replace(old, new)
        previous = hashlib.sha256(f"{previous}{payload}".encode()).hexdigest()
        quoted = payload.replace("'", "''").replace("%", "%%")
        where = f"where case_id = '{case_id}' and sequence = {row['sequence']}"
        yield f"update history set payload = '{quoted}', hash = '{previous}' {where}"
    yield f"update cases set head = '{previous}' where id = '{case_id}'"


@pytest.mark.usefixtures("cases")
def test_what_nobody_touched_holds(notary: Notary, capsys: pytest.CaptureFixture[str]) -> None:
    notary.world.create()

    code, lines = verified(notary, capsys)

    assert code == 0
    assert lines == [
        "everything holds: 4 cases with 11 entries, 2 of 2 checkpoints; 2 entries came after the last checkpoint"
    ]


def test_a_changed_byte_is_found(notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    where = f"where case_id = '{cases[1]}' and sequence = 2"

    run_as_owner(
        notary.world, f"update history set payload = replace(payload, 'submit_intake', 'submit_intakf') {where}"
    )

    assert faults(findings(notary, capsys)) == {f"entry_changed {cases[1]}", f"copy_differs {cases[1]}"}


def test_a_byte_that_makes_an_entry_unreadable_is_found(
    notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    where = f"where case_id = '{cases[1]}' and sequence = 2"

    run_as_owner(notary.world, f"update history set payload = substr(payload, 2) {where}")

    assert faults(findings(notary, capsys)) == {f"entry_changed {cases[1]}"}


def test_a_removed_tail_is_found(notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    head = notary.world.rows("select hash from history where case_id = :id and sequence = 2", id=cases[0])[0]["hash"]

    run_as_owner(
        notary.world,
        f"delete from history where case_id = '{cases[0]}' and sequence = 3",
        f"update cases set head = '{head}', sequence = 2, version = 2 where id = '{cases[0]}'",
    )

    assert notary.world.verification(cases[0])["holds"]
    lines = findings(notary, capsys)
    assert faults(lines) == {f"tail_removed {cases[0]}"}
    assert "it ends before entry 3, which checkpoint 2 sealed" in lines[0]


def test_a_removed_entry_in_the_middle_is_found(
    notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run_as_owner(notary.world, f"delete from history where case_id = '{cases[0]}' and sequence = 2")

    assert f"entry_missing {cases[0]}" in faults(findings(notary, capsys))


@pytest.mark.parametrize("leaves_go_too", [False, True])
def test_a_removed_case_is_found(
    notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str], leaves_go_too: bool
) -> None:
    gone = cases[2]

    run_as_owner(notary.world, *deletions(gone, *(["checkpoint_leaves"] if leaves_go_too else [])))

    lines = findings(notary, capsys)
    if leaves_go_too:
        assert faults(lines) == {"leaves_altered", "root_differs"}
        assert "3 cases that checkpoint 1 sealed" in lines[0]
    else:
        assert faults(lines) == {f"case_removed {gone}"}


def test_a_case_removed_whose_history_was_left_is_found(
    notary: Notary, capsys: pytest.CaptureFixture[str], cases: list[str]
) -> None:
    late = notary.world.create()["id"]

    run_as_owner(notary.world, f"delete from cases where id = '{late}'")

    assert faults(findings(notary, capsys)) == {f"case_removed {late}"}
    assert cases


def test_a_reordered_entry_is_found(notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    one = f"where case_id = '{cases[0]}' and sequence"

    run_as_owner(
        notary.world,
        f"update history set sequence = 99 {one} = 2",
        f"update history set sequence = 2 {one} = 3",
        f"update history set sequence = 3 {one} = 99",
    )

    lines = findings(notary, capsys)
    assert f"entry_reordered {cases[0]}" in faults(lines)
    assert any("entry 2 stands under another number: it was 3" in line for line in lines)


def test_an_entry_moved_to_another_case_is_found(
    notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = cases[:2]

    run_as_owner(
        notary.world,
        f"delete from history where case_id = '{other}' and sequence = 3",
        f"update history set case_id = '{other}' where case_id = '{one}' and sequence = 3",
    )

    assert {f"entry_foreign {other}", f"tail_removed {one}"} <= faults(findings(notary, capsys))


@pytest.mark.parametrize("leaves_go_too", [False, True])
def test_a_rewritten_chain_is_found(
    notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str], leaves_go_too: bool
) -> None:
    """Everything is computed anew around a changed amount: only what was signed before speaks against it."""
    statements = list(rewritten(notary.world, cases[1], "2400000", "2300000"))
    if leaves_go_too:
        entry = "h.case_id = checkpoint_leaves.case_id and h.sequence = checkpoint_leaves.sequence"
        head = f"(select hash from history h where {entry})"
        statements.append(f"update checkpoint_leaves set head = {head} where case_id = '{cases[1]}'")

    run_as_owner(notary.world, *statements)

    assert notary.world.verification(cases[1])["holds"]
    lines = findings(notary, capsys)
    if leaves_go_too:
        assert faults(lines) == {"leaves_altered", "root_differs"}
    else:
        assert faults(lines) == {f"chain_rewritten {cases[1]}"}


def test_a_chain_rewritten_and_sealed_again_is_found(
    notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The next checkpoint covers what stands then, and those before still tell what stood."""
    run_as_owner(notary.world, *rewritten(notary.world, cases[1], "2400000", "2300000"))
    notary.seal()

    assert faults(findings(notary, capsys)) == {f"chain_rewritten {cases[1]}"}


@pytest.mark.usefixtures("cases")
def test_a_checkpoint_removed_from_the_database_is_found(notary: Notary, capsys: pytest.CaptureFixture[str]) -> None:
    run_as_owner(notary.world, "delete from checkpoints where number = 2")

    assert "checkpoint_rewound" in faults(findings(notary, capsys))


@pytest.mark.usefixtures("cases")
def test_a_database_set_back_is_found_and_nothing_sealed_over_it(
    notary: Notary, capsys: pytest.CaptureFixture[str]
) -> None:
    run_as_owner(
        notary.world,
        "delete from checkpoint_leaves where number = 2",
        "delete from checkpoints where number = 2",
        "update leases set until = '2000-01-01T00:00:00+00:00'",
    )

    assert notary.sealer().run() is None
    assert faults(findings(notary, capsys)) >= {"checkpoint_rewound", "leaves_altered"}
    assert len(notary.lines()) == 2


@pytest.mark.parametrize(
    ("kept", "fault"),
    [([1, 2, 3], "checkpoint_missing"), ([0, 2, 3], "checkpoint_missing"), ([0, 1, 2], "checkpoint_missing")],
)
@pytest.mark.usefixtures("cases")
def test_a_checkpoint_removed_from_the_file_is_found(
    notary: Notary, capsys: pytest.CaptureFixture[str], kept: list[int], fault: str
) -> None:
    for _ in range(2):
        notary.world.create()
        notary.seal()
    lines = notary.lines()

    notary.write_lines([lines[number] for number in kept])

    missing = ({0, 1, 2, 3} - set(kept)).pop() + 1
    found = findings(notary, capsys)
    assert faults(found) == {fault}
    assert any(f"checkpoint {missing} is" in line for line in found)


@pytest.mark.usefixtures("cases")
def test_an_earlier_copy_of_the_file_is_as_good_for_what_it_covers(
    notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    notary.write_lines(notary.lines()[:1])

    code, first = verified(notary, capsys, "--copy")
    run_as_owner(notary.world, *rewritten(notary.world, cases[0], "2400000", "2300000"))

    assert (code, first) == (
        0,
        ["everything holds: 3 cases with 9 entries, 1 of 1 checkpoints; 3 entries came after the last checkpoint"],
    )
    assert faults(findings(notary, capsys, "--copy")) == {f"chain_rewritten {cases[0]}"}


def test_a_rewound_file_and_database_stand_against_a_copy_kept_elsewhere(
    notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    copy = notary.lines()
    run_as_owner(
        notary.world,
        "delete from checkpoint_leaves where number = 2",
        "delete from checkpoints where number = 2",
        "delete from leases",
        f"delete from history where case_id = '{cases[0]}' and sequence = 3",
        "update cases set sequence = 2, "
        "head = (select hash from history h where h.case_id = cases.id and h.sequence = 2) "
        f"where id = '{cases[0]}'",
    )
    notary.write_lines(copy[:1])
    notary.seal()
    alone, _ = verified(notary, capsys)

    notary.write_lines(copy)

    assert alone == 0
    assert "checkpoint_differs" in faults(findings(notary, capsys, "--copy"))


@pytest.mark.usefixtures("cases")
def test_a_wrong_signature_is_found(notary: Notary, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = notary.lines()
    document = json.loads(second)
    document["signature"] = json.loads(first)["signature"]

    notary.write_lines([first, json.dumps(document, sort_keys=True, separators=(",", ":"))])

    assert faults(findings(notary, capsys)) == {"signature_wrong", "checkpoint_differs"}


@pytest.mark.usefixtures("cases")
def test_a_checkpoint_forged_under_another_key_is_found(notary: Notary, capsys: pytest.CaptureFixture[str]) -> None:
    notary.trust(OTHER_KEY)

    assert faults(findings(notary, capsys)) == {"key_unknown"}


@pytest.mark.usefixtures("cases")
def test_a_line_that_is_no_checkpoint_is_found(notary: Notary, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = notary.lines()

    notary.write_lines([first, second.replace("entries", "entrees")])

    assert faults(findings(notary, capsys)) == {"checkpoint_unreadable", "checkpoint_missing"}


@pytest.mark.usefixtures("cases")
def test_a_changed_number_in_a_checkpoint_is_found(notary: Notary, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = notary.lines()

    notary.write_lines([first.replace('"cases":3', '"cases":2'), second])

    assert faults(findings(notary, capsys)) == {"signature_wrong", "checkpoint_unchained", "checkpoint_differs"}


def test_a_checkpoint_signed_over_fewer_cases_is_found(
    notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Even who holds the key cannot let a case vanish between two checkpoints."""
    gone = cases[2]
    run_as_owner(
        notary.world,
        *deletions(gone, "checkpoint_leaves"),
    )
    triage(notary.world, notary.world.create()["id"])
    notary.world.create()
    notary.seal()

    assert faults(findings(notary, capsys)) == {"leaves_altered"}


class SealingMeanwhile(PublicKeys):
    """Public keys that are asked while another process seals what came after."""

    def __init__(self, notary: Notary) -> None:
        super().__init__([Signer(KEY).public_key])
        self.notary = notary
        self.is_waiting = True

    def is_signed(self, key_id: str, text: str, signature: str) -> bool | None:
        if self.is_waiting:
            self.is_waiting = False
            self.notary.world.create()
            self.notary.seal()
        return super().is_signed(key_id, text, signature)


@pytest.mark.usefixtures("cases")
def test_a_checkpoint_sealed_during_a_verification_is_no_finding(notary: Notary) -> None:
    keys = SealingMeanwhile(notary)

    looked_at, found = notary.world.read(audit.compared, notary.file, keys, is_copy=False)

    assert (found.findings, found.checkpoints, looked_at) == ([], 2, 2)
    assert len(notary.lines()) == 3


@pytest.mark.usefixtures("cases")
def test_a_line_that_its_sealer_is_about_to_write_is_waited_for(
    notary: Notary, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = notary.lines()
    notary.write_lines(lines[:-1])
    sealer = Timer(0.3, notary.write_lines, [lines])

    sealer.start()
    code, _ = verified(notary, capsys)

    sealer.join()
    assert code == 0


@pytest.mark.parametrize("missing", ["file", "key", "database", "empty"])
def test_what_cannot_be_verified_at_all_is_a_refusal(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    notary = Notary(world, tmp_path)
    file, key, url = tmp_path / "checkpoints.jsonl", tmp_path / "public.pem", world.url
    file.write_text("")
    if missing == "key":
        key.write_text("no key")
    elif missing == "file":
        file.unlink()
    elif missing == "database":
        url = f"sqlite:///{tmp_path / 'none.db'}"

    code = main(["history", "verify", "--database", url, "--checkpoints", str(file), "--public-key", str(key)])

    out, err = capsys.readouterr()
    assert notary.key is KEY
    if missing == "empty":
        assert (code, "the file holds no checkpoint" in out) == (1, True)
    else:
        assert (code, out) == (2, "")
        assert err.startswith("mediation: ")
    assert not (tmp_path / "none.db").exists()
