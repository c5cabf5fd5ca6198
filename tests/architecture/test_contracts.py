"""The rooms import only as architecture allows, each contract can fail, and no file names a machine."""

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "mediation"

# contract id -> module that breaks it, and how
BREACHES = {
    "layers": ("services/breach.py", "import mediation.api.breach"),
    "settings-read-at-edges": ("services/breach.py", "from mediation.settings import Settings"),
    "settings-know-nobody": ("settings.py", "import mediation.storage"),
    "pure-domain": ("domain/breach.py", "import pydantic"),
    "sql-in-storage": ("services/breach.py", "from sqlalchemy import select"),
    "httpx-in-gateways": ("services/breach.py", "import httpx"),
    "fastapi-in-api": ("services/breach.py", "from starlette.requests import Request"),
    "transitions-in-machine": ("domain/breach.py", "from transitions import Machine"),
    "offers-behind-the-wall": ("services/breach.py", "from mediation.storage import offers"),
    "offers-shown-once": ("api/breach.py", "from mediation.services import offers"),
    "no-cycles": ("domain/breach.py", "import mediation.domain.counterpart"),
}
COMPANIONS = {
    "layers": ("api/breach.py", ""),
    "no-cycles": ("domain/counterpart.py", "import mediation.domain.breach"),
}
# More ways to break a contract than the first that comes to mind.
FURTHER = [
    ("layers", "gateways/breach.py", "import mediation.storage"),
    ("layers", "surprise.py", ""),
    ("sql-in-storage", "__main__.py", "import sqlalchemy"),
    ("sql-in-storage", "api/breach.py", "import sqlite3"),
    ("httpx-in-gateways", "api/breach.py", "import httpx"),
    ("fastapi-in-api", "__main__.py", "import fastapi"),
    ("pure-domain", "domain/breach.py", "import sqlalchemy"),
    ("transitions-in-machine", "services/breach.py", "import transitions"),
    ("offers-behind-the-wall", "storage/cases.py", "from mediation.storage.offers import page"),
    ("offers-shown-once", "services/exports.py", "from mediation.services.offers import list_offers"),
]

REGISTRIES = re.compile(
    r"(?i)pypi\.org|pythonhosted|npmjs|registry\.(?:npm|yarn)|files\.python|/simple/?\b|index-url[= ]\S*//"
)
MACHINE_PATHS = re.compile(r"(?<![\w.~/-])/(?:work|root|home|Users|tmp|private|mnt)/[\w.-]+")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a copy of the package with its contracts, to break."""
    shutil.copytree(PACKAGE, tmp_path / "mediation", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept() -> None:
    outcome = _lint(ROOT / "src", ROOT / "pyproject.toml")

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_every_contract_is_broken_here_once() -> None:
    assert set(BREACHES) == _contract_ids()


@pytest.mark.parametrize("contract", sorted(BREACHES))
def test_a_contract_can_fail(tree: Path, contract: str) -> None:
    if contract in COMPANIONS:
        _add(tree, *COMPANIONS[contract])
    _add(tree, *BREACHES[contract])

    outcome = _lint(tree, tree / "pyproject.toml", contract)

    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    assert "BROKEN" in outcome.stdout


@pytest.mark.parametrize(("contract", "module", "line"), FURTHER)
def test_a_contract_fails_in_other_places_too(tree: Path, contract: str, module: str, line: str) -> None:
    _add(tree, module, line)

    outcome = _lint(tree, tree / "pyproject.toml", contract)

    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    assert "BROKEN" in outcome.stdout


def test_no_file_names_a_registry() -> None:
    found = _matches(REGISTRIES)

    assert not found, "\n".join(found)


def test_no_file_names_a_folder_of_a_machine() -> None:
    found = _matches(MACHINE_PATHS)

    assert not found, "\n".join(found)


def test_the_locks_pin_each_package_by_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
        packages = [block for block in blocks if not block.startswith("#")]

        assert packages
        assert all(re.match(r"[\w.-]+==\S+", block) and "--hash=sha256:" in block for block in packages)
        assert not any("://" in block for block in blocks)


def test_the_development_lock_holds_the_runtime_lock() -> None:
    assert _pins("requirements.txt") <= _pins("requirements-dev.txt")


def test_each_type_that_is_not_checked_says_why() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"# type: ignore\[[a-z-]+\](?! # \w)", line)
    ]

    assert silent == []


def test_tools_of_other_projects_leave_no_lock() -> None:
    assert not {"uv.lock", "pylock.toml", "poetry.lock", "setup.cfg", "tox.ini"} & {path.name for path in _files()}


def _lint(source: Path, config: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    program = (
        f"import sys; sys.path.insert(0, {str(source)!r}); "
        "from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "--config", str(config), "--no-cache", *chosen],
        check=False,
        capture_output=True,
        text=True,
        cwd=source,
    )


def _contract_ids() -> set[str]:
    import tomllib

    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["id"] for contract in config["tool"]["importlinter"]["contracts"]}


def _add(tree: Path, module: str, line: str) -> None:
    path = tree / "mediation" / module
    path.parent.mkdir(exist_ok=True)
    before = path.read_text() if path.exists() else ""
    path.write_text(f"{before}\n{line}\n")
    package = path.parent / "__init__.py"
    package.touch()


def _pins(name: str) -> set[str]:
    return set(re.findall(r"(?m)^[\w.-]+==\S+", (ROOT / name).read_text()))


def _matches(pattern: re.Pattern[str]) -> list[str]:
    own = Path(__file__).resolve()
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in _files()
        if path != own
        for number, line in enumerate(_text(path).splitlines(), start=1)
        if pattern.search(line)
    ]


@cache
def _files() -> list[Path]:
    """Return the files that are, or would be, committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("needs the repository, not an export of it")
    listed = subprocess.run([git, *command[1:]], check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def _text(path: Path) -> str:
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", errors="replace")
