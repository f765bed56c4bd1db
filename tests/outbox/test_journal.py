"""What a worker takes down of each mail until the database is told: a real Valkey keeps it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from registration.domain.outbox.journal import Journal, read_notes
from registration.models import Message
from tests.servers import valkey, wait_until


@pytest.fixture(scope="module")
def _url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with valkey(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture
def client(_url: str, settings: Any) -> Iterator[redis.Redis]:
    settings.REDIS_URL = _url
    with redis.Redis.from_url(_url) as client:
        yield client
        client.config_set("maxmemory", 0)
        client.flushall()


def _claimed(count: int) -> list[Message]:
    claim = uuid.uuid4()
    return [Message(claim=claim) for _number in range(count)]


def _notes(message: Message) -> dict[uuid.UUID, bool]:
    assert message.claim is not None
    notes = read_notes(claim=message.claim)
    return {number: number in notes.accepted for number in notes.begun}


def test_it_tells_what_was_begun_and_what_was_accepted(client: redis.Redis) -> None:
    first, second, third, last = _claimed(4)
    with Journal() as journal:
        assert journal.open(first=first)
        taken_down = [
            journal.begun(second),
            journal.accepted(first),
            journal.begun(third),
            journal.accepted(second),
        ]

    assert taken_down == [True] * 4
    expected = {first.pk: True, second.pk: True, third.pk: False}
    wait_until(lambda: _notes(last) == expected, what=f"{expected}")


def test_it_is_forgotten_when_the_database_knows_all(client: redis.Redis) -> None:
    first, second = _claimed(2)
    (other,) = _claimed(1)
    with Journal() as journal:
        assert journal.open(first=first)
        assert journal.begun(second)
        journal.forget()
        assert journal.open(first=other)

    assert (_notes(first), _notes(other)) == ({}, {other.pk: False})


def test_those_of_former_claims_are_forgotten_by_themselves(client: redis.Redis) -> None:
    (first,), (other,) = _claimed(1), _claimed(1)
    with Journal() as journal:
        assert journal.open(first=first)
        assert journal.open(first=other)
        before = _notes(first)
        journal.forget_former()
        assert journal.accepted(other)

    wait_until(lambda: _notes(other) == {other.pk: True}, what="the note")
    assert (before, _notes(first)) == ({first.pk: False}, {})


def test_nothing_about_a_mail_stands_in_it_but_its_number(client: redis.Redis) -> None:
    (first,) = _claimed(1)
    first.recipient = "ada@example.org"
    with Journal() as journal:
        assert journal.open(first=first)

    (key,) = client.keys()
    assert key == f"koprue:mail:{first.claim}".encode()
    assert client.hgetall(key) == {first.pk.bytes: b"b"}
    assert 0 < client.ttl(key) <= 30 * 24 * 3600


def test_of_another_claim_it_keeps_nothing(client: redis.Redis) -> None:
    (first,), (other,) = _claimed(1), _claimed(1)
    with Journal() as journal:
        assert not journal.begun(first)
        assert journal.open(first=first)
        assert not journal.accepted(other)

    assert (_notes(first), _notes(other)) == ({first.pk: False}, {})


def test_a_server_that_is_full_keeps_none(client: redis.Redis) -> None:
    """It would not say so of a note, for whose answer nobody waits."""
    client.config_set("maxmemory", 1)
    first, second = _claimed(2)
    with Journal() as journal:
        assert not journal.open(first=first)
        assert not journal.begun(second)


def test_where_no_server_listens_there_is_none(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    (first,) = _claimed(1)
    with Journal() as journal:
        assert not journal.open(first=first)


def test_where_there_is_no_redis_there_is_none() -> None:
    (first,) = _claimed(1)
    with Journal() as journal:
        assert not journal.open(first=first)
    assert _notes(first) == {}
