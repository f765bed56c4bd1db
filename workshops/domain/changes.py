from __future__ import annotations

import json

from workshops.clocks import WallClockError
from workshops.domain.build_programme import build_programme
from workshops.domain.programme import Programme
from workshops.domain.snapshot import to_snapshot
from workshops.models import Release


def differs_from_release(*, release: Release, programme: Programme | None = None) -> bool:
    """Whether the programme was edited since a release: the public sees something else then.

    `programme`: as it stands now, where that has been read already.
    """
    try:
        now = to_snapshot(programme or build_programme(conference=release.conference))
    except WallClockError:
        return True
    return bool(json.loads(json.dumps(now)) != release.snapshot)
