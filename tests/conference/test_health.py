from __future__ import annotations

import shutil
import socket
import time
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from conference import health, heartbeat, migrations_left
from conference.data_dir import ROOT
from conference.health import is_enough
from registration.models import Message
from tests.waited import waiting


def test_live_needs_neither_database_nor_broker(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "live"}


def test_ready_with_a_worker_and_no_late_mail(client: Client, db: None) -> None:
    cache.set(heartbeat.WORKER_KEY, time.time(), 60)

    response = client.get("/health/ready")

    answer = response.json()
    assert (response.status_code, answer["status"]) == (200, "ready")
    assert set(answer["checks"]) == {"database", "broker", "worker", "disk", "outbox"}
    assert "no-cache" in response["Cache-Control"]


def test_without_a_worker_the_site_is_degraded_but_serves(client: Client, db: None) -> None:
    cache.delete(heartbeat.WORKER_KEY)

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["checks"]["worker"] == {"ok": False, "seconds_since_heartbeat": None}


def test_mail_that_waits_long_is_reported_without_naming_anybody(client: Client, db: None) -> None:
    message = Message.objects.create(kind="link", recipient="ayse@example.org", message_id="<1@example.org>")
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() - timezone.timedelta(minutes=10))

    response = client.get("/health/ready")

    outbox = response.json()["checks"]["outbox"]
    assert outbox["ok"] is False
    assert 600 <= outbox["oldest_unsent_seconds"] < 660
    assert "ayse" not in response.content.decode()


def test_mail_that_is_planned_for_later_is_not_late(client: Client, db: None) -> None:
    message = Message.objects.create(kind="link", recipient="ayse@example.org", message_id="<1@example.org>")
    now = timezone.now()
    Message.objects.filter(pk=message.pk).update(
        created_at=now - timezone.timedelta(days=1), due_at=now + timezone.timedelta(days=1)
    )

    outbox = client.get("/health/ready").json()["checks"]["outbox"]

    assert outbox == {"ok": True, "oldest_unsent_seconds": None}


@pytest.mark.sqlite
def test_the_fullest_disk_is_named_by_what_is_left_also_where_the_data_directory_is_memory(
    client: Client, db: None, settings: Settings
) -> None:
    """As in a container, where the code alone lies on the machine's disk."""
    settings.HEARTBEAT_DIR = Path("/dev/shm")  # noqa: S108 (nothing is written)
    disks = [shutil.disk_usage(place) for place in (ROOT, settings.HEARTBEAT_DIR)]

    disk = client.get("/health/ready").json()["checks"]["disk"]

    assert set(disk) == {"ok", "free_percent"}
    assert abs(disk["free_percent"] - min(100 * disk.free / disk.total for disk in disks)) < 5


@pytest.mark.parametrize(
    ("free", "total", "enough"),
    [
        (100, 1_000, True),
        (99, 1_000, False),
        (1024**3, 1024**4, True),
        (1024**3 - 1, 1024**4, False),
        (0, 0, True),
    ],
)
def test_a_tenth_is_enough_and_a_gigabyte_always(free: int, total: int, enough: bool) -> None:
    assert is_enough(free=free, total=total) is enough


def test_missing_migrations_are_counted_as_django_counts_them(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations_left, "_settled", set())
    MigrationRecorder(connection).record_unapplied("registration", "0001_initial")
    executor = MigrationExecutor(connection)

    response = client.get("/health/ready")

    applied = executor.loader.applied_migrations
    wanted = [key for key in executor.loader.disk_migrations if key not in applied]
    assert wanted == [("registration", "0001_initial")]
    assert (response.status_code, response.json()["checks"]["database"]) == (
        503,
        {"ok": False, "pending_migrations": 1},
    )


def test_asking_again_costs_five_small_queries(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/health/ready")

    with django_assert_num_queries(5):
        client.get("/health/ready")


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
        with waiting() as waited:
            response = client.get("/health/ready")

    assert response.status_code == 503
    assert waited.seconds < 2


@pytest.mark.parametrize("address", ["/health/live", "/health/ready"])
def test_probes_are_read_only(client: Client, db: None, address: str) -> None:
    assert client.post(address).status_code == 405


def test_what_was_well_a_moment_ago_is_not_asked_again(
    client: Client,
    db: None,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(health, "_kept", [])
    settings.HEALTH_KEPT_SECONDS = 600
    first = client.get("/health/ready").json()

    with django_assert_num_queries(0):
        assert client.get("/health/ready").json() == first


def test_what_was_not_well_is_asked_again_at_once(
    client: Client, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_kept", [])
    settings.HEALTH_KEPT_SECONDS = 600
    settings.REDIS_URL, well = "redis://127.0.0.1:1/0", settings.REDIS_URL
    assert client.get("/health/ready").status_code == 503

    settings.REDIS_URL = well

    assert client.get("/health/ready").status_code == 200
