"""The file: a ZIP of the database as its own tool writes it, a manifest, and the digests of both.

It is written from front to end, so that it can go into a pipe, and `sha256sum --check SHA256SUMS` checks it without us.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Protocol

from registration.domain.backup.errors import BackupError

FORMAT = 1
DATABASE, MANIFEST, DIGESTS = "database", "manifest.json", "SHA256SUMS"
_CHUNK = 1 << 20
# What Python's reader answers to files that are none, or not any more; RuntimeError: “encrypted”, “unknown method”.
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(KeyError, ValueError, TypeError, OverflowError, RuntimeError, AttributeError),
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup was made of, so that a restore can say what it is before it touches anything."""

    version: str
    made_at: str
    engine: str
    server: str
    migrations: list[str]
    tables: dict[str, int]
    format: int = FORMAT


class Writable(Protocol):
    def write(self, data: bytes, /) -> Any: ...


class ArchiveWriter:
    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self._digests: dict[str, str] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Writable]:
        info = zipfile.ZipInfo(name)
        info.external_attr = 0o600 << 16
        try:
            with self._zip.open(info, "w", force_zip64=True) as file:
                counted = _Digesting(file)
                yield counted
        except BaseException:
            # As it is thrown away it would write a ZIP's end after what was broken off.
            self._zip.fp = None
            raise
        self._digests[name] = counted.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        with self.member(MANIFEST) as file:
            file.write(json.dumps(dataclasses.asdict(manifest), indent=1).encode())
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._digests.items()))
        with self.member(DIGESTS) as file:
            file.write(lines.encode())
        self._zip.close()


class _Digesting:
    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        return self._file.write(data)

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


class Archive:
    """A backup that was read to its end and found whole. Raises BackupError where it is not."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
            self._require_digests()
            self.manifest = _manifest(self._zip.read(MANIFEST))
        except _UNREADABLE as error:
            raise BackupError(
                "This is no backup of Köprü, or it is damaged. Nothing was restored."
            ) from error

    def copy_database(self, target: Writable) -> None:
        with self._zip.open(DATABASE) as file:
            shutil.copyfileobj(file, target, _CHUNK)

    def _require_digests(self) -> None:
        named = self._zip.read(DIGESTS).decode().splitlines()
        if named != [f"{self._digest(name)}  {name}" for name in (DATABASE, MANIFEST)]:
            raise ValueError(DIGESTS)

    def _digest(self, name: str) -> str:
        with self._zip.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _manifest(text: bytes) -> Manifest:
    values = json.loads(text)
    if values.get("format") != FORMAT:
        raise BackupError("This backup was made by a newer version of Köprü. Restore it with that version.")
    return Manifest(**values)
