"""One registration as the participant's own page shows it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.changed_since import ChangeNote
from registration.domain.access_known import access_for_each
from registration.domain.attendance.join import may_join
from registration.domain.certificates.due import Due, certificates_due
from registration.models import AccessDetails, Registration
from registration.offers import Offer
from registration.own_clock import own_face
from registration.sentences import Sentence, sentence_for
from workshops.clocks import Face
from workshops.domain.programme import DayEntry, WorkshopEntry

# Nothing that would end a directive of the policy, or begin another one.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?=[/?#]|$)")


@dataclass(frozen=True, slots=True)
class DayCard:
    """One day; `access` is None while there is nothing to show, or this person is not (yet) let in.

    `own_face` is the time in this person's country, where neither conference clock shows it.
    """

    day: DayEntry
    is_past: bool
    access: AccessDetails | None
    own_face: Face | None
    may_join: bool = False

    @property
    def join_url(self) -> str:
        return self.access.website if self.access else ""

    @property
    def join_origin(self) -> str:
        """The platform's scheme and host, for the policy of the page whose form leads there; empty if it has none."""
        found = _ORIGIN.match(self.join_url)
        return found[0] if found else ""

    @property
    def has_join_button(self) -> bool:
        return self.may_join and bool(self.join_origin)


@dataclass(frozen=True, slots=True)
class Card:
    offer: Offer
    registration: Registration
    sentence: Sentence
    days: tuple[DayCard, ...]
    is_past: bool
    change: ChangeNote | None = None
    certificate: Due = Due.NOTHING

    @property
    def certificate_is_due(self) -> bool:
        return self.certificate == Due.READY

    @property
    def certificate_is_withdrawn(self) -> bool:
        return self.certificate == Due.WITHDRAWN

    @property
    def entry(self) -> WorkshopEntry:
        return self.offer.entry

    @property
    def next_step(self) -> Promise | str:
        """What somebody who is not registered (any more) can do: one button, or none."""
        if not self.offer.is_open or self.offer.is_registered:
            return ""
        if self.is_cancelled:
            return _("Register again")
        return _("Ask to listen instead") if self.registration.role == Registration.Role.ACTIVE else ""

    @property
    def is_admitted(self) -> bool:
        return self.registration.admitted_role is not None

    @property
    def is_cancelled(self) -> bool:
        return self.registration.status == Registration.Status.CANCELLED

    @property
    def shows_instructions(self) -> bool:
        return any(day.access is not None and not day.is_past for day in self.days)


def cards_of(
    offers: Iterable[Offer],
    *,
    at: dt.datetime,
    country: Any,
    changes: Mapping[int, ChangeNote] = MappingProxyType({}),
) -> list[Card]:
    """What is registered first, then what is declined or cancelled; each in the programme's order.

    `changes`: what is to be said of a workshop, by its key.
    """
    registered = [(offer, offer.registration) for offer in offers if offer.registration is not None]
    access = access_for_each(registrations=[registration for _offer, registration in registered])
    cards = [
        _card(
            offer,
            registration,
            _days(offer, access[registration.pk], at, country),
            changes.get(registration.workshop_id),
        )
        for offer, registration in registered
    ]
    cards = _with_certificates(cards, at)
    return sorted(cards, key=lambda card: not card.offer.is_registered)


def _card(
    offer: Offer, registration: Registration, days: tuple[DayCard, ...], change: ChangeNote | None
) -> Card:
    is_past = bool(days) and all(day.is_past for day in days)
    sentence = sentence_for(registration, position=offer.position, is_past=is_past)
    return Card(offer, registration, sentence, days, is_past, None if is_past else change)


def _with_certificates(cards: list[Card], at: dt.datetime) -> list[Card]:
    """Asked for what is over only: before, nobody has one."""
    past = [card.registration for card in cards if card.is_past]
    due = certificates_due(registrations=past, at=at) if past else {}
    return [replace(card, certificate=due.get(card.registration.pk, Due.NOTHING)) for card in cards]


def _days(offer: Offer, details: list[AccessDetails], at: dt.datetime, country: Any) -> tuple[DayCard, ...]:
    access = {entry.day_id: entry for entry in details}
    return tuple(
        DayCard(
            day,
            _is_past(day, at),
            access.get(day.id),
            own_face(day=day, country=country),
            may_join(day=day, at=at),
        )
        for day in offer.entry.days
    )


def _is_past(day: DayEntry, at: dt.datetime) -> bool:
    """A day whose time is to be announced is past when its date is, wherever one is on Earth."""
    if day.end is not None:
        return day.end <= at
    return day.date < (at - dt.timedelta(hours=12)).date()
