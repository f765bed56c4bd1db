from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from registration.domain.outbox.owe import owe_message
from registration.domain.tokens import issue_link
from registration.models import CalendarSubscription, Message, Participant, PersonalLink

_WAITING = (Message.Status.QUEUED, Message.Status.RETRY)


def replace_link(*, participant_id: int) -> Participant | None:
    """Somebody else has this person's link: from now on every one of theirs is void, and with it whoever came in by it;
    so is the address of their calendar, which stands behind it. A new link is owed to the person.

    Registrations stay as they are. None where there is no such person.
    """
    with transaction.atomic():
        people = Participant.objects.select_for_update(of=("self",), no_key=True)
        person = people.select_related("conference").filter(pk=participant_id).first()
        if person is None:
            return None
        now = timezone.now()
        PersonalLink.objects.filter(participant=person, revoked_at=None).update(revoked_at=now)
        CalendarSubscription.objects.filter(participant=person, revoked_at=None).update(revoked_at=now)
        link = issue_link(participant=person)
        waiting = Message.objects.filter(participant=person, status__in=_WAITING, link__isnull=False)
        waiting.update(link=link)
        owe_message(
            kind=Message.Kind.LINK,
            recipient=person.email,
            language=person.language,
            participant=person,
            link=link,
        )
    return person
