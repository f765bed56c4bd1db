"""Where the demo keeps its data, and the secrets it makes for itself.

Standard library only: the start runs this before it knows that anything is installed.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ORGANISER_EMAIL = "organiser@example.org"
_SAFE_SOCKET_PATH = re.compile(r"[A-Za-z0-9/._-]+")
# sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included.
_LONGEST_SOCKET_PATH = 100


class DataDirError(Exception):
    """The directory cannot hold the demo's data; the message is one line for the operator."""


@dataclass(frozen=True)
class Secrets:
    """Made up once: Django's key, the keys of the encrypted fields, the organiser's password."""

    secret_key: str
    field_keys: list[str]
    organiser_password: str


def data_dir() -> Path:
    """`DATA_DIR`, else `var/` beside manage.py. A relative one counts from the directory of manage.py."""
    return (ROOT / (os.environ.get("DATA_DIR") or "var")).resolve()


def require_writable(directory: Path) -> None:
    """Raises DataDirError unless files can be made in `directory`, which is made where it is missing."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise DataDirError(f"DATA_DIR cannot be written: {directory} ({error.strerror}).") from error
    for name in ("db.sqlite3", "secrets.json"):
        if (directory / name).exists() and not os.access(directory / name, os.W_OK):
            raise DataDirError(f"DATA_DIR cannot be written: {directory / name} is read-only.")


def load_secrets(directory: Path) -> Secrets:
    """The demo's secrets, made on first use and readable by their owner only."""
    path = directory / "secrets.json"
    if not path.exists():
        _write_once(path, _new_secrets())
    try:
        return Secrets(**json.loads(path.read_text()))
    except OSError as error:
        raise DataDirError(f"{path} cannot be read ({error.strerror}).") from error
    except (ValueError, TypeError) as error:
        raise DataDirError(
            f"{path} is damaged: put the former file back, or remove it with all demo data."
        ) from error


def _new_secrets() -> dict[str, object]:
    return {
        "secret_key": secrets.token_urlsafe(50),
        "field_keys": [base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()],
        "organiser_password": secrets.token_urlsafe(9),
    }


def _write_once(path: Path, value: dict[str, object]) -> None:
    """Links a finished file into place: of two processes at once one wins, and both read the same."""
    require_writable(path.parent)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(value, file)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink()


def socket_path(directory: Path) -> Path:
    """Valkey's socket: in the data directory, or in a private one where that path is long or has odd letters.

    The same directory always leads to the same path: manage.py in another shell finds the running server.
    """
    path = directory / "valkey.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH and _SAFE_SOCKET_PATH.fullmatch(str(path)):
        return path
    short = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"koprue-{os.getuid()}-{short}" / "valkey.sock"


def require_private(directory: Path) -> None:
    """Raises DataDirError where someone else owns the socket's directory: they could read what we send."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if directory.stat().st_uid != os.getuid():
        raise DataDirError(f"{directory} belongs to another user.")
