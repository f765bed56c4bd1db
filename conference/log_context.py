"""What every line of the log says about where it comes from: the request, and in a worker the task."""

from __future__ import annotations

from contextvars import ContextVar

_NOWHERE: dict[str, str] = {}
# Replaced as a whole and never changed: each request and each task sets its own.
FIELDS: ContextVar[dict[str, str]] = ContextVar("log_context", default=_NOWHERE)


def request_id() -> str | None:
    """Of the request that is being answered, or on whose behalf a task runs; None where there is none."""
    return FIELDS.get().get("request_id")
