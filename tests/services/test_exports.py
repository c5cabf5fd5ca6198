"""The history of a case in the hands of somebody outside: they verify it with the format and a public key alone."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.services import outside_verifier
from tests.services.counting import count_statements
from tests.services.notary import KEY, PEM, Notary, run_as_owner
from tests.services.world import World, mediate, party_ids, triage

from mediation.__main__ import main
from mediation.demo.people import person
from mediation.domain.checkpoints import Checkpoint, Leaf, Sealed
from mediation.domain.exports import Proof, export_document
from mediation.domain.history import GENESIS, canonical, chain
from mediation.domain.merkle import Tree, leaf_hash, root_of
from mediation.domain.procedure import PROCEDURE
from mediation.domain.procedure.step import TextClass
from mediation.gateways.signing import Signer, public_pem
from mediation.services import exports

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "history-format.md"
VERIFIER = Path(outside_verifier.__file__)


@pytest.fixture
def notary(world: World, tmp_path: Path) -> Notary:
    return Notary(world, tmp_path)


def exported(notary: Notary, case_id: str, subject: str = "supervisor-tang") -> dict[str, Any]:
    answer = notary.world.send(subject, "GET", f"/v1/cases/{case_id}/history/export")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def verified(notary: Notary, document: dict[str, Any]) -> int:
    """What the command says of an export."""
    path = notary.folder / "export.json"
    path.write_text(json.dumps(document))
    return main(["history", "verify-export", str(path), "--public-key", str(notary.trusted)])


def test_an_export_is_verified_by_the_command_and_by_a_stranger(
    notary: Notary, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [notary.world.create()["id"] for _ in range(5)]
    notary.seal()
    triage(notary.world, made[2])

    documents = [exported(notary, case_id) for case_id in made]

    capsys.readouterr()
    assert [verified(notary, document) for document in documents] == [0] * 5
    assert capsys.readouterr().out.splitlines()[2:4] == [
        f"holds: case {made[2]}, entries 1 to 2 are in checkpoint 1",
        "entries 3 to 3 only follow from those: the next checkpoint will cover them",
    ]
    assert [outside_verifier.faults(document, notary.trusted.read_bytes()) for document in documents] == [[]] * 5


def test_the_stranger_needs_nothing_of_this_project(notary: Notary) -> None:
    case_id = notary.world.create()["id"]
    notary.seal()
    path = notary.folder / "export.json"
    path.write_text(json.dumps(exported(notary, case_id)))

    outcome = subprocess.run(
        [sys.executable, str(VERIFIER), str(path), str(notary.trusted)], capture_output=True, text=True, check=False
    )

    assert (outcome.returncode, outcome.stdout) == (0, "holds\n")
    assert "import mediation" not in VERIFIER.read_text()
    assert "from mediation" not in VERIFIER.read_text()


def _rewrite(document: dict[str, Any]) -> None:
    previous = GENESIS
    for entry in document["entries"]:
        entry["payload"] = entry["payload"].replace("walk_in", "hotline")
        entry["hash"] = previous = chain(previous, entry["payload"])


def _rewrite_with_leaf(document: dict[str, Any]) -> None:
    _rewrite(document)
    document["proof"]["leaf"]["head"] = document["entries"][-1]["hash"]


def _change_payload(document: dict[str, Any]) -> None:
    first = document["entries"][0]
    first["payload"] = first["payload"].replace("walk_in", "hotline")


def _turn_side(document: dict[str, Any]) -> None:
    step = document["proof"]["path"][0]
    step["side"] = "left" if step["side"] == "right" else "right"


FORGERIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "payload": _change_payload,
    "removed entry": lambda document: document["entries"].pop(1),
    "removed tail": lambda document: document["entries"].pop(),
    "order": lambda document: document["entries"].reverse(),
    "rewritten": _rewrite,
    "rewritten with leaf": _rewrite_with_leaf,
    "path": lambda document: document["proof"]["path"][0].update(hash="0" * 64),
    "side": _turn_side,
    "checkpoint": lambda document: document["proof"]["checkpoint"].update(cases=4),
    "signature": lambda document: document["proof"].update(signature=document["proof"]["signature"][:-4] + "AAAA"),
    "key": lambda document: document["proof"]["checkpoint"].update(key_id="another"),
    "case": lambda document: document.update(case_id="00000000-0000-7000-8000-000000000000"),
    "no proof": lambda document: document.update(proof=None),
}


@pytest.mark.parametrize("how", FORGERIES)
def test_whatever_is_changed_in_an_export_both_verifiers_find_it(notary: Notary, how: str) -> None:
    made = [notary.world.create()["id"] for _ in range(3)]
    notary.seal()

    document = exported(notary, made[1])
    FORGERIES[how](document)

    assert verified(notary, document) == 1
    assert outside_verifier.faults(document, notary.trusted.read_bytes())


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{}", '{"format": "mediation-history-1"}', '{"format": "other", "case_id": "x"}',
        '{"format": "mediation-history-1", "case_id": "c", "entries": [{"sequence": "1"}], "proof": null}',
        '{"format": "mediation-history-1", "case_id": "\\ud800", "entries": [], "proof": null}',
        '{"format": "mediation-history-1", "case_id": "c", "entries": [], "proof": {"leaf": 1}}',
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    (tmp_path / "export.json").write_text(content)
    (tmp_path / "public.pem").write_text(public_pem(Signer(KEY).public_key))

    code = main(
        ["history", "verify-export", str(tmp_path / "export.json"), "--public-key", str(tmp_path / "public.pem")]
    )

    assert code == 2
    assert capsys.readouterr().err.startswith("mediation: ")


def test_an_export_before_the_first_checkpoint_says_that_nothing_covers_it(
    notary: Notary, capsys: pytest.CaptureFixture[str]
) -> None:
    case_id = notary.world.create()["id"]

    document = exported(notary, case_id)

    assert document["proof"] is None
    assert verified(notary, document) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("export_incomplete: ")


def test_an_export_tells_no_name_and_no_text_in_clear(notary: Notary) -> None:
    case_id = notary.world.create(summary="独一无二的话", reason="独一无二的话")["id"]
    notary.seal()

    document = json.dumps(exported(notary, case_id), ensure_ascii=False)

    assert "张三丰" not in document
    assert "独一无二的话" not in document
    assert "sealed" in document


def test_what_was_said_in_mediation_leaves_only_sealed(notary: Notary) -> None:
    case_id = notary.world.create()["id"]
    case = mediate(notary.world, case_id)
    consents = [{"party": key, "date": "2026-06-15", "form": "written"} for key in party_ids(case)]
    said = "公司愿意先付一半"
    notary.world.take(case_id, "extend", "mediator-zhou", new_end="2026-07-10", consents=consents, reason=said)
    notary.seal()

    document = json.dumps(exported(notary, case_id), ensure_ascii=False)

    assert PROCEDURE.steps["extend"].inputs[2].text_class is TextClass.CONFIDENTIAL
    assert said not in document


@pytest.mark.parametrize(
    ("subject", "status"),
    [("clerk-lin", 200), ("supervisor-tang", 200), ("auditor-feng", 403), ("clerk-fang", 404), ("admin-qian", 404)],
)
def test_an_export_is_for_the_house_and_not_for_who_sees_no_personal_data(
    notary: Notary, subject: str, status: int
) -> None:
    case_id = notary.world.create()["id"]

    answer = notary.world.send(subject, "GET", f"/v1/cases/{case_id}/history/export")

    assert answer.status_code == status


def test_a_party_gets_no_export_of_the_house(notary: Notary) -> None:
    case = notary.world.create()
    worker = person("worker-zhang")
    run_as_owner(
        notary.world,
        f"update parties set person_id = '{worker.id}' where case_id = '{case['id']}' and side = 'worker'",  # noqa: S608
        "insert into case_scope (scope_id, is_open, next_due, case_id, since) "  # noqa: S608
        f"values ('p:{worker.id}', true, '2026-06-18', '{case['id']}', '2026-06-15')",
    )

    answer = notary.world.send(worker.subject, "GET", f"/v1/cases/{case['id']}/history/export")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def crowd(world: World, case_id: str, number: int) -> None:
    """Write so many cases with nothing but a head beside one."""
    columns = ", ".join(
        "gen.id" if name == "id" else "null" if name == "number" else f"c.{name}"
        for name in world.rows("select * from cases limit 1")[0]
    )
    spelled = {
        "sqlite": "with recursive n(i) as (select 1 union all select i + 1 from n where i < {0}), "
        "gen as (select printf('00000000-0000-7000-8000-%012x', i * 7) as id from n) ",
        "postgresql": "with gen as (select '00000000-0000-7000-8000-' || lpad(to_hex(i * 7), 12, '0') as id "
        "from generate_series(1, {0}) i) ",
    }[world.database.dialect].format(number)
    select = f"select {columns} from cases c cross join gen where c.id = '{case_id}'"  # noqa: S608
    insert = f"insert into cases {spelled}{select}" if world.database.dialect == "postgresql" else ""
    world.write(lambda unit: unit.connection.exec_driver_sql(insert or f"insert into cases {spelled}{select}"))


def test_a_case_among_thousands_is_proved_by_a_short_path(notary: Notary) -> None:
    made = [notary.world.create()["id"] for _ in range(2)]
    crowd(notary.world, made[0], 2500)
    sealed = notary.seal()

    document = exported(notary, made[1])

    assert sealed is not None
    assert sealed.checkpoint.cases == 2502
    assert len(document["proof"]["path"]) <= 12
    assert notary.world.rows("select count(*) as n from checkpoint_parts") == [{"n": 3}]
    assert outside_verifier.faults(document, notary.trusted.read_bytes()) == []


def test_an_export_takes_as_many_statements_among_thousands_as_among_two(notary: Notary) -> None:
    made = [notary.world.create()["id"] for _ in range(2)]
    process = notary.world.another(threads=1)
    counter = count_statements(process.database)
    process.rows("select 1 as n")
    taken = []
    for further in (0, 2500):
        if further:
            crowd(notary.world, made[0], further)
        notary.seal()
        with counter.counted() as statements:
            process.read(exports.export_history, process.caller("clerk-lin"), made[1])
        taken.append(len(statements))

    assert taken[0] == taken[1] <= 8


def test_what_no_longer_adds_up_is_refused_not_proved(notary: Notary) -> None:
    made = [notary.world.create()["id"] for _ in range(2)]
    notary.seal()
    run_as_owner(notary.world, f"update checkpoint_leaves set head = '{'0' * 64}' where case_id = '{made[0]}'")  # noqa: S608

    answer = notary.world.send("clerk-lin", "GET", f"/v1/cases/{made[1]}/history/export")

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_an_operator_exports_beside_the_database(notary: Notary, capsys: pytest.CaptureFixture[str]) -> None:
    case_id = notary.world.create()["id"]
    notary.seal()
    capsys.readouterr()
    out = notary.folder / "case.json"

    codes = [
        main(["history", "export", case_id, "--database", notary.world.url]),
        main(["history", "export", case_id, "--database", notary.world.url, "--out", str(out)]),
        main(["history", "export", case_id, "--database", notary.world.url, "--out", str(out / "no")]),
        main(["history", "export", "none", "--database", notary.world.url]),
    ]

    printed = json.loads(capsys.readouterr().out)
    assert codes == [0, 0, 2, 2]
    assert printed["entries"] == json.loads(out.read_text())["entries"] == exported(notary, case_id)["entries"]
    assert outside_verifier.faults(printed, notary.trusted.read_bytes()) == []


def test_keys_are_printed_and_checkpoints_sealed_from_a_terminal(
    notary: Notary, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notary.world.create()
    (notary.folder / "key.pem").write_bytes(PEM)
    settings = {
        "DEMO": "true", "DATA": str(notary.folder), "DATABASE_URL": notary.world.url,
        "CHECKPOINT_KEY_FILE": str(notary.folder / "key.pem"), "CHECKPOINT_FILE": str(notary.file),
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(f"MEDIATION_{name}", value)

    codes = [main(["history", command]) for command in ("seal", "seal", "public-key")]

    assert codes == [0, 0, 0]
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "checkpoint 1: 1 cases, 2 entries",
        "nothing grew since the last checkpoint, or another process is sealing",
    ]
    assert "\n".join(lines[2:]) + "\n" == public_pem(Signer(KEY).public_key)
    assert notary.verify() == 0


EXAMPLE = "00000000-0000-7000-8000-000000000002"


def example() -> tuple[dict[str, Any], str]:
    """The example of the page: a case of two entries among three cases, sealed under a key of counted bytes."""
    signer = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    entries: list[dict[str, Any]] = []
    previous = GENESIS
    for sequence, action in enumerate(("create_case", "submit_intake"), start=1):
        payload = canonical({"case_id": EXAMPLE, "sequence": sequence, "action": action, "input": {"reason": "欠薪"}})
        previous = chain(previous, payload)
        entries.append({"sequence": sequence, "payload": payload, "hash": previous})
    leaves = [Leaf(EXAMPLE[:-1] + str(number), 1, str(number) * 64) for number in (1, 3)]
    leaves.insert(1, Leaf(EXAMPLE, 2, previous))
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf_hash(leaf.data()), watched=leaf.case_id == EXAMPLE)
    root = tree.root().hex()
    checkpoint = Checkpoint(
        number=1, previous=GENESIS, sealed_at="2026-06-15T01:00:00+00:00", cases=3, entries=4, root=root, changed=3,
        changed_root=root_of(leaf.data() for leaf in leaves).hex(), key_id=signer.key_id, new_key=signer.public_key,
    )  # fmt: skip
    sealed = Sealed(checkpoint, signer.sign(checkpoint.body()))
    document = export_document(EXAMPLE, entries, Proof(sealed, leaves[1], tree.path), "2026-06-15T02:00:00+00:00")
    return document, public_pem(signer.public_key)


def blocks() -> tuple[dict[str, Any], str]:
    """The worked example as it stands on the page: the export, and the public key."""
    page = PAGE.read_text()
    found = re.findall(r"```(?:json|text)\n(.*?)```", page, re.DOTALL)
    export = next(block for block in found if '"mediation-history-1"' in block)
    return json.loads(export), next(block for block in found if "BEGIN PUBLIC KEY" in block)


def test_the_example_of_the_page_is_made_by_the_service_and_holds_by_the_page() -> None:
    document, pem = blocks()

    assert (document, pem) == example()
    assert outside_verifier.faults(document, pem.encode()) == []


def test_every_number_of_the_worked_example_stands_on_the_page() -> None:
    document, _ = example()
    page = PAGE.read_text()

    checkpoint = document["proof"]["checkpoint"]
    leaf = Leaf(EXAMPLE, 2, document["entries"][1]["hash"])
    assert leaf.data().decode() in page
    assert leaf_hash(leaf.data()).hex() in page
    assert canonical(checkpoint) in page
