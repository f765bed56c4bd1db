"""The letter to somebody who was invited and has not answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from registration.domain.invitation_lists.still_open import workshops_left
from registration.mails.body import Body
from registration.mails.events import events_of
from registration.mails.sections import introduction_of
from registration.mails.times import moment_text
from registration.models import Message
from workshops.languages import active_language, choose, text_of
from workshops.models import Conference, Workshop


def reminder(message: Message) -> Body:
    """Only about what the person can still register for."""
    if message.invitation is None or message.participant is None:
        raise ValueError("this kind of message is about an invitation")
    conference = message.participant.conference
    # Where nothing is left it is not sent any more; a preview shows it all the same.
    left = workshops_left(invitation=message.invitation, at=timezone.now()) or list(
        message.invitation.workshops.all()
    )
    name = {"conference": choose(text_of(conference, "name"), active_language())[0]}
    return Body(
        subject=_("Reminder of our invitation: %(conference)s") % name,
        opening=(
            _(
                "Some time ago we invited you to our conference “%(conference)s”, and have not heard from you yet."
            )
            % name,
        ),
        facts=(*_until(left, conference), _what_is_left(left)),
        sections=tuple(introduction_of(event) for event in events_of(conference, left)),
        button=_("Register"),
        closing=(
            _(
                "Registering takes about a minute and needs no account: open your personal link, choose the "
                "events and whether you take part actively or listen, and send the form."
            ),
            _("If you cannot come, please tell us so on the same page: you will not be reminded again then."),
        ),
    )


def _what_is_left(left: Sequence[Workshop]) -> str:
    if len(left) == 1:
        return _("You can still register for this event:")
    return _("You can still register for one or several of these events:")


def _until(left: Sequence[Workshop], conference: Conference) -> tuple[str, ...]:
    """Where one of several closes earlier, that is the moment that counts."""
    ends: list[dt.datetime] = [
        workshop.registration_closes_at for workshop in left if workshop.registration_closes_at
    ]
    if not ends:
        return ()
    until = {"moment": moment_text(min(ends), conference.zones)}
    if len(ends) == len(left) == 1:
        return (_("Registration is open until %(moment)s.") % until,)
    return (_("The first registration closes on %(moment)s.") % until,)
