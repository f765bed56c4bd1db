"""What every page's frame needs: the language switch."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from workshops.languages import CODES, OWN_NAMES, active_language

register = template.Library()
_PREFIXES = tuple(f"/{code}/" for code in CODES)


@register.simple_tag(takes_context=True)
def language_links(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The same page in each language. From an address without a language, to the home page of each."""
    request = context.get("request")
    # Public pages are cached, so they give their own address: what else a link carries is not theirs.
    path = context.get("page_path") or (request.get_full_path() if request else "/")
    current = active_language()
    return [
        {"code": code, "name": OWN_NAMES[code], "url": _in_language(path, code), "current": code == current}
        for code, _name in settings.LANGUAGES
    ]


def _in_language(path: str, code: str) -> str:
    """Behind the language all addresses are the same: nothing has to be resolved and reversed."""
    return f"/{code}{path[3:]}" if path.startswith(_PREFIXES) else f"/{code}/"
