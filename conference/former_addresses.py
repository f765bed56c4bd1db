"""An account has one address: under one it had before nobody signs in, nor gets a link to set its password."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models.signals import post_save
from django.dispatch import receiver

from conference.models import User


@receiver(post_save, sender=User)
def _forget_former_addresses(
    instance: User, created: bool, update_fields: Collection[str] | None = None, **_kwargs: Any
) -> None:
    """allauth writes down the address to which it makes a link, takes it for the account's, and never drops it."""
    is_untouched = update_fields is not None and "email" not in update_fields
    if not created and not is_untouched:
        EmailAddress.objects.filter(user=instance).exclude(email__iexact=instance.email).delete()
