"""The table of roles as docs/organisers-access.md prints it, and every address of the admin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, get_resolver
from django.utils.translation import override

from tests.security import addresses
from tests.world import World
from workshops.domain.scope import Area, Level, Role

_PAGE = Path(__file__).parents[2] / "docs" / "organisers-access.md"
_LEVELS = {"changes": Level.CHANGE, "sees": Level.SEE, "–": None}
# Django's own, which show nobody's rows, or ask the lists' own permissions.
OF_DJANGO = {
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "set_language",
}


@cache
def printed_rights() -> dict[Area, dict[str, Level | None]]:
    titles, *rows = _table("| area | everything |")
    roles = [Role(role) for role in (Role.LEAD, Role.PROGRAMME, Role.REGISTRATIONS, Role.ACCESS, Role.READER)]
    with override("en"):
        assert titles[1:] == [str(role.label) for role in roles]
    return {
        Area(row[0]): {role: _LEVELS[cell] for role, cell in zip(roles, row[1:], strict=True)} for row in rows
    }


@cache
def printed_pages() -> tuple[dict[str, Area], dict[str, Area]]:
    """Of the lists by model, and of the further pages by the name of their address."""
    lists, pages = {}, {}
    for name, models, further in _table("| area | lists |")[1:]:
        lists |= dict.fromkeys(re.findall(r"`([^`]+)`", models), Area(name))
        pages |= dict.fromkeys(re.findall(r"`([^`]+)`", further), Area(name))
    return lists, pages


def _table(head: str) -> list[list[str]]:
    text = _PAGE.read_text(encoding="utf-8")
    lines = text[text.index(head) :].split("\n\n", 1)[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [cells[0], *cells[2:]]


def every_page() -> Iterator[tuple[str, str]]:
    """Name and route of each address of the admin that has a name."""
    for entry in get_resolver().url_patterns:
        if getattr(entry, "namespace", None) == "admin":
            for pattern in _flat(entry.url_patterns):
                yield from _named(pattern)


def _flat(patterns: Any, prefix: str = "admin/") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from _flat(pattern.url_patterns, route)


def _named(found: tuple[str, URLPattern]) -> Iterator[tuple[str, str]]:
    route, pattern = found
    if pattern.name:
        yield pattern.name, route


def model_of(page: str) -> str | None:
    for model in admin.site._registry:
        if page.startswith(f"{model._meta.app_label}_{model._meta.model_name}_"):
            return model._meta.label_lower
    return None


def area_of(page: str) -> Area:
    lists, pages = printed_pages()
    model = model_of(page)
    return pages[page] if page in pages else lists[model or ""]


def address_of(route: str, world: World) -> str:
    return addresses.address_of(route, world)
