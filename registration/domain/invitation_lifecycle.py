"""What becomes of an invitation after it is written: sent, failed, declined, revoked, sent again, expired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.kept_queries import KeptUpdate
from conference.query_slots import key, moment
from registration.domain.invite import owe_invitation, require_wanted
from registration.domain.outbox.still_owed import INVITATION_CLOSED
from registration.domain.suppress import lift_decline, suppress
from registration.domain.transitions import NotPossible
from registration.models import Invitation, Message, Participant, PersonalLink, Suppression

EXTENDED_BY = dt.timedelta(days=30)
_OPEN = (Invitation.Status.DRAFT, Invitation.Status.QUEUED, Invitation.Status.SENT, Invitation.Status.FAILED)
_UNSENT = (Message.Status.QUEUED, Message.Status.RETRY)


def marks_sent(places: Sequence[Any]) -> KeptUpdate:
    """The mail server accepted the invitations; an answer that came first (the link was sent before) stays."""
    unsent = [Invitation.Status.QUEUED, Invitation.Status.FAILED]
    return KeptUpdate(
        lambda: Invitation.objects.filter(pk__in=places, status__in=unsent),
        status=Invitation.Status.SENT,
        sent_at=moment("now"),
    )


def mark_invitation_failed(*, message: Message) -> None:
    """The mail finally bounced, perhaps long after it was accepted, or it may not be sent; an answer stays."""
    Invitation.objects.filter(
        messages=message, status__in=[Invitation.Status.QUEUED, Invitation.Status.SENT]
    ).update(status=Invitation.Status.FAILED)


def accept_invitations(*, participant: Participant) -> None:
    """The person registered: every invitation still open is answered by that.

    Who declined earlier has thought better of it; who unsubscribed may come and still want no invitations.
    """
    _ACCEPT.later(participant=participant.pk, now=timezone.now())
    lift_decline(conference_id=participant.conference_id, email=participant.email)


_ACCEPT = KeptUpdate(
    lambda: Invitation.objects.filter(participant=key("participant"), status__in=_OPEN),
    status=Invitation.Status.ACCEPTED.value,
    answered_at=moment("now"),
)


def decline_invitation(*, link: PersonalLink) -> None:
    """The person cannot come: their open invitations are declined, and nobody invites them again.

    Declining twice changes nothing more.
    """
    person = link.participant
    with transaction.atomic():
        # Somebody who is being erased at this moment must not leave their address behind.
        if not Participant.objects.select_for_update(no_key=True).filter(pk=person.pk).exists():
            return
        Invitation.objects.filter(participant=person, status__in=_OPEN).update(
            status=Invitation.Status.DECLINED, answered_at=timezone.now()
        )
        suppress(conference=person.conference, email=person.email, reason=Suppression.Reason.DECLINED)


def revoke_invitation(*, invitation_id: int) -> Invitation:
    """Withdraws the link, and the mail where it has not left yet. Raises NotPossible once it was answered."""
    with transaction.atomic():
        # Messages before their invitation, as who writes down a result or erases a person locks them.
        unsent = Message.objects.filter(invitation=invitation_id, status__in=_UNSENT).order_by("pk")
        list(unsent.select_for_update(of=("self",), no_key=True).values_list("pk"))
        invitation = _lock(invitation_id)
        if invitation.status == Invitation.Status.REVOKED:
            return invitation
        if invitation.status in {Invitation.Status.ACCEPTED, Invitation.Status.DECLINED}:
            raise NotPossible(_("This invitation has already been answered."))
        PersonalLink.objects.filter(pk=invitation.link_id).update(revoked_at=timezone.now())
        Message.objects.filter(invitation=invitation, status__in=_UNSENT).update(
            status=Message.Status.CANCELLED, last_error=INVITATION_CLOSED
        )
        invitation.status = Invitation.Status.REVOKED
        invitation.save(update_fields=["status"])
    return invitation


def send_invitation_again(*, invitation_id: int) -> Invitation:
    """Owes the same invitation, with the same link, once more.

    Raises NotPossible where it is closed or on its way, NotToBeWrittenTo.
    """
    with transaction.atomic():
        # The person first, as everywhere: who erases them at this moment waits for us, or we for them.
        people = Participant.objects.select_for_update(of=("self",), no_key=True)
        list(people.filter(invitations=invitation_id).values_list("pk"))
        invitation = _lock(invitation_id)
        if invitation.status not in _OPEN:
            raise NotPossible(_("This invitation is closed: write a new one."))
        if Message.objects.filter(
            invitation=invitation, status__in=[*_UNSENT, Message.Status.SENDING]
        ).exists():
            raise NotPossible(_("This invitation is already on its way."))
        person = invitation.participant
        require_wanted(conference=person.conference, email=person.email)
        invitation.status = Invitation.Status.QUEUED
        invitation.save(update_fields=["status"])
        owe_invitation(invitation=invitation)
    return invitation


def extend_invitation(*, invitation_id: int) -> Invitation:
    """The link opens for `EXTENDED_BY` longer, also where it has expired: the invitation is then open again.

    Raises NotPossible where the person declined, or the link was withdrawn.
    """
    with transaction.atomic():
        invitation = _lock(invitation_id)
        link = invitation.link
        if invitation.status in {Invitation.Status.DECLINED, Invitation.Status.REVOKED} or link.revoked_at:
            raise NotPossible(_("This invitation was declined or withdrawn: write a new one."))
        link.expires_at = max(link.expires_at, timezone.now()) + EXTENDED_BY
        link.save(update_fields=["expires_at"])
        if invitation.status == Invitation.Status.EXPIRED:
            invitation.status = Invitation.Status.SENT if invitation.sent_at else Invitation.Status.DRAFT
            invitation.save(update_fields=["status"])
    return invitation


def expire_invitations() -> int:
    """Closes the open invitations whose link has expired, and tells how many there were."""
    return Invitation.objects.filter(status__in=_OPEN, link__expires_at__lte=timezone.now()).update(
        status=Invitation.Status.EXPIRED
    )


def _lock(invitation_id: int) -> Invitation:
    invitation = (
        Invitation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("participant__conference", "link")
        .filter(pk=invitation_id)
        .first()
    )
    if invitation is None:
        raise NotPossible(_("This invitation does not exist."))
    return invitation
