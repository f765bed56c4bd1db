from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from celery import states
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from conference.celery import app
from conference.metrics import tasks
from conference.metrics.memory import family_bytes
from conference.metrics.processes import VARIABLE, place_for_counts, share_counts
from conference.metrics.requests import route_label
from registration.domain.tokens import issue_link, token_of
from registration.models import Message
from registration.tasks import sweep_outbox
from tests import factories
from workshops.models import Conference, Workshop

TOKEN = "for Prometheus"
Samples = dict[str, float]


def ask(client: Client) -> Samples:
    """Each sample by its name and labels, as Prometheus writes them."""
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        200,
        "text/plain; version=0.0.4; charset=utf-8",
    )
    return {
        sample.name + "".join(f",{key}={value}" for key, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.fixture
def _with_token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}", "Bearer ü"]
)
@pytest.mark.parametrize("token", ["", TOKEN])
def test_without_the_token_there_is_no_such_page(
    client: Client, settings: Settings, db: None, given: str | None, token: str
) -> None:
    settings.METRICS_TOKEN = token

    answer = client.get("/metrics", headers={} if given is None else {"authorization": given})

    assert answer.status_code == 404
    assert b"koprue_" not in answer.content


@pytest.mark.usefixtures("_with_token")
def test_places_and_mail_are_told(client: Client, workshop: Workshop) -> None:
    Workshop.objects.update(taken_active=2)
    now = timezone.now()
    for number, (kind, status, minutes) in enumerate(
        [("link", "queued", 5), ("invitation", "retry", 30), ("invitation", "queued", -30)]
    ):
        Message.objects.create(
            kind=kind,
            status=status,
            recipient="ayse@example.org",
            message_id=f"<{number}@example.org>",
            due_at=now - dt.timedelta(minutes=minutes),
        )

    samples = ask(client)

    assert {name: value for name, value in samples.items() if "places" in name or "messages" in name} == {
        "koprue_places_taken,role=active,workshop=digitale-stadt": 2,
        "koprue_places_taken,role=listener,workshop=digitale-stadt": 0,
        "koprue_places_limit,role=active,workshop=digitale-stadt": 3,
        "koprue_messages,status=queued": 2,
        "koprue_messages,status=retry": 1,
        "koprue_messages,status=sending": 0,
        "koprue_messages,status=sent": 0,
        "koprue_messages,status=failed": 0,
        "koprue_messages,status=cancelled": 0,
    }
    assert 300 <= samples["koprue_outbox_oldest_seconds,lane=urgent"] < 360
    assert 1800 <= samples["koprue_outbox_oldest_seconds,lane=many"] < 1860
    assert samples["koprue_ready,check=outbox"] == 0
    assert samples["koprue_database_bytes"] > 100_000


@pytest.mark.usefixtures("_with_token")
def test_a_request_is_counted_by_its_route_and_nothing_of_its_address_gets_into_a_label(
    client: Client, conference: Conference
) -> None:
    token = token_of(link=issue_link(participant=factories.make_participant(conference), expires_at=None))
    before = ask(client)

    for address in (
        f"/de/invitation/{token}/",
        f"/tr/invitation/{token}/",
        "/de/ayse@example.org/",
        "/de/x/y/z/",
    ):
        client.get(address)
    client.generic("AYSE", "/de/")
    text = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    after = ask(client)

    name = "koprue_http_requests_total,method={},route={},status={}"
    counted = {
        key: value - before.get(key, 0)
        for key, value in after.items()
        if key.startswith("koprue_http_requests_total") and value != before.get(key)
    }
    assert counted == {
        name.format("GET", "<lang>/invitation/<path:token>/", 303): 2,
        name.format("GET", "none", 404): 2,
        name.format("other", "none", 405): 1,
    }
    assert [word for word in (token, "ayse", "AYSE", "x/y/z") if word in text] == []


@pytest.mark.usefixtures("_with_token")
def test_probes_and_the_figures_themselves_are_not_counted(client: Client, db: None) -> None:
    client.get("/health/ready")

    assert [name for name in ask(client) if "route=health" in name or "route=metrics" in name] == []


@pytest.mark.parametrize(
    ("route", "label"),
    [
        (None, "none"),
        ("", "root"),
        ("de/programme/", "<lang>/programme/"),
        ("tr/", "<lang>/"),
        ("admin/", "admin/"),
        ("programme.json", "programme.json"),
    ],
)
def test_the_languages_of_a_page_are_one_route(route: str | None, label: str) -> None:
    assert route_label(route) == label


def test_tasks_are_counted_under_names_that_are_known(db: None) -> None:
    cache.clear()
    known = sweep_outbox
    stranger = type("Stranger", (), {"name": "ayse@example.org"})()

    for task, state in [
        (known, states.SUCCESS),
        (known, states.SUCCESS),
        (known, states.FAILURE),
        (stranger, "?"),
    ]:
        tasks._begin()
        tasks._count(task=task, state=state)

    ended, took = tasks.figures()
    assert sorted(ended) == [
        (("other", "failure"), 1),
        (("registration.tasks.sweep_outbox", "failure"), 1),
        (("registration.tasks.sweep_outbox", "success"), 2),
    ]
    assert [labels for labels, _ in took] == [("registration.tasks.sweep_outbox",), ("other",)]


def test_every_task_that_beat_sends_has_a_name_of_its_own_in_the_figures() -> None:
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}

    assert ours - set(tasks.known_tasks()) == set()


def test_a_server_has_a_directory_of_its_own_and_clears_up_after_the_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "")
    for left in ("4194999", "1"):  # no process ever has the first number: the largest is 4194304
        (tmp_path / left).mkdir()

    own = share_counts(tmp_path)

    assert own == tmp_path / str(os.getpid())
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["1", own.name])
    assert os.environ[VARIABLE] == str(own)


def test_the_memory_of_a_process_is_known_and_of_none_it_is_nothing() -> None:
    assert family_bytes(os.getpid()) > 10_000_000
    assert family_bytes(4194999) == 0


def test_the_memory_of_what_a_process_has_begun_belongs_to_it() -> None:
    """As a web server's worker begins one that draws, in any of its threads."""
    inner = "import sys; held = b'x' * 50_000_000; print(flush=True); sys.stdin.read()"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    code = f"import threading; threading.Thread(target=exec, args=({outer!r},)).start()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        found = family_bytes(process.pid)
        process.stdin.close()

    assert found > 50_000_000


def test_counts_lie_in_memory_where_a_full_disk_ends_no_process(tmp_path: Path) -> None:
    memory, data_dir = tmp_path / "shm", tmp_path / "data"
    without = place_for_counts(data_dir=data_dir, memory=memory)
    memory.mkdir()

    own = place_for_counts(data_dir=data_dir, memory=memory)

    assert without == data_dir / "metrics"
    assert (own.parent, own.stat().st_mode & 0o777) == (memory, 0o700)
    assert place_for_counts(data_dir=data_dir, memory=memory) == own
