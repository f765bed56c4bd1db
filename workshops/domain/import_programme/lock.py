from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from django.contrib.contenttypes.models import ContentType

from workshops.models import Conference, Workshop


def lock(*, conference: Conference | None) -> Conference | None:
    """One import of a conference at a time; while there is none, one that makes a conference at a time."""
    if conference is None:
        ContentType.objects.select_for_update().get(pk=ContentType.objects.get_for_model(Conference).pk)
        return None
    locked = lock_conference(pk=conference.pk)
    lock_workshops(conference=locked)
    return locked


def lock_conference(*, pk: int) -> Conference:
    """Always before its workshops. Not the full lock: whoever owes somebody a mail refers to the conference."""
    return Conference.objects.select_for_update(no_key=True).get(pk=pk)


def lock_workshops(*, conference: Conference, in_full: Collection[int] = ()) -> None:
    """In the order in which registrations lock them; those `in_full` (keys) nobody can so much as refer to."""
    keys = Workshop.objects.filter(conference=conference).order_by("pk").values_list("pk", flat=True)
    for is_full, group in groupby(keys, key=lambda pk: pk in in_full):
        rows = Workshop.objects.select_for_update(no_key=not is_full).filter(pk__in=list(group))
        list(rows.order_by("pk"))
