"""Which area each page of the admin belongs to, so that whatever it reads is narrowed to the reader's roles there.

A page of a model belongs to the model's area. What is no page of a model, or of another area than its model, is
declared; a page that nobody has declared is for owners alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from workshops.domain.scope import Area, Level

Page = tuple[Area, Level]
"""The area, and what reading the page takes there; sending something to it always takes the right to change."""

_DECLARED: dict[str, Page] = {
    "index": (Area.NUMBERS, Level.SEE),
    "app_list": (Area.NUMBERS, Level.SEE),
    "workshops_conference_check": (Area.PROGRAMME, Level.SEE),
    "workshops_conference_translations": (Area.PROGRAMME, Level.CHANGE),
    "workshops_conference_translation_exchange": (Area.PROGRAMME, Level.CHANGE),
    "workshops_conference_translation_file": (Area.PROGRAMME, Level.CHANGE),
}
_OWNERS_ONLY: Page = (Area.TEAM, Level.CHANGE)


def declare_pages(pages: Mapping[str, Page]) -> None:
    """For pages beside those of the models, by the name of their address."""
    _DECLARED.update(pages)


def declared_pages() -> Mapping[str, Page]:
    return _DECLARED


def page_of(request: HttpRequest) -> Page:
    name = _name_of(request)
    area, level = _DECLARED.get(name) or _of_a_model(name) or _OWNERS_ONLY
    return area, Level.CHANGE if request.method == "POST" else level


def is_page_of(request: HttpRequest, opts: Any) -> bool:
    return _name_of(request).startswith(f"{opts.app_label}_{opts.model_name}_")


def is_history(request: HttpRequest) -> bool:
    return _name_of(request).endswith("_history")


def _name_of(request: HttpRequest) -> str:
    match = getattr(request, "resolver_match", None)
    return (match.url_name or "") if match else ""


def _of_a_model(name: str) -> Page | None:
    for model, model_admin in admin.site._registry.items():
        if name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_"):
            return getattr(model_admin, "area", Area.TEAM), getattr(model_admin, "seen_with", Level.SEE)
    return None
