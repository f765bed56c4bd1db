"""Lines in the log for signing in and out, and for changes of what that takes: keys only, never an address."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_reset,
    authenticator_used,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_delete
from django.dispatch import receiver

from conference.models import SecondFactor

log = structlog.get_logger(__name__)


@receiver(user_logged_in)
def _signed_in(user: Any, **_kwargs: Any) -> None:
    log.info("signed in", user=user.pk)


@receiver(user_logged_out)
def _signed_out(user: Any, **_kwargs: Any) -> None:
    log.info("signed out", user=getattr(user, "pk", None))


@receiver(user_login_failed)
def _not_signed_in(**_kwargs: Any) -> None:
    # Without a key: looking one up would tell by the time it takes which addresses exist.
    log.warning("sign-in failed")


@receiver(authentication_failed)
def _second_factor_failed(user: Any, **_kwargs: Any) -> None:
    log.warning("second factor failed", user=user.pk)


@receiver(authenticator_used)
def _second_factor_used(user: Any, authenticator: Any, **_kwargs: Any) -> None:
    log.info("second factor used", user=user.pk, type=authenticator.type)


@receiver(authenticator_added)
def _second_factor_added(user: Any, authenticator: Any, **_kwargs: Any) -> None:
    log.warning("second factor added", user=user.pk, type=authenticator.type)


# Also those that an operator deletes, of which allauth says nothing.
@receiver(post_delete, sender=Authenticator)
@receiver(post_delete, sender=SecondFactor)
def _second_factor_removed(instance: Any, **_kwargs: Any) -> None:
    log.warning("second factor removed", user=instance.user_id, type=instance.type)


@receiver(authenticator_reset)
def _recovery_codes_made(user: Any, **_kwargs: Any) -> None:
    log.warning("recovery codes made anew", user=user.pk)


@receiver(password_changed)
@receiver(password_reset)
def _password_changed(user: Any, **_kwargs: Any) -> None:
    log.warning("password changed", user=user.pk)
