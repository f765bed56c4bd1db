"""For how many people there are too few codes: kept until a registration, a code or access details change."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import starmap
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet

from registration.domain.access_codes.shortage import short_of_codes
from registration.domain.generation import Generation
from registration.models import AccessDetails
from workshops.models import Conference

_SECONDS = 300
_CODES = Generation("codes-short-generation")


@dataclass(frozen=True, slots=True)
class CodesShort:
    """Access details for which there are too few personal codes, and for how many people."""

    details: int
    workshop: int
    people: int


def codes_short(*, conference: Conference) -> tuple[CodesShort, ...]:
    key = f"codes-short-{conference.pk}-{_CODES.current()}"
    known: tuple[CodesShort, ...] | None = cache.get(key)
    if known is None:
        known = _count(conference)
        cache.set(key, known, _SECONDS)
    return known


def forget_codes_short() -> None:
    _CODES.forget()


def _count(conference: Conference) -> tuple[CodesShort, ...]:
    details = AccessDetails.objects.filter(day__workshop__conference=conference)
    found: QuerySet[Any] = short_of_codes(details).order_by("pk")
    return tuple(starmap(CodesShort, found.values_list("pk", "day__workshop", "codes_short")))
