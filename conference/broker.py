"""One Redis address, as Celery and as Django's cache want it written."""

from __future__ import annotations

from urllib.parse import urlsplit


def broker_url(redis_url: str) -> str:
    """For Celery, which calls a Unix socket `redis+socket://`."""
    return redis_url.replace("unix://", "redis+socket://", 1)


def cache_url(redis_url: str) -> str:
    """The same server's database 1, so that emptying the cache leaves the queue alone."""
    if redis_url.startswith("unix://"):
        return f"{redis_url.partition('?')[0]}?db=1"
    return urlsplit(redis_url)._replace(path="/1").geturl()
