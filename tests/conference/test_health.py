from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from conference import heartbeat
from registration.models import Message


def test_live_needs_neither_database_nor_broker(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "live"}


def test_ready_with_a_worker_and_no_late_mail(client: Client, db: None) -> None:
    cache.set(heartbeat.WORKER_KEY, time.time(), 60)

    response = client.get("/health/ready")

    answer = response.json()
    assert (response.status_code, answer["status"]) == (200, "ready")
    assert set(answer["checks"]) == {"database", "broker", "worker", "outbox"}
    assert "no-cache" in response["Cache-Control"]


def test_without_a_worker_the_site_is_degraded_but_serves(client: Client, db: None) -> None:
    cache.delete(heartbeat.WORKER_KEY)

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["checks"]["worker"] == {"ok": False, "seconds_since_heartbeat": None}


def test_mail_that_waits_long_is_reported_without_naming_anybody(client: Client, db: None) -> None:
    message = Message.objects.create(kind="link", recipient="ayse@example.org", message_id="<1@example.org>")
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timezone.timedelta(minutes=10))

    response = client.get("/health/ready")

    outbox = response.json()["checks"]["outbox"]
    assert outbox["ok"] is False
    assert 600 <= outbox["oldest_unsent_seconds"] < 660
    assert "ayse" not in response.content.decode()


def test_not_ready_where_the_broker_refuses(
    client: Client, db: None, settings: object, tmp_path: Path
) -> None:
    settings.REDIS_URL = f"unix://{tmp_path / 'nobody.sock'}"

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["status"]) == (503, "not ready")


def test_a_silent_broker_costs_less_than_two_seconds(
    client: Client, db: None, settings: object, tmp_path: Path
) -> None:
    path = tmp_path / "silent.sock"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        silent.listen()
        settings.REDIS_URL = f"unix://{path}"
        started = time.monotonic()
        response = client.get("/health/ready")

    assert response.status_code == 503
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("address", ["/health/live", "/health/ready"])
def test_probes_are_read_only(client: Client, db: None, address: str) -> None:
    assert client.post(address).status_code == 405
