"""Watches the whole suite: whatever access details a test makes must not come up in a log record, in a task's
arguments, in the clear in any column of the database, in a session or in the cache.

A handler at the root logger sees every record at DEBUG, also those no other handler is told. What pytest itself
shows and hands to tests (`caplog`) stays at WARNING, as without the watch.
"""

from __future__ import annotations

import functools
import logging
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
import structlog
from celery.signals import before_task_publish
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_save

from registration.models import AccessCode, AccessDetails
from tests import factories

# The tests' own mail server logs all that it reads; the others tell of every glyph and every packet.
NOT_OURS = ("mail.log", "fontTools", "asyncio", "PIL", "weasyprint", "hypothesis")
TOO_SHORT = 8


class Watch(logging.Handler):
    """Keeps where a secret was seen; `take` returns it and starts anew."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.saved: set[str] = set()
        self._seen: list[str] = []

    def begin(self) -> None:
        self.saved, self._seen = set(), []

    def take(self) -> list[str]:
        seen, self._seen = self._seen, []
        return seen

    def look(self, where: str, text: str) -> None:
        for secret in (*factories.CANARIES, *self.saved):
            if secret in text:
                self._seen.append(f"{where}: {secret}")

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] in NOT_OURS or record.name in NOT_OURS:
            return
        said = f"{record.getMessage()} {record.args!r}"
        if record.exc_info and record.exc_info[1]:
            said += "".join(traceback.format_exception_only(record.exc_info[1]))
        self.look(f"log of {record.name}", said)

    def event(self, _logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """structlog writes past the standard library unless it is set up, as in production, not to."""
        self.look("event", repr(event))
        return event

    def remember(self, instance: AccessDetails, **_: object) -> None:
        values = (getattr(instance, name) for name in AccessDetails.SECRETS)
        self.saved |= {value for value in values if len(value) >= TOO_SHORT}

    def remember_code(self, instance: AccessCode, **_: object) -> None:
        self.saved |= {instance.code} if len(instance.code) >= TOO_SHORT else set()

    def published(self, body: object = None, headers: object = None, **_: object) -> None:
        self.look("task", f"{body!r} {headers!r}")

    def look_into_the_database(self) -> None:
        if not self.saved or connection.needs_rollback:
            return
        if not connection.in_atomic_block:  # such a test may have cut the connection
            connection.close_if_unusable_or_obsolete()
        for table, rows in tables():
            self.look(f"table {table}", rows)
        for session in Session.objects.all():
            self.look("session", repr(session.get_decoded()))
        if isinstance(kept := getattr(cache, "_cache", None), dict):
            for pickled in list(kept.values()):
                self.look("cache", pickled.decode(errors="replace"))


@functools.cache
def table_names() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def tables() -> Iterator[tuple[str, str]]:
    """Each table with all that stands in it."""
    with connection.cursor() as cursor:
        for table in table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (names from the database itself)
            if rows := cursor.fetchall():
                yield table, "\n".join(map(row_as_text, rows))


WATCH = Watch()


def start(config: pytest.Config) -> None:
    """From now on every record passes the watch."""
    if plugin := config.pluginmanager.getplugin("logging-plugin"):
        plugin.caplog_handler.setLevel(logging.WARNING)
        plugin.report_handler.setLevel(logging.WARNING)
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    root.addHandler(WATCH)
    for name in NOT_OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    structlog.configure(processors=[WATCH.event, *structlog.get_config()["processors"]])
    post_save.connect(WATCH.remember, sender=AccessDetails)
    post_save.connect(WATCH.remember_code, sender=AccessCode)
    before_task_publish.connect(WATCH.published)


def row_as_text(row: tuple[Any, ...]) -> str:
    """PostgreSQL gives bytes as a memoryview, whose `repr` says where it lies and not what it holds."""
    return repr([bytes(value) if isinstance(value, memoryview) else value for value in row])
