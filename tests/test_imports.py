"""Imports run one way: what a use case needs is never a page of the admin."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.sqlite

ROOT = Path(__file__).resolve().parent.parent
DOMAIN = sorted(
    path for app in ("registration", "workshops") for path in (ROOT / app / "domain").rglob("*.py")
)


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: str(path.relative_to(ROOT)))
def test_domain_code_imports_nothing_of_the_admin(path: Path) -> None:
    found = {name for name in imports(path) if "admin" in name.split(".")}
    assert found == set()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
