"""The logo for whatever draws it. It is read as it is now: a release keeps no pictures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from workshops.languages import CODES, Text, text_of
from workshops.models import Logo


@dataclass(frozen=True, slots=True)
class ShownLogo:
    """`alt` is what it says, for whoever does not see it."""

    content_type: str
    data: bytes
    alt: Text


def shown_logo(*, conference_id: int) -> ShownLogo | None:
    logo = Logo.objects.select_related("conference").filter(conference=conference_id).first()
    if logo is None:
        return None
    return ShownLogo(logo.content_type, bytes(logo.data), text_of(logo.conference, "logo_alt"))


def logo_digest() -> str:
    """Tells the current conference's logo and its words from any other; empty where there is none."""
    columns = [f"conference__logo_alt_{code}" for code in CODES]
    row = Logo.objects.filter(conference__is_current=True).values_list("digest", *columns).first()
    return hashlib.sha256(repr(row).encode()).hexdigest()[:16] if row is not None else ""
