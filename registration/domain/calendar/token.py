"""The token in a subscription's address: an HMAC under a key outside the database, so that a dump opens nothing."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from registration.domain.tokens import LinkRevoked, LinkUnknown, check_link
from registration.models import CalendarSubscription, PersonalLink

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_subscription(*, link: PersonalLink) -> CalendarSubscription:
    """Not saved."""
    seed = secrets.token_hex(32)
    digest = _digest(_token(seed, settings.SECRET_KEY))
    return CalendarSubscription(participant_id=link.participant_id, link=link, seed=seed, digest=digest)


def token_of(*, subscription: CalendarSubscription) -> str:
    """Empty where no key we have makes it any more: the address goes on working, but cannot be shown."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    tokens = (_token(subscription.seed, key) for key in keys)
    return next((token for token in tokens if _digest(token) == subscription.digest), "")


def open_subscription(*, token: str) -> CalendarSubscription:
    """Raises LinkUnknown, LinkRevoked, and LinkExpired where the personal link it was made with has."""
    found = None
    if _TOKEN.fullmatch(token):
        rows = CalendarSubscription.objects.select_related("link", "participant__conference")
        found = rows.filter(digest=_digest(token)).first()
    if found is None:
        raise LinkUnknown(_("This calendar address is not known here. Please copy the whole address."))
    if found.revoked_at is not None:
        raise LinkRevoked(_("This calendar address was switched off. A new one stands on your page."))
    check_link(link=found.link)
    return found


def _token(seed: str, key: str) -> str:
    mac = salted_hmac("registration.calendar", seed, secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
