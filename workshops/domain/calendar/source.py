"""What calendar entries are made of, for the public and for one conference."""

from __future__ import annotations

import datetime as dt
import functools

from workshops.domain.calendar.entries import Source
from workshops.domain.programme import Programme
from workshops.domain.release import newest_release, programme_of_release
from workshops.domain.sequence import Sequences, sequence
from workshops.models import Conference


def source_of(*, programme: Programme) -> Source:
    """For a released programme; what came before it is read once in each process, however many entries are made."""
    return Source(
        programme, _sequences(programme.conference.id, programme.release_number, programme.released_at)
    )


@functools.lru_cache(maxsize=4)
def _sequences(conference_id: int, _number: int, _released_at: dt.datetime | None) -> Sequences:
    """The release's number and time are here for the cache's sake: they tell a restored database's apart."""
    return sequence(conference=Conference(pk=conference_id))


def source_of_conference(*, conference: Conference) -> Source | None:
    """Its newest release, also once another conference is on the site; None while nothing is released."""
    release = newest_release(conference=conference)
    return source_of(programme=programme_of_release(release=release)) if release is not None else None
