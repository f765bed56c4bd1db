"""The token in a subscription's address: an HMAC under a key outside the database, so that a dump opens nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from registration.domain import sealed
from registration.domain.tokens import LinkRevoked, LinkUnknown, check_link
from registration.models import CalendarSubscription, PersonalLink

_PURPOSE = "calendar"


def new_subscription(*, link: PersonalLink) -> CalendarSubscription:
    """Not saved."""
    seed = sealed.new_seed()
    digest = sealed.digest_of(sealed.token_of(purpose=_PURPOSE, seed=seed))
    return CalendarSubscription(participant_id=link.participant_id, link=link, seed=seed, digest=digest)


def token_of(*, subscription: CalendarSubscription) -> str:
    """Empty where no key we have makes it any more: the address goes on working, but cannot be shown."""
    return sealed.known_token(purpose=_PURPOSE, seed=subscription.seed, digest=subscription.digest)


def open_subscription(*, token: str) -> CalendarSubscription:
    """Raises LinkUnknown, LinkRevoked, and LinkExpired where the personal link it was made with has."""
    found = None
    if sealed.TOKEN.fullmatch(token):
        rows = CalendarSubscription.objects.select_related("link", "participant__conference")
        found = rows.filter(digest=sealed.digest_of(token)).first()
    if found is None:
        raise LinkUnknown(_("This calendar address is not known here. Please copy the whole address."))
    if found.revoked_at is not None:
        raise LinkRevoked(_("This calendar address was switched off. A new one stands on your page."))
    check_link(link=found.link)
    return found
