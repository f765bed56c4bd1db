from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from conference.kept_queries import KeptQuery
from conference.query_slots import key
from registration.models import Consent, Participant, PrivacyVersion
from workshops.languages import CODES

CURRENT_NOTICE: KeptQuery[PrivacyVersion] = KeptQuery(
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
    return to_consent(CURRENT_NOTICE.all(conference=participant.conference_id, participant=participant.pk))


def to_consent(found: Sequence[PrivacyVersion]) -> PrivacyVersion | None:
    """The same, of what CURRENT_NOTICE has found."""
    return next((notice for notice in found if not vars(notice)["is_consented"]), None)
