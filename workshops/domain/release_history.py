"""The releases of a conference in their order, and what each changed in which workshop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from workshops.domain.differences import Difference, differences_between
from workshops.models import Release

ByWorkshop = Mapping[int, tuple[Difference, ...]]


def releases_of(*, conference_id: int) -> list[Release]:
    """Newest first, without their snapshots, with one query."""
    return list(Release.objects.filter(conference=conference_id).defer("snapshot").order_by("-number"))


def changed_workshops(*, since: Release, until: Release) -> ByWorkshop:
    """What differs between two releases, by the workshop's key; what concerns the whole conference is left out."""
    found: dict[int, list[Difference]] = defaultdict(list)
    for difference in differences_between(since=since, until=until):
        if difference.workshop_id is not None:
            found[difference.workshop_id].append(difference)
    return {workshop_id: tuple(items) for workshop_id, items in found.items()}
