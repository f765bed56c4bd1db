from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection

from registration.models import Registration
from workshops.models import Workshop


@pytest.fixture
def said() -> Iterator[list[str]]:
    """Every line that is logged meanwhile, at whatever level."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            # The tests' own mail server logs what it reads.
            if not record.name.startswith("mail."):
                lines.append(f"{record.name} {record.getMessage()} {record.args!r}")

    def keep(_logger: Any, _name: str, event: Any) -> Any:
        lines.append(repr(event))
        return event

    before = structlog.get_config()["processors"]
    handler, root = Keep(logging.DEBUG), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    before.insert(0, keep)
    yield lines
    before.remove(keep)
    root.removeHandler(handler)
    root.setLevel(level)


def kept(*directories: Path) -> dict[str, str]:
    """All that is stored, as text: each table, each session, the cache, the files."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (names from the database itself)
            found[f"table {table}"] = repr(cursor.fetchall())
    found["sessions"] = repr([row.get_decoded() for row in Session.objects.all()])
    found["cache"] = repr([(key, pickle.loads(value)) for key, value in cache._cache.items()])  # type: ignore[attr-defined]  # noqa: S301
    for directory in directories:
        for path in sorted(directory.rglob("*")):
            if path.is_file():
                found[f"file {path.name}"] = path.read_bytes().decode(errors="replace")
    return found


def where(text: str, stored: dict[str, str]) -> list[str]:
    return [name for name, content in stored.items() if text in content]


def counters_are_right(workshop: Workshop) -> bool:
    workshop.refresh_from_db()
    held = [role for row in Registration.objects.filter(workshop=workshop) for role in row.held_roles]
    return (workshop.taken_active, workshop.taken_listener) == (held.count("active"), held.count("listener"))
