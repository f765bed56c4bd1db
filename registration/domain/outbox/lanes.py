"""Two lanes for mail: one for what its reader waits for, one for what goes to many at once."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from registration.domain.outbox.nudge import TASK
from registration.models import Message
from registration.models.message import FOR_MANY


class Lane(StrEnum):
    """Which mail a worker takes; without one, both: what is urgent first."""

    URGENT = "urgent"
    MANY = "many"

    @property
    def condition(self) -> Q:
        """As the index of the lane has it."""
        many = Q(kind__in=FOR_MANY)
        return many if self is Lane.MANY else ~many

    @property
    def task(self) -> str:
        return _TASKS[self]


# Each has a queue of its own (CELERY_TASK_ROUTES), so that a worker can be kept for one of them.
_TASKS = {Lane.URGENT: TASK, Lane.MANY: "registration.tasks.drain_mail_to_many"}


def lane_of(kind: str) -> Lane:
    return Lane.MANY if kind in Message.UNHURRIED else Lane.URGENT
