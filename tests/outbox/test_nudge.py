from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from celery import Celery
from django.conf import settings as django_settings
from django.db import transaction

from conference.publishing import publish
from registration.domain.outbox import nudge
from registration.domain.outbox.owe import owe_message
from registration.models import Message
from tests.waited import waiting

SILENT_OPTIONS = {
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "retry_on_timeout": False,
    "max_retries": 0,
}


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _use_broker(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    app = Celery("away", broker=f"redis://127.0.0.1:{port}/0", set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        broker_connection_timeout=django_settings.CELERY_BROKER_CONNECTION_TIMEOUT,
        broker_transport_options=SILENT_OPTIONS,
    )
    monkeypatch.setattr("conference.publishing.app", app)


@pytest.mark.parametrize("port_name", ["silent_port", "closed_port"])
@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_neither_holds_nor_breaks_the_page(
    port_name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use_broker(monkeypatch, request.getfixturevalue(port_name))

    with waiting() as waited:
        for number in range(20):
            with transaction.atomic():
                owe_message(kind=Message.Kind.LINK, recipient=f"person{number}@example.org")

    # Each of them would wait for a second.
    assert waited.seconds < 10
    assert Message.objects.filter(status="queued").count() == 20


@pytest.mark.parametrize("port_name", ["silent_port", "closed_port"])
def test_publishing_to_a_broker_that_is_away_gives_up_soon(
    port_name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use_broker(monkeypatch, request.getfixturevalue(port_name))

    with waiting() as waited:
        assert publish(nudge.TASK) is False

    assert waited.seconds < 2
