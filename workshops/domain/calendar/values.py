"""Calendar entries as plain values, in the words of one language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from workshops.languages import Text, choose


class Method(StrEnum):
    """What a calendar program is to do with the entries (RFC 5546, section 1.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Status(StrEnum):
    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language it is in: another than the reader's where that one is missing."""

    text: str
    language: str

    @classmethod
    def of(cls, text: Text, language: str) -> Said:
        return cls(*choose(text, language))


@dataclass(frozen=True, slots=True)
class Person:
    """`sent_by`: the address the mail comes from, where it is another."""

    name: str
    email: str
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class Attendee:
    """`is_needed`: takes part actively; who listens is optional to the others' calendars."""

    name: str
    email: str
    is_needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event. `start` is None while the time is to be announced: the entry is the whole home date then.

    `stamped` is when this was said, `modified` when what a calendar shows was last another (both in UTC).
    """

    uid: str
    sequence: int
    created: dt.datetime
    modified: dt.datetime
    stamped: dt.datetime
    status: Status
    date: dt.date
    start: dt.datetime | None
    end: dt.datetime | None
    summary: Said
    description: Said
    category: Said
    location: str
    url: str
    is_busy: bool = True
    attendee: Attendee | None = None

    @property
    def is_cancelled(self) -> bool:
        return self.status is Status.CANCELLED

    @property
    def is_to_be_announced(self) -> bool:
        return self.start is None

    @property
    def has_alarm(self) -> bool:
        return self.start is not None and self.status is Status.CONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Entries of one conference; `zones` are IANA names, the home zone first."""

    name: Said
    method: Method
    zones: tuple[str, ...]
    organizer: Person
    entries: tuple[Entry, ...]
