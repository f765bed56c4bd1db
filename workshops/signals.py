"""Lines in the log for changes of who looks after what: keys only, never an address."""

from __future__ import annotations

from typing import Any

import structlog
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from workshops.models import Membership

log = structlog.get_logger(__name__)


@receiver(post_save, sender=Membership)
def _membership_saved(instance: Membership, created: bool, **_kwargs: Any) -> None:
    _log_membership("membership given" if created else "membership changed", instance)


@receiver(post_delete, sender=Membership)
def _membership_withdrawn(instance: Membership, **_kwargs: Any) -> None:
    _log_membership("membership withdrawn", instance)


def _log_membership(event: str, row: Membership) -> None:
    log.warning(
        event, user=row.user_id, conference=row.conference_id, workshop=row.workshop_id, role=row.role
    )
