from __future__ import annotations

import datetime as dt
import functools

from workshops.domain.differences.compare import differences
from workshops.domain.differences.values import Difference
from workshops.domain.programme import Programme
from workshops.domain.release import programme_of
from workshops.models import Release


def differences_between(*, since: Release | None, until: Release) -> tuple[Difference, ...]:
    """What `until` says otherwise than `since` (None: it is the first); kept, since releases never change."""
    return _between(_name(since) if since is not None else None, _name(until))


_Name = tuple[int, int, dt.datetime]


def _name(release: Release) -> _Name:
    return release.pk, release.number, release.published_at


def workshops_to_be_told(*, since: Release, until: Release) -> frozenset[int]:
    """The keys of those of which something has to be known (`notify`) that changed between two releases.

    Few numbers, and kept for many more pairs than the differences themselves.
    """
    return _to_be_told(_name(since), _name(until))


@functools.lru_cache(maxsize=4096)
def _to_be_told(since: _Name, until: _Name) -> frozenset[int]:
    found = differences(before=programme_of(*since), after=programme_of(*until))
    return frozenset(one.workshop_id for one in found if one.notify and one.workshop_id is not None)


@functools.lru_cache(maxsize=128)
def _between(since: _Name | None, until: _Name) -> tuple[Difference, ...]:
    before: Programme | None = programme_of(*since) if since is not None else None
    return differences(before=before, after=programme_of(*until))
