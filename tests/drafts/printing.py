"""Writes a programme down as hosts do, in one of three languages, for `layouts` to put into a file."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator

from tests.drafts.layouts import Pages, Paragraph, Table
from tests.drafts.programmes import Style
from workshops.domain.draft.times import Span, Times
from workshops.domain.draft.values import Draft, DraftAppearance, DraftDay, DraftSession, DraftWorkshop

_MONTHS = {
    "de": {3: "März", 6: "Juni", 12: "Dezember"},
    "tr": {3: "Mart", 6: "Haziran", 12: "Aralık"},
    "en": {3: "March", 6: "June", 12: "December"},
}
_SAY = {
    "de": {
        "workshop": "Fachworkshop {}:",
        "hosts": "organisiert von:",
        "platform": "Virtuelle Plattform",
        "home": "(deutscher Zeit, CET)",
        "partner": "(türkischer Zeit, TRT)",
        "format": "Ablauf und Konzeption des Fachworkshops",
        "day": "Tag {}",
        "all": "alle",
        "moderator": "Moderation",
        "rapporteur": "Rapporteure",
        "minutes": "{} Min.",
        "time": "Zeit",
        "item": "Programmpunkt",
        "speaker": "Redner/in",
        "duration": "Dauer",
        "column": "Fachworkshop",
        "and": "Die Zeit und der Ort stehen fest, und der Ablauf ist die Sache der Stadt.",
    },
    "tr": {
        "workshop": "{}. Çalıştay:",
        "hosts": "Düzenleyen:",
        "platform": "Çevrim içi platform:",
        "home": "(Almanya saati)",
        "partner": "(TSİ)",
        "format": "Akış",
        "day": "{}. Gün",
        "all": "herkes",
        "moderator": "Moderatör",
        "rapporteur": "Raportörler",
        "minutes": "{} dk.",
        "time": "Saat",
        "item": "Gündem",
        "speaker": "Konuşmacı",
        "duration": "Süre",
        "column": "Çalıştay",
        "and": "Çalıştay ve saat belli, süre ve gündem ise saat ve gün gibi kesinleşti.",
    },
    "en": {
        "workshop": "Workshop {} –",
        "hosts": "Organised by:",
        "platform": "Virtual platform",
        "home": "(CET)",
        "partner": "(TRT)",
        "format": "Agenda",
        "day": "Day {}",
        "all": "all",
        "moderator": "Moderated by",
        "rapporteur": "Rapporteurs",
        "minutes": "{} minutes",
        "time": "Time",
        "item": "Item",
        "speaker": "Speaker",
        "duration": "Duration",
        "column": "Workshop",
        "and": "The time and the place of the workshop are settled, and the city agrees.",
    },
}


def written(draft: Draft, style: Style) -> Pages:
    writer = _Writer(style)
    first, last = draft.first_day, draft.last_day
    assert first is not None
    assert last is not None
    month = _MONTHS[style.language][first.month]
    pages: list[list[Paragraph | Table]] = [[Paragraph(writer.say["and"])]]
    if draft.overview:
        pages[0].append(writer.overview(draft.workshops))
    for workshop in draft.workshops:
        pages += (
            _turned(list(writer.workshop(workshop))) if style.turns_pages else [[*writer.workshop(workshop)]]
        )
    return Pages(f"{draft.title}, {first.day}.-{last.day}. {month.upper()} {first.year}", pages)


def _turned(blocks: list[Paragraph | Table]) -> list[list[Paragraph | Table]]:
    """A page ends within each table, which goes on without its head, as the real draft's do."""
    pages: list[list[Paragraph | Table]] = [[]]
    for block in blocks:
        if isinstance(block, Table) and len(block.rows) > 2:
            pages[-1].append(Table(block.rows[:2]))
            pages.append([Table(block.rows[2:])])
        else:
            pages[-1].append(block)
    return pages


class _Writer:
    def __init__(self, style: Style) -> None:
        self.style = style
        self.say = _SAY[style.language]

    def overview(self, workshops: list[DraftWorkshop]) -> Table:
        head = [
            [self.say["time"]],
            [self.say["column"]],
            [self.say["platform"].split()[-1].strip(":").title()],
        ]
        rows = [
            [
                [self._dates(workshop.days), *self._clocks(workshop.days[0].times)],
                self._hyphenated(f"{workshop.title} ({workshop.number})"),
                [workshop.platform],
            ]
            for workshop in workshops
        ]
        return Table([head, *rows])

    def workshop(self, workshop: DraftWorkshop) -> Iterator[Paragraph | Table]:
        heading = self.say["workshop"].format(workshop.number)
        if heading.endswith(":") and len(workshop.title) > 30:
            yield Paragraph(heading)
            yield Paragraph(workshop.title)
        else:
            yield Paragraph(f"{heading} {workshop.title}")
        if workshop.hosts:
            yield Paragraph(f"{self.say['hosts']} {'; '.join(workshop.hosts)}")
        times = workshop.days[0].times
        when = f"{self._dates(workshop.days)}, {' / '.join(self._clocks(times))} {self.say['platform']} "
        yield Paragraph(when + workshop.platform)
        yield Paragraph(self.say["format"])
        for number, day in enumerate(workshop.days, 1):
            if len(workshop.days) > 1:
                clocks = " / ".join(self._clocks(day.times))
                yield Paragraph(f"{self.say['day'].format(number)} ({self._dates([day])}), {clocks}")
            yield from [self._table(day)] if self.style.is_table else self._list(day)

    def _dates(self, days: list[DraftDay]) -> str:
        """ "3./10. Juni 2020"; across months each with its own."""
        dates = [day.date for day in days]
        months = _MONTHS[self.style.language]
        return f"{' / '.join(f'{date.day}.' for date in dates)} {months[dates[0].month]} {dates[0].year}"

    def _clocks(self, times: Times) -> list[str]:
        assert times.home is not None
        assert times.partner is not None
        return [
            f"{self._span(times.home)} {self.say['home']}",
            f"{self._span(times.partner)} {self.say['partner']}",
        ]

    def _span(self, span: Span) -> str:
        times = [span.start] if span.end is None else [span.start, span.end]
        return self.style.joins.join(self._time(time) for time in times)

    def _time(self, time: dt.time) -> str:
        return time.strftime(self.style.time)

    def _table(self, day: DraftDay) -> Table:
        head = [[self.say[column]] for column in self.style.columns]
        sessions = [both for session in day.sessions for both in (session, *session.parts)]
        return Table(
            [head, *([self._cell(session, name) for name in self.style.columns] for session in sessions)]
        )

    def _cell(self, session: DraftSession, column: str) -> list[str]:
        if column == "time":
            home, partner = self._clocks(session.times)
            return [f"{home} /", partner]
        if column == "item":
            return self._hyphenated(f"{session.number}. {session.title}" if session.number else session.title)
        if column == "duration":
            return [self.say["minutes"].format(session.minutes)]
        if session.everybody:
            return [self.say["all"]]
        return [line for who in session.appearances for line in self._broken(self._with_role(who))]

    def _broken(self, text: str) -> list[str]:
        return textwrap.wrap(text, self.style.breaks_rows_at, break_long_words=False, break_on_hyphens=False)

    def _hyphenated(self, text: str) -> list[str]:
        """Broken also within a long word at the end of a line."""
        lines = self._broken(text)
        for index, line in enumerate(lines if self.style.hyphenates else []):
            rest, _, word = line.rpartition(" ")
            if len(word) > 8 and index + 1 < len(lines):
                half = len(word) // 2
                lines[index] = f"{rest} {word[:half]}-".strip()
                lines[index + 1] = f"{word[half:]} {lines[index + 1]}"
        return lines

    def _with_role(self, who: DraftAppearance) -> str:
        return (
            self._somebody(who) if who.role == "speaker" else f"{self.say[who.role]}: {self._somebody(who)}"
        )

    def _somebody(self, who: DraftAppearance) -> str:
        text = ", ".join(part for part in (who.name or "N.N.", who.position, who.organisation) if part)
        return f"{text} (tbc)" if who.status == "tbc" else text

    def _list(self, day: DraftDay) -> Iterator[Paragraph]:
        for session in day.sessions:
            yield from self._item(session, 0)
            for part in session.parts:
                yield from self._item(part, 1)

    def _item(self, session: DraftSession, depth: int) -> Iterator[Paragraph]:
        minutes = self.say["minutes"].format(session.minutes)
        yield Paragraph(f"{session.title} ({minutes})", f"{session.number}.", depth)
        if session.everybody:
            yield Paragraph(self.say["all"], "-", depth + 1)
        for who in session.appearances:
            if who.role == "speaker":
                yield Paragraph(self._somebody(who), "-", depth + 1)
            else:
                yield Paragraph(self._with_role(who))
