"""The stored messages: one .eml file each, named so that the names sort by time of arrival."""

from __future__ import annotations

import datetime as dt
import email
import os
import re
import tempfile
import time
import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_NAME = re.compile(r"\d{20}-[0-9a-f]{8}")
SHOWN_AT_MOST = 500


class MessageNotFoundError(Exception):
    """No message of that name is stored."""


@dataclass(frozen=True)
class StoredMessage:
    """A message with the name it is stored under."""

    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def recipient(self) -> str:
        return str(self.message["To"] or "")

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"] or "")

    @property
    def arrived_at(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(int(self.name.split("-")[0]) / 1e9, tz=dt.UTC)

    @property
    def date(self) -> dt.datetime | None:
        return parsedate_to_datetime(self.message["Date"]) if self.message["Date"] else None

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def attachments(self) -> list[str]:
        return [part.get_filename() or part.get_content_type() for part in self.message.iter_attachments()]

    def _body(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return part.get_content() if part else ""


def mailbox_directory() -> Path:
    """Raises ImproperlyConfigured outside the demo."""
    if settings.DEMO_MAILBOX_DIR is None:
        raise ImproperlyConfigured("There is no mailbox here.")
    return settings.DEMO_MAILBOX_DIR


def save(*, directory: Path, content: bytes) -> str:
    """Writes beside and renames, so that a reader never sees half a message; returns the message's name."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"
    handle, temporary = tempfile.mkstemp(dir=directory, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(temporary).rename(directory / f"{name}.eml")
    return name


def newest(*, directory: Path, limit: int = SHOWN_AT_MOST) -> list[StoredMessage]:
    names = sorted((path.stem for path in directory.glob("*.eml")), reverse=True)
    return [load(directory=directory, name=name) for name in names[:limit]]


def load(*, directory: Path, name: str) -> StoredMessage:
    """Raises MessageNotFoundError, also for a name save() never gives: it might lead out of here."""
    if not _NAME.fullmatch(name):
        raise MessageNotFoundError
    try:
        content = (directory / f"{name}.eml").read_bytes()
    except OSError as error:
        raise MessageNotFoundError from error
    return StoredMessage(name=name, message=email.message_from_bytes(content, policy=default))


def remove_naming(*, directory: Path, address: str) -> int:
    """Removes the messages from, to, or about an address, and returns how many they were."""
    removed = 0
    for path in directory.glob("*.eml"):
        if _names(email.message_from_bytes(path.read_bytes(), policy=default), address):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _names(message: EmailMessage, address: str) -> bool:
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    whole = re.compile(rf"(?<![\w.+%-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
    return any(whole.search(str(text)) for text in [*message.values(), *parts])
