"""A draft is read whatever becomes of the nudge: by the worker, by beat's sweep, or where it was uploaded."""

from __future__ import annotations

import threading

import pytest
from celery import Celery
from django.conf import settings as django_settings
from django.db import transaction

from tests import factories
from tests.uploads.test_read_next_upload import DRAFT
from workshops.domain.uploads.upload_draft import upload_draft
from workshops.models import Conference, DraftImport
from workshops.tasks import read_draft_imports

pytestmark = pytest.mark.django_db(transaction=True)


def settled() -> None:
    """Waits for whatever runs beside the test."""
    for thread in threading.enumerate():
        if thread.name == "draft-import":
            thread.join(timeout=60)


@pytest.fixture
def broker_away(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False)
    app.conf.update(broker_connection_timeout=1, broker_transport_options={"max_retries": 0})
    monkeypatch.setattr("conference.publishing.app", app)


def test_without_a_broker_the_site_reads_the_draft_itself(broker_away: None) -> None:
    conference = factories.make_conference()
    row = upload_draft(conference=conference, name="Entwurf.txt", data=DRAFT)
    settled()
    row.refresh_from_db()
    assert row.status == "read"


def test_without_a_broker_the_site_reads_one_draft_at_a_time(broker_away: None) -> None:
    """However many are uploaded: reading one may take much memory."""
    for _ in range(3):
        upload_draft(conference=None, name="Entwurf.txt", data=DRAFT)
    most = 0
    while any(thread.name == "draft-import" for thread in threading.enumerate()):
        most = max(most, DraftImport.objects.filter(status="reading").count())
    assert (most, DraftImport.objects.filter(status="read").count()) == (1, 3)


def test_with_a_broker_the_draft_is_left_to_the_worker() -> None:
    row = upload_draft(conference=None, name="Entwurf.txt", data=DRAFT)
    settled()
    row.refresh_from_db()
    assert row.status == "waiting"


def test_an_upload_that_is_rolled_back_nudges_nobody(broker_away: None) -> None:
    with transaction.atomic():
        upload_draft(conference=None, name="Entwurf.txt", data=DRAFT)
        transaction.set_rollback(True)
    assert [thread for thread in threading.enumerate() if thread.name == "draft-import"] == []
    assert DraftImport.objects.count() == 0


def test_the_task_reads_one_draft_and_leaves_the_next_to_the_next_task(conference: Conference) -> None:
    for _ in range(2):
        factories.make_draft_import(conference, file=DRAFT)
    read_draft_imports()
    assert sorted(DraftImport.objects.values_list("status", flat=True)) == ["read", "waiting"]
    read_draft_imports()
    assert sorted(DraftImport.objects.values_list("status", flat=True)) == ["read", "read"]


def test_beat_sweeps_what_was_left_over() -> None:
    entry = django_settings.CELERY_BEAT_SCHEDULE["read-draft-imports"]
    assert (entry["task"], entry["schedule"]) == ("workshops.tasks.read_draft_imports", 15.0)
