from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from registration.domain.certificates.rule import reason_against
from registration.models import Certificate, Registration


class Due(StrEnum):
    """What a person's own page offers."""

    NOTHING = ""
    READY = "ready"
    WITHDRAWN = "withdrawn"


def certificates_due(*, registrations: Iterable[Registration], at: dt.datetime) -> dict[int, Due]:
    """By registration, with a fixed number of queries; one that was issued stays theirs whatever the rule says."""
    rows = (
        Registration.objects.filter(pk__in=[registration.pk for registration in registrations])
        .select_related("participant", "workshop__conference")
        .prefetch_related("attendances", "certificates", "workshop__days")
    )
    return {row.pk: _due(row, at) for row in rows}


def _due(row: Registration, at: dt.datetime) -> Due:
    issued = issued_to(row)
    if issued is not None:
        return Due.READY if issued.revoked_at is None else Due.WITHDRAWN
    return Due.READY if reason_against(registration=row, at=at) is None else Due.NOTHING


def issued_to(registration: Registration) -> Certificate | None:
    """The one that holds, or was withdrawn; without a query where `certificates` were read beforehand."""
    return next((each for each in registration.certificates.all() if each.replaced_at is None), None)
