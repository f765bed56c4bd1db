"""What public pages of this app show besides the programme: see workshops/domain/public_facts.py."""

from __future__ import annotations

from registration.models import PrivacyVersion
from workshops.domain.public_facts import Facts, as_fact


def facts() -> list[Facts]:
    return [
        as_fact(PrivacyVersion.objects.filter(conference__is_current=True), "pk", "number", "published_at")
    ]
