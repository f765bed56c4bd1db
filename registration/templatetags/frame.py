"""The frame of a person's page: what stands above and below it is the same for everybody, and kept."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from workshops.domain.programme import ConferenceEntry
from workshops.languages import active_language
from workshops.templatetags.page import language_links

register = template.Library()
# Each page without a number or a name in its address, in each language.
_KEPT_AT_MOST = 64


@dataclass(frozen=True, slots=True)
class _Part:
    """Two are equal where they read the same. `released` tells conferences apart: each keeps its own alive."""

    template: str
    language: str
    prefix: str
    path: str
    view: str
    released: int
    conference: ConferenceEntry | None = field(compare=False, repr=False)


@register.simple_tag(takes_context=True)
def frame_part(context: dict[str, Any], template_name: str) -> SafeString:
    """`site_header` or `site_footer`, drawn without the request: nothing of who asks can get in."""
    request, conference = context.get("request"), context.get("conference")
    match = request.resolver_match if request else None
    part = _Part(
        template=template_name,
        language=active_language(),
        prefix=get_script_prefix(),
        path=request.get_full_path() if request else "/",
        view=match.view_name if match else "",
        released=id(conference),
        conference=conference,
    )
    return _kept(part) if request and _is_everybodys(request) else _drawn(part)


def _is_everybodys(request: HttpRequest) -> bool:
    """An address with something of its own in it, perhaps a link's token, is not remembered."""
    match = request.resolver_match
    return match is not None and not (match.args or match.kwargs or request.META.get("QUERY_STRING"))


def _drawn(part: _Part) -> SafeString:
    context = {
        "conference": part.conference,
        "languages": language_links({"page_path": part.path}),
        "request": {"resolver_match": {"view_name": part.view}},
    }
    return render_to_string(f"partials/{part.template}.html", context)


_kept = functools.lru_cache(maxsize=_KEPT_AT_MOST)(_drawn)
