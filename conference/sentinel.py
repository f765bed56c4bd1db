"""Connections to the Redis server; where Sentinels watch several, to whichever one is the master now."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Self, TypeVar

import structlog
from django.conf import settings
from redis import Redis, RedisError
from redis.sentinel import Sentinel, SentinelConnectionPool

from conference.broker import Watched, is_watched

log = structlog.get_logger(__name__)
_SECONDS = 1
T = TypeVar("T")


class WatchedPool(SentinelConnectionPool):
    """For Django's cache, which makes its pool from an address."""

    @classmethod
    def from_url(cls, url: str, **options: Any) -> Self:
        watched = Watched.parse(url)
        timeouts = {name: value for name, value in options.items() if name.startswith("socket_")}
        manager = Sentinel(  # type: ignore[no-untyped-call]
            watched.sentinels, sentinel_kwargs={**timeouts, **watched.sentinel_options}
        )
        return cls(watched.master, manager, db=watched.database, password=watched.password, **options)


def has_redis() -> bool:
    """False where the queue is kept in a process's memory, as in tests."""
    return not settings.REDIS_URL.startswith("memory:")


@contextlib.contextmanager
def redis_client(*, seconds: float) -> Iterator[Redis]:
    """The server that holds the queues; no step takes longer than `seconds`."""
    with contextlib.closing(connect(redis_url=settings.REDIS_URL, seconds=seconds)) as client:
        yield client


def ask_redis(question: Callable[[Redis], T]) -> T | None:
    """None where the queue is kept in a process's memory, and where Redis does not answer."""
    if not has_redis():
        return None
    try:
        with redis_client(seconds=_SECONDS) as client:
            return question(client)
    except RedisError as error:
        log.warning("broker does not say what waits", reason=type(error).__name__)
        return None


def connect(*, redis_url: str, seconds: float) -> Redis:
    """A client of one's own, for a probe; no step takes longer than `seconds`. The caller closes it."""
    timeouts = {"socket_timeout": seconds, "socket_connect_timeout": seconds}
    if is_watched(redis_url):
        return Redis.from_pool(WatchedPool.from_url(redis_url, **timeouts))
    return Redis.from_url(redis_url, **timeouts)
