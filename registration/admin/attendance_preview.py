"""A report between its upload and its use: carried by the page itself, so that nobody who is not registered is kept."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from django.http import Http404
from django.utils.safestring import SafeString

from conference.encryption import decrypt, encrypt
from registration.domain.attendance.match import Found, How
from registration.domain.attendance.spans import Presence, Span, Stay, presence_of
from workshops.admin.clocks import on_both_clocks
from workshops.models import WorkshopDay

_LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Carried:
    """One person of the report who is registered; a suggestion counts only where its number is ticked."""

    registration: int
    is_suggested: bool
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """`number` is the place among those carried; None for somebody who is not registered."""

    number: int | None
    name: str
    email: str
    person: str
    how: How
    minutes: int | None
    stays: int
    came: str | SafeString


def shown_people(day: WorkshopDay, found: Sequence[Found], within: Span | None) -> list[ShownPerson]:
    numbers = {id(person): number for number, person in enumerate(_registered(found))}
    return [_shown(day, person, numbers.get(id(person)), person.presence(within)) for person in found]


def _shown(day: WorkshopDay, found: Found, number: int | None, presence: Presence) -> ShownPerson:
    return ShownPerson(
        number=number,
        name=found.name,
        email=found.email,
        person=str(found.registration.participant) if found.registration else "",
        how=found.how,
        minutes=presence.minutes,
        stays=len(found.stays),
        came=on_both_clocks(presence.came, day.workshop.conference),
    )


def _registered(found: Sequence[Found]) -> list[Found]:
    return [person for person in found if person.registration is not None]


def seal(*, day: WorkshopDay, user_id: int, found: Sequence[Found]) -> str:
    """Encrypted, for this organiser and this day: the page is not to be a way to read or to change it."""
    people = [
        [person.registration.pk if person.registration else 0, person.how == How.NAME, _plain(person.stays)]
        for person in _registered(found)
    ]
    text = json.dumps({"day": day.pk, "user": user_id, "people": people})
    return encrypt(b85encode(zlib.compress(text.encode())).decode())


def unseal(*, sealed: str, day: WorkshopDay, user_id: int) -> list[Carried]:
    """Raises Http404 for what was not made for this organiser and day, or not by us."""
    try:
        packed = b85decode(decrypt(sealed))
        kept = json.loads(zlib.decompressobj().decompress(packed, _LARGEST))
    except (InvalidToken, ValueError, zlib.error):
        raise Http404 from None
    if (kept["day"], kept["user"]) != (day.pk, user_id):
        raise Http404
    return [
        Carried(key, is_suggested, tuple(map(_stay, stays))) for key, is_suggested, stays in kept["people"]
    ]


def presences(
    carried: Sequence[Carried], *, ticked: frozenset[str], within: Span | None
) -> dict[int, Presence]:
    """What is to be kept: everybody found for sure, and the suggestions that were ticked, each person once."""
    stays: dict[int, list[Stay]] = {}
    for number, person in enumerate(carried):
        if not person.is_suggested or str(number) in ticked:
            stays.setdefault(person.registration, []).extend(person.stays)
    return {key: presence_of(found, within=within) for key, found in stays.items()}


def _plain(stays: Sequence[Stay]) -> list[list[Any]]:
    return [
        [
            stay.span[0].isoformat() if stay.span else None,
            stay.span[1].isoformat() if stay.span else None,
            stay.minutes,
            stay.came.isoformat() if stay.came else None,
        ]
        for stay in stays
    ]


def _stay(plain: list[Any]) -> Stay:
    start, end, minutes, came = plain
    span = (dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end)) if start and end else None
    return Stay(span, minutes, dt.datetime.fromisoformat(came) if came else None)
