from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.domain.access import announce_access, hand_out_codes
from registration.domain.access_codes.give import lock_workshops
from registration.domain.access_codes.read import GivenCode
from registration.domain.access_schedule import is_due
from registration.domain.errors import DomainError
from registration.domain.figures.programme_state import forget_programme_state
from registration.domain.sealed import mac_of, secret_keys
from registration.models import AccessCode, AccessDetails

log = structlog.get_logger(__name__)
_PURPOSE = "access_code"


class CodesInUse(DomainError):  # noqa: N818 (named after what the person is told)
    """Somebody holds one of these codes already."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Codes that are new, codes that were there already, and people who are written to now."""

    new: int
    known: int
    told: int


def upload_codes(*, details_id: int, codes: Sequence[GivenCode], by: AbstractBaseUser | None) -> Uploaded:
    """Keeps the codes; whoever had none gets one at once, if the details have been announced or are due now."""
    with transaction.atomic():
        details = _locked(details_id)
        known = _known(details, codes)
        new = [_row(details, code) for code in codes if code.code not in known]
        AccessCode.objects.bulk_create(new)
        if new and not details.personal_codes:
            details.personal_codes = True
            details.save(update_fields=["personal_codes", "changed_at"])
        told = _hand_out(details) if details.personal_codes else 0
        forget_programme_state()
    log.info("access codes uploaded", details=details_id, new=len(new), by=by.pk if by else None)
    return Uploaded(len(new), len(codes) - len(new), told)


def discard_codes(*, details_id: int) -> int:
    """Deletes the codes nobody was given; returns how many. Without any given one, the shared details hold again."""
    with transaction.atomic():
        details = _locked(details_id)
        rows = AccessCode.objects.filter(day=details.day_id, role=details.role)
        gone = rows.filter(assigned_at__isnull=True).delete()[0]
        forget_programme_state()
        if details.personal_codes and not rows.exists():
            details.personal_codes = False
            details.save(update_fields=["personal_codes", "changed_at"])
    return gone


def digests_of(code: str) -> list[str]:
    """The first is the one to be kept; the others, under former keys, tell a code that is there already."""
    return [mac_of(purpose=_PURPOSE, seed=code, key=key).hex() for key in secret_keys()]


def _locked(details_id: int) -> AccessDetails:
    rows = AccessDetails.objects.filter(pk=details_id).select_related("day__workshop__conference")
    lock_workshops(rows.values_list("day__workshop", flat=True))
    details = rows.all().first()
    if details is None:
        raise CodesInUse(_("These access details do not exist any more."))
    return details


def _known(details: AccessDetails, codes: Sequence[GivenCode]) -> set[str]:
    """Those of the codes that the day has for this role. Raises CodesInUse for one that lets in others."""
    roles = dict(AccessCode.objects.filter(day=details.day_id).values_list("digest", "role"))
    known = set()
    for code in codes:
        for digest in roles.keys() & set(digests_of(code.code)):
            if roles[digest] != details.role:
                raise CodesInUse(
                    _("Row %(line)d: this code is stored for the other role on the same day.")
                    % {"line": code.line}
                )
            known.add(code.code)
    return known


def _row(details: AccessDetails, given: GivenCode) -> AccessCode:
    return AccessCode(
        day=details.day,
        role=details.role,
        code=given.code,
        digest=digests_of(given.code)[0],
        email=given.email,
    )


def _hand_out(details: AccessDetails) -> int:
    if details.version:
        return hand_out_codes(details_id=details.pk)
    if is_due(details=details, at=timezone.now()):
        return announce_access(details_ids=[details.pk], first_only=True)
    return 0
