from __future__ import annotations

from django.utils.translation import gettext_noop

from registration.domain.announcements.group import registrations_of
from registration.models import Announcement, Message

NO_LONGER_MEANT = gettext_noop(
    "The registration has changed since: this message is no longer meant for this person."
)


def reason_not_meant(*, message: Message) -> str | None:
    """For a free message whose reader has left the group while it waited; None for any other mail."""
    if message.kind != Message.Kind.ANNOUNCEMENT:
        return None
    announcement = Announcement.objects.filter(pk=message.facts.get("announcement")).first()
    if announcement is None:
        return NO_LONGER_MEANT
    own = registrations_of(announcement=announcement).filter(participant=message.participant)
    return None if own.exists() else NO_LONGER_MEANT
