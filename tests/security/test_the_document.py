"""docs/security.md names every requirement of ASVS 5.0.0 up to level 2, and only tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = (ROOT / "docs" / "security.md").read_text("utf-8")
# Chapter and section, and the numbers of its requirements of levels 1 and 2.
REQUIREMENTS = {
    "1.1": "1 2", "1.2": "1 2 3 4 5 6 7 8 9", "1.3": "1 2 3 4 5 6 7 8 9 10 11", "1.4": "1 2 3", "1.5": "1 2",
    "2.1": "1 2 3", "2.2": "1 2 3", "2.3": "1 2 3 4", "2.4": "1",
    "3.2": "1 2", "3.3": "1 2 3 4", "3.4": "1 2 3 4 5 6", "3.5": "1 2 3 4 5", "3.7": "1 2",
    "4.1": "1 2 3", "4.2": "1", "4.3": "1 2", "4.4": "1 2 3 4",
    "5.1": "1", "5.2": "1 2 3", "5.3": "1 2", "5.4": "1 2 3",
    "6.1": "1 2 3", "6.2": "1 2 3 4 5 6 7 8 9 10 11 12", "6.3": "1 2 3 4", "6.4": "1 2 3 4", "6.5": "1 2 3 4 5",
    "6.6": "1 2 3", "6.8": "1 2 3 4",
    "7.1": "1 2 3", "7.2": "1 2 3 4", "7.3": "1 2", "7.4": "1 2 3 4 5", "7.5": "1 2", "7.6": "1 2",
    "8.1": "1 2", "8.2": "1 2 3", "8.3": "1", "8.4": "1", "9.1": "1 2 3", "9.2": "1 2 3 4",
    "11.1": "1 2", "11.2": "1 2 3", "11.3": "1 2 3", "11.4": "1 2 3 4", "11.5": "1", "11.6": "1",
    "12.1": "1 2 3", "12.2": "1 2", "12.3": "1 2 3 4",
    "13.1": "1", "13.2": "1 2 3 4 5", "13.3": "1 2", "13.4": "1 2 3 4 5",
    "14.1": "1 2", "14.2": "1 2 3 4", "14.3": "1 2 3",
    "15.1": "1 2 3", "15.2": "1 2 3", "15.3": "1 2 3 4 5 6 7",
    "16.1": "1", "16.2": "1 2 3 4 5", "16.3": "1 2 3 4", "16.4": "1 2 3", "16.5": "1 2 3",
}  # fmt: skip


def functions(file: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}


def rows() -> list[list[str]]:
    table = DOCUMENT.split("## ASVS 5.0.0, level 2")[1]
    lines = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| req")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", DOCUMENT)
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / "tests" / file).exists() or name not in functions(ROOT / "tests" / file)
    ]

    assert len(named) > 100
    assert missing == []


def test_every_requirement_has_its_line() -> None:
    expected = [f"{section}.{n}" for section, numbers in REQUIREMENTS.items() for n in numbers.split()]
    answered = [number for row in rows() for number in re.findall(r"\b\d+\.\d+\.\d+\b", row[0])]

    assert [number for number in expected if answered.count(number) != 1] == []


def test_every_line_names_its_proof_or_says_why_there_is_none() -> None:
    excuses = ("does not apply", "not met", "operator", "exception", "above", "architecture.md")
    bare = [row[0] for row in rows() if row[2] == "–" and not any(excuse in row[1] for excuse in excuses)]

    assert {len(row) for row in rows()} == {3}
    assert bare == []
