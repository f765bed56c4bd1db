from __future__ import annotations

import contextlib
import socket
from pathlib import Path

from conference.broker import broker_url, cache_url
from conference.cache import PatientRedisCache


def cache_at(path: Path) -> PatientRedisCache:
    options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    return PatientRedisCache(f"unix://{path}?db=1", {"KEY_PREFIX": str(path), "OPTIONS": options})


def test_without_redis_the_process_keeps_its_own_count(tmp_path: Path) -> None:
    cache = cache_at(tmp_path / "nobody.sock")

    cache.set("attempts", 1, 60)

    assert cache.incr("attempts") == 2
    assert cache.get("attempts") == 2
    assert cache.add("attempts", 9) is False


def test_a_silent_redis_is_asked_once_and_then_left_alone(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent.sock"))
        silent.listen()
        cache = cache_at(tmp_path / "silent.sock")
        for number in range(20):
            cache.set(f"key-{number}", number)
        assert asked(silent) == 1


def asked(silent: socket.socket) -> int:
    """How many connections were opened to it."""
    silent.setblocking(False)
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            silent.accept()[0].close()
            count += 1
    return count


def test_one_address_serves_queue_and_cache_apart() -> None:
    unix = "unix:///var/lib/a.sock"
    tcp = "redis://:secret@redis:6379/0"

    assert (broker_url(unix), cache_url(unix)) == (
        "redis+socket:///var/lib/a.sock",
        "unix:///var/lib/a.sock?db=1",
    )
    assert (broker_url(tcp), cache_url(tcp)) == (tcp, "redis://:secret@redis:6379/1")
