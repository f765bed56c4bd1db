from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from registration.models import Document, Message

_Status = Document.Status
# How long the list still says that there was such a document, and the outbox that a mail said so.
REMEMBERED = dt.timedelta(days=30)
ERASED_SINCE = gettext_noop("Somebody’s data were erased since. Please ask for the document anew.")


def expire_documents() -> int:
    """Throws away the files whose time has come, and returns how many; later the rows go, too."""
    now = timezone.now()
    with transaction.atomic():
        expired = Document.objects.filter(status=_Status.READY, expires_at__lte=now)
        gone = expired.update(status=_Status.EXPIRED, file=None)
        old = now - REMEMBERED
        over = (_Status.FAILED, _Status.EXPIRED)
        Document.objects.filter(status__in=over, requested_at__lte=old).delete()
        Message.objects.filter(kind=Message.Kind.DOCUMENT, created_at__lte=old).delete()
    return gone


def forget_documents(*, about: Q) -> None:
    """Somebody is erased: finished files with their name go at once, one being made is begun anew."""
    rows = Document.objects.filter(about)
    rows.filter(status=_Status.READY).update(status=_Status.EXPIRED, file=None, problem=ERASED_SINCE)
    rows.filter(status=_Status.MAKING).update(
        status=_Status.WAITING, claimed_at=None, file=None, done=0, attempts=0
    )
