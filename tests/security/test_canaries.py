"""The watch over the whole suite (tests/canary.py) sees what it is there to see."""

from __future__ import annotations

import logging

import pytest
import structlog
from celery import Celery
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache

from registration.models import BarrierReport
from tests import factories
from tests.canary import WATCH
from workshops.models import Conference, Workshop


@pytest.fixture
def secret(workshop: Workshop) -> str:
    return factories.make_access(workshop.days.get(), dial_in="+49 30 0000 4711").dial_in


def test_a_log_record_of_any_level_and_library_is_seen(secret: str) -> None:
    logging.getLogger("some.library").debug("dial %s", secret)
    error = ValueError(secret)
    logging.getLogger("django.request").error("failed", exc_info=error)

    assert WATCH.take() == [f"log of some.library: {secret}", f"log of django.request: {secret}"]


def test_an_event_that_goes_past_the_standard_library_is_seen(secret: str) -> None:
    structlog.get_logger("x").warning("sent", to=secret)

    assert WATCH.take() == [f"event: {secret}"]


def test_an_argument_of_a_task_is_seen(secret: str) -> None:
    Celery("sender", broker="memory://", set_as_current=False).send_task("some.task", args=[secret])

    assert WATCH.take() == [f"task: {secret}"]


def test_a_column_a_session_and_the_cache_are_seen(conference: Conference, secret: str) -> None:
    BarrierReport.objects.create(conference=conference, description=f"call {secret}", language="de")
    session = SessionStore()
    session["note"] = {"padding": "x" * 2000, "dial": secret}
    session.save()
    cache.set("page", secret)

    WATCH.look_into_the_database()

    seen = WATCH.take()
    cache.clear()
    BarrierReport.objects.all().delete()
    session.delete()
    assert seen == [f"table registration_barrierreport: {secret}", f"session: {secret}", f"cache: {secret}"]
