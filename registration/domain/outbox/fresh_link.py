"""A mail never leaves with a personal link that opens nothing because SECRET_KEY has been changed since."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from registration.domain.outbox.still_owed import is_open
from registration.domain.tokens import can_be_written_again, issue_link
from registration.domain.transitions import link_for_mail
from registration.models import Invitation, Message, Participant, PersonalLink


def freshen_link(*, message: Message) -> None:
    """Gives a claimed message another link where no key we have makes the token of its own any more.

    A closed link is left: the mail then says where to ask for a new one.
    """
    link = message.link
    if link is None or not is_open(link) or can_be_written_again(link=link):
        return
    with transaction.atomic():
        people = Participant.objects.select_for_update(of=("self",), no_key=True)
        participant = people.select_related("conference").filter(pk=link.participant_id).first()
        if participant is None:  # erased at this moment
            return
        invitation = message.invitation
        message.link = _another(link, participant) if invitation else link_for_mail(participant=participant)
        # The message before its invitation, as everywhere.
        Message.objects.filter(pk=message.pk, claim=message.claim).update(link=message.link)
        if invitation is not None:
            Invitation.objects.filter(pk=invitation.pk).update(link=message.link)


def _another(link: PersonalLink, participant: Participant) -> PersonalLink:
    """An invitation has one link, which goes when it is withdrawn: the former one must not stay open beside it."""
    PersonalLink.objects.filter(pk=link.pk).update(revoked_at=timezone.now())
    return issue_link(participant=participant, expires_at=link.expires_at)
