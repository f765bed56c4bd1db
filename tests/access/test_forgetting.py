"""Personal codes hold addresses and secrets: they go with the conference's data, and are encrypted with every key."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone

from registration.domain.access_codes.read import GivenCode
from registration.domain.access_codes.upload import upload_codes
from registration.domain.export_data import export_data
from registration.domain.reencrypt import reencrypt_secrets
from registration.domain.retention import purge_expired
from registration.models import AccessCode, AccessTold
from tests import factories
from tests.access.conftest import register
from workshops.models import Conference, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db


def test_codes_and_who_was_told_go_with_everything_else(workshop: Workshop, day: WorkshopDay) -> None:
    register(workshop)
    details = factories.make_access(day, personal_codes=True)
    codes = [GivenCode(1, "canary-code-a"), GivenCode(2, "canary-code-b", "ada@example.org")]
    upload_codes(details_id=details.pk, codes=codes, by=None)
    assert (AccessCode.objects.count(), AccessTold.objects.count()) == (2, 1)
    Conference.objects.update(retention_days=30)

    purge_expired(at=timezone.now() + dt.timedelta(days=400), dry_run=False)

    assert (AccessCode.objects.count(), AccessTold.objects.count()) == (0, 0)


def test_one_reads_that_one_has_a_code_and_which_version_one_was_sent(
    workshop: Workshop, day: WorkshopDay
) -> None:
    person = register(workshop)
    details = factories.make_access(day, personal_codes=True)
    upload_codes(details_id=details.pk, codes=[GivenCode(1, "canary-code-a")], by=None)
    [told] = export_data(participant=person.participant)["registrations"]
    [code], [written] = told["access_codes"], told["access_details_written"]
    assert (code["date"], code["role"]) == (day.date.isoformat(), "active")
    assert (written["version"], written["sent_at"]) == (1, None)
    assert "canary-code-a" not in str(told)


def test_codes_are_encrypted_anew_with_the_newest_key(settings: object, day: WorkshopDay) -> None:
    code = factories.make_code(day, code="canary-code-a")
    former = settings.FIELD_KEYS  # type: ignore[attr-defined]
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *former]  # type: ignore[attr-defined]
    assert reencrypt_secrets().changed == 1
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]  # type: ignore[attr-defined]
    code.refresh_from_db()
    assert code.code == "canary-code-a"
