"""What is handed out stands before who holds public keys, copies of checkpoints, and docs/history-format.md."""
# ruff: noqa: S608 - an owner writes what they like

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.security import third_party
from tests.security.third_party import Follower, RefusedError
from tests.services.notary import KEY, Notary, run_as_owner
from tests.services.world import CENTRE, World, triage

from mediation import worker
from mediation.__main__ import main
from mediation.domain.checkpoints import read_sealed
from mediation.gateways.signing import Signer

OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture
def notary(world: World, tmp_path: Path) -> Notary:
    return Notary(world, tmp_path)


@pytest.fixture
def cases(notary: Notary) -> list[str]:
    """Give three cases of three entries each; the first checkpoint covers two entries of each, the second all."""
    made = [notary.world.create()["id"] for _ in range(3)]
    notary.seal()
    for case_id in made:
        triage(notary.world, case_id)
    notary.seal()
    return made


def export_of(notary: Notary, case_id: str) -> dict[str, Any]:
    answer = notary.world.send("supervisor-tang", "GET", f"/v1/cases/{case_id}/history/export")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def follower(notary: Notary) -> Follower:
    """Somebody who followed every checkpoint that the service told so far."""
    made = Follower(notary.trusted.read_bytes())
    made.follow(notary.world.send("court-gao", "GET", "/v1/checkpoints").json()["items"])
    return made


def verified(notary: Notary, text: str) -> int:
    """What our own command says of the export."""
    path = notary.folder / "export.json"
    path.write_text(text)
    return main(["history", "verify-export", str(path), "--public-key", str(notary.trusted)])


def test_the_third_party_needs_nothing_of_this_project() -> None:
    text = Path(third_party.__file__).read_text()

    assert "mediation." not in text
    assert "import mediation" not in text


def test_every_good_export_is_taken_and_says_how_far_it_reaches(notary: Notary, cases: list[str]) -> None:
    asked_on = notary.world.today.isoformat()
    notary.world.take(cases[0], "ask_consent", organization=CENTRE, asked_on=asked_on, how="phone")

    exports = [json.dumps(export_of(notary, case_id)) for case_id in cases]

    assert [follower(notary).judge(text) for text in exports] == [3, 3, 3]
    assert [len(json.loads(text)["entries"]) for text in exports] == [4, 3, 3]


def test_checkpoints_are_followed_page_by_page_by_another_body_and_from_the_file(
    notary: Notary, cases: list[str]
) -> None:
    paged, filed = (Follower(notary.trusted.read_bytes()) for _ in range(2))
    path = "/v1/checkpoints?limit=1"
    while path:
        page = notary.world.send("court-gao", "GET", path).json()
        paged.follow(page["items"])
        path = page["next"]
    filed.follow_file(notary.file.read_text())

    assert len(cases) == 3
    assert paged.kept == filed.kept
    assert len(filed.kept) == 2


def _rewritten(document: dict[str, Any]) -> None:
    previous = "0" * 64
    for entry in document["entries"]:
        entry["payload"] = entry["payload"].replace("walk_in", "hotline")
        entry["hash"] = previous = hashlib.sha256((previous + entry["payload"]).encode()).hexdigest()
    document["proof"]["leaf"]["head"] = previous


def _one_leaf(document: dict[str, Any]) -> None:
    """The rewritten history as the only case there is: a tree of its own, under the old signature."""
    _rewritten(document)
    leaf = document["proof"]["leaf"]
    data = f"{document['case_id']} {leaf['sequence']} {leaf['head']}".encode()
    root = hashlib.sha256(b"\x00" + data).hexdigest()
    document["proof"] |= {"path": [], "checkpoint": {**document["proof"]["checkpoint"], "root": root}}


def _node_as_leaf(document: dict[str, Any]) -> None:
    """The root itself as what stands beside, so that the leaf would not matter."""
    root = document["proof"]["checkpoint"]["root"]
    document["proof"]["path"] = [{"side": "left", "hash": root}]


def _swap(document: dict[str, Any]) -> None:
    first, second = document["entries"][:2]
    first["payload"], second["payload"] = second["payload"], first["payload"]


FORGERIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "a changed byte": lambda d: d["entries"][1].update(payload=d["entries"][1]["payload"].replace("submit", "supmit")),
    "a cut tail": lambda d: d["entries"].pop(),
    "a cut head": lambda d: d["entries"].pop(0),
    "swapped payloads": _swap,
    "swapped entries": lambda d: d["entries"].reverse(),
    "a rewritten chain with its leaf": _rewritten,
    "a tree of one": _one_leaf,
    "a node for a leaf": _node_as_leaf,
    "a path that is longer": lambda d: d["proof"]["path"].append({"side": "right", "hash": "0" * 64}),
    "a path that is shorter": lambda d: d["proof"]["path"].pop(),
    "a step in two halves": lambda d: d["proof"]["path"][0].update(hash=d["proof"]["path"][0]["hash"][:32]),
    "another root": lambda d: d["proof"]["checkpoint"].update(root="0" * 64),
    "another count": lambda d: d["proof"]["checkpoint"].update(cases=2),
    "another time": lambda d: d["proof"]["checkpoint"].update(sealed_at="2020-01-01T00:00:00+00:00"),
    "another case": lambda d: d.update(case_id=d["case_id"][:-1] + ("0" if d["case_id"][-1] != "0" else "1")),
    "no proof": lambda d: d.update(proof=None),
}


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_export_is_refused_by_both(notary: Notary, cases: list[str], how: str) -> None:
    document = export_of(notary, cases[1])
    FORGERIES[how](document)
    text = json.dumps(document)

    with pytest.raises(RefusedError):
        follower(notary).judge(text)
    assert verified(notary, text) == 1


@pytest.mark.parametrize("member", ["entries", "case_id", "proof"])
def test_an_export_that_says_something_twice_is_none(
    notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str], member: str
) -> None:
    """One reader takes the first, the other the last: what was verified would not be what is read."""
    text = json.dumps(export_of(notary, cases[1]))
    text = "{" + f'"{member}": [], ' + text[1:]

    code = verified(notary, text)

    assert (code, "given twice" in capsys.readouterr().err) == (2, True)
    with pytest.raises(RefusedError, match="twice"):
        follower(notary).judge(text)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"format":' * 200_000, "1" * 5000])
def test_an_export_nested_without_measure_is_refused_with_a_sentence(
    notary: Notary, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    code = verified(notary, text)

    assert code == 2
    assert capsys.readouterr().err.startswith("mediation: ")


def test_an_entry_changed_into_endless_brackets_is_named_and_the_rest_still_looked_at(
    notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run_as_owner(
        notary.world,
        f"update history set payload = '{'[' * 100_000}' where case_id = '{cases[0]}' and sequence = 2",
        f"update history set payload = '1' where case_id = '{cases[2]}' and sequence = 3",
    )
    notary.write_lines([*notary.lines(), "[" * 100_000])
    capsys.readouterr()

    code = notary.verify()

    found = capsys.readouterr().out
    assert code == 1
    assert all(f"entry_changed: case {case_id}" in found for case_id in (cases[0], cases[2]))
    assert "checkpoint_unreadable: line 3" in found


def test_a_proof_moved_from_another_case_is_refused(notary: Notary, cases: list[str]) -> None:
    one, other = (export_of(notary, case_id) for case_id in cases[:2])
    text = json.dumps({**one, "proof": other["proof"]})

    with pytest.raises(RefusedError):
        follower(notary).judge(text)
    assert verified(notary, text) == 1


def test_a_checkpoint_of_another_installation_is_refused(notary: Notary, cases: list[str], tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    other = Notary(notary.world, tmp_path / "elsewhere", key=OTHER)
    text = json.dumps(export_of(notary, cases[0]))

    with pytest.raises(RefusedError, match="nobody vouched"):
        Follower(other.trusted.read_bytes()).judge(text)
    assert verified(other, text) == 1


def test_yesterdays_backup_is_no_answer_to_who_followed_until_today(notary: Notary, cases: list[str]) -> None:
    """Database and file set back together, and sealed anew: the copies of others tell."""
    watching, kept = follower(notary), notary.lines()
    run_as_owner(
        notary.world,
        "delete from checkpoint_leaves where number = 2",
        "delete from checkpoints where number = 2",
        "delete from leases",
        *(f"delete from history where case_id = '{case_id}' and sequence = 3" for case_id in cases),
        "update cases set sequence = 2, "
        "head = (select hash from history h where h.case_id = cases.id and h.sequence = 2)",
    )
    notary.write_lines(kept[:1])
    notary.world.create()
    notary.seal()

    again = Follower(notary.trusted.read_bytes())
    again.follow_file(notary.file.read_text())

    assert again.kept[0] == watching.kept[0]
    with pytest.raises(RefusedError, match="another checkpoint was shown"):
        watching.judge(json.dumps(export_of(notary, cases[0])))


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [lines[0], lines[2]],
        lambda lines: lines[1:],
        lambda lines: [*lines, lines[0]],
        lambda lines: [lines[0], lines[1], lines[1], lines[2]],
        lambda lines: [lines[0].replace('"cases":3', '"cases":2'), *lines[1:]],
        lambda lines: [*lines[:2], lines[2].replace('"new_key":null', '"new_key":"AAAA"')],
        lambda lines: [*lines[:2], lines[2][:-60]],
    ],
)
@pytest.mark.usefixtures("cases")
def test_a_file_of_checkpoints_is_followed_in_its_order_and_in_no_other(
    notary: Notary, change: Callable[[list[str]], list[str]]
) -> None:
    notary.world.create()
    notary.seal()
    good = notary.file.read_text()
    changed = "".join(f"{line}\n" for line in change(notary.lines()))

    Follower(notary.trusted.read_bytes()).follow_file(good)

    with pytest.raises(RefusedError):
        Follower(notary.trusted.read_bytes()).follow_file(changed)


def test_a_key_that_changes_is_followed_by_who_holds_both_and_by_nobody_else(notary: Notary, cases: list[str]) -> None:
    notary.key = OTHER
    triage(notary.world, notary.world.create()["id"])
    notary.seal()
    text = json.dumps(export_of(notary, cases[0]))

    notary.trust(KEY, OTHER)
    assert follower(notary).judge(text) == 3
    notary.trust(KEY)

    with pytest.raises(RefusedError, match="nobody vouched"):
        follower(notary)
    assert verified(notary, text) == 1


def test_a_key_changed_in_the_database_alone_is_found(
    notary: Notary, cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The listing of public keys is read from there: it would hand out the key of a forger."""
    forger = Signer(OTHER)
    set_to = f"key_id = '{forger.key_id}', new_key = '{forger.public_key}'"
    run_as_owner(notary.world, f"update checkpoints set {set_to} where number = 1")
    listed = notary.world.send("court-gao", "GET", "/v1/checkpoints/keys").json()["items"]
    capsys.readouterr()

    code = notary.verify()

    assert [key["key_id"] for key in listed] == [forger.key_id]
    assert code == 1
    assert capsys.readouterr().out.startswith("copy_differs: checkpoint 1 is listed in the database under another key")
    assert len(cases) == 3


def test_a_history_whose_keys_were_destroyed_is_still_proved(notary: Notary, cases: list[str]) -> None:
    notary.world.create(summary="无人再读")
    run_as_owner(notary.world, "delete from subject_keys")

    text = json.dumps(export_of(notary, cases[0]))

    assert follower(notary).judge(text) == 3
    assert verified(notary, text) == 0
    assert notary.verify() == 0


@pytest.mark.usefixtures("cases")
def test_a_line_that_lacks_its_end_alone_is_ended_and_not_written_twice(notary: Notary) -> None:
    whole = notary.file.read_text()
    notary.file.write_text(whole.removesuffix("\n"))

    notary.sealer().run()

    assert notary.file.read_text() == whole
    assert notary.verify() == 0
    Follower(notary.trusted.read_bytes()).follow_file(notary.file.read_text())


def test_a_clock_that_was_years_ahead_does_not_stop_the_sealing_once_it_is_right(notary: Notary) -> None:
    world, sealer, right = notary.world, notary.sealer(seconds=3600), notary.world.clock.now()
    world.create()
    world.clock.move_to(right + timedelta(days=1500))
    worker._round(world.database, world.clock, sealer=sealer)
    world.clock.move_to(right)
    world.create()

    worker._round(world.database, world.clock, sealer=sealer)

    assert [read_sealed(line).checkpoint.number for line in notary.lines()] == [1, 2]
