"""Programmes as hosts could have planned them, and the ways in which they could have written them down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from workshops.domain.draft.times import Span, Times
from workshops.domain.draft.values import (
    Draft,
    DraftAppearance,
    DraftDay,
    DraftSession,
    DraftWorkshop,
    OverviewRow,
)

_HOME, _PARTNER = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Istanbul")
_WORDS = (
    "Wasser",
    "Klima",
    "Straße",
    "Verkehr",
    "Größe",
    "Öffentlichkeit",
    "Übergang",
    "Häfen",
    "Nachbarschaft",
    "Bürgerbeteiligung",
    "Erfahrung",
    "İklim",
    "Işık",
    "Şehir",
    "Güneş",
    "Çocuklar",
    "Ağaç",
    "Ulaşım",
    "Kültür",
    "Yönetişim",
    "Öğrenci",
    "Dayanışma",
    "Göç",
    "Tarım",
    "Ormanlar",
    "Water",
    "Streets",
    "Housing",
    "Harbour",
    "Youth",
    "Climate",
    "Heating",
    "Parks",
    "Libraries",
    "Budget",
)
_NAMES = (
    "Ayşe Yıldız",
    "İbrahim Şahin",
    "Çiğdem Öztürk-Weiß",
    "Dr. Jürgen Müller",
    "Hilmar von der Heide",
    "Prof. Dr. Ülkü Güneş",
    "Ann O’Neill",
    "Max Ağaoğlu",
    "M. Ali Işık",
    "Renée Groß",
)
_ORGANISATIONS = (
    "Stadt Köln",
    "Deutscher Städtetag (DST)",
    "Türkiye Belediyeler Birliği (TBB)",
    "İzmir Büyükşehir Belediyesi",
    "City of Leeds",
    "Engagement Global",
    "Ministry of Transport",
)
_POSITIONS = (
    "Leiterin Umwelt",
    "Daire Başkanı",
    "Head of Migration",
    "Referentin Internationales, Leiterin Protokoll",
)
_FIRST_DAYS = (dt.date(2026, 6, 15), dt.date(2026, 12, 14), dt.date(2027, 3, 1))


def _titles(most: int = 4) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(_WORDS), min_size=1, max_size=most).map(" ".join)


@st.composite
def _people(draw: st.DrawFn, role: str) -> DraftAppearance:
    organisation = draw(st.sampled_from(_ORGANISATIONS))
    if role == "speaker" and draw(st.integers(0, 4)) == 0:
        return DraftAppearance(None, role, organisation, status="tbc")
    position = draw(st.sampled_from(["", *_POSITIONS]))
    status = draw(st.sampled_from(["confirmed", "tbc"]))
    return DraftAppearance(draw(st.sampled_from(_NAMES)), role, organisation, position, status)


@st.composite
def _sessions(draw: st.DrawFn, number: str = "") -> DraftSession:
    session = DraftSession(
        draw(_titles()), 0, minutes=draw(st.sampled_from([5, 10, 15, 45, 90])), number=number
    )
    if draw(st.integers(0, 5)) == 0:
        session.everybody = True
        return session
    for role, most in (("speaker", 3), ("moderator", 1), ("rapporteur", 1)):
        session.appearances += draw(st.lists(_people(role), max_size=most))
    return session


@st.composite
def _days(draw: st.DrawFn, date: dt.date, is_table: bool) -> DraftDay:
    day = DraftDay(date, 0)
    numbers = not is_table or draw(st.booleans())
    minute = 5 * draw(st.integers(7 * 12, 16 * 12))
    first = minute
    for index in range(1, draw(st.integers(1, 4)) + 1):
        session = draw(_sessions(str(index) if numbers else ""))
        if is_table:
            session.times = _times(date, minute)
        if numbers:
            parts = draw(st.integers(0, 2))
            session.parts = [draw(_sessions(f"{index}.{part}")) for part in range(1, parts + 1)]
            for part in session.parts if is_table else []:
                part.times = _times(date, minute)
        minute += session.minutes or 0
        day.sessions.append(session)
    day.times = _times(date, first, minute)
    return day


def _times(date: dt.date, minute: int, end: int | None = None) -> Times:
    """The two clocks on that date, from the time zones and not from any difference between them."""
    start = dt.datetime.combine(date, dt.time(), _HOME) + dt.timedelta(minutes=minute)
    until = dt.datetime.combine(date, dt.time(), _HOME) + dt.timedelta(minutes=end) if end else None
    spans = [
        Span(start.astimezone(zone).time(), until.astimezone(zone).time() if until else None)
        for zone in (_HOME, _PARTNER)
    ]
    return Times(*spans)


@dataclass(frozen=True)
class Style:
    """How a draft is written."""

    language: str
    is_table: bool
    has_overview: bool
    time: str
    joins: str
    breaks_rows_at: int
    hyphenates: bool
    turns_pages: bool
    columns: tuple[str, ...]


_COLUMNS = ("time", "item", "speaker", "duration")
styles = st.builds(
    Style,
    language=st.sampled_from(["de", "tr", "en"]),
    is_table=st.booleans(),
    has_overview=st.booleans(),
    time=st.sampled_from(["%H:%M", "%H.%M", "%I:%M %p", "%H:%M Uhr"]),
    joins=st.sampled_from(["-", " - ", "–", " – ", " "]),
    breaks_rows_at=st.sampled_from([18, 30, 200]),
    hyphenates=st.booleans(),
    turns_pages=st.booleans(),
    columns=st.permutations(_COLUMNS).map(tuple),
)


@st.composite
def programmes(draw: st.DrawFn, style: Style) -> Draft:
    first = draw(st.sampled_from(_FIRST_DAYS))
    last = first + dt.timedelta(days=3)
    draft = Draft(style.language, draw(_titles(3)).upper() + " FORUM", first, last)
    for number in range(1, draw(st.integers(1, 3)) + 1):
        dates = sorted(draw(st.sets(st.integers(0, 3), min_size=1, max_size=2)))
        draft.workshops.append(
            DraftWorkshop(
                0,
                number=number,
                title=draw(_titles(6)),
                hosts=draw(st.lists(st.sampled_from(_ORGANISATIONS), max_size=2, unique=True)),
                platform=draw(st.sampled_from(["Kudo", "Zoom", "Big Blue"])),
                days=[draw(_days(first + dt.timedelta(days=day), style.is_table)) for day in dates],
            )
        )
    if style.has_overview:
        draft.overview = [_overview(workshop) for workshop in draft.workshops]
    return draft


def _overview(workshop: DraftWorkshop) -> OverviewRow:
    dates = tuple(day.date for day in workshop.days)
    times = workshop.days[0].times
    return OverviewRow(0, workshop.number, workshop.title, workshop.platform, dates, times)


def without_lines(draft: Draft) -> Draft:
    """The same draft as if it had been read from nowhere: to compare what it says."""
    return replace(
        draft,
        readings=[],
        texts={},
        overview=[replace(row, line=0) for row in draft.overview],
        workshops=[
            replace(workshop, line=0, texts={}, days=[_day_without_lines(day) for day in workshop.days])
            for workshop in draft.workshops
        ],
    )


def _day_without_lines(day: DraftDay) -> DraftDay:
    return replace(day, line=0, sessions=[_session_without_lines(session) for session in day.sessions])


def _session_without_lines(session: DraftSession) -> DraftSession:
    return replace(
        session,
        line=0,
        appearances=[replace(who, line=0) for who in session.appearances],
        parts=[_session_without_lines(part) for part in session.parts],
    )
