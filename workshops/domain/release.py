"""Publishing the programme: a release keeps the whole programme as the public then sees it."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from conference.kept_queries import KeptQuery
from conference.models import User
from conference.public_bytes.stamp import STAMP
from workshops.domain.build_programme import build_programme
from workshops.domain.programme import Programme
from workshops.domain.snapshot import from_snapshot, to_snapshot
from workshops.languages import CODES, Text
from workshops.models import Conference, Release


class NothingReleasedError(LookupError):
    """The site has no conference, or its programme was never released."""


class StaleProgrammeError(ValueError):
    """The programme is not what it was when somebody decided, or somebody else has released it meanwhile."""


def release_programme(
    *, conference: Conference, note: Text | str = "", by: User | None = None, seen: str | None = None
) -> Release:
    """Publishes the programme as it stands now under the next number.

    A plain `note`, as a command takes it, counts as German, the language in which others look for a missing note.
    `seen` is the digest of what was seen before deciding. Raises WallClockError, and StaleProgrammeError where it is
    another programme by now.
    """
    texts = {"de": note} if isinstance(note, str) else note
    with transaction.atomic():
        # Not the full lock: whoever owes somebody a mail, or suppresses an address, refers to the conference.
        Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
        snapshot = to_snapshot(build_programme(conference=conference))
        last = newest_release(conference=conference)
        if seen is not None and seen != digest(snapshot=snapshot, last=last):
            raise StaleProgrammeError
        # Not that anybody relies on it: whoever releases shall see it at once.
        transaction.on_commit(STAMP.look_again)
        return Release.objects.create(
            conference=conference,
            number=last.number + 1 if last is not None else 1,
            **{f"note_{code}": texts.get(code, "") for code in CODES},
            snapshot=snapshot,
            published_by=by,
        )


def newest_release(*, conference: Conference) -> Release | None:
    """Without its snapshot, which is read only where it is asked for."""
    return Release.objects.filter(conference=conference).defer("snapshot").order_by("-number").first()


def digest(*, snapshot: dict[str, Any], last: Release | None) -> str:
    """Of a programme about to follow a release: neither an edit nor a release of somebody else goes unnoticed."""
    facts = json.dumps([last.pk if last is not None else None, snapshot], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()[:32]


def current_release() -> tuple[int, int, dt.datetime]:
    """(primary key, number, time) of what the public sees now: one small query, so that a release shows at once.

    Raises NothingReleasedError.
    """
    return _facts(CURRENT_RELEASE.all())


def _facts(found: Sequence[Release]) -> tuple[int, int, dt.datetime]:
    if not found:
        raise NothingReleasedError
    [newest] = found
    return newest.pk, newest.number, newest.published_at


CURRENT_RELEASE: KeptQuery[Release] = KeptQuery(
    lambda: (
        Release.objects.filter(conference__is_current=True)
        .order_by("-number")
        .only("number", "published_at")[:1]
    )
)


def released_programme() -> Programme:
    """The programme the public sees. Raises NothingReleasedError."""
    return programme_found(CURRENT_RELEASE.all())


def programme_found(found: Sequence[Release]) -> Programme:
    """The same, where CURRENT_RELEASE has been asked already."""
    return _current_programme(*_facts(found))


@functools.lru_cache(maxsize=2)
def _current_programme(pk: int, number: int, published_at: dt.datetime) -> Programme:
    """Apart, so that comparing many former ones does not drive it out."""
    return programme_of(pk, number, published_at)


@functools.lru_cache(maxsize=4)
def programme_of(pk: int, number: int, published_at: dt.datetime) -> Programme:
    """A release never changes, so each process reads it once; the time tells it from one of a restored database."""
    snapshot = Release.objects.values_list("snapshot", flat=True).get(pk=pk)
    return replace(from_snapshot(snapshot), release_number=number, released_at=published_at)


def programme_of_release(*, release: Release) -> Programme:
    return programme_of(release.pk, release.number, release.published_at)
