"""To whom a free message goes: whoever is registered for one of its workshops, as far as its filters say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from registration.domain.figures.standing import NONE
from registration.domain.suppress import suppressed_among
from registration.models import Announcement, Registration
from workshops.languages import CODES, text_of

# What a message may be filtered by, and the column each compares.
FILTERS = {
    "statuses": "status",
    "roles": "role",
    "countries": "participant__country",
    "languages": "participant__language",
}


@dataclass(frozen=True, slots=True)
class Group:
    """`people` get the message, `unwanted` do not want it or cannot get it; `languages` counts the readers of each."""

    people: int
    unwanted: int
    languages: Counter[str]


def registrations_of(*, announcement: Announcement) -> QuerySet[Registration]:
    """Those the message is about; somebody may have several, of which the first one in this order counts."""
    rows = Registration.objects.filter(
        chosen_by(announcement.chosen), workshop__in=announcement.workshops.values("pk")
    )
    return rows.order_by("participant", "workshop__position", "workshop", "pk")


def chosen_by(chosen: dict[str, Any]) -> Q:
    """A filter that names nothing lets everybody pass."""
    condition = Q()
    for name, column in FILTERS.items():
        if values := chosen.get(name):
            condition &= Q(**{f"{column}__in": ["" if value == NONE else value for value in values]})
    return condition


def count_group(*, announcement: Announcement) -> Group:
    """With a fixed number of queries, however many people they are."""
    people = dict(
        registrations_of(announcement=announcement)
        .order_by()
        .values_list("participant__email", "participant__language")
        .distinct()
    )
    unwanted = suppressed_among(conference=announcement.conference, emails=people)
    languages = Counter(language for email, language in people.items() if email not in unwanted)
    return Group(people=languages.total(), unwanted=len(unwanted), languages=languages)


def example_of(*, announcement: Announcement) -> Registration | None:
    """Somebody of the group, for a preview with a real person's data."""
    rows = registrations_of(announcement=announcement).select_related("participant__conference", "workshop")
    return rows.order_by("participant__last_name", "participant__first_name", "participant", "pk").first()


def language_for(*, announcement: Announcement, language: str) -> str:
    """Whose language is not known gets German and Turkish; only one of them where the text exists in no more."""
    if language:
        return language
    written = [code for code in ("de", "tr") if text_of(announcement, "text")[code]]
    return written[0] if len(written) == 1 else ""


def missing_languages(*, announcement: Announcement) -> Sequence[str]:
    """In which languages the text has not been written: their readers get another one."""
    return [code for code in CODES if not text_of(announcement, "text")[code]]
