from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from registration.models import Message

WAITING = (Message.Status.QUEUED, Message.Status.RETRY)
# How long the mail about an organiser's decision is held back, so that a wrong click reaches nobody.
TIME_TO_UNDO = dt.timedelta(seconds=20)
_DECIDED = (Message.Kind.CONFIRMED, Message.Kind.WAITLISTED, Message.Kind.DECLINED, Message.Kind.CANCELLED)
_REPLIES = 6
_RESERVE_SECONDS = 30


def lease() -> dt.timedelta:
    """How long a claim holds: longer than any sending lasts, so that a slow worker keeps its message.

    The connection is open before the claim; from then on each of the server's replies (RFC 5321: MAIL, RCPT,
    DATA, the text, RSET, QUIT) may take EMAIL_TIMEOUT.
    """
    return dt.timedelta(seconds=_REPLIES * (settings.EMAIL_TIMEOUT or 60) + _RESERVE_SECONDS)


def due_messages() -> QuerySet[Message]:
    """What else is owed about a registration waits while a decision on it may still be undone.

    Else access details would leave before the mail that admits somebody, and what was owed before would be dropped
    as overtaken by a decision that is taken back a moment later.
    """
    rows = Message.objects.filter(~Exists(_may_be_undone()), status__in=WAITING, due_at__lte=timezone.now())
    return rows.order_by("due_at", "created_at")


def waits_for_decision(*, message: Message) -> bool:
    """Whether a message, claimed by now, would not have been: a decision was taken a moment later."""
    return Message.objects.filter(Exists(_may_be_undone()), pk=message.pk).exists()


def _may_be_undone() -> QuerySet[Message]:
    """The mail of a later decision on the same registration, not tried yet, after which nothing has happened to it."""
    return Message.objects.filter(
        registration=OuterRef("registration"),
        registration__before_decision__isnull=False,
        kind__in=_DECIDED,
        status=Message.Status.QUEUED,
        attempts=0,
        due_at__gt=OuterRef("due_at"),
    )


def claim_next() -> Message | None:
    """Takes the message that has been due longest; nobody else can take it while the claim lasts.

    Mails about somebody's own registration come before those to many at once: a confirmation does not wait until
    ten thousand people have been invited.

    One conditional statement decides. PostgreSQL's workers skip what another one is just taking; SQLite has
    one writer at a time. The attempt is counted here, so that a message whose sending kills the worker is
    given up in the end.
    """
    claim = uuid.uuid4()
    while (pk := _take_one(claim)) is not None:
        if message := _read(pk, claim):
            return message
    return None


def _take_one(claim: uuid.UUID) -> uuid.UUID | None:
    """The row on which the claim was set; None where nothing is due."""
    with transaction.atomic():
        pk = _first(due_messages().exclude(kind__in=Message.UNHURRIED)) or _first(due_messages())
        if pk is not None:
            Message.objects.filter(pk=pk, status__in=WAITING).update(
                status=Message.Status.SENDING,
                claim=claim,
                claimed_at=timezone.now(),
                attempts=F("attempts") + 1,
            )
    return pk


def _first(messages: QuerySet[Message]) -> uuid.UUID | None:
    return messages.select_for_update(skip_locked=True).values_list("pk", flat=True).first()


def _read(pk: uuid.UUID, claim: uuid.UUID) -> Message | None:
    """None where the row was deleted, or taken by somebody else after all."""
    related = (
        "participant__conference",
        "invitation",
        "link",
        "registration__participant",
        "registration__workshop",
    )
    return Message.objects.select_related(*related).filter(pk=pk, claim=claim).first()
