"""The link with which somebody ends our invitations: one click, no account, no session (RFC 8058, RFC 2369)."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from registration.domain import sealed
from registration.domain.suppress import lift_suppression, suppress, suppressed
from registration.domain.tokens import LinkUnknown
from registration.models import Participant, PersonalLink, Suppression

# Eighteen digits: a longer number is more than the database takes as a key.
_TOKEN = re.compile(rf"([1-9][0-9]{{0,17}})-({sealed.TOKEN.pattern})")
_PURPOSE = "unsubscribe"


def unsubscribe_token(*, link: PersonalLink) -> str:
    """Names the link and proves it; it opens nothing else, and the personal link's own token does not unsubscribe."""
    return f"{link.pk}-{sealed.token_of(purpose=_PURPOSE, seed=link.seed)}"


def link_to_unsubscribe(*, token: str) -> PersonalLink:
    """The link a token names, however old: an expired or revoked one still ends our mail. Raises LinkUnknown."""
    link, mac = None, ""
    if parts := _TOKEN.fullmatch(token):
        mac = parts[2]
        link = PersonalLink.objects.select_related("participant__conference").filter(pk=parts[1]).first()
    # Compared for an unknown number as well: the answer takes as long.
    if not _is_mac_of(link.seed if link else "", mac) or link is None:
        raise LinkUnknown(
            _(
                "This link is not known here. Perhaps it was cut off when it was copied: please use the whole link."
            )
        )
    return link


def is_unsubscribed(*, link: PersonalLink) -> bool:
    """Whether this person is not invited any more; an address that bounced may still say so for itself."""
    person = link.participant
    found = suppressed(conference=person.conference, email=person.email)
    return found is not None and found.reason != Suppression.Reason.BOUNCED


def end_invitations(*, link: PersonalLink) -> None:
    """No invitation goes to this person again. Twice is as good as once."""
    person = link.participant
    with transaction.atomic():
        # Somebody who is being erased at this moment must not leave their address behind.
        if Participant.objects.select_for_update(no_key=True).filter(pk=person.pk).exists():
            suppress(conference=person.conference, email=person.email, reason=Suppression.Reason.UNSUBSCRIBED)


def subscribe_again(*, link: PersonalLink) -> None:
    """The person takes it back, whatever the reason was: nobody else can."""
    person = link.participant
    lift_suppression(conference=person.conference, email=person.email)


def _is_mac_of(seed: str, mac: str) -> bool:
    """Under former keys as well: the link in an old invitation must go on working."""
    made = (sealed.token_of(purpose=_PURPOSE, seed=seed, key=key) for key in sealed.secret_keys())
    return any(constant_time_compare(mac, token) for token in made)
