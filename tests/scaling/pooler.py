"""pgbouncer in transaction mode before the test database, with far fewer connections than its clients."""

from __future__ import annotations

import contextlib
import os
import pwd
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.product import free_port
from tests.servers import wait_until

CONNECTIONS = 3
_BINARY = "/usr/sbin/pgbouncer"


@contextlib.contextmanager
def pooler(*, url: str, directory: Path) -> Iterator[str]:
    """`url` is the server's DATABASE_URL; yields the same through the pooler. Needs Debian's package pgbouncer."""
    direct, port = urlsplit(url), free_port()
    password = f" password={direct.password}" if direct.password else ""
    file = directory / "pgbouncer.ini"
    file.write_text(
        "[databases]\n"
        f"* = host={direct.hostname} port={direct.port} user={direct.username}{password}\n"
        "[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"pool_mode = transaction\ndefault_pool_size = {CONNECTIONS}\nmax_client_conn = 200\n"
    )
    with (directory / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen([_BINARY, *_unprivileged(), str(file)], stdout=log, stderr=log)
    try:
        wait_until(lambda: _listens(port), what=f"pgbouncer, see {log.name}")
        yield direct._replace(netloc=f"{direct.username}@127.0.0.1:{port}").geturl()
    finally:
        process.kill()
        process.wait()


def _unprivileged() -> list[str]:
    """It refuses to run as root."""
    if os.getuid() != 0:
        return []
    known = {entry.pw_name for entry in pwd.getpwall()}
    return ["-u", next(name for name in ("postgres", "nobody") if name in known)]


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
