"""Publishing a privacy notice and the wording of the consent: a new version, never a change to an old one."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from registration.models import PrivacyVersion
from workshops.languages import CODES, Text, text_of
from workshops.models import Conference


def publish_privacy(*, conference: Conference, notice: Text, consent: Text) -> PrivacyVersion:
    """Publishes both texts (Markdown; one sentence) under the next number; the same again changes nothing."""
    with transaction.atomic():
        Conference.objects.select_for_update().get(pk=conference.pk)
        versions = PrivacyVersion.objects.filter(conference=conference)
        current = versions.order_by("-number").first()
        if current is not None and _says(current, notice, consent):
            return current
        last = versions.aggregate(last=Max("number"))["last"] or 0
        return PrivacyVersion.objects.create(
            conference=conference,
            number=last + 1,
            **{f"notice_{code}": notice.get(code, "") for code in CODES},
            **{f"consent_{code}": consent.get(code, "") for code in CODES},
        )


def _says(version: PrivacyVersion, notice: Text, consent: Text) -> bool:
    return (text_of(version, "notice"), text_of(version, "consent")) == (notice, consent)
