"""Taking part actively instead of listening, or the other way round: whether one can, and what it would do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.domain.switch_role import expected_target
from registration.domain.transitions import Target
from registration.models import Registration
from registration.offers import Offer

_Role, _Status = Registration.Role, Registration.Status


def other_role(offer: Offer) -> str:
    """The role this person may ask for instead; empty where there is nothing to change, or another answer is due."""
    registration = offer.registration
    if registration is None or not offer.is_registered or offer.place_is_offered:
        return ""
    if registration.role == _Role.ACTIVE:
        return _Role.LISTENER if offer.is_open or registration.admitted_role is not None else ""
    return _Role.ACTIVE if offer.is_open else ""


@dataclass(frozen=True, slots=True)
class Switch:
    """What changing to `role` would do now; `target` is None where there is no place."""

    registration: Registration
    role: str
    target: Target | None
    makes_offers: bool

    @property
    def is_up(self) -> bool:
        return self.role == _Role.ACTIVE

    def sentences(self) -> Iterator[Promise]:
        """First what one gets, then what becomes of what one has."""
        if self.target is None:
            yield _("All listeners’ places are taken. You stay as you are.")
            return
        yield from self._gets(self.target)
        yield from self._gives_up(self.target)

    def _gets(self, target: Target) -> Iterator[Promise]:
        if target.status == _Status.REQUESTED:
            yield _("The organisers decide on it and write to you.")
        elif target.status == _Status.WAITLISTED:
            yield _("All active places are taken, or others wait for them: you are put on the waiting list.")
            yield _when_it_is_your_turn(makes_offers=self.makes_offers)
        elif self.is_up:
            yield _("An active place is free: it is yours at once.")
        else:
            yield _("You are registered as a listener at once.")

    def _gives_up(self, target: Target) -> Iterator[Promise]:
        admitted, status = self.registration.admitted_role, self.registration.status
        if admitted == _Role.ACTIVE:
            yield _("Your active place goes to somebody else; you may not get it back.")
        elif status == _Status.WAITLISTED:
            yield _("You give up your place on the waiting list you stand on now.")
        elif status == _Status.REQUESTED:
            yield _("What you have asked for until now is withdrawn.")
        if admitted is not None and target.listens:
            yield _("Until then you go on listening.")


def _when_it_is_your_turn(*, makes_offers: bool) -> Promise:
    if makes_offers:
        return _("When it is your turn, we offer you the place by e-mail and hold it until a deadline.")
    return _("When it is your turn, the place is yours, and we write to you.")


def switch_for(offer: Offer) -> Switch | None:
    role = other_role(offer)
    if offer.registration is None or not role:
        return None
    target = expected_target(registration=offer.registration, role=role)
    return Switch(offer.registration, role, target, offer.makes_offers)
