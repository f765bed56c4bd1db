"""New rows for what a draft asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Max, Model

from workshops.domain.import_programme.guesses import town_in
from workshops.domain.import_programme.record import Record
from workshops.domain.import_programme.slugs import free_slug
from workshops.domain.import_programme.wanted import Wanted, WantedProgramme
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


def add(*, item: Wanted, wanted: WantedProgramme, record: Record) -> None:
    """Makes the row of `item`, with its hosts or the people in it. Raises ValidationError, IntegrityError."""
    row = _MAKE[item.what](item, wanted.conference.row)
    _save(row, record)
    item.row = row
    for position, host in enumerate(item.hosts, 1):
        if host.row is not None:
            _save(WorkshopHost(workshop_id=row.pk, organisation_id=host.row.pk, position=position), record)
    if item.what in {"session", "part"}:
        for person in item.people:
            person.row = _appearance(person, None)
            _save(person.row, record)


def _save(row: Model, record: Record) -> None:
    row.full_clean()
    row.save(force_insert=True)
    record.added(row)


def _values(item: Wanted) -> dict[str, Any]:
    links = {name: link.row for name, link in item.links.items() if link is not None}
    return {**item.guesses, **item.values, **links}


def _conference(item: Wanted, _conference: Any) -> Model:
    slug = free_slug(
        item.words,
        otherwise="conference",
        is_taken=lambda slug: Conference.objects.filter(slug=slug).exists(),
    )
    is_first = not Conference.objects.filter(is_current=True).exists()
    return Conference(slug=slug, is_current=is_first, **_values(item))


def _platform(item: Wanted, conference: Any) -> Model:
    return Platform(conference=conference, **_values(item))


def _organisation(item: Wanted, conference: Any) -> Model:
    called = item.values.get("short_name") or town_in(item.words) or item.words
    slug = free_slug(called, otherwise="organisation", is_taken=_taken(Organisation, conference))
    return Organisation(conference=conference, slug=slug, **_values(item))


def _speaker(item: Wanted, conference: Any) -> Model:
    slug = free_slug(item.words, otherwise="speaker", is_taken=_taken(Speaker, conference))
    return Speaker(conference=conference, slug=slug, **_values(item))


def _workshop(item: Wanted, conference: Any) -> Model:
    last = Workshop.objects.filter(conference=conference).aggregate(last=Max("position"))["last"] or 0
    slug = free_slug(str(item.guesses["slug"]), otherwise="workshop", is_taken=_taken(Workshop, conference))
    return Workshop(conference=conference, position=last + 1, **{**_values(item), "slug": slug})


def _day(item: Wanted, _conference: Any) -> Model:
    return WorkshopDay(workshop=_parent(item), **_values(item))


def _session(item: Wanted, _conference: Any) -> Model:
    """Without a place yet: the whole agenda is put in order at the end."""
    parent = _parent(item)
    if isinstance(parent, Session):
        return Session(day=parent.day, parent=parent, position=0, **_values(item))
    return Session(day=parent, position=0, **_values(item))


def _appearance(item: Wanted, _conference: Any) -> Model:
    siblings = item.parent.people if item.parent is not None else []
    return Appearance(session=_parent(item), position=siblings.index(item) + 1, **_values(item))


def _parent(item: Wanted) -> Any:
    return item.parent.row if item.parent is not None else None


def _taken(model: Any, conference: Any) -> Callable[[str], bool]:
    return lambda slug: model.objects.filter(conference=conference, slug=slug).exists()


_MAKE: dict[str, Callable[[Wanted, Any], Model]] = {
    "conference": _conference,
    "platform": _platform,
    "organisation": _organisation,
    "speaker": _speaker,
    "workshop": _workshop,
    "day": _day,
    "session": _session,
    "part": _session,
    "appearance": _appearance,
}
