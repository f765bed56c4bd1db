"""How far a list has come, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from registration.domain.invitation_lists.send_list import held_mails
from registration.models import Invitation, InvitationList, InvitationRow, Message

_Outcome = InvitationRow.Outcome


@dataclass(frozen=True, slots=True)
class Progress:
    """Of rows: `total` to `refused`; of invitations: `written` to `answered`."""

    total: int
    waiting: int
    skipped: int
    refused: int
    written: int
    mailed: int
    failed: int
    held: int
    answered: int

    @property
    def handled(self) -> int:
        return self.total - self.waiting

    @property
    def on_the_way(self) -> int:
        """Written, and neither accepted by a mail server nor given up nor held back."""
        return max(0, self.written - self.mailed - self.failed - self.held)


def progress_of(*, kept: InvitationList) -> Progress:
    """With three queries."""
    rows = dict(kept.rows.order_by().values_list("outcome").annotate(count=Count("pk")))
    sent = Q(sent_at__isnull=False)
    invitations = kept.invitations.aggregate(
        written=Count("pk"),
        mailed=Count("pk", filter=sent & ~Q(status=Invitation.Status.FAILED)),
        failed=Count("pk", filter=Q(status=Invitation.Status.FAILED)),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
    )
    return Progress(
        total=sum(rows.values()),
        waiting=rows.get(_Outcome.WAITING, 0),
        skipped=rows.get(_Outcome.SKIPPED, 0),
        refused=rows.get(_Outcome.REFUSED, 0),
        held=held_mails(kept).filter(kind=Message.Kind.INVITATION).count(),
        **invitations,
    )
