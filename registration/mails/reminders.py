"""Reminders of a day that is near: when it is on both clocks, and what is to be done."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registration.domain.access import access_for
from registration.mails.body import Body, registration_of, state_of, title_of
from registration.mails.events import Event
from registration.mails.sections import event_of, section_of
from registration.models import Message, Registration
from workshops.domain.programme import DayEntry
from workshops.templatetags.texts import short_date


def day_before(message: Message) -> Body:
    registration = registration_of(message)
    event, days = event_of(registration), _day_of(message)
    return Body(
        subject=", ".join(
            [_("Reminder: %(title)s") % title_of(registration), *(short_date(day.date) for day in days)]
        ),
        opening=(_("The day on which we meet is near."),),
        facts=(state_of(registration),),
        sections=(section_of(event, *_what_to_do(registration, event, days), days=days),),
        button=_("Open my page"),
        closing=(
            _("If you cannot come, please cancel on your page, so that somebody else can have your place."),
        ),
    )


def hour_before(message: Message) -> Body:
    registration = registration_of(message)
    event, days = event_of(registration), _day_of(message)
    return Body(
        subject=_("Beginning soon: %(title)s") % title_of(registration),
        opening=(_("It is about to begin. Please join a few minutes early."),),
        facts=(state_of(registration),),
        sections=(section_of(event, *_what_to_do(registration, event, days), days=days),),
        button=_("Open my page"),
    )


def _day_of(message: Message) -> tuple[DayEntry, ...]:
    """None where the released programme no longer has it: such a message is not sent, but may be looked at."""
    event = event_of(registration_of(message))
    return tuple(day for day in event.days if day.id == message.facts.get("day"))


def _what_to_do(registration: Registration, event: Event, days: tuple[DayEntry, ...]) -> tuple[str, ...]:
    """Access details stand in their own mail and on the person's page: where they are, is told."""
    keys = {day.id for day in days}
    has_access = any(details.day_id in keys for details in access_for(registration=registration))
    if not has_access:
        return (_("You will receive the access details by e-mail before the event."),)
    return (
        _("You have the access details: in the e-mail “Access details”, and on your own page."),
        _("The interpreter’s channel is chosen on the platform; your page tells how.")
        if event.interpreted_languages
        else "",
    )
