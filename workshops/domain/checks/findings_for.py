"""The findings of a conference as it stands in the database, and what other applications add to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext

from workshops.clocks import WallClockError, instant
from workshops.domain.build_programme import build_programme
from workshops.domain.checks.check_programme import check_programme
from workshops.domain.checks.finding import Finding, Place, Ref, Severity, by_severity, in_each_language
from workshops.domain.checks.look import Look, Placed
from workshops.domain.checks.texts import shared_texts
from workshops.domain.programme import Programme
from workshops.domain.translations.fields import text_fields
from workshops.languages import CODES, text_of
from workshops.models import Conference, Organisation, Platform, Speaker, WorkshopDay
from workshops.templatetags.texts import short_date

ConferenceCheck = Callable[[Conference, Look], Iterable[Finding]]
_added: list[ConferenceCheck] = []


def add_check(check: ConferenceCheck) -> ConferenceCheck:
    """For checks of what the programme does not know, e.g. access details; called while the site starts."""
    if check not in _added:
        _added.append(check)
    return check


def findings_for(
    *, conference: Conference, at: dt.datetime | None = None, programme: Programme | None = None
) -> list[Finding]:
    """All findings at the moment `at` (now, where none is given), the worst first, with a fixed number of queries.

    `programme`: as it stands now, where that has been read already.
    """
    at = at or timezone.now()
    try:
        programme = programme or build_programme(conference=conference)
    except WallClockError:
        return impossible_times(conference=conference)
    platforms = list(Platform.objects.filter(conference=conference))
    limits = {p.name: p.max_participants for p in platforms if p.max_participants is not None}
    people = list(Speaker.objects.filter(conference=conference))
    houses = list(Organisation.objects.filter(conference=conference))
    unused = tuple(_unused(programme, people, houses, platforms))
    found = check_programme(programme=programme, at=at, limits=limits, unused=unused)
    look = Look(programme, at, limits, unused)
    added = [finding for check in _added for finding in check(conference, look)]
    return by_severity(_with_keys([*found, *added], _keys(people, houses, platforms)))


def _unused(
    programme: Programme, people: list[Speaker], houses: list[Organisation], platforms: list[Platform]
) -> Iterator[Placed]:
    """They are to be translated as well: the programme may name them any day."""
    used = {place.ref for place, _text in shared_texts(programme)}
    for person in people:
        place = Place(dict.fromkeys(CODES, person.full_name), Ref("speaker", person.slug))
        texts = (text_of(person, field) for field in text_fields(Speaker))
        yield from ((place, text) for text in texts if place.ref not in used)
    for house in houses:
        place = Place(text_of(house, "name"), Ref("organisation", house.slug))
        if place.ref not in used:
            yield place, text_of(house, "name")
    for platform in platforms:
        place = Place(dict.fromkeys(CODES, platform.name), Ref("platform", platform.name))
        if place.ref not in used:
            yield from ((place, text_of(platform, field)) for field in text_fields(Platform))


def _keys(
    people: list[Speaker], houses: list[Organisation], platforms: list[Platform]
) -> dict[tuple[str, str], int]:
    """The primary keys of what a programme's values know by name only."""
    return {
        **{("platform", platform.name): platform.pk for platform in platforms},
        **{("speaker", person.slug): person.pk for person in people},
        **{("organisation", house.slug): house.pk for house in houses},
    }


def _with_keys(findings: list[Finding], keys: dict[tuple[str, str], int]) -> list[Finding]:
    def placed(place: Place) -> Place:
        ref = place.ref
        if ref is None or not isinstance(ref.key, str) or (ref.model, ref.key) not in keys:
            return place
        return replace(place, ref=replace(ref, key=keys[ref.model, ref.key]))

    return [replace(finding, places=tuple(map(placed, finding.places))) for finding in findings]


def impossible_times(*, conference: Conference) -> list[Finding]:
    """Days whose times name no instant: until they are put right, no programme can be made to look at."""
    days = WorkshopDay.objects.filter(workshop__conference=conference).select_related("workshop")
    return [
        _impossible(day, error) for day in days if (error := _error_of(day, conference.home_zone)) is not None
    ]


def _error_of(day: WorkshopDay, zone: str) -> WallClockError | None:
    for time in (day.opens, day.closes):
        try:
            if time is not None:
                instant(date=day.date, time=time, zone=zone)
        except WallClockError as error:
            return error
    return None


def _impossible(day: WorkshopDay, error: WallClockError) -> Finding:
    def name() -> str:
        return f"{day.workshop}, {short_date(day.date)}"

    message = in_each_language(
        lambda: (
            gettext("%(day)s: %(reason)s Everything else is checked once this is put right.")
            % {"day": name(), "reason": error.message}
        )
    )
    titles = text_of(day.workshop, "title")
    place = Place(
        {code: text and f"{text}, {day.date:%d.%m.%Y}" for code, text in titles.items()},
        Ref("workshopday", day.pk),
        workshop=day.workshop_id,
    )
    return Finding("time-does-not-exist", Severity.ERROR, message, (place,))
