"""Finding entries by what their rows are called, today or at that time, and by who made them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from registration.domain.history.names import names_of_tables
from workshops.folded_patterns import pattern_of, pattern_of_unusual
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
# So many are looked up by their keys, instead of being looked for again by the list's own queries.
_FEW = 1_000


def entries_about(entries: QuerySet[Any], term: str) -> QuerySet[Any]:
    """Finds "istanbul" in "İSTANBUL". The database compares, with the letters spelt out that fold to the same."""
    words = fold(term).split()
    if not words:
        return entries
    wanted = _called_then(entries, words)
    called = _called_now(words)
    wanted |= Q(actor__in=called.pop(_ACCOUNTS, []))
    for label, keys in called.items():
        kind = ContentType.objects.get_for_model(apps.get_model(label))
        wanted |= Q(content_type=kind, object_id__in=keys)
    found = entries.filter(wanted)
    keys = list(found.order_by().values_list("pk", flat=True)[: _FEW + 1])
    return found if len(keys) > _FEW else entries.filter(pk__in=keys)


def _called_then(entries: QuerySet[Any], words: list[str]) -> Q:
    patterns = [Q(object_repr__regex=pattern_of(word)) for word in words]
    # With "ß" and the like, each name is compared once, however many entries there are of it.
    unusual = (
        entries.order_by()
        .filter(object_repr__regex=pattern_of_unusual())
        .values_list("object_repr", flat=True)
    )
    named = [name for name in unusual.distinct() if _holds(name, words)]
    return Q(*patterns) | Q(object_repr__in=named)


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
