from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.domain.transitions import NotPossible
from registration.models import Certificate

GONE = _("This certificate does not exist any more.")
REPLACED = _("Another certificate was issued in place of this one: it is no longer valid, and stays so.")


def revoke_certificate(*, certificate_id: int) -> Certificate:
    """From now on the page that verifies it says so. Raises NotPossible where it is gone, or was replaced."""
    return _set(certificate_id, is_revoked=True)


def reinstate_certificate(*, certificate_id: int) -> Certificate:
    """Withdrawing it was a mistake: paper in somebody's hands is good again. Raises NotPossible."""
    return _set(certificate_id, is_revoked=False)


def _set(certificate_id: int, *, is_revoked: bool) -> Certificate:
    with transaction.atomic():
        rows = Certificate.objects.select_for_update(of=("self",), no_key=True)
        certificate = rows.select_related("registration__workshop").filter(pk=certificate_id).first()
        if certificate is None:
            raise NotPossible(GONE)
        if certificate.replaced_at is not None:
            raise NotPossible(REPLACED)
        if is_revoked != (certificate.revoked_at is not None):
            certificate.revoked_at = timezone.now() if is_revoked else None
            certificate.save(update_fields=["revoked_at"])
    return certificate
