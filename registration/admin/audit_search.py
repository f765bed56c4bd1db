"""Finding entries by what their rows are called, today or at that time, and by who made them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from registration.domain.history.names import names_of_tables
from workshops.names import fold

_ACCOUNTS = "accounts.user"
_TABLES = (
    _ACCOUNTS,
    "workshops.workshop",
    "workshops.workshopday",
    "workshops.session",
    "workshops.speaker",
    "workshops.organisation",
    "workshops.platform",
)


def entries_about(entries: QuerySet[Any], term: str) -> QuerySet[Any]:
    """Finds "istanbul" in "İSTANBUL". Each name is compared once, however many entries there are of it."""
    words = fold(term).split()
    if not words:
        return entries
    then = entries.order_by().values_list("object_repr", flat=True).distinct()
    wanted = Q(object_repr__in=[name for name in then if _holds(name, words)])
    called = _called_now(words)
    wanted |= Q(actor__in=called.pop(_ACCOUNTS, []))
    for label, keys in called.items():
        kind = ContentType.objects.get_for_model(apps.get_model(label))
        wanted |= Q(content_type=kind, object_id__in=keys)
    return entries.filter(wanted)


def _called_now(words: list[str]) -> dict[str, list[int]]:
    """In any language: a title is also found by its translation."""
    found: dict[str, list[int]] = {}
    for label, key, name in names_of_tables(_TABLES):
        if _holds(name, words):
            found.setdefault(label, []).append(int(key))
    return found


def _holds(name: str, words: list[str]) -> bool:
    text = name.casefold() if name.isascii() else fold(name)
    return all(word in text for word in words)
