from __future__ import annotations

from django.db import transaction

from registration.domain.register import PersonDetails, keep_details
from registration.models import Participant, PrivacyVersion


def change_details(
    *, participant_id: int, details: PersonDetails, consent: PrivacyVersion | None, language: str
) -> Participant:
    """Keeps who somebody is, and that they consented, where that was still to be asked; registrations stay as they are.

    Raises Participant.DoesNotExist where they were erased meanwhile.
    """
    with transaction.atomic():
        # Their other window may be registering them at this moment: both write the same row.
        participant = Participant.objects.select_for_update(no_key=True).get(pk=participant_id)
        keep_details(participant, details, consent, language)
    return participant
