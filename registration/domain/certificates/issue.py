from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.domain.certificates.facts import event_of, facts_of
from registration.domain.certificates.rule import reason_against
from registration.domain.certificates.seal import first_digest, new_number
from registration.domain.transitions import NotPossible
from registration.models import Certificate, Registration

WITHDRAWN = _("This certificate was withdrawn. Please ask the organisers if you think that is a mistake.")


def issue_certificate(*, registration_id: int, at: dt.datetime | None = None) -> Certificate:
    """The certificate of one registration: the one that was issued, or a new one where the rule grants it.

    Raises NotPossible.
    """
    now = at or timezone.now()
    with transaction.atomic():
        registration = lock_registration(registration_id)
        issued = Certificate.objects.filter(registration=registration, replaced_at=None).first()
        if issued is not None:
            if issued.revoked_at is not None:
                raise NotPossible(WITHDRAWN)
            return issued
        if reason := reason_against(registration=registration, at=now):
            raise NotPossible(reason)
        return write_certificate(registration=registration, facts=facts_at(registration, now))


def lock_registration(registration_id: int) -> Registration:
    rows = Registration.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("participant__conference", "workshop__conference").filter(pk=registration_id)
    registration = found.first()
    if registration is None:
        raise NotPossible(_("This registration does not exist any more."))
    return registration


def facts_at(registration: Registration, at: dt.datetime) -> dict[str, Any]:
    conference = registration.participant.conference
    programme, event = event_of(conference=conference, workshop_id=registration.workshop_id)
    return facts_of(registration=registration, programme=programme, event=event, at=at)


def write_certificate(*, registration: Registration, facts: dict[str, Any]) -> Certificate:
    number = new_number()
    return Certificate.objects.create(
        registration=registration, number=number, facts=facts, seals=[first_digest(number=number)]
    )
