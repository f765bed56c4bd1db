from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from functools import cache

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from conference.kept_queries import KeptQuery, KeptUpdate
from conference.query_slots import Slot, moment
from registration.domain.outbox.lanes import Lane
from registration.domain.outbox.read import read_claimed
from registration.models import Message

WAITING = (Message.Status.QUEUED, Message.Status.RETRY)
# How long the mail about an organiser's decision is held back, so that a wrong click reaches nobody.
TIME_TO_UNDO = dt.timedelta(seconds=20)
# How long a worker that died may keep what it claimed ahead and never began.
AHEAD = dt.timedelta(seconds=10)
_DECIDED = (Message.Kind.CONFIRMED, Message.Kind.WAITLISTED, Message.Kind.DECLINED, Message.Kind.CANCELLED)
_REPLIES = 9
_RESERVE_SECONDS = 20


def lease() -> dt.timedelta:
    """How long a claim holds: longer than any sending lasts, so that a slow worker keeps its message.

    The connection is open before a message is taken up; from then on each of the server's replies (RFC 5321: to MAIL,
    RCPT, DATA, the text; and NOOP, MAIL, RCPT, DATA of the next mail, before whose text it is written down, and the one
    to the end of a text that was refused and asked for all the same) may take EMAIL_TIMEOUT.
    """
    return dt.timedelta(seconds=_REPLIES * (settings.EMAIL_TIMEOUT or 60) + _RESERVE_SECONDS)


def due_messages(lane: Lane | None = None) -> QuerySet[Message]:
    """What else is owed about a registration waits while a decision on it may still be undone.

    Else access details would leave before the mail that admits somebody, and what was owed before would be dropped
    as overtaken by a decision that is taken back a moment later.
    """
    return _due(lane, timezone.now())


def _due(lane: Lane | None, now: dt.datetime | Slot) -> QuerySet[Message]:
    rows = Message.objects.filter(~Exists(_may_be_undone()), status__in=WAITING, due_at__lte=now)
    return (rows if lane is None else rows.filter(lane.condition)).order_by("due_at", "created_at")


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


def claim_next(*, lane: Lane | None = None) -> Message | None:
    """Takes the message that has been due longest; nobody else can take it while the claim lasts."""
    return next(iter(claim_some(most=1, lane=lane)), None)


def claim_some(*, most: int, lane: Lane | None = None) -> list[Message]:
    """Takes up to `most` messages, those that have been due longest, and begins the first of them.

    Mails about somebody's own registration come before those to many at once: a confirmation does not wait until
    ten thousand people have been invited.

    The rows are locked as they are found. PostgreSQL's workers skip what another one is just taking; SQLite has one
    writer at a time. The attempt is counted as a message is begun (see `begin`), so that one whose sending kills
    the worker is given up in the end, and those that were claimed with it lose nothing. What has been tried before is
    taken alone: it may be the one that kills.
    """
    claim = uuid.uuid4()
    while keys := _take(claim, most, lane):
        if messages := read_claimed(claim=claim, keys=keys):
            return messages
    return []


def _take(claim: uuid.UUID, most: int, lane: Lane | None) -> list[uuid.UUID]:
    """The rows on which the claim was set; none where nothing is due."""
    with transaction.atomic():
        now = timezone.now()
        for each in (lane,) if lane else tuple(Lane):
            if keys := _together(_first(each, most).all(now=now)):
                _CLAIM_FIRST.run(id=keys[0], claim=claim, now=now)
                _claim_ahead(keys[1:], claim, now)
                return keys
    return []


@cache
def _first(lane: Lane, most: int) -> KeptQuery[Message]:
    """Few sizes occur: see `Batches`."""
    return KeptQuery(
        lambda: _due(lane, moment("now")).select_for_update(skip_locked=True).only("attempts")[:most]
    )


def _together(messages: Sequence[Message]) -> list[uuid.UUID]:
    keys: list[uuid.UUID] = []
    for message in messages:
        if keys and message.attempts:
            break
        keys.append(message.pk)
        if message.attempts:
            break
    return keys


def _claim_ahead(keys: Sequence[uuid.UUID], claim: uuid.UUID, now: dt.datetime) -> None:
    if keys:
        Message.objects.filter(pk__in=keys).update(status=Message.Status.SENDING, claim=claim, claimed_at=now)


def give_back(*, claim: uuid.UUID) -> None:
    """What was claimed ahead and not begun, at once."""
    _as_new(Message.objects.filter(status=Message.Status.SENDING, claim=claim, attempts=0))


def give_back_begun(*, messages: Sequence[Message]) -> None:
    """What was begun together, of one claim, and nothing was done for; what is no longer ours stays as it is."""
    keys = [message.pk for message in messages]
    _as_new(Message.objects.filter(status=Message.Status.SENDING, claim=messages[0].claim, pk__in=keys))


def _as_new(rows: QuerySet[Message]) -> int:
    """As if they had not been claimed."""
    return rows.update(status=Message.Status.QUEUED, attempts=0, claim=None, claimed_at=None)


def give_back_abandoned() -> int:
    """What a worker that died had claimed ahead; should it still live, it finds that it lost the claim."""
    return _give_back(held_for(AHEAD).filter(attempts=0))


def give_back_never_begun(*, claim: uuid.UUID, begun: Collection[uuid.UUID]) -> int:
    """Of a claim whose worker died, what it had begun together with others, and in truth had not: by its journal."""
    return _give_back(held_for(AHEAD).filter(claim=claim, attempts=1).exclude(pk__in=begun))


def held_for(by: dt.timedelta) -> QuerySet[Message]:
    """Claimed longer ago than that, or, where a clock was put back, not yet."""
    now = timezone.now()
    old = models.Q(claimed_at__lt=now - by) | models.Q(claimed_at__gt=now + by)
    return Message.objects.filter(old, status=Message.Status.SENDING)


def _give_back(rows: QuerySet[Message]) -> int:
    with transaction.atomic():
        # Whoever is writing to one of them, and perhaps stands still in the midst of it, is not waited for.
        keys = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
        return _as_new(Message.objects.filter(pk__in=keys))


_CLAIM_FIRST = KeptUpdate(
    lambda: Message.objects.filter(pk=Slot("id", models.UUIDField()), status__in=WAITING),
    status=Message.Status.SENDING,
    claim=Slot("claim", models.UUIDField()),
    claimed_at=moment("now"),
    attempts=F("attempts") + 1,
)
