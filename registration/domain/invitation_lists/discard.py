from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from registration.domain.invitation_lists.change_list import lock_list
from registration.domain.transitions import NotPossible
from registration.models import InvitationList


def discard_list(*, list_id: int) -> None:
    """Deletes a list that was never sent, with all its rows. Raises NotPossible for any other."""
    with transaction.atomic():
        kept = lock_list(list_id)
        if kept.status != InvitationList.Status.PREVIEW:
            raise NotPossible(_("A list that was sent is kept: its rows go by themselves after some weeks."))
        kept.delete()
