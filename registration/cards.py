"""One registration as the participant's own page shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.domain.access import access_for_each
from registration.models import AccessDetails, Registration
from registration.offers import Offer
from registration.sentences import Sentence, sentence_for
from workshops.domain.programme import DayEntry, WorkshopEntry


@dataclass(frozen=True, slots=True)
class DayCard:
    """One day; `access` is None while there is nothing to show, or this person is not (yet) let in."""

    day: DayEntry
    is_past: bool
    access: AccessDetails | None

    @property
    def join_url(self) -> str:
        """Empty unless it leads to a website: a page must not offer a link that runs something."""
        url = self.access.url.strip() if self.access else ""
        return url if urlsplit(url).scheme in {"http", "https"} else ""


@dataclass(frozen=True, slots=True)
class Card:
    offer: Offer
    registration: Registration
    sentence: Sentence
    days: tuple[DayCard, ...]
    is_past: bool

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
    def awaits_access(self) -> bool:
        """Let in, but for a day to come nothing was entered yet."""
        return self.is_admitted and any(not day.is_past and day.access is None for day in self.days)

    @property
    def shows_instructions(self) -> bool:
        return any(day.access is not None and not day.is_past for day in self.days)


def cards_of(offers: Iterable[Offer], *, at: dt.datetime) -> list[Card]:
    """What is registered first, then what is declined or cancelled; each in the programme's order."""
    registered = [(offer, offer.registration) for offer in offers if offer.registration is not None]
    access = access_for_each(registrations=[registration for _offer, registration in registered])
    cards = [_card(offer, registration, access[registration.pk], at) for offer, registration in registered]
    return sorted(cards, key=lambda card: not card.offer.is_registered)


def _card(offer: Offer, registration: Registration, details: list[AccessDetails], at: dt.datetime) -> Card:
    access = {entry.day_id: entry for entry in details}
    days = tuple(DayCard(day, _is_past(day, at), access.get(day.id)) for day in offer.entry.days)
    is_past = bool(days) and all(day.is_past for day in days)
    sentence = sentence_for(registration, position=offer.position, is_past=is_past)
    return Card(offer, registration, sentence, days, is_past)


def _is_past(day: DayEntry, at: dt.datetime) -> bool:
    """A day whose time is to be announced is past when its date is, wherever one is on Earth."""
    if day.end is not None:
        return day.end <= at
    return day.date < (at - dt.timedelta(hours=12)).date()
