"""Loads the demo conference: the real programme draft of June 2020, set into a year.

The draft is loaded once. Where its conference exists, everything in it stays as the organisers left it: what
they changed is not changed back, what they deleted does not return, what they added is kept. Only the year
can be moved.
"""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from importlib import resources
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workshops.languages import CODES
from workshops.models import (
    Appearance,
    Conference,
    Organisation,
    Platform,
    Session,
    Speaker,
    Workshop,
    WorkshopDay,
    WorkshopHost,
)

YEARS = range(2000, 2100)
Draft = dict[str, Any]
_Date = TypeVar("_Date", dt.date, dt.datetime)


class DemoError(ValueError):
    """The demo cannot be set into that year; `message` is for the person at the shell."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class LoadedDemo:
    conference: Conference
    year: int
    created: bool
    moved: bool


@functools.cache
def draft() -> Draft:
    """The draft as written in `workshops/demo/programme.toml`; its dates are "MM-DD"."""
    source = resources.files("workshops.demo").joinpath("programme.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def year_ahead(*, today: dt.date) -> int:
    """The next year in which every day of the draft lies ahead of `today`."""
    first = min(day["date"] for workshop in draft()["workshops"] for day in workshop["days"])
    return today.year if f"{today:%m-%d}" < first else today.year + 1


def load_demo(*, today: dt.date, year: int | None = None) -> LoadedDemo:
    """Loads the draft, or moves the one that is there to `year` (2000 to 2099). Raises DemoError."""
    if year is not None and year not in YEARS:
        raise DemoError(
            _("The year must lie between %(first)d and %(last)d.") % {"first": YEARS[0], "last": YEARS[-1]}
        )
    with transaction.atomic():
        conference = Conference.objects.select_for_update().filter(slug=draft()["conference"]["slug"]).first()
        if conference is None:
            year = year or year_ahead(today=today)
            return LoadedDemo(_Loader(year).load(), year, created=True, moved=False)
        moved = year is not None and _move(conference, year)
        return LoadedDemo(conference, conference.starts_on.year, created=False, moved=moved)


def _move(conference: Conference, year: int) -> bool:
    """Sets every date of the conference into `year`, also of what organisers added; wall-clock times stay."""
    by = year - conference.starts_on.year
    if not by:
        return False
    conference.starts_on, conference.ends_on = (
        _shift(conference.starts_on, by),
        _shift(conference.ends_on, by),
    )
    conference.save(update_fields=["starts_on", "ends_on"])
    for day in WorkshopDay.objects.filter(workshop__conference=conference).select_related(
        "workshop__conference"
    ):
        day.date = _shift(day.date, by)
        _check(day)
        day.save(update_fields=["date"])
    for workshop in Workshop.objects.filter(conference=conference):
        for name in ("registration_opens_at", "registration_closes_at"):
            if (moment := getattr(workshop, name)) is not None:
                setattr(workshop, name, _shift(moment, by))
        workshop.save(update_fields=["registration_opens_at", "registration_closes_at"])
    return True


def _shift(value: _Date, years: int) -> _Date:
    """The same day and month; 29 February becomes the 28th where there is none."""
    try:
        return value.replace(year=value.year + years)
    except ValueError:
        return value.replace(year=value.year + years, day=28)


def _check(day: WorkshopDay) -> None:
    """A wall-clock time that exists in one year may fall into a clock-change night of another."""
    try:
        day.clean()
    except ValidationError as error:
        raise DemoError(f"{day}: {' '.join(error.messages)}") from error


class _Loader:
    """Writes the draft's rows, each of which others name by its key."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.organisations: dict[str, Organisation] = {}
        self.platforms: dict[str, Platform] = {}
        self.speakers: dict[str, Speaker] = {}

    def load(self) -> Conference:
        entry = draft()["conference"]
        self.conference = Conference.objects.create(
            **_columns(
                {**entry, "starts_on": self.date(entry["starts_on"]), "ends_on": self.date(entry["ends_on"])}
            ),
            is_current=not Conference.objects.filter(is_current=True).exists(),
        )
        for organisation in draft()["organisations"]:
            self.organisation(organisation)
        for platform in draft()["platforms"]:
            self.platform(platform)
        for speaker in draft()["speakers"]:
            self.speaker(speaker)
        for position, workshop in enumerate(draft()["workshops"], 1):
            self.workshop(workshop, position)
        return self.conference

    def date(self, month_day: str) -> dt.date:
        return dt.date.fromisoformat(f"{self.year}-{month_day}")

    def organisation(self, entry: Draft) -> None:
        values = _columns(entry, without={"key"})
        self.organisations[entry["key"]] = Organisation.objects.create(
            conference=self.conference, slug=entry["key"], **values
        )

    def platform(self, entry: Draft) -> None:
        values = _columns(entry, without={"key"})
        self.platforms[entry["key"]] = Platform.objects.create(conference=self.conference, **values)

    def speaker(self, entry: Draft) -> None:
        values = _columns(entry, without={"key", "organisation"})
        self.speakers[entry["key"]] = Speaker.objects.create(
            conference=self.conference,
            slug=entry["key"],
            organisation=self.organisations[entry["organisation"]] if entry.get("organisation") else None,
            **values,
        )

    def workshop(self, entry: Draft, position: int) -> None:
        workshop = Workshop.objects.create(
            conference=self.conference,
            position=position,
            platform=self.platforms[entry["platform"]] if entry.get("platform") else None,
            **_columns(entry, without={"hosts", "platform", "days"}),
        )
        for place, key in enumerate(entry["hosts"], 1):
            WorkshopHost.objects.create(
                workshop=workshop, organisation=self.organisations[key], position=place
            )
        for day in entry["days"]:
            self.day(workshop, day)

    def day(self, workshop: Workshop, entry: Draft) -> None:
        day = WorkshopDay(
            workshop=workshop,
            date=self.date(entry["date"]),
            opens=_time(entry.get("opens")),
            closes=_time(entry.get("closes")),
            **_columns(entry, without={"date", "opens", "closes", "sessions"}),
        )
        _check(day)
        day.save()
        self.sessions(day, entry.get("sessions", []), None)

    def sessions(self, day: WorkshopDay, entries: list[Draft], parent: Session | None) -> None:
        for position, entry in enumerate(entries, 1):
            session = Session.objects.create(
                day=day,
                parent=parent,
                position=position,
                duration_minutes=entry.get("duration"),
                **_columns(entry, without={"duration", "appearances", "parts"}),
            )
            for place, appearance in enumerate(entry.get("appearances", []), 1):
                self.appearance(session, appearance, place)
            self.sessions(day, entry.get("parts", []), session)

    def appearance(self, session: Session, entry: Draft, position: int) -> None:
        Appearance.objects.create(
            session=session,
            speaker=self.speakers[entry["speaker"]] if "speaker" in entry else None,
            organisation=self.organisations[entry["organisation"]] if "organisation" in entry else None,
            role=entry["role"],
            status=entry.get("status", Appearance.Status.CONFIRMED),
            position=position,
        )


def _columns(entry: Draft, *, without: Collection[str] = ()) -> Draft:
    """A draft's entry as its model's keyword arguments: a text {de, tr, en} becomes one column a language."""
    values: Draft = {}
    for key, value in entry.items():
        if key in without:
            continue
        if isinstance(value, dict):
            values.update({f"{key}_{code}": value.get(code, "").strip() for code in CODES})
        else:
            values[key] = value
    return values


def _time(text: str | None) -> dt.time | None:
    return dt.time.fromisoformat(text) if text else None
