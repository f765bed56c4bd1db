"""What the templates of the public pages are given, made from the released programme."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from workshops.clocks import Face, Zone, faces
from workshops.domain.clock_notes import ClockNotes, clock_notes
from workshops.domain.filter_programme import Wanted, choices, filter_programme, known
from workshops.domain.now_and_next import now_and_next, timeline
from workshops.domain.programme import (
    AppearanceEntry,
    DayEntry,
    OrganisationEntry,
    Programme,
    SessionEntry,
    SpeakerEntry,
    WorkshopEntry,
    common_legend,
)
from workshops.domain.standing import Standing
from workshops.languages import CODES, OWN_NAMES, active_language, choose
from workshops.names import name_key

Context = dict[str, Any]
_LINE_ENDS = re.compile(r"(?<!\n)\r?\n(?!\r?\n)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as people read it: the home date, and both clocks."""

    date: dt.date
    faces: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class Card:
    workshop: WorkshopEntry
    standing: Standing | None
    opens: Moment | None
    closes: Moment | None


@dataclass(frozen=True, slots=True)
class SpeakerAppearance:
    workshop: WorkshopEntry
    day: DayEntry
    session: SessionEntry
    appearance: AppearanceEntry


def home(*, programme: Programme, standings: dict[str, Standing]) -> Context:
    zones = programme.conference.zones
    return {
        "cards": [_card(workshop, standings.get(workshop.slug), zones) for workshop in programme.workshops],
        "legend": common_legend(day for workshop in programme.workshops for day in workshop.days),
        "hosts": _hosts(programme),
    }


def programme(*, programme: Programme, both: bool, wanted: Wanted) -> Context:
    wanted = known(programme=programme, wanted=wanted)
    return {
        "both": both,
        "wanted": wanted,
        "choices": choices(programme=programme),
        "found": filter_programme(programme=programme, wanted=wanted),
    }


def now(*, programme: Programme, at: dt.datetime) -> Context:
    found = now_and_next(programme=programme, at=at)
    return {
        "found": found,
        "is_over": not (found.now or found.next),
        "has_times": bool(timeline(programme=programme)),
        "legend": common_legend(day for workshop in programme.workshops for day in workshop.days),
    }


def workshop(*, programme: Programme, workshop: WorkshopEntry, standing: Standing | None) -> Context:
    return {
        "workshop": workshop,
        "days": list(_days(programme, workshop)),
        "card": _card(workshop, standing, programme.conference.zones),
        "legend": common_legend(day for day in workshop.days if day.faces),
        "has_agenda": any(day.sessions for day in workshop.days),
    }


def _days(programme: Programme, workshop: WorkshopEntry) -> Iterator[tuple[DayEntry, ClockNotes]]:
    previous: dt.date | None = None
    for day in workshop.days:
        yield day, clock_notes(date=day.date, zones=programme.conference.zones, previous=previous)
        previous = day.date


def _card(workshop: WorkshopEntry, standing: Standing | None, zones: tuple[Zone, ...]) -> Card:
    return Card(
        workshop=workshop,
        standing=standing,
        opens=moment(standing.opens_at if standing else None, zones),
        closes=moment(standing.closes_at if standing else None, zones),
    )


def moment(value: dt.datetime | None, zones: tuple[Zone, ...]) -> Moment | None:
    if value is None:
        return None
    date = value.astimezone(ZoneInfo(zones[0].name)).date()
    return Moment(date=date, faces=faces(start=value, end=None, zones=zones, home_date=date))


def _hosts(programme: Programme) -> list[OrganisationEntry]:
    """Every host of any workshop once, in the workshops' order."""
    return list({host.slug: host for workshop in programme.workshops for host in workshop.hosts}.values())


def accessibility(*, programme: Programme, written_on: dt.date) -> Context:
    """`written_on` is the date of the product's own statement, for hosts who give none of theirs."""
    conference = programme.conference
    written = conference.statement_written_on or written_on
    reviewed = conference.statement_reviewed_on
    return {
        "written_on": written,
        "reviewed_on": reviewed if reviewed and reviewed >= written else written,
        "has_easy_language": any(conference.easy_language.values()),
        "has_sign_video": any(conference.sign_video.values()),
    }


def easy(*, programme: Programme) -> Context:
    text = programme.conference.easy_language
    return {
        # Its lines are meant to be lines: one sentence in each.
        "easy_text": {code: _LINE_ENDS.sub("  \n", words) for code, words in text.items()},
        "written_in": [(code, OWN_NAMES[code]) for code in CODES if text[code]],
    }


def speakers(*, programme: Programme, grouped: bool) -> Context:
    """In one alphabet of both languages; grouped, organisations come in that order, each with its people."""
    if not grouped:
        return {"speakers": programme.speakers, "grouped": False}
    return {"groups": _by_organisation(programme.speakers), "grouped": True}


def _by_organisation(
    people: Iterable[SpeakerEntry],
) -> list[tuple[OrganisationEntry | None, list[SpeakerEntry]]]:
    groups: dict[str, tuple[OrganisationEntry | None, list[SpeakerEntry]]] = {}
    for person in people:
        slug = person.organisation.slug if person.organisation else ""
        groups.setdefault(slug, (person.organisation, []))[1].append(person)
    return sorted(groups.values(), key=lambda group: _organisation_key(group[0]))


def _organisation_key(organisation: OrganisationEntry | None) -> tuple[bool, tuple[str, str]]:
    """Whoever belongs to none comes last."""
    if organisation is None:
        return True, ("", "")
    return False, name_key(choose(organisation.name, active_language())[0])


def speaker(*, programme: Programme, speaker: SpeakerEntry) -> Context:
    """All appearances in order of time; what has no time yet comes at the end of its date."""
    found = [
        SpeakerAppearance(workshop, day, session, appearance)
        for workshop in programme.workshops
        for day, session, appearance in workshop.appearances()
        if appearance.speaker is not None and appearance.speaker.slug == speaker.slug
    ]
    found.sort(key=lambda item: (item.day.date, item.session.start is None, _start(item.session)))
    return {
        "speaker": speaker,
        "appearances": found,
        "dates": [
            (date, list(items)) for date, items in itertools.groupby(found, lambda item: item.day.date)
        ],
        "legend": common_legend(item.day for item in found),
    }


def _start(session: SessionEntry) -> dt.datetime:
    return session.start or dt.datetime.max.replace(tzinfo=dt.UTC)
