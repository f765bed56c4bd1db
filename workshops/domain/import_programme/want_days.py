"""The days and agendas of a draft, as rows that store a day's hours and each session's length."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from workshops.clocks import Zone
from workshops.domain.checks.finding import Finding
from workshops.domain.draft.times import Span, Times
from workshops.domain.draft.values import DraftAppearance, DraftDay, DraftSession, DraftWorkshop, OverviewRow
from workshops.domain.import_programme.guesses import plain, role_in, session_kind
from workshops.domain.import_programme.problems import not_kept
from workshops.domain.import_programme.wanted import Wanted
from workshops.domain.import_programme.wanted_people import People
from workshops.unnamed import is_unnamed

Hours = tuple[dt.time, dt.time]
_LONGEST_TITLE = 300


class Days:
    def __init__(
        self, language: str, zones: tuple[Zone, Zone], people: People, problems: list[Finding]
    ) -> None:
        self.language, self.zones, self.people, self.problems = language, zones, people, problems

    def add_to(self, wanted: Wanted, workshop: DraftWorkshop, overview: OverviewRow | None) -> None:
        days = workshop.days or _days_of(overview)
        for day in days:
            times = day.times or (overview.times if overview else Times())
            wanted.below.append(self.day(wanted, day, times))

    def day(self, workshop: Wanted, day: DraftDay, times: Times) -> Wanted:
        minutes = _lengths(day.sessions, self._home, day.date, None)
        hours = self._hours(day, times, minutes)
        if hours:
            minutes = _lengths(day.sessions, self._home, day.date, hours[1])
        values: dict[str, Any] = {"date": day.date}
        if hours:
            values["opens"], values["closes"] = hours
        values[f"title_{self.language}"] = day.title[:200]
        values[f"results_{self.language}"] = _list(day.results)[:20_000]
        wanted = Wanted(
            "day",
            f"{workshop.ident}/{day.date:%Y-%m-%d}",
            f"{day.date:%d.%m.%Y}",
            values={key: value for key, value in values.items() if value is not None and value != ""},
            lines=(day.line,),
            parent=workshop,
        )
        self._add_sessions(wanted, day.sessions, minutes, day.date)
        return wanted

    # Hours

    def _hours(self, day: DraftDay, times: Times, minutes: Sequence[int | None]) -> Hours | None:
        """Opening and closing time on the home clock; a missing end follows from the sessions' lengths."""
        start, end = self._home(times, day.date) or (None, None)
        if start is None and day.sessions:
            start, _end = self._home(day.sessions[0].times, day.date) or (None, None)
        if start is None:
            return None
        known = [length for length in minutes if length]
        if end is None and known and len(known) == len(minutes):
            end = _later(start, sum(known))
        if end is None:
            self.problems.append(
                not_kept(
                    lambda: _("The draft says when this day begins, but not when it ends."), line=day.line
                )
            )
            return None
        return start, end

    def _home(self, times: Times, date: dt.date) -> tuple[dt.time, dt.time | None] | None:
        """A time on the home clock, computed from the partner's for that date where the draft gives that only."""
        if times.home is not None:
            return times.home.start, times.home.end
        if times.partner is None:
            return None
        return self._at_home(times.partner, date)

    def _at_home(self, span: Span, date: dt.date) -> tuple[dt.time, dt.time | None]:
        home, partner = ZoneInfo(self.zones[0].name), ZoneInfo(self.zones[1].name)

        def moved(time: dt.time) -> dt.time:
            return dt.datetime.combine(date, time, partner).astimezone(home).time()

        return moved(span.start), moved(span.end) if span.end else None

    # Sessions

    def _add_sessions(
        self, parent: Wanted, sessions: Sequence[DraftSession], minutes: Sequence[int | None], date: dt.date
    ) -> None:
        for session, length in zip(sessions, minutes, strict=True):
            parent.below.append(self._session(parent, session, length, date))

    def _session(self, parent: Wanted, session: DraftSession, minutes: int | None, date: dt.date) -> Wanted:
        title, description = _title_and_rest(session)
        values: dict[str, Any] = {
            f"title_{self.language}": title,
            f"description_{self.language}": description[:10_000],
            f"guiding_questions_{self.language}": _list(session.questions)[:10_000],
            "duration_minutes": minutes,
            "everybody": session.everybody or None,
        }
        wanted = Wanted(
            "part" if parent.what in {"session", "part"} else "session",
            f"{parent.ident}/{len(parent.below) + 1}",
            title,
            values={key: value for key, value in values.items() if value},
            guesses={"kind": session_kind(session.title)},
            lines=(session.line,),
            parent=parent,
        )
        self._add_people(wanted, session)
        lengths = _lengths(session.parts, self._home, date, None)
        self._add_sessions(wanted, session.parts, lengths, date)
        return wanted

    def _add_people(self, wanted: Wanted, session: DraftSession) -> None:
        seen: set[tuple[str, str]] = set()
        for appearance in session.appearances:
            person = self._appearance(wanted, session, appearance, len(wanted.people) + 1)
            if person is None:
                continue
            who = person.links["speaker"] or person.links["organisation"]
            key = (who.ident if who else "", person.guesses["role"])
            if person.links["speaker"] is None or key not in seen:
                wanted.people.append(person)
            seen.add(key)

    def _appearance(
        self, session: Wanted, source: DraftSession, appearance: DraftAppearance, number: int
    ) -> Wanted | None:
        organisation = self.people.organisation(
            appearance.organisation, line=appearance.line, session_title=source.title
        )
        speaker = self.people.speaker(appearance, organisation) if appearance.name else None
        if speaker is None and organisation is None:
            self.problems.append(not_kept(_nobody, line=appearance.line))
            return None
        if speaker is not None and speaker.links.get("organisation") is organisation:
            organisation = None
        role = role_in(source, appearance)
        return Wanted(
            "appearance",
            f"{session.ident}/@{number}",
            _called(speaker, organisation),
            values={"status": appearance.status, **({"role": role} if appearance.role != "speaker" else {})},
            guesses={"role": role},
            links={"speaker": speaker, "organisation": organisation},
            lines=(appearance.line,),
            parent=session,
        )


def _days_of(overview: OverviewRow | None) -> list[DraftDay]:
    return [DraftDay(date, overview.line) for date in overview.dates] if overview is not None else []


def _nobody() -> str:
    return _("“%(nobody)s” without an organisation cannot be kept.") % {"nobody": "N.N."}


def _called(speaker: Wanted | None, organisation: Wanted | None) -> str:
    kind = organisation.guesses["kind"] if organisation is not None else ""
    names = [speaker.words] if speaker is not None else []
    if is_unnamed(has_speaker=speaker is not None, organisation_kind=kind):
        names = ["N.N."]
    return ", ".join([*names, *([organisation.words] if organisation is not None else [])])


def _later(start: dt.time, minutes: int) -> dt.time | None:
    """The time `minutes` later; None on the other side of midnight, which no day of ours reaches."""
    end = dt.datetime.combine(dt.date.min, start) + dt.timedelta(minutes=minutes)
    return end.time() if end.date() == dt.date.min else None


def _lengths(
    sessions: Sequence[DraftSession], home: Any, date: dt.date, closes: dt.time | None
) -> list[int | None]:
    """Each session's minutes: as written, else up to the beginning of the next one, or to the end of the day."""
    starts = [(home(session.times, date) or (None, None))[0] for session in sessions]
    ends = [*starts[1:], closes][: len(starts)]
    return [
        session.minutes or _between(start, end)
        for session, start, end in zip(sessions, starts, ends, strict=True)
    ]


def _between(start: dt.time | None, end: dt.time | None) -> int | None:
    if start is None or end is None or end <= start:
        return None
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def _list(items: Sequence[str]) -> str:
    return "\n".join(f"- {item.removeprefix('- ')}" for item in items)


def _title_and_rest(session: DraftSession) -> tuple[str, str]:
    """The title, and the description with what of an overlong title did not fit."""
    title = " ".join(session.title.split())
    if not plain(title):
        return _("Session"), session.description
    if len(title) <= _LONGEST_TITLE:
        return title, session.description
    head = title[:_LONGEST_TITLE].rsplit(" ", 1)[0]
    rest = title[len(head) :].strip()
    return head, "\n\n".join(part for part in (rest, session.description) if part)
