"""docs/security.md claims nothing that is not there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*) ?\|$", re.MULTILINE)
ROWS = ROW.findall(TEXT)
REQUIREMENTS = {
    "1": 27,
    "2": 11,
    "4": 10,
    "8": 7,
    "9": 7,
    "10": 9,
    "11": 14,
    "12": 9,
    "13": 13,
    "14": 9,
    "15": 13,
    "16": 16,
}


def test_every_requirement_of_the_chapters_that_apply_is_answered_once() -> None:
    numbers = [row[0] for row in ROWS]

    assert Counter(number.split(".")[0] for number in numbers) == REQUIREMENTS
    assert len(numbers) == len(set(numbers))


def test_every_answer_is_one_of_five_and_what_is_not_plain_says_why() -> None:
    states = {"met", "partly", "not met", "operator", "n/a"}

    assert {state for _, _, state, _ in ROWS} <= states
    assert [number for number, _, state, why in ROWS if state in {"met", "partly", "not met"} and not why.strip()] == []


def test_every_file_that_is_named_is_there() -> None:
    named = set(re.findall(r"`((?:tests|docs|src|requirements)[\w./-]*\.(?:py|md|txt))`", TEXT))

    assert len(named) > 20
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_module_that_is_named_by_its_letter_is_explained() -> None:
    used = set(re.findall(r"\bA\d+\b", "".join(row[3] for row in ROWS)))

    assert used <= {f"A{number}" for number in range(1, 11)}
    assert all(re.search(rf"\| {name} \| `tests/security/test_api{name[1:]}_", TEXT) for name in used)
