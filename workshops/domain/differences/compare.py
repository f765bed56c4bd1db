"""Two versions of the programme, compared fact by fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from workshops.domain.differences.agenda import agenda_differences
from workshops.domain.differences.pairs import out_of_order, pairs
from workshops.domain.differences.people import detail_differences
from workshops.domain.differences.texts import changed_texts, without_translations
from workshops.domain.differences.values import Code, Difference
from workshops.domain.programme import ConferenceEntry, DayEntry, PlatformEntry, Programme, WorkshopEntry
from workshops.languages import CODES

_TEXTS = ("subtitle", "background", "goals", "format", "sign_video")
_DAY_TEXTS = ("title", "description", "results")
_CONFERENCE_TEXTS = (
    "tagline",
    "description",
    "sender_name",
    "imprint",
    "conciliation_name",
    "conciliation_body",
    "accessibility_limits",
    "easy_language",
    "sign_video",
)
_STATEMENT = ("conciliation_website", "statement_written_on", "statement_reviewed_on")
_FACTS = (
    ("slug", Code.WORKSHOP_ADDRESS),
    ("interpreted_languages", Code.INTERPRETATION_CHANGED),
    ("capacity_active", Code.CAPACITY_ACTIVE),
    ("capacity_listener", Code.CAPACITY_LISTENER),
    ("admission", Code.ADMISSION_CHANGED),
    ("confirmation", Code.CONFIRMATION_CHANGED),
    ("registration_opens_at", Code.REGISTRATION_OPENS),
    ("registration_closes_at", Code.REGISTRATION_CLOSES),
)


def differences(*, before: Programme | None, after: Programme) -> tuple[Difference, ...]:
    """What the newer version says otherwise, in the order of the programme; `before` None: it is the first.

    Workshops, days and sessions are the same where their ids are, people and organisations where their slugs are.
    """
    zones = after.conference.zones
    if before is None:
        return (Difference(Code.FIRST_RELEASE, zones=zones),)
    found = [
        *_conference(before.conference, after.conference),
        *detail_differences(before, after),
        *_order(before, after),
    ]
    for old, new in pairs(before.workshops, after.workshops):
        found.extend(_workshop(old, new))
    return tuple(replace(difference, zones=zones) for difference in found)


# The conference


def _conference(before: ConferenceEntry, after: ConferenceEntry) -> Iterator[Difference]:
    if before.name != after.name:
        yield Difference(Code.CONFERENCE_RENAMED, before=before.name, after=after.name)
    old, new = (before.starts_on, before.ends_on), (after.starts_on, after.ends_on)
    if old != new:
        yield Difference(Code.CONFERENCE_DATES, before=old, after=new)
    if before.zones != after.zones:
        yield Difference(Code.CLOCKS_CHANGED, before=before.zones, after=after.zones)
    if before.contact_email != after.contact_email:
        yield Difference(Code.CONTACT_CHANGED, before=before.contact_email, after=after.contact_email)
    if any(getattr(before, name) != getattr(after, name) for name in _STATEMENT):
        yield Difference(Code.STATEMENT_CHANGED)
    yield from changed_texts(before, after, _CONFERENCE_TEXTS)


def _order(before: Programme, after: Programme) -> Iterator[Difference]:
    if out_of_order([w.id for w in before.workshops], [w.id for w in after.workshops]):
        yield Difference(Code.WORKSHOPS_REORDERED)


# Workshops


def _workshop(before: WorkshopEntry | None, after: WorkshopEntry | None) -> Iterator[Difference]:
    if after is None:
        yield Difference(Code.WORKSHOP_REMOVED, notify=True, workshop=before)
    elif before is None:
        yield Difference(Code.WORKSHOP_ADDED, workshop=after)
    else:
        found = [*_workshop_facts(before, after), *_days(before, after)]
        yield from without_translations([replace(difference, workshop=after) for difference in found])


def _workshop_facts(before: WorkshopEntry, after: WorkshopEntry) -> Iterator[Difference]:
    if before.title != after.title:
        yield Difference(Code.WORKSHOP_RENAMED, before=before.title, after=after.title)
    if (before.kind, before.number) != (after.kind, after.number):
        yield Difference(Code.WORKSHOP_NUMBERED, before=before, after=after)
    if [host.slug for host in before.hosts] != [host.slug for host in after.hosts]:
        yield Difference(Code.HOSTS_CHANGED, before=before.hosts, after=after.hosts)
    yield from _platform(before.platform, after.platform)
    for field, code in _FACTS:
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            yield Difference(code, before=old, after=new)
    yield from changed_texts(before, after, _TEXTS)


def _platform(before: PlatformEntry | None, after: PlatformEntry | None) -> Iterator[Difference]:
    if before == after:
        return
    if before is None or after is None or before.name != after.name:
        yield Difference(Code.PLATFORM_CHANGED, notify=True, before=before, after=after)
        return
    languages = tuple(code for code in CODES if _told(before, code) != _told(after, code))
    yield Difference(Code.PLATFORM_DETAILS, before=before, after=after, languages=languages)


def _told(platform: PlatformEntry, code: str) -> tuple[str, str]:
    return platform.instructions[code], platform.connection_test[code]


# Days


def _days(before: WorkshopEntry, after: WorkshopEntry) -> Iterator[Difference]:
    agenda = agenda_differences(before, after)
    several = len(before.days) > 1 or len(after.days) > 1
    days = sorted(pairs(before.days, after.days), key=_date)
    for old, new in days:
        owner = after if new is not None else before
        day = new or old
        assert day is not None  # noqa: S101 (one of a pair is always there)
        number = owner.days.index(day) + 1 if several else 0
        found = [*_day(old, new), *agenda.get(day.id, ())]
        yield from (replace(difference, day=day, day_number=number) for difference in found)


def _date(pair: tuple[DayEntry | None, DayEntry | None]) -> dt.date:
    day = pair[1] or pair[0]
    assert day is not None  # noqa: S101
    return day.date


def _day(before: DayEntry | None, after: DayEntry | None) -> Iterator[Difference]:
    if after is None:
        yield Difference(Code.DAY_REMOVED, notify=True, before=before)
    elif before is None:
        yield Difference(Code.DAY_ADDED, notify=True, after=after)
    else:
        if (before.date, before.start, before.end) != (after.date, after.start, after.end):
            yield Difference(Code.DAY_MOVED, notify=True, before=before, after=after)
        yield from changed_texts(before, after, _DAY_TEXTS)
