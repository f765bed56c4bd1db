from __future__ import annotations

from django.db import models


class SendingPace(models.Model):
    """One row: when the next message may leave, whichever worker sends it, where the operator set a limit."""

    next_at = models.DateTimeField()

    class Meta:
        verbose_name = "sending pace"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="sending_pace_is_one_row")]

    def __str__(self) -> str:
        return f"{self.next_at:%H:%M:%S}"
