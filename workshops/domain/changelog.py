"""Every release with what it changed, newest first: what the public changelog shows."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

from workshops.clocks import Zone
from workshops.domain.differences import Group, differences, grouped
from workshops.domain.programme import Programme
from workshops.domain.snapshot import from_snapshot
from workshops.languages import Text, text_of
from workshops.models import Release

RELEASES_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One release. `groups` is empty where nothing had changed; `zones` are the clocks it was published under."""

    number: int
    released_at: dt.datetime
    note: Text
    zones: tuple[Zone, ...]
    is_first: bool
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """`number` counts from 1, the newest releases; `entries` is empty where there is no such page."""

    number: int
    pages: int
    entries: tuple[Entry, ...]

    @property
    def newer(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def changelog(*, conference_id: int, page: int) -> Page:
    """One page of a conference's releases, with two queries however many they are."""
    releases = Release.objects.filter(conference=conference_id).order_by("-number")
    first = (page - 1) * RELEASES_A_PAGE
    # One more than is shown: the oldest of them is compared with it.
    shown = list(releases[first : first + RELEASES_A_PAGE + 1])
    programmes: list[Programme | None] = [from_snapshot(release.snapshot) for release in shown]
    if len(shown) <= RELEASES_A_PAGE:
        programmes.append(None)
    pairs = zip(shown, itertools.pairwise(programmes), strict=False)
    entries = (_entry(release, after, before) for release, (after, before) in pairs if after is not None)
    return Page(page, -(-releases.count() // RELEASES_A_PAGE), tuple(entries))


def _entry(release: Release, after: Programme, before: Programme | None) -> Entry:
    changed = differences(before=before, after=after) if before is not None else ()
    return Entry(
        number=release.number,
        released_at=release.published_at,
        note=text_of(release, "note"),
        zones=after.conference.zones,
        is_first=before is None,
        groups=tuple(grouped(changed)),
    )
