"""Answers of public pages: the same for everybody, made once for each release, known again by their ETag.

Nothing here reads a cookie or the session. What changes without a release (whether one can register, whether
places are left) is part of the ETag and of the cache's key, so that no cached page tells yesterday's news.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language

from workshops.domain.programme import Programme
from workshops.domain.release import current_release, released_programme

MAX_AGE = 60
KEPT = 24 * 60 * 60
HTML = "text/html; charset=utf-8"
Render = Callable[[Programme], bytes]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as bytes, and when it became what it is."""

    body: bytes
    made_at: dt.datetime


def answer(
    request: HttpRequest, *, render: Render, variant: str = "", content_type: str = HTML, kept: int = KEPT
) -> HttpResponse:
    """`render(programme)` as the answer; `variant` names what decides it besides release, path and language.

    `kept` is for how many seconds it is kept; 0 for what readers type, of which there may be any number.

    Raises NothingReleasedError, and whatever `render` raises (Http404); neither is kept.
    """
    tag = _tag(request.path, variant)
    page = _rendered(tag, render, kept)
    made_at = int(page.made_at.timestamp())
    response = HttpResponse(page.body, content_type=content_type)
    response.headers["ETag"] = tag
    response.headers["Last-Modified"] = http_date(made_at)
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return get_conditional_response(request, etag=tag, last_modified=made_at, response=response) or response


def _tag(path: str, variant: str) -> str:
    release, number, _published_at = current_release()
    facts = "\n".join((str(release), path, get_language() or "", variant, edition()))
    return quote_etag(f"{number}-{hashlib.sha256(facts.encode(errors='replace')).hexdigest()[:32]}")


def _rendered(tag: str, render: Render, seconds: int) -> Rendered:
    key = f"page-{tag.strip(chr(34))}"
    kept: Rendered | None = cache.get(key) if seconds else None
    if kept is None:
        # Whole seconds: If-Modified-Since knows no fractions.
        kept = Rendered(render(released_programme()), timezone.now().replace(microsecond=0))
        if seconds:
            cache.set(key, kept, timeout=seconds)
    return kept


@functools.cache
def edition() -> str:
    """Names this edition of templates, catalogues and styles, so that an update is seen at once."""
    digest = hashlib.sha256()
    for directory, pattern in (("templates", "**/*.*"), ("locale", "**/*.mo"), ("static/koprue", "*.*")):
        for file in sorted((Path(settings.ROOT) / directory).glob(pattern)):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]
