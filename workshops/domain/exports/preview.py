"""The picture that goes with a link in social networks: drawn here, with both clocks, in the page's language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from workshops.clocks import Face, LegendEntry
from workshops.domain.logo import ShownLogo
from workshops.domain.printing import drawn
from workshops.domain.programme import (
    DayEntry,
    Programme,
    SessionEntry,
    SpeakerEntry,
    WorkshopEntry,
    common_legend,
)
from workshops.languages import Text, active_language, choose
from workshops.templatetags.texts import date_range, kind_name, weekday_date

WIDTH, HEIGHT = 1200, 630
_MOST_ROWS = 2
# From how many letters on a title is set smaller.
_LONG, _VERY_LONG = 50, 95
_ROW_AS_LETTERS = 25


@dataclass(frozen=True, slots=True)
class Row:
    """A date with both clocks; `faces` is empty while the time is to be announced."""

    date: str
    faces: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """`more` counts the dates there was no room for; `foot` is what all this belongs to."""

    overline: str
    title: str
    subtitle: str
    rows: tuple[Row, ...]
    more: int
    legend: tuple[LegendEntry, ...]
    foot: str

    @property
    def size(self) -> str:
        length = len(self.title) + _ROW_AS_LETTERS * (len(self.rows) - 1)
        return "smallest" if length > _VERY_LONG else "smaller" if length > _LONG else "large"

    @property
    def has_room(self) -> bool:
        return self.size != "smallest" and len(self.rows) < _MOST_ROWS


def preview(
    *,
    programme: Programme,
    language: str,
    about: WorkshopEntry | SpeakerEntry | None = None,
    logo: ShownLogo | None = None,
) -> bytes:
    """A PNG of 1200 × 630 about the conference, a workshop or a speaker. Raises PdfUnavailableError."""
    with override(language):
        context = {
            "card": card_of(programme, about),
            "language": language,
            "logo": logo,
        }
        html = render_to_string("pdf/preview.html", context)
    return drawn(html=html, pictures={"logo": logo.data} if logo else None)


def card_of(programme: Programme, about: WorkshopEntry | SpeakerEntry | None) -> Card:
    if isinstance(about, WorkshopEntry):
        return _workshop(programme, about)
    if isinstance(about, SpeakerEntry):
        return _speaker(programme, about)
    return _conference(programme)


def _conference(programme: Programme) -> Card:
    """With the beginning: the first day that has a time."""
    conference = programme.conference
    days = [day for date in programme.dates() for _, day in date.items if day.start is not None]
    first = next((day for day in days if day.date >= conference.starts_on), None)
    begins = gettext("Begins on %(date)s") % {"date": weekday_date(first.date)} if first else ""
    return Card(
        overline=f"{date_range(conference.starts_on, conference.ends_on)} · {gettext('online')}",
        title=_text(conference.name),
        subtitle=_text(conference.tagline),
        rows=(Row(begins, _start(first)),) if first else (),
        more=0,
        legend=first.legend if first else (),
        foot=_text(conference.sender_name),
    )


def _start(day: DayEntry) -> tuple[Face, ...]:
    """Without the end: the conference does not end with its first event."""
    return tuple(replace(face, end=None) for face in day.faces)


def _workshop(programme: Programme, workshop: WorkshopEntry) -> Card:
    return _with_rows(
        programme,
        overline=kind_name(workshop),
        title=_text(workshop.title),
        subtitle=_text(workshop.subtitle),
        found=[(day, day.faces) for day in workshop.days],
    )


def _speaker(programme: Programme, speaker: SpeakerEntry) -> Card:
    found = [
        (day, session)
        for workshop in programme.workshops
        for day, session, appearance in workshop.appearances()
        if appearance.speaker == speaker
    ]
    found.sort(key=lambda item: (item[0].date, item[1].start is None, _moment(item[1])))
    shown = [_text(speaker.position), _text(speaker.organisation.name) if speaker.organisation else ""]
    return _with_rows(
        programme,
        overline=gettext("In the programme"),
        title=speaker.full_name,
        subtitle=", ".join(part for part in shown if part),
        found=[(day, session.faces) for day, session in found],
    )


def _moment(session: SessionEntry) -> float:
    return session.start.timestamp() if session.start else 0


def _with_rows(
    programme: Programme,
    *,
    overline: str,
    title: str,
    subtitle: str,
    found: list[tuple[DayEntry, tuple[Face, ...]]],
) -> Card:
    rows = tuple(dict.fromkeys(Row(weekday_date(day.date), faces) for day, faces in found))
    return Card(
        overline=overline,
        title=title,
        subtitle=subtitle,
        rows=rows[:_MOST_ROWS],
        more=len(rows[_MOST_ROWS:]),
        legend=common_legend(day for day, faces in found if faces),
        foot=_text(programme.conference.name),
    )


def _text(value: Text) -> str:
    return choose(value, active_language())[0]
