"""The address of one's own calendar, for templates/registration/partials/calendar.html."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.urls import reverse

from registration.domain.calendar.subscribe import subscription_of
from registration.domain.calendar.token import token_of
from registration.models import Participant

register = template.Library()


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """`address` is empty while there is none, or none that can be shown: keys were changed since it was made."""

    is_on: bool
    address: str

    @property
    def webcal(self) -> str:
        """Opens the calendar program instead of the browser."""
        return f"webcal:{self.address.partition(':')[2]}" if self.address else ""


@register.simple_tag
def own_calendar(participant: Participant) -> OwnCalendar:
    """In the page's language, which is the calendar's, too."""
    subscription = subscription_of(participant=participant)
    token = token_of(subscription=subscription) if subscription is not None else ""
    path = reverse("registration:calendar", kwargs={"token": token}) if token else ""
    return OwnCalendar(subscription is not None, settings.BASE_URL + path if path else "")
