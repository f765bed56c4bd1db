"""A workshop whose limit was raised, or taken away, has places for those who wait."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from registration.domain.promote import promote_after_commit
from workshops.models import Workshop


@receiver(post_save, sender=Workshop, dispatch_uid="registration.promote_waiting")
def give_new_places_to_those_who_wait(
    instance: Workshop, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    if not created and not raw:
        promote_after_commit(workshop_id=instance.pk)
