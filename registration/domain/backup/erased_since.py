"""A restore brings back whoever was erased after the backup; their numbers, kept elsewhere, erase them again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable

from django.utils.dateparse import parse_datetime

from registration.domain.backup.errors import BackupError

EVENT = "personal data erased"


def erased_since(*, lines: Iterable[str], made_at: dt.datetime) -> list[int]:
    """The numbers in a list of them, or in log lines (with whatever a log collector puts before them).

    Lines older than the backup are left out: after an earlier restore their numbers may be other people's by now.
    """
    found: set[int] = set()
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.isascii() and text.isdigit():
            found.add(int(text))
        elif EVENT in text:
            found |= _told_by(text, number, made_at)
    return sorted(found)


def _told_by(text: str, number: int, made_at: dt.datetime) -> set[int]:
    try:
        told = json.loads(text[text.index("{") :])
        at = parse_datetime(told["timestamp"])
        return {int(told["participant"])} if at is None or at >= made_at else set()
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"Line {number} of the list of erased people cannot be read.") from error
