"""The small print beside each choice of a workshop: what choosing it leads to now."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.domain.register import NONE
from registration.models import Registration
from registration.offers import Offer

_ACTIVE = Registration.Role.ACTIVE


def option_hint(offer: Offer, value: str) -> Promise | str:
    """Empty where the choice needs no explanation, or changes nothing."""
    if value == NONE:
        return _("This cancels your registration.") if offer.is_registered and offer.current != NONE else ""
    if value == offer.current or not offer.is_open:
        return ""
    if value == offer.declined_role:
        return _("The organisers declined this request.")
    if offer.registration is not None and offer.registration.offered_until is not None:
        return _("The place held for you then goes to somebody else.")
    return _full(offer, value) if offer.is_full(value) else _free(offer, value)


def _full(offer: Offer, value: str) -> Promise | str:
    if not offer.is_automatic:
        return _("All places are taken. You can ask to be put on the waiting list.")
    if offer.makes_offers:
        return _(
            "All places are taken. You will be put on the waiting list. When it is your turn, we offer you the place "
            "by e-mail and hold it until a deadline."
        )
    if value == _ACTIVE:
        return _("All places are taken. You will be put on the waiting list for the next free place.")
    return _("All listeners’ places are taken. You will be put on the waiting list.")


def _free(offer: Offer, value: str) -> Promise | str:
    if offer.registration is not None and offer.registration.admitted_role == _ACTIVE:
        return _("Your active place then goes to somebody else.")
    return _("Your place is confirmed at once.") if offer.is_automatic else ""


def decision_note(offer: Offer) -> Promise | str:
    """Said once for a workshop where choosing a role only asks for it."""
    if offer.is_automatic or not offer.is_open:
        return ""
    return _("The organisers decide on each registration and write to you.")
