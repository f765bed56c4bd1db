"""Rows of lists hold addresses and names: they go once they are of no use any more."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conference.audit import unrecorded
from registration.domain import traces
from registration.models import InvitationList, InvitationRow

log = structlog.get_logger(__name__)
KEPT_DAYS = 30
_Status = InvitationList.Status


def forget_rows(*, at: dt.datetime) -> int:
    """Deletes the rows of lists that were done, or left lying, `KEPT_DAYS` before `at` (aware); returns how many.

    A list that was never sent goes with them; one that was stopped is done then.
    """
    cutoff = at - dt.timedelta(days=KEPT_DAYS)
    done = Q(status=_Status.DONE, finished_at__lte=cutoff)
    stopped = Q(status=_Status.STOPPED, started_at__lte=cutoff)
    never_sent = InvitationList.objects.filter(status=_Status.PREVIEW, created_at__lte=cutoff)
    with transaction.atomic(), unrecorded():
        old = list(
            InvitationList.objects.select_for_update().filter(done | stopped).values_list("pk", flat=True)
        )
        gone = InvitationRow.objects.filter(
            Q(invitation_list__in=old) | Q(invitation_list__in=never_sent)
        ).delete()[0]
        InvitationList.objects.filter(pk__in=old, status=_Status.STOPPED).update(
            status=_Status.DONE, finished_at=timezone.now()
        )
        history = traces.history_about(traces.keys_of([never_sent]))
        traces.delete([*history, never_sent])
    if gone:
        log.info("rows of old invitation lists deleted", count=gone)
    return gone
