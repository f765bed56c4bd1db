"""One registration as the participant's own page shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.changed_since import ChangeNote
from registration.clashes import Clash, clashes_between
from registration.day_cards import DayCard, day_cards
from registration.domain.access_known import access_for_each
from registration.domain.certificates.due import Due, certificates_due
from registration.models import Registration
from registration.offers import Offer
from registration.own_material import SessionMaterial, own_material
from registration.sentences import Sentence, sentence_for
from registration.switches import other_role
from workshops.domain.programme import WorkshopEntry

_NO_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Card:
    offer: Offer
    registration: Registration
    sentence: Sentence
    days: tuple[DayCard, ...]
    is_past: bool
    change: ChangeNote | None = None
    certificate: Due = Due.NOTHING
    clashes: tuple[Clash, ...] = ()
    material: tuple[SessionMaterial, ...] = ()

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
    def switches_to(self) -> str:
        """The role one may change to here; empty where there is none, or the event is over."""
        return "" if self.is_past else other_role(self.offer)

    @property
    def is_admitted(self) -> bool:
        return self.registration.admitted_role is not None

    @property
    def is_cancelled(self) -> bool:
        return self.registration.status == Registration.Status.CANCELLED

    @property
    def is_close(self) -> bool:
        """When it begins soon, or runs, the way in comes before everything else that is to be said."""
        return any(day.is_near and not day.is_past for day in self.days)

    @property
    def shows_instructions(self) -> bool:
        """From the confirmation on: who tries the connection early has time to find help."""
        return self.is_admitted and not self.is_past and bool(self.days)

    @property
    def results_day(self) -> int | None:
        """The first day of which results are published, for a link to them."""
        return next((day.day.id for day in self.days if any(day.day.results.values())), None)

    @property
    def next_date(self) -> tuple[dt.date, dt.datetime]:
        """What the page is sorted by: its next day, or the last one there was; what has no time yet comes last."""
        days = [day.day for day in self.days if not day.is_past] or [day.day for day in self.days]
        return min(((day.date, day.start or _NO_TIME) for day in days), default=(dt.date.max, _NO_TIME))


def cards_of(
    offers: Iterable[Offer],
    *,
    at: dt.datetime,
    country: Any,
    changes: Mapping[int, ChangeNote] = MappingProxyType({}),
) -> list[Card]:
    """What is registered first, then what is declined or cancelled; each in the order of their dates.

    `changes`: what is to be said of a workshop, by its key.
    """
    registered = [(offer, offer.registration) for offer in offers if offer.registration is not None]
    access = access_for_each(registrations=[registration for _offer, registration in registered])
    cards = [
        _card(
            offer,
            registration,
            day_cards(offer, access[registration.pk], at=at, country=country),
            changes.get(registration.workshop_id),
        )
        for offer, registration in registered
    ]
    cards = _with_clashes(_with_certificates(cards, at))
    return sorted(cards, key=lambda card: (not card.offer.is_registered, card.next_date))


def _card(
    offer: Offer, registration: Registration, days: tuple[DayCard, ...], change: ChangeNote | None
) -> Card:
    is_past = bool(days) and all(day.is_past for day in days)
    sentence = sentence_for(registration, zones=offer.zones, position=offer.position, is_past=is_past)
    return Card(offer, registration, sentence, days, is_past, None if is_past else change)


def _with_certificates(cards: list[Card], at: dt.datetime) -> list[Card]:
    """Asked for what is over only: before, nobody has one."""
    past = [card.registration for card in cards if card.is_past]
    due = certificates_due(registrations=past, at=at) if past else {}
    return [replace(card, certificate=due.get(card.registration.pk, Due.NOTHING)) for card in cards]


def _with_clashes(cards: list[Card]) -> list[Card]:
    """Between what somebody is registered for, and only where it is still ahead."""
    ahead = [card.offer for card in cards if card.offer.is_registered and not card.is_past]
    found = clashes_between(ahead)
    return [replace(card, clashes=found.get(card.offer.slug, ())) for card in cards]


def with_material(cards: list[Card]) -> list[Card]:
    """Slides and links of what somebody is confirmed for; the waiting room does without."""
    found = own_material(
        registrations=[card.registration for card in cards], entries=[card.entry for card in cards]
    )
    return [replace(card, material=found.get(card.entry.id, ())) for card in cards]
