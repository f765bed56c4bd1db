from __future__ import annotations

from django.db.models import Exists, OuterRef

from conference.kept_queries import KeptQuery, key
from registration.models import Consent, Participant, PrivacyVersion
from workshops.languages import CODES

_CURRENT: KeptQuery[PrivacyVersion] = KeptQuery(
    lambda: (
        PrivacyVersion.objects.filter(conference=key("conference"))
        # The notice is long, and read on its own page.
        .defer("notice", *(f"notice_{code}" for code in CODES))
        .annotate(
            is_consented=Exists(
                Consent.objects.filter(participant=key("participant"), version=OuterRef("pk"))
            )
        )
        .order_by("-number")[:1]
    )
)


def privacy_to_consent(*, participant: Participant) -> PrivacyVersion | None:
    """The current privacy notice, where this person has not consented to it yet."""
    current = _CURRENT.first(conference=participant.conference_id, participant=participant.pk)
    return None if current is None or vars(current)["is_consented"] else current
