"""Whose turn it is: one document at a time, so that mail is never kept waiting by several long ones."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from registration.models import Document

TASK = "registration.tasks.make_documents"
TRIES = 3
# Longer than a task may last at all (CELERY_TASK_TIME_LIMIT).
LEASE = dt.timedelta(minutes=6)
GIVEN_UP = gettext_noop(
    "It could not be made. Please ask again; if that does not help, tell whoever runs the site."
)

_Status = Document.Status


def unfinished() -> QuerySet[Document]:
    """What nobody is making at this moment."""
    return Document.objects.filter(
        Q(status=_Status.WAITING) | Q(status=_Status.MAKING, claimed_at__isnull=True)
    )


def claim_next() -> Document | None:
    """Takes the document that has been waiting longest; what has been begun comes after what has not.

    The attempt is counted here, so that a document that kills the worker is given up in the end.
    """
    with transaction.atomic():
        _give_back_the_lost()
        if Document.objects.filter(status=_Status.MAKING, claimed_at__isnull=False).exists():
            return None
        pk = unfinished().order_by("done", "requested_at").values_list("pk", flat=True).first()
    return _take(pk) if pk is not None else None


def _take(pk: uuid.UUID) -> Document | None:
    """One statement decides: the database allows one document in the making, whoever asks at the same moment."""
    now = timezone.now()
    taken = Document.objects.filter(pk=pk)
    try:
        with transaction.atomic():
            unfinished().filter(pk=pk).update(
                status=_Status.MAKING, claimed_at=now, attempts=F("attempts") + 1
            )
    except IntegrityError:
        return None
    whole = taken.select_related("conference", "workshop", "day", "requested_by")
    return whole.filter(status=_Status.MAKING, claimed_at=now).first()


def held(document: Document) -> QuerySet[Document]:
    """The row as long as the claim is still ours: what is erased or swept meanwhile is not overwritten."""
    return Document.objects.filter(
        pk=document.pk, status=_Status.MAKING, claimed_at=document.claimed_at, claimed_at__isnull=False
    )


def give_back(document: Document) -> None:
    """After a failure: until the tries are used up."""
    if document.attempts >= TRIES:
        fail(document, GIVEN_UP)
    else:
        held(document).update(claimed_at=None)


def fail(document: Document, problem: str) -> None:
    """`problem` is a sentence of ours, translated where it is shown."""
    held(document).update(status=_Status.FAILED, problem=problem, claimed_at=None, file=None)


def _give_back_the_lost() -> None:
    """Their worker died; or a clock was put back, and the claim lies in the future."""
    now = timezone.now()
    ran_out = Q(claimed_at__lt=now - LEASE) | Q(claimed_at__gt=now + LEASE)
    lost = Document.objects.filter(ran_out, status=_Status.MAKING)
    lost.filter(attempts__gte=TRIES).update(
        status=_Status.FAILED, problem=GIVEN_UP, claimed_at=None, file=None
    )
    lost.update(claimed_at=None)
