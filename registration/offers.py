"""What one person can choose from: live facts (places, window, state) beside the released programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.domain.offer import has_open_offer
from registration.domain.places import has_free_place
from registration.domain.register import NONE
from registration.domain.standing import offered_workshops, read_registrations, state_of
from registration.domain.waitlist import waiting_positions
from registration.models import Participant, Registration
from workshops.clocks import LegendEntry, Zone, legend
from workshops.domain.programme import Programme, WorkshopEntry
from workshops.domain.registration_window import Window, registration_window
from workshops.models import Workshop

GONE = {Registration.Status.CANCELLED, Registration.Status.DECLINED}
_Role = Registration.Role


@dataclass(frozen=True, slots=True)
class Offer:
    """One workshop as one person may choose it now; `position` is their number on the waiting list, or 0.

    `zones` are the two clocks. `place_is_offered`: a free place is held for them, and they can still answer.
    """

    workshop: Workshop
    entry: WorkshopEntry
    registration: Registration | None
    window: Window
    zones: tuple[Zone, ...]
    position: int = 0
    place_is_offered: bool = False

    @property
    def slug(self) -> str:
        return self.workshop.slug

    @property
    def current(self) -> str:
        """What is registered, as the form's value says it."""
        return self.registration.role if self.registration and self.is_registered else NONE

    @property
    def is_registered(self) -> bool:
        return self.registration is not None and self.registration.status not in GONE

    @property
    def is_open(self) -> bool:
        return self.window == Window.OPEN

    @property
    def declined_role(self) -> str | None:
        """The role the organisers declined: asking again for the same is refused."""
        declined = self.registration and self.registration.status == Registration.Status.DECLINED
        return self.registration.role if self.registration and declined else None

    @property
    def is_automatic(self) -> bool:
        return self.workshop.confirmation == Workshop.Confirmation.AUTOMATIC

    @property
    def deadline_legend(self) -> tuple[LegendEntry, ...]:
        """What the clocks mean on the day on which the offer ends: a clock change may lie before the event."""
        if self.registration is None or self.registration.offered_until is None:
            return ()
        return legend(zones=self.zones, moment=self.registration.offered_until)

    @property
    def makes_offers(self) -> bool:
        return self.workshop.promotion == Workshop.Promotion.OFFER

    @property
    def what_happens(self) -> Promise | str:
        """What somebody on the waiting list can expect next."""
        if self.registration is None or self.registration.status != Registration.Status.WAITLISTED:
            return ""
        if self.place_is_offered:
            return _if_passed(self.registration)
        if self.registration.offered_until is not None:
            return _("The place goes to the next person.")
        if self.makes_offers:
            return _("When it is your turn, we offer you the place by e-mail and hold it until a deadline.")
        return _("When it is your turn, the place is yours, and we write to you.")

    @property
    def waits_for_active(self) -> bool:
        waits = self.registration and self.registration.status == Registration.Status.WAITLISTED
        return bool(waits) and self.current == _Role.ACTIVE

    @property
    def listens_meanwhile(self) -> bool:
        """What the box “listen meanwhile” shows: what was chosen, on where nothing was chosen yet."""
        return self.registration.listens_meanwhile if self.registration and self.waits_for_active else True

    @property
    def asks_about_listening(self) -> bool:
        """Only where the answer counts: the next step is the waiting list, or they stand on it.

        Not beside an offered place: there are two answers to it already.
        """
        if not self.is_open or self.place_is_offered:
            return False
        return self.waits_for_active or (self.is_automatic and self.is_full(_Role.ACTIVE))

    def is_full(self, role: str) -> bool:
        """Whether this person would find no free place of a role now (their own is not in their way)."""
        mine = self.registration.held_roles if self.registration else frozenset()
        return role not in mine and not has_free_place(workshop=self.workshop, role=role)

    def is_selectable(self, value: str) -> bool:
        """Where registration is not open, people can stay as they are or withdraw."""
        if value in {NONE, self.current}:
            return self.is_open or self.is_registered
        return self.is_open and value != self.declined_role

    def is_wish_new(self, wish: str, listens: bool | None) -> bool:
        """Whether this choice would change anything."""
        return wish != self.current or (
            self.waits_for_active and listens is not None and listens != self.listens_meanwhile
        )


def _if_passed(registration: Registration) -> Promise:
    if registration.listens_meanwhile:
        return _(
            "If you let it pass or do not answer, the place goes to the next person and you go on listening."
        )
    return _(
        "If you let it pass or do not answer, the place goes to the next person and you leave the waiting list."
    )


def offers_for(
    *,
    participant: Participant,
    programme: Programme,
    at: dt.datetime | None = None,
    workshops: Sequence[Workshop] | None = None,
) -> list[Offer]:
    """In the programme's order; a workshop that was never released is not offered.

    `workshops`: what `offered_workshops` says, where that is known already.
    """
    registrations = {row.workshop_id: row for row in read_registrations(participant=participant)}
    positions = waiting_positions(registrations=registrations.values())
    now = at or timezone.now()
    offers = []
    for workshop in offered_workshops(participant=participant) if workshops is None else workshops:
        if (entry := programme.workshop(workshop.slug)) is None:
            continue
        if (registration := registrations.get(workshop.pk)) is not None:
            registration.workshop = workshop  # no query for each
        offers.append(
            Offer(
                workshop=workshop,
                entry=entry,
                registration=registration,
                window=registration_window(workshop=workshop, at=now),
                zones=programme.conference.zones,
                position=positions.get(registration.pk, 0) if registration else 0,
                place_is_offered=registration is not None and has_open_offer(registration, at=now),
            )
        )
    return offers


def form_state(*, participant: Participant) -> str:
    """What a form remembers: whose it is, and a fingerprint of what was registered when it was opened."""
    return f"{_person(participant)}.{state_of(participant=participant)}"


def is_of_somebody_else(*, state: str, participant: Participant) -> bool:
    """Another person's link was opened in the same browser after this form."""
    return bool(state) and state.partition(".")[0] != _person(participant)


def _person(participant: Participant) -> str:
    return salted_hmac("registration.form-state", str(participant.pk)).hexdigest()[:12]


def has_any(offers: Iterable[Offer]) -> bool:
    """Whether anything is registered."""
    return any(offer.is_registered for offer in offers)
