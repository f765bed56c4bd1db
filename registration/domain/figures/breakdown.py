"""Who registered, by what they said about themselves: those neither declined nor cancelled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from registration.domain.figures.standing import standing
from registration.models import Registration
from workshops.models import Workshop

MOST = 15
Counted = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Origins:
    """Codes of countries (ISO 3166-1) and of languages, the most frequent first; empty where nothing was given."""

    by_country: Counted
    by_language: Counted


def count_by_origin(*, workshop: Workshop) -> Origins:
    """With one query."""
    countries: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    rows = _standing(workshop).values_list("participant__country", "participant__language")
    for country, language, count in rows.annotate(count=Count("pk")):
        countries[str(country)] += count
        languages[language] += count
    return Origins(_ordered(countries), _ordered(languages))


def count_by_organisation(*, workshop: Workshop) -> Counted:
    """The `MOST` most frequent ones, as people wrote them."""
    rows = _standing(workshop).values_list("participant__organisation").annotate(count=Count("pk"))
    return list(rows.order_by("-count", "participant__organisation")[:MOST])


def _standing(workshop: Workshop) -> QuerySet[Registration]:
    return Registration.objects.filter(standing(), workshop=workshop).order_by()


def _ordered(counted: Counter[str]) -> Counted:
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
