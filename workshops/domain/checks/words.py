"""How findings name things and times, in the active language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext, ngettext

from workshops.clocks import Face, Zone, faces
from workshops.domain.checks.finding import Place, Ref, in_each_language
from workshops.domain.programme import AppearanceEntry, DayEntry, SessionEntry, WorkshopEntry
from workshops.languages import Text, active_language, choose
from workshops.templatetags.texts import short_date


def said(text: Text) -> str:
    return choose(text, active_language())[0]


def workshop_name(workshop: WorkshopEntry) -> str:
    """As the admin names it: "Digital City (1)"."""
    title = said(workshop.title)
    return f"{title} ({workshop.number})" if workshop.number else title


def day_name(workshop: WorkshopEntry, day: DayEntry) -> str:
    return f"{workshop_name(workshop)}, {short_date(day.date)}"


def session_name(session: SessionEntry) -> str:
    return f"{session.number} {said(session.title)}"


def span(clocks: Sequence[Face]) -> str:
    """ "09:30–11:30 CET / 10:30–12:30 TRT"."""
    return " / ".join(f"{_times(face)} {face.label}" for face in clocks)


def _times(face: Face) -> str:
    start = face.start_text + _offset(face.day_offset)
    return f"{start}–{face.end_text}{_offset(face.end_day_offset)}" if face.end else start


def _offset(days: int) -> str:
    return f" ({days:+})".replace("-", "−") if days else ""


def moment(at: dt.datetime, zones: tuple[Zone, ...], home_date: dt.date) -> str:
    """ "11:50 CET / 12:50 TRT"."""
    return span(faces(start=at, end=None, zones=zones, home_date=home_date))


def apart(minutes: int) -> str:
    """A difference of clocks: "1 hour", "2 hours", "150 minutes"."""
    hours, rest = divmod(abs(minutes), 60)
    if rest:
        return in_minutes(abs(minutes))
    return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}


def in_minutes(minutes: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def who(appearance: AppearanceEntry) -> str:
    """ "N.N., City of Antalya", "Stefan Bege"."""
    name = appearance.speaker.full_name if appearance.speaker else ""
    if appearance.is_unnamed:
        name = gettext("N.N.")
    house = said(appearance.organisation.name) if appearance.organisation and not appearance.speaker else ""
    return ", ".join(part for part in (name, house) if part)


def workshop_place(workshop: WorkshopEntry) -> Place:
    text = in_each_language(lambda: workshop_name(workshop))
    return Place(text, Ref("workshop", workshop.id), workshop=workshop.id)


def day_place(workshop: WorkshopEntry, day: DayEntry) -> Place:
    text = in_each_language(lambda: day_name(workshop, day))
    return Place(text, Ref("workshopday", day.id), workshop=workshop.id)


def session_place(
    workshop: WorkshopEntry, day: DayEntry, session: SessionEntry, index: int | None = None
) -> Place:
    text = in_each_language(lambda: f"{day_name(workshop, day)}: {session_name(session)}")
    return Place(text, Ref("session", session.id, index), workshop=workshop.id)
