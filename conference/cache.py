"""A Redis cache that never takes a page down with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
PAUSE_SECONDS = 10.0


class _LastingClient(RedisCacheClient):
    """Django makes a client for every call, which takes longer than the call; they may be shared by threads."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made: dict[Any, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        own: Any = self
        pool = own._get_connection_pool(write)
        found = self._made.get(pool)
        if found is None:
            found = self._made[pool] = own._client(connection_pool=pool)
        return found


class PatientRedisCache(RedisCache):
    """While Redis is away, each process keeps its own small cache, so that rate limits go on counting.

    After a failure Redis is left alone for PAUSE_SECONDS: with a server that takes connections and is silent,
    every call would cost its full timeout.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _LastingClient
        self._spare = LocMemCache(f"spare-{server}", {**params, "OPTIONS": {}})
        self._away_until = 0.0

    def _call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except RedisError as error:
                self._away_until = time.monotonic() + PAUSE_SECONDS
                log.warning("cache away", reason=type(error).__name__)
        return getattr(self._spare, name)(*args, **kwargs)


def _patient(name: str) -> Callable[..., Any]:
    def method(self: PatientRedisCache, *args: Any, **kwargs: Any) -> Any:
        return self._call(name, *args, **kwargs)

    method.__name__ = name
    return method


for _name in (
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "get_many",
    "has_key",
    "incr",
    "set_many",
    "delete_many",
    "clear",
):
    setattr(PatientRedisCache, _name, _patient(_name))
