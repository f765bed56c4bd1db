from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conference.models import User
from workshops.domain.team.values import TeamError
from workshops.models import Conference, Membership

NOT_ON_TEAM = _("You are not on the team of this conference.")


def set_overview(*, user: User, conference: Conference, is_wanted: bool, language: str) -> None:
    """Whether an organiser gets the daily overview of a conference, in an empty language both. Raises TeamError."""
    with transaction.atomic():
        rows = Membership.objects.filter(user=user, conference=conference).order_by("pk").select_for_update()
        found = list(rows)
        if not found:
            raise TeamError(NOT_ON_TEAM)
        for row in found:
            row.daily_overview, row.language = is_wanted, language
            row.save(update_fields=["daily_overview", "language"])
