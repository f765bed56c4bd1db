"""A letter as plain values, so that its plain text and its HTML cannot say different things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from django.utils.safestring import SafeString, mark_safe

from registration.domain.placeholders import fill
from workshops.languages import Text, choose
from workshops.markdown import to_html


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text of the organisers and the language it is in: another than the letter's where that is missing."""

    text: str
    language: str

    @classmethod
    def of(cls, text: Text, language: str) -> Phrase:
        return cls(*choose(text, language))


@dataclass(frozen=True, slots=True)
class OwnText:
    """Markdown of the hosts. What stands in for its placeholders is never read as Markdown: a name makes no link."""

    phrase: Phrase
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.phrase.language

    @property
    def filled(self) -> str:
        return fill(text=self.phrase.text, values=self.values)

    @property
    def html(self) -> SafeString:
        escaped = {name: escape(value) for name, value in self.values.items()}
        html = fill(text=to_html(self.phrase.text, first_heading=2), values=escaped)
        return mark_safe(html)  # noqa: S308 (sanitised, and the values escaped)  # nosec B308 B703


@dataclass(frozen=True, slots=True)
class Clock:
    """What one clock shows: "00:30–02:00", and "+1 (16 June 2020)" where its date is another one."""

    label: str
    time: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One day. `clocks` is empty while the time is to be announced; `pending` says so then."""

    date: str
    title: Phrase | None = None
    clocks: tuple[Clock, ...] = ()
    pending: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    label: str
    value: str
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class AccessDay:
    heading: str
    notice: str = ""
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One workshop. `changes`: what is no longer so; `guide` is Markdown: how to join on this platform."""

    heading: Phrase
    changes: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    rows: tuple[TimeRow, ...] = ()
    legend: tuple[str, ...] = ()
    pending: str = ""
    access: tuple[AccessDay, ...] = ()
    guide_heading: str = ""
    guide: Phrase | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The clocks' labels, for the heads of the table; none while every time is to be announced."""
        return next((tuple(clock.label for clock in row.clocks) for row in self.rows if row.clocks), ())

    @property
    def guide_html(self) -> str:
        return to_html(self.guide.text, first_heading=4) if self.guide else ""


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """`notice` stands above everything: that this is a test. `hint` tells the reader of a mail in two languages that
    theirs is the second.
    """

    language: str
    subject: str
    greeting: str
    opening: tuple[str, ...]
    text: OwnText | None = None
    sections: tuple[Section, ...] = ()
    details: tuple[Detail, ...] = ()
    button: Button | None = None
    closing: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    unsubscribe: Button | None = None
    hint: str = ""
    notice: str = ""
