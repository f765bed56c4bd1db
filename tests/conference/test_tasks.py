"""What beat has done for the project as a whole."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from conference import tasks
from conference.celery import app


@pytest.mark.django_db
def test_sessions_that_have_ended_are_forgotten() -> None:
    for key, days in (("ended", -1), ("current", 1)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + dt.timedelta(days=days))

    tasks.clear_sessions()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["current"]


def test_every_task_beat_names_exists() -> None:
    app.loader.import_default_modules()

    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)
