"""Whether a mail that the clock wrote is still right when it is about to leave."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_noop

from registration.domain.by_the_clock.days import released_days
from registration.domain.by_the_clock.remind import LEADS
from registration.models import Message

HAS_BEGUN = gettext_noop("The day this reminds of has begun, or is no longer in the programme.")
WAS_MOVED = gettext_noop("The day this reminds of was moved; another e-mail says so.")


def reason_to_keep_back(*, message: Message) -> str | None:
    """For a reminder that waited, perhaps because the mail server was away; None for any other mail."""
    lead = next((lead for lead in LEADS if lead.kind == message.kind), None)
    if lead is None or message.registration is None:
        return None
    days = released_days(conference_id=message.registration.participant.conference_id)
    start = next((day.start for day in days if day.key == message.facts.get("day")), None)
    if start is None or start <= timezone.now():
        return HAS_BEGUN
    return WAS_MOVED if start > timezone.now() + lead.earliest else None
