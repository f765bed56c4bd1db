"""A Redis cache that never takes a page down with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
PAUSE_SECONDS = 10.0


class PatientRedisCache(RedisCache):
    """While Redis is away, each process keeps its own small cache, so that rate limits go on counting.

    After a failure Redis is left alone for PAUSE_SECONDS: with a server that takes connections and is silent,
    every call would cost its full timeout.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
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
