"""Publishing the programme: a release keeps the whole programme as the public then sees it."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import replace

from django.db import transaction
from django.db.models import Max

from conference.models import User
from workshops.domain.build_programme import build_programme
from workshops.domain.programme import Programme
from workshops.domain.snapshot import from_snapshot, to_snapshot
from workshops.models import Conference, Release


class NothingReleasedError(LookupError):
    """The site has no conference, or its programme was never released."""


def release_programme(*, conference: Conference, note: str = "", by: User | None = None) -> Release:
    """Publishes the programme as it stands now under the next number."""
    with transaction.atomic():
        Conference.objects.select_for_update().get(pk=conference.pk)
        last = Release.objects.filter(conference=conference).aggregate(last=Max("number"))["last"] or 0
        return Release.objects.create(
            conference=conference,
            number=last + 1,
            note=note,
            snapshot=to_snapshot(build_programme(conference=conference)),
            published_by=by,
        )


def current_release() -> tuple[int, int, dt.datetime]:
    """(primary key, number, time) of what the public sees now: one small query, so that a release shows at once.

    Raises NothingReleasedError.
    """
    row = (
        Release.objects.filter(conference__is_current=True)
        .order_by("-number")
        .values_list("pk", "number", "published_at")
        .first()
    )
    if row is None:
        raise NothingReleasedError
    return row


def released_programme() -> Programme:
    """The programme the public sees. Raises NothingReleasedError."""
    return _programme_of(*current_release())


@functools.lru_cache(maxsize=4)
def _programme_of(pk: int, number: int, published_at: dt.datetime) -> Programme:
    """A release never changes, so each process reads it once; the time tells it from one of a restored database."""
    snapshot = Release.objects.values_list("snapshot", flat=True).get(pk=pk)
    return replace(from_snapshot(snapshot), release_number=number, released_at=published_at)
