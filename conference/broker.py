"""One Redis address, as Celery and Django's cache want it written.

Where Redis is kept alive by Sentinels, the address names them instead of the server:
`sentinel://[:password@]host:port,host:port/DATABASE?master=NAME[&sentinel_password=…]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

_SCHEME, _PORT = "sentinel://", 26379
_READABLE = "sentinel://[:password@]host:port,host:port/0?master=NAME"


@dataclass(frozen=True, slots=True)
class Watched:
    """A Redis server that Sentinels watch: who knows where it is, under which name."""

    sentinels: tuple[tuple[str, int], ...]
    master: str
    database: int
    password: str | None
    sentinel_password: str | None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Raises ValueError where the address cannot be read."""
        credentials, _, rest = url.removeprefix(_SCHEME).rpartition("@")
        parts = urlsplit(f"{_SCHEME}{rest}")
        asked = parse_qs(parts.query)
        hosts = tuple(_host(part) for part in parts.netloc.split(",") if part)
        if not hosts or "master" not in asked:
            raise ValueError(_READABLE)
        password = unquote(credentials.rpartition(":")[2]) or None
        given = asked.get("sentinel_password", [None])[0]
        return cls(hosts, asked["master"][0], int(parts.path.strip("/") or 0), password, given)

    @property
    def sentinel_options(self) -> dict[str, Any]:
        return {"password": self.sentinel_password} if self.sentinel_password else {}


def _host(part: str) -> tuple[str, int]:
    name, _, port = part.rpartition(":") if ":" in part else (part, "", str(_PORT))
    return name, int(port)


def is_watched(redis_url: str) -> bool:
    return redis_url.startswith(_SCHEME)


def broker_url(redis_url: str) -> str:
    """For Celery, which calls a Unix socket `redis+socket://` and wants each Sentinel as an address of its own."""
    if not is_watched(redis_url):
        return redis_url.replace("unix://", "redis+socket://", 1)
    watched = Watched.parse(redis_url)
    credentials = f":{redis_url.removeprefix(_SCHEME).rpartition('@')[0].rpartition(':')[2]}@"
    start = f"{_SCHEME}{credentials if watched.password else ''}"
    return ";".join(f"{start}{host}:{port}/{watched.database}" for host, port in watched.sentinels)


def broker_options(redis_url: str) -> dict[str, Any]:
    """Celery's transport options that follow from the address."""
    if not is_watched(redis_url):
        return {}
    watched = Watched.parse(redis_url)
    return {"master_name": watched.master, "sentinel_kwargs": watched.sentinel_options}


def cache_url(redis_url: str) -> str:
    """The same server's database 1, so that emptying the cache leaves the queue alone."""
    if redis_url.startswith("unix://"):
        return f"{redis_url.partition('?')[0]}?db=1"
    return urlsplit(redis_url)._replace(path="/1").geturl()


def cache_options(redis_url: str) -> dict[str, Any]:
    """Django's cache options that follow from the address."""
    return {"pool_class": "conference.sentinel.WatchedPool"} if is_watched(redis_url) else {}
