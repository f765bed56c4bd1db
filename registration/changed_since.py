"""What has changed in somebody's workshops since they registered: for their own page, from what is released."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from registration.domain.changes_told import CONCERNED
from registration.models import Registration
from workshops.domain.differences import Code, Difference, in_words, workshops_to_be_told
from workshops.domain.programme import Programme
from workshops.domain.release_history import changed_workshops, releases_of
from workshops.languages import Text
from workshops.models import Release


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """`released_at`: when the last of it was published; `is_taken_out`: the workshop is in no programme any more."""

    released_at: dt.datetime
    title: Text
    sentences: tuple[str, ...]
    is_taken_out: bool


def notes_for(*, registrations: Iterable[Registration], programme: Programme) -> dict[int, ChangeNote]:
    """By the workshop's key, in the active language; with one query, besides the releases, which a process reads once,
    and with none for whoever registered under the present release.

    Only facts one has to know (`notify`), as they differ between the release somebody registered under and the
    present one: what was changed and changed back is no news.
    """
    shown = programme.released_at
    current = [
        row for row in registrations if row.status in CONCERNED and (shown is None or row.created_at < shown)
    ]
    if not current:
        return {}
    releases = releases_of(conference_id=programme.conference.id)
    found = ((row.workshop_id, _note(row, releases)) for row in current)
    return {workshop_id: note for workshop_id, note in found if note is not None}


def _note(registration: Registration, releases: list[Release]) -> ChangeNote | None:
    pk, since = registration.workshop_id, _release_at(registration.created_at, releases)
    if since is None or since == releases[0]:
        return None
    differences = _to_be_known(pk, since, releases[0])
    if not differences or differences[0].workshop is None:
        return None
    return ChangeNote(
        released_at=_last_change(pk, since, releases).published_at,
        title=differences[0].workshop.title,
        sentences=tuple(in_words(difference) for difference in differences),
        is_taken_out=any(difference.code == Code.WORKSHOP_REMOVED for difference in differences),
    )


def _to_be_known(workshop_id: int, since: Release, until: Release) -> list[Difference]:
    changed = changed_workshops(since=since, until=until).get(workshop_id, ())
    return [difference for difference in changed if difference.notify]


def _release_at(moment: dt.datetime, releases: list[Release]) -> Release | None:
    """What was public when somebody registered."""
    return next((release for release in releases if release.published_at <= moment), None)


def _last_change(workshop_id: int, since: Release, releases: list[Release]) -> Release:
    """The newest release that changed it, looked for backwards; a process compares each pair of releases once."""
    for after, before in itertools.pairwise(releases):
        if workshop_id in workshops_to_be_told(since=before, until=after):
            return after
        if before == since:
            break
    return releases[0]
