"""Inviting one person to one or several workshops."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conference.models import User
from registration.domain.addresses import normal_address
from registration.domain.errors import DomainError
from registration.domain.outbox.owe import Facts
from registration.domain.outbox.owe_many import owe_messages
from registration.domain.suppress import NotToBeWrittenTo, suppressed
from registration.domain.tokens import issue_link
from registration.models import Invitation, Message, Participant
from workshops.models import Conference, Workshop


def invite(
    *,
    conference: Conference,
    email: str,
    workshops: Sequence[Workshop],
    language: str = "",
    by: User | None = None,
) -> Invitation:
    """Writes the invitation and owes its mail, with a new personal link.

    An empty `language` means unknown: the mail is then bilingual. What is known of a person's language is kept.
    Raises InvalidAddress, NotToBeWrittenTo, and DomainError where no workshop is named.
    """
    address = normal_address(email)
    if not workshops:
        raise DomainError(_("Name at least one workshop."))
    require_wanted(conference=conference, email=address)
    with transaction.atomic():
        # Locked: somebody who is being erased at this moment is nobody by the time we have read them.
        people = Participant.objects.select_for_update(of=("self",), no_key=True)
        participant, _created = people.get_or_create(
            conference=conference, email=address, defaults={"language": language}
        )
        if language and not participant.language:
            participant.language = language
            participant.save(update_fields=["language"])
        invitation = Invitation.objects.create(
            participant=participant,
            link=issue_link(participant=participant),
            status=Invitation.Status.QUEUED,
            invited_by=by,
        )
        invitation.workshops.set(workshops)
        owe_invitation(invitation=invitation)
    return invitation


def require_wanted(*, conference: Conference, email: str) -> None:
    """Raises NotToBeWrittenTo. Asked once more right before the mail is sent: somebody may say no in between."""
    if found := suppressed(conference=conference, email=email):
        raise NotToBeWrittenTo(address=email, suppression=found)


def owe_invitation(*, invitation: Invitation) -> None:
    owe_messages(messages=[mail_about(invitation=invitation, kind=Message.Kind.INVITATION)])


def mail_about(*, invitation: Invitation, kind: str, facts: Facts | None = None) -> Message:
    """The message to whom it invites, with the same personal link each time; not yet saved."""
    person = invitation.participant
    return Message(
        kind=kind,
        recipient=person.email,
        language=person.language,
        participant=person,
        invitation=invitation,
        link=invitation.link,
        facts=facts or {},
    )
