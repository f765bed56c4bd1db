"""Answers of public pages: the same for everybody, made once for each release, known again by their ETag.

Nothing here reads a cookie or the session. What changes without a release (whether one can register, whether
places are left) is part of the ETag and of the cache's key, so that no cached page tells yesterday's news; and it is
one of the facts of `workshops/domain/public_facts.py`, so that no process goes on sending what it has in its memory.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import get_language

from conference.public_bytes.answers import NEVER, Public, PublicAnswer
from conference.public_bytes.encodings import Bodies, encoded
from workshops.domain.programme import Programme
from workshops.domain.release import current_release, released_programme

KEPT = 24 * 60 * 60
HTML = "text/html; charset=utf-8"
Render = Callable[[Programme], bytes]
# Whatever may make other bytes of the same programme; the last are the libraries.
_SOFTWARE = (
    *((package, "**/*.py") for package in ("conference", "workshops", "registration")),
    ("templates", "**/*.*"),
    ("locale", "**/*.mo"),
    ("static/koprue", "*.*"),
    (".", "requirements.txt"),
)
# How many pages that nobody keeps a process makes at the same time, so that threads are left for the others.
_TYPED = threading.BoundedSemaphore(2)
# As many pages as can be made at the same time in one process; none of them twice.
_MAKING = tuple(threading.Lock() for _ in range(64))


class BusyError(Exception):
    """Too many pages that nobody keeps are being made at once."""


def answer(  # noqa: PLR0913 (what decides a page)
    request: HttpRequest,
    *,
    render: Render,
    variant: str = "",
    content_type: str = HTML,
    asked: str = "",
    until: dt.datetime | None = None,
    kept: int = KEPT,
    is_typed: bool = False,
) -> PublicAnswer:
    """`render(programme)` as the answer; `variant` names what decides it besides release, path and language.

    `asked` is what of the query string decides it, in one spelling: part of what `variant` says. `until` is when it
    changes by the clock alone. `kept` is for how many seconds all servers together keep it; 0 for what readers type,
    of which there may be any number (`is_typed`, as for all that they may choose from hundreds).

    Raises NothingReleasedError, and whatever `render` raises (Http404); neither is kept.
    """
    tag = page_tag(path=request.path, variant=variant)
    bodies = kept_page(tag=tag, render=render, content_type=content_type, seconds=kept)
    public = Public(bodies, tag, asked, until.timestamp() if until else NEVER, is_typed)
    return PublicAnswer(public, content_type=content_type)


def page_tag(*, path: str, variant: str) -> str:
    """Names a page in the active language as it is now. Raises NothingReleasedError."""
    release, number, published_at = current_release()
    # A database restored from a backup may give the same number a second time.
    facts = "\n".join((f"{release} {published_at}", path, get_language() or "", variant, edition()))
    return f"{number}-{hashlib.sha256(facts.encode(errors='replace')).hexdigest()[:32]}"


def kept_page(*, tag: str, render: Render, content_type: str, seconds: int) -> Bodies:
    """Its bytes; made now where nobody has made it yet."""
    if not seconds or settings.DEBUG:
        return _made_by_turns(render, content_type)
    key = f"public-{tag}"
    if (kept := _known(key)) is not None:
        return kept
    with _MAKING[int(tag[-2:], 16) % len(_MAKING)]:
        # Whoever had to wait finds it made.
        if (kept := _known(key)) is None:
            kept = _made(render, content_type)
            cache.set(key, kept, timeout=seconds)
    return kept


def _made_by_turns(render: Render, content_type: str) -> Bodies:
    """Readers may type anything: half of a process's threads stay free for all that is kept. Raises BusyError."""
    if not _TYPED.acquire(blocking=False):
        raise BusyError
    try:
        return _made(render, content_type)
    finally:
        _TYPED.release()


def _known(key: str) -> Bodies | None:
    found: Bodies | None = cache.get(key)
    return found


def _made(render: Render, content_type: str) -> Bodies:
    return encoded(render(released_programme()), content_type=content_type)


@functools.cache
def edition() -> str:
    """Names this edition of the software, and of what settings say in pages and their headers, so that an update is
    seen at once.
    """
    facts = (
        settings.BASE_URL,
        settings.STATIC_URL,
        sorted(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()),
    )
    digest = hashlib.sha256(repr(facts).encode())
    for directory, pattern in _SOFTWARE:
        for file in sorted((Path(settings.ROOT) / directory).glob(pattern)):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]
