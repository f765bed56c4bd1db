"""A Redis user who may do what the queues need, and not all that the journal needs."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.utils import timezone

from registration.domain.outbox.claim import claim_some
from registration.domain.outbox.journal import Journal
from registration.domain.outbox.results import begin
from registration.domain.outbox.sweep import sweep
from registration.models import Message
from tests.outbox.conftest import Owe
from tests.servers import valkey, wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with valkey(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture
def client(url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(url) as client:
        yield client
        client.flushall()


def _only(client: redis.Redis, url: str, *rules: str) -> str:
    client.execute_command("ACL", "SETUSER", "queues", "reset", "on", ">word", *rules)
    return url.replace("://", "://queues:word@")


def _claimed(owe: Owe, count: int) -> list[Message]:
    """The first one is begun, as a worker does it."""
    for _number in range(count):
        owe(Message.Kind.LINK)
    return claim_some(most=count)


def _long_ago(messages: list[Message]) -> None:
    keys = [message.pk for message in messages]
    Message.objects.filter(pk__in=keys).update(claimed_at=timezone.now() - dt.timedelta(hours=1))


def _fates(messages: list[Message]) -> list[tuple[str, int]]:
    return [Message.objects.values_list("status", "attempts").get(pk=message.pk) for message in messages]


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(("~celery*", "~mail*", "~_kombu*", "~unacked*", "&*", "+@all"), id="not its keys"),
        # Half way: a mail that kills its worker would else never be given up.
        pytest.param(("~*", "&*", "+@all", "-client|reply"), id="not without an answer"),
    ],
)
def test_what_a_dead_worker_had_begun_without_a_journal_counts_an_attempt(
    owe: Owe, client: redis.Redis, url: str, settings: Any, rules: tuple[str, ...]
) -> None:
    settings.REDIS_URL = _only(client, url, *rules)
    messages = _claimed(owe, 3)
    with Journal() as journal:
        assert not journal.open(first=messages[0])
    # As where there is no journal: one by one.
    begin(messages=messages[1:2])
    _long_ago(messages)

    sweep()

    assert _fates(messages) == [("retry", 1), ("retry", 1), ("queued", 0)]


def test_a_journal_that_is_refused_half_way_leaves_nothing_behind(
    owe: Owe, client: redis.Redis, url: str, settings: Any
) -> None:
    settings.REDIS_URL = _only(client, url, "~*", "&*", "+@all", "-client|reply")
    with Journal() as journal:
        assert not journal.open(first=Message(claim=uuid.uuid4()))

    wait_until(lambda: not client.keys("koprue:mail:*"), seconds=5, what="the journal to be removed")
