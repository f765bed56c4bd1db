from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from registration.domain.invitation_lists.judge_rows import AT_ONCE, judge_rows
from registration.domain.transitions import NotPossible
from registration.models import InvitationList, InvitationRow
from workshops.models import Workshop

_NOTED = ("state", "outcome", "reason", "reason_value")


def change_list(
    *,
    list_id: int,
    workshops: Sequence[Workshop],
    language: str,
    name: str,
    remind_after_days: Sequence[int],
) -> InvitationList:
    """What holds for rows that name nothing themselves. Raises NotPossible once sending has begun.

    The reminders' days may be changed later, too: see `plan_reminders`.
    """
    with transaction.atomic():
        kept = lock_list(list_id)
        if kept.status != InvitationList.Status.PREVIEW:
            raise NotPossible(_("This list is being sent: it cannot be changed any more."))
        kept.name, kept.language, kept.remind_after_days = (
            name[:200],
            language,
            sorted(set(remind_after_days)),
        )
        kept.save(update_fields=["name", "language", "remind_after_days"])
        kept.workshops.set(workshops)
        look_again(kept)
    return kept


def plan_reminders(*, list_id: int, remind_after_days: Sequence[int]) -> InvitationList:
    """Also while a list is being sent, and afterwards."""
    with transaction.atomic():
        kept = lock_list(list_id)
        kept.remind_after_days = sorted(set(remind_after_days))
        kept.save(update_fields=["remind_after_days"])
    return kept


def look_again(kept: InvitationList) -> None:
    """Notes anew what is found about each row, and saves those in which something changed."""
    default = list(kept.workshops.order_by("position", "pk").values_list("pk", flat=True))
    rows = list(kept.rows.all())
    before = {row.pk: _noted(row) for row in rows}
    judge_rows(conference=kept.conference, default=default, rows=rows)
    changed = [row for row in rows if before[row.pk] != _noted(row)]
    InvitationRow.objects.bulk_update(changed, _NOTED, batch_size=AT_ONCE)


def lock_list(list_id: int) -> InvitationList:
    """Raises NotPossible where it was deleted meanwhile."""
    rows = InvitationList.objects.select_for_update(of=("self",), no_key=True).select_related("conference")
    if (kept := rows.filter(pk=list_id).first()) is None:
        raise NotPossible(_("This list does not exist any more."))
    return kept


def _noted(row: InvitationRow) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in _NOTED)
