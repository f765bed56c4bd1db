"""Tells the worker that a draft waits. Where no broker takes the nudge, this process reads the draft itself.

The row is the truth: a nudge that got lost is made good by beat, and a row is claimed before it is read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from django.db import connections, transaction

from conference.publishing import publish
from workshops.domain.uploads.read_next_upload import read_next_upload

log = structlog.get_logger(__name__)
TASK = "workshops.tasks.read_draft_imports"
_ONE_AT_A_TIME = threading.Lock()


def nudge_after_commit() -> None:
    """Publishing waits for the broker; the page does not."""
    transaction.on_commit(lambda: _in_the_background(_publish_or_read), robust=True)


def read_here() -> None:
    """Has this process read what waits, beside its other work; returns at once."""
    _in_the_background(_read_all)


def _in_the_background(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="draft-import", daemon=True).start()


def _publish_or_read() -> None:
    if not publish(TASK):
        _read_all()


def _read_all() -> None:
    try:
        # A reading may take much memory; who comes meanwhile looks afterwards whether something is left.
        with _ONE_AT_A_TIME:
            while read_next_upload():
                pass
    except Exception as error:  # not log.exception: its text may quote the draft
        log.error("draft not read here", reason=type(error).__name__)  # noqa: TRY400
    finally:
        connections.close_all()
