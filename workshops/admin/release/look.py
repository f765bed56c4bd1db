"""The programme as it stands now, as the pages of the releases see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest

from workshops.clocks import WallClockError
from workshops.domain.build_programme import build_programme
from workshops.domain.differences import Difference, differences
from workshops.domain.programme import Programme
from workshops.domain.release import digest, newest_release, programme_of_release
from workshops.domain.snapshot import to_snapshot
from workshops.models import Conference, Release

if TYPE_CHECKING:
    from workshops.admin.release.admin import ReleaseAdmin


@dataclass(frozen=True, slots=True)
class Present:
    """`since` is the last release; `digest` tells whether all this has changed by the time somebody decides."""

    programme: Programme
    since: Release | None
    digest: str

    def differences(self) -> tuple[Difference, ...]:
        """To the last release."""
        before = programme_of_release(release=self.since) if self.since is not None else None
        return differences(before=before, after=self.programme)


def look(*, conference: Conference) -> Present | None:
    """None where a time of the programme names no instant."""
    since = newest_release(conference=conference)
    try:
        programme = build_programme(conference=conference)
    except WallClockError:
        return None
    return Present(programme, since, digest(snapshot=to_snapshot(programme), last=since))


def conferences_of(request: HttpRequest, model_admin: ReleaseAdmin) -> list[Conference]:
    """Those this organiser may release, the one on the site first."""
    field: Any = Release._meta.get_field("conference")
    return list(model_admin.choices_for(field, request).order_by("-is_current", "-starts_on"))


def conference_of(
    request: HttpRequest, model_admin: ReleaseAdmin, conferences: list[Conference]
) -> Conference | None:
    """The one named, else the first; somebody else's looks like none. Raises Http404."""
    named = request.POST.get("conference") or request.GET.get("conference")
    if not named:
        return conferences[0] if conferences else None
    [key] = model_admin.keys([named])
    found = next((conference for conference in conferences if conference.pk == key), None)
    if found is None:
        raise Http404
    return found
