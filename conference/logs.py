"""Logging: JSON in production, readable lines in the demo; addresses, personal links and row contents never.

Our own lines carry ids only. Those of libraries are another matter (Django names the path it did not find,
psycopg2 the row that broke a constraint), so every line passes `redact` on its way out, but for `write_line`'s.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import os
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from conference.log_context import FIELDS

_STDERR = 2
_encode = json.JSONEncoder(ensure_ascii=False).encode
_directly = False

_SECRETS = (
    (re.compile(r"[\w.+%-]+@[\w-]+(\.[\w-]+)+"), "<address>"),
    (re.compile(r"/(invitation|unsubscribe|password/reset/key|calendar)/[^\s\"'?<>]+"), r"/\1/<link>"),
    (re.compile(r"(DETAIL:\s+).*"), r"\1<row>"),
    (re.compile(r"\b(rediss?|postgres(?:ql)?|smtps?(?:\+\w+)?)://[^\s@/]+@"), r"\1://<credentials>@"),
)


def redact(text: str) -> str:
    """`text` without mail addresses, personal links, row contents and passwords of servers."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def write_line(event: str, /, *, logger: str, **harmless: str | int | None) -> None:
    """Logs at INFO what needs no redaction, because nobody outside can choose it: numbers, routes, our own words.

    In production the line goes straight to where the others go, and looks like them. The way through structlog, the
    standard library and the redaction costs ten times as much, which is more than answering a kept page.
    """
    if not _directly:
        logging.getLogger(logger).info("%s %s", event, harmless)
        return
    now = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
    about = {"logger": logger, "level": "info", "timestamp": f"{now[:-6]}Z"}
    line = _encode({**harmless, "event": event, **FIELDS.get(), **about})
    # One call for the whole line, so that lines of several threads and processes never mix. As with every other
    # line, a log that takes no more (a full disk, a closed pipe) is no reason to answer nobody.
    with contextlib.suppress(OSError):
        os.write(_STDERR, f"{line}\n".encode())


def _add_context(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    return {**event, **FIELDS.get()}


def _redact_event(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}


class DropRequestPath(logging.Filter):
    """Django's "Not Found: /path" keeps its status and loses the path: a personal link is one."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith(("django.request", "django.security")) and isinstance(record.args, tuple):
            status = getattr(record, "status_code", None)
            record.msg, record.args = "refused" if status is None else f"answered {status}", ()
        if record.name.startswith("django.security"):
            # Whoever tries every name of a host would else fill the log with tracebacks of nothing.
            record.exc_info = None
        return True


def configure(*, readable: bool) -> dict[str, Any]:
    """Sets structlog up and returns Django's LOGGING."""
    global _directly  # noqa: PLW0603
    _directly = not readable
    shared: list[Processor] = [
        _add_context,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return _django_logging(shared, _renderer(readable=readable), level="WARNING" if readable else "INFO")


def _renderer(*, readable: bool) -> Processor:
    if readable:
        return structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _django_logging(shared: list[Processor], renderer: Processor, *, level: str) -> dict[str, Any]:
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _redact_event,
            renderer,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": formatter},
        "filters": {"no-paths": {"()": DropRequestPath}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["no-paths"]}
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django gives these handlers of its own, which would print every line a second time, unredacted.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }
