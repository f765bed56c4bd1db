"""The mail with access details, to the organiser alone, to see what others will get."""

from __future__ import annotations

import secrets

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from registration.domain.tokens import issue_link
from registration.mails.letters import compose
from registration.mails.preview import without_links
from registration.mails.render import BOTH
from registration.mails.trial import as_test
from registration.models import AccessCode, AccessDetails, Message, Participant, Registration

# In place of anybody's own code, which nobody but them is to see.
_EXAMPLE_CODE = "••••••"


def access_as_test(*, details: AccessDetails, recipient: str) -> EmailMultiAlternatives:
    """Marked as a test, in both languages, with the real details, for an example person who is rolled back."""
    with transaction.atomic():
        message = _message(details)
        letters = tuple(compose(message=message, language_code=code) for code in BOTH)
        transaction.set_rollback(True)
    shown = [without_links(letter) for letter in letters]
    return as_test(details.day.workshop.conference, shown, BOTH, recipient, shows_access=True)


def _message(details: AccessDetails) -> Message:
    person = Participant.objects.create(
        conference=details.day.workshop.conference,
        email=f"{secrets.token_hex(8)}@example.org",
        first_name="Ayşe",
        last_name="Yılmaz",
    )
    registration = Registration.objects.create(
        participant=person,
        workshop=details.day.workshop,
        role=details.role,
        status=Registration.Status.CONFIRMED,
    )
    if details.personal_codes:
        AccessCode.objects.create(
            day=details.day,
            role=details.role,
            code=_EXAMPLE_CODE,
            digest=secrets.token_hex(32),
            registration=registration,
            assigned_at=timezone.now(),
        )
    return Message(
        kind=Message.Kind.ACCESS,
        participant=person,
        registration=registration,
        link=issue_link(participant=person),
        recipient=person.email,
        facts={"new": [details.pk], "changed": []},
    )
