import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mediation.__main__ import main
from mediation.demo.people import ORGANIZATIONS, PEOPLE, organization, person
from mediation.domain.access import MembershipRole
from mediation.domain.identifiers import case_number, division_code
from mediation.domain.organizations import OrganizationKind
from mediation.gateways.clock import real_now
from mediation.gateways.tokens import DemoIssuer, KnownKeys, Verifier
from mediation.settings import load_settings


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of its own, without settings from outside."""
    for name in [name for name in os.environ if name.startswith("MEDIATION_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIATION_DEMO", "true")


@pytest.mark.parametrize("arguments", [["--as", "clerk-lin"], ["--list"]])
def test_tokens_are_refused_outside_the_demo(
    arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["token", *arguments])

    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert "MEDIATION_DEMO" in err
    assert err.count("\n") == 1
    assert not list(folder.iterdir())


@pytest.mark.usefixtures("demo")
def test_a_token_of_the_demo_names_its_person(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["token", "--as", "mediator-zhou"])

    text = capsys.readouterr().out.removesuffix("\n")
    settings = load_settings()
    keys = KnownKeys(DemoIssuer(settings.read_signing_key(), settings.issuer, settings.audience).jwks())
    verifier = Verifier(issuer=settings.issuer, audience=settings.audience, keys=keys)
    assert code == 0
    assert verifier.verify(text, real_now()).subject == "mediator-zhou"
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder / "data").iterdir()} == {0o600}


@pytest.mark.usefixtures("demo")
def test_a_stranger_gets_no_token_but_the_way_to_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["token", "--as", "stranger"])

    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert "stranger" in err
    assert "--list" in err


@pytest.mark.usefixtures("demo")
def test_the_list_has_a_line_each_name_first_then_roles_and_organization(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["token", "--list"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert [line.split()[0] for line in lines] == [row.subject for row in PEOPLE]
    assert all(re.fullmatch(r"[a-z-]+ +([a-z_, ]+ @ \S+; )*[a-z_, ]+ (@ \S+ )?\(\S+\)", line) for line in lines)
    assert any(re.match(r"clerk-lin +clerk @ ", line) and organization("yunxi-centre").name in line for line in lines)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["token"],
        ["token", "--as", "a", "--list"],
        ["serve", "--port", "0"],
        ["serve", "--port", "x"],
        ["dance"],
    ],
)
def test_wrong_usage_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)

    assert caught.value.code == 2


def test_wrong_settings_are_a_sentence_not_a_traceback(tmp_path: Path) -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "mediation", "token", "--list"],
        env={"MEDIATION_PORT": "none", "MEDIATION_DEMO": "true"},
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert outcome.returncode == 2
    assert outcome.stderr.startswith("mediation: MEDIATION_PORT")
    assert "Traceback" not in outcome.stderr


def test_demo_data_is_not_written_outside_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("mediation.demo.seed")

    assert main(["seed"]) == 2
    assert "MEDIATION_DEMO" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, "{", "[]", '{"year": 1}'])
def test_a_calendar_that_cannot_be_read_is_refused_with_a_sentence(
    folder: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "2027.json"
    if content is not None:
        path.write_text(content)

    assert main(["calendar", "load", str(path)]) == 2
    assert capsys.readouterr().err.startswith("mediation: ")


def test_the_demo_knows_every_role_and_kind_of_body() -> None:
    roles = {role for row in PEOPLE for _, roles in row.memberships for role in roles}
    kinds = {row.kind for row in ORGANIZATIONS}

    assert roles == set(MembershipRole)
    assert kinds == set(OrganizationKind) - {OrganizationKind.OTHER}
    assert {row.party_side for row in PEOPLE} == {None, "worker", "employer"}


def test_the_demo_refers_only_to_what_it_has() -> None:
    seen: set[str | None] = {None}
    for row in ORGANIZATIONS:
        assert row.parent in seen  # parents first, so that rows can be written in order
        seen.add(row.code)
        assert division_code(row.division) == row.division
        assert case_number(row.short_name, 2026, 1)

    assert all(code in seen for row in PEOPLE for code, _ in row.memberships)
    assert len({*(row.id for row in ORGANIZATIONS), *(row.id for row in PEOPLE)}) == len(ORGANIZATIONS) + len(PEOPLE)
    assert len({row.short_name for row in ORGANIZATIONS}) == len(ORGANIZATIONS)
    assert person("clerk-lin").id == "b8052b28-1e16-5a83-af52-620f8907cd70"


FOUND = [
    "organization", "found", "--kind", "court", "--name", "某区人民法院", "--short-name", "某法",
    "--subject", "court-admin", "--administrator", "管理员",
]  # fmt: skip


@pytest.mark.usefixtures("demo")
def test_a_body_with_none_above_it_is_put_in_place_with_its_administrator(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["migrate"])
    capsys.readouterr()

    codes = [main(FOUND), main(FOUND), main([*FOUND, "--short-name", "别法"]), main([*FOUND, "--kind", "castle"])]

    out, err = capsys.readouterr()
    assert codes == [0, 2, 2, 2]
    assert out == "某区人民法院 is in place; court-admin administers it.\n"
    taken, registered, unknown = err.splitlines()
    assert "short name" in taken
    assert "registered already" in registered
    assert "kind: " in unknown
