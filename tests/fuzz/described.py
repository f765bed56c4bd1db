"""The described addresses (docs/openapi.yaml) and those that the URLconf really has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RegexPattern

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "openapi.yaml"
# Django's own admin describes itself, and fuzzing it has a file of its own.
NOT_DESCRIBED = "/admin/"


@cache
def description() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text("utf-8"))
    return found


def described_paths() -> set[str]:
    return {_nameless(path) for path in description()["paths"]}


def routes() -> set[str]:
    found = {_nameless(f"/{route}") for route in _walk(get_resolver())}
    return {route for route in found if not route.startswith(NOT_DESCRIBED)}


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = f"{prefix}{_written(entry.pattern)}"
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from _walk(entry, route)


def _written(pattern: Any) -> str:
    if isinstance(pattern, LocalePrefixPattern):
        return "<language>/"
    return simplify_regex(str(pattern)).lstrip("/") if isinstance(pattern, RegexPattern) else str(pattern)


def _nameless(path: str) -> str:
    return re.sub(r"<[^>]+>|\{[^}]+\}", "{}", path)
