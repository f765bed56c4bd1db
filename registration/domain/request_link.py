from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.domain.addresses import normal_address
from registration.domain.outbox.owe import owe_message
from registration.domain.transitions import link_for_mail
from registration.models import Message, Participant
from workshops.models import Conference, Workshop

AT_MOST_PER_HOUR = 3


def request_link(*, conference: Conference, email: str, language: str) -> None:
    """Owes the personal link to a known person, or to anybody while a workshop is open to everybody.

    Returns nothing: the caller must not be able to tell a known address from an unknown one. One address is written
    to `AT_MOST_PER_HOUR` times an hour at most. Raises InvalidAddress.
    """
    address = normal_address(email)
    with transaction.atomic():
        participant = _known_or_new(conference, address)
        if participant is None or _was_just_written_to(participant):
            return
        owe_message(
            kind=Message.Kind.LINK,
            recipient=participant.email,
            language=participant.language or language,
            participant=participant,
            link=link_for_mail(participant=participant),
        )


def _known_or_new(conference: Conference, address: str) -> Participant | None:
    # Locked: somebody who is being erased at this moment is nobody by the time we have read them.
    people = Participant.objects.select_for_update(of=("self",), no_key=True)
    if Workshop.objects.filter(conference=conference, admission=Workshop.Admission.OPEN).exists():
        return people.get_or_create(conference=conference, email=address)[0]
    return people.filter(conference=conference, email=address).first()


def _was_just_written_to(participant: Participant) -> bool:
    recent = timezone.now() - dt.timedelta(hours=1)
    sent = participant.messages.filter(kind=Message.Kind.LINK, created_at__gt=recent)
    return sent.count() >= AT_MOST_PER_HOUR
