from __future__ import annotations

from typing import Any

from auditlog.models import LogEntry
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.models import User
from registration.domain.certificates.issue import facts_at, lock_registration, write_certificate
from registration.domain.certificates.revoke import GONE, REPLACED
from registration.domain.certificates.rule import NO_NAME
from registration.domain.transitions import NotPossible
from registration.models import Certificate, Registration

LONGEST_REASON = 500
# Another day on which it is issued is no reason to issue it.
_BY_ITSELF = "issued_on"


def reissue_certificate(*, certificate_id: int, reason: str, by: User | None) -> Certificate:
    """Issues another certificate, with what is known today, in place of one that holds a mistake; logs why.

    The former is refused from now on wherever it is verified. Raises NotPossible: without a reason, for one that was
    withdrawn or replaced already, and where the new one would say the same.
    """
    reason = _checked(reason)
    now = timezone.now()
    with transaction.atomic():
        former = _locked(certificate_id)
        facts = facts_at(former.registration, now)
        _require_another(former, facts)
        # First: of those that were not replaced there is one at most. Not `save`: it is logged with its reason, once.
        Certificate.objects.filter(pk=former.pk).update(replaced_at=now)
        _log(former, str(now), reason, by)
        return write_certificate(registration=former.registration, facts=facts)


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise NotPossible(_("Give the reason why this certificate is issued anew."))
    if len(reason) > LONGEST_REASON:
        raise NotPossible(_("Give the reason in at most %(limit)d characters.") % {"limit": LONGEST_REASON})
    return reason


def _locked(certificate_id: int) -> Certificate:
    """The registration is locked first, as where one is issued."""
    found = Registration.objects.filter(certificates=certificate_id).values_list("pk", flat=True).first()
    if found is None:
        raise NotPossible(GONE)
    registration = lock_registration(found)
    rows = Certificate.objects.select_for_update(of=("self",), no_key=True)
    certificate = rows.filter(pk=certificate_id).first()
    if certificate is None:
        raise NotPossible(GONE)
    certificate.registration = registration
    return certificate


def _require_another(former: Certificate, facts: dict[str, Any]) -> None:
    if former.replaced_at is not None:
        raise NotPossible(REPLACED)
    if former.revoked_at is not None:
        raise NotPossible(_("This certificate was withdrawn. Make it valid again first."))
    if not facts["name"]:
        raise NotPossible(NO_NAME)
    if _said(facts) == _said(former.facts):
        raise NotPossible(
            _("The new certificate would say the same. Correct the person’s name or organisation first.")
        )


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != _BY_ITSELF}


def _log(former: Certificate, now: str, reason: str, by: User | None) -> None:
    LogEntry.objects.log_create(
        former,
        action=LogEntry.Action.UPDATE,
        changes={"replaced_at": ["None", now]},
        actor=by,
        additional_data={"reason": reason},
    )
