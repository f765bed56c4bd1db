"""Redis behind Sentinels: its address, and a master that dies while mail is owed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings

from conference.broker import Watched, broker_options, broker_url, cache_options, cache_url
from conference.cache import PatientRedisCache
from conference.publishing import publish
from conference.settings.base import redis as settings_of
from registration.domain.outbox import nudge
from registration.models import Message
from tests.faults.fate import wait_for
from tests.faults.processes import Worker
from tests.outbox.conftest import Owe, event, owe
from tests.outbox.smtp import MailServer
from tests.product import ROOT
from tests.scaling.watched import Watch, answers, watched
from tests.servers import database_url, wait_until

__all__ = ["event", "owe"]
URL = "sentinel://:p%40ss@one:26379,two:26380,three/0?master=koprue&sentinel_password=s3"


@pytest.mark.sqlite
def test_an_address_of_sentinels_says_all_that_queue_and_cache_need() -> None:
    assert Watched.parse(URL) == Watched(
        sentinels=(("one", 26379), ("two", 26380), ("three", 26379)),
        master="koprue",
        database=0,
        password="p@ss",
        sentinel_password="s3",
    )
    assert broker_url(URL) == (
        "sentinel://:p%40ss@one:26379/0;sentinel://:p%40ss@two:26380/0;sentinel://:p%40ss@three:26379/0"
    )
    assert broker_options(URL) == {"master_name": "koprue", "sentinel_kwargs": {"password": "s3"}}
    assert Watched.parse(cache_url(URL)).database == 1
    assert cache_options(URL) == {"pool_class": "conference.sentinel.WatchedPool"}


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "url", ["sentinel://one:26379/0", "sentinel:///0?master=a", "sentinel://one:x/0?master=a"]
)
def test_an_address_that_cannot_be_read_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(SystemExit) as refused:
        settings_of(url)
    assert str(refused.value) == (
        "REDIS_URL cannot be read. Expected: "
        "redis://host:6379/0 or sentinel://host:26379,host:26379/0?master=NAME"
    )


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_when_the_master_dies_mail_goes_on_and_the_cache_comes_back(
    owe: Owe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watched(tmp_path) as watch, MailServer() as mail, _worker(watch, mail, tmp_path):
        monkeypatch.setattr("conference.publishing.app", _sender(watch))
        cache = _cache(watch)
        before = owe(Message.Kind.CONFIRMED)
        wait_for("sent", before, seconds=60)
        cache.set("kept", "before")

        watch.kill_the_master()
        after = owe(Message.Kind.CONFIRMED)
        # The first nudges may meet the dead master: the sweep's would come every ten seconds.
        wait_until(
            lambda: publish(nudge.TASK) and _is_sent(after), seconds=90, what="the mail after the change"
        )
        wait_until(lambda: answers(watch.url), what="the new master")
        cache.set("kept", "after")
        wait_until(lambda: _other_process_reads(watch) == "after", seconds=60, what="the cache")
        assert sorted(mail.ids) == sorted([before.message_id, after.message_id])


def _is_sent(message: Message) -> bool:
    with contextlib.suppress(AssertionError):
        wait_for("sent", message, seconds=2)
        return True
    return False


def _cache(watch: Watch) -> PatientRedisCache:
    entry = settings_of(watch.url)["CACHES"]["default"]
    return PatientRedisCache(entry["LOCATION"], {"KEY_PREFIX": "koprue", "OPTIONS": entry["OPTIONS"]})


def _other_process_reads(watch: Watch) -> object:
    """A cache that knows nothing yet: what it finds is not its own spare."""
    cache = _cache(watch)
    found = cache.get("kept")
    if found != "after":
        _cache(watch).set("kept", "after")
    return found


def _sender(watch: Watch) -> Celery:
    """What a web process publishes its nudges with."""
    values = settings_of(watch.url)
    app = Celery("tests", broker=values["CELERY_BROKER_URL"], set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        task_routes=settings.CELERY_TASK_ROUTES,
        broker_transport_options=values["CELERY_BROKER_TRANSPORT_OPTIONS"],
    )
    return app


@contextlib.contextmanager
def _worker(watch: Watch, mail: MailServer, directory: Path) -> Iterator[None]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
        "DATA_DIR": str(directory / "data"),
        "DATABASE_URL": database_url(),
        "REDIS_URL": watch.url,
        "EMAIL_URL": "smtp://{}:{}".format(*mail.address),
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "BASE_URL": settings.BASE_URL,
    }
    command = [sys.executable, "-m", "celery", "-A", "conference", "worker", "-c", "1", "-n", "watched"]
    with (directory / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle", "-l", "INFO"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    worker = Worker(process)
    try:
        yield
    finally:
        worker.kill()
