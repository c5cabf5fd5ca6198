"""`python -m benchmarks.mutation`: how many mutants of each module the tests found, from what mutmut left behind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from mutmut.stats import status_by_exit_code

from benchmarks.report import write

MUTANTS = Path("mutants")
PAGE = Path("docs/mutation.md")
FOUND = ("killed", "timeout", "segfault", "suspicious")
MISSED = ("survived", "no tests")
_HEAD = "| module | mutants | found | missed | not run | score |\n|---|---|---|---|---|---|"


def main() -> None:
    """Print the table, and write it into docs/mutation.md when every mutant was run."""
    modules = dict(_modules())
    total = sum(modules.values(), Counter[str]())
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    rows = [_row(*each) for each in (*modules.items(), ("**all**", total))]
    text = "\n".join([_HEAD, *rows, "", f"Run on {today} with mutmut {version('mutmut')}."])
    print(text)
    if not total or _count(total, "not checked"):
        print(f"Not every mutant was run: {PAGE} stays as it is.")
    else:
        write(text, page=PAGE)


def _modules() -> Iterator[tuple[str, Counter[str]]]:
    """Each module that has mutants, with the number of them by status."""
    for path in sorted(MUTANTS.rglob("*.py.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"].values()
        if codes:
            name = path.relative_to(MUTANTS / "src" / "mediation" / "domain").as_posix().removesuffix(".py.meta")
            yield f"`{name}`", Counter(status_by_exit_code[code] for code in codes)


def _count(statuses: Counter[str], *names: str) -> int:
    return sum(statuses[name] for name in names)


def _row(name: str, statuses: Counter[str]) -> str:
    found, missed = _count(statuses, *FOUND), _count(statuses, *MISSED)
    score = f"{100 * found / (found + missed):.1f} %" if found + missed else ""
    return f"| {name} | {statuses.total()} | {found} | {missed} | {statuses.total() - found - missed} | {score} |"


if __name__ == "__main__":
    main()
