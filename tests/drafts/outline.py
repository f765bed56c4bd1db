"""A draft as lines that say everything in it but the numbers of its lines: one text to compare it by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from workshops.domain.draft.times import Span, Times
from workshops.domain.draft.values import Draft, DraftAppearance, DraftDay, DraftSession, DraftWorkshop


def outline(draft: Draft) -> str:
    return "\n".join(_draft(draft)) + "\n"


def _draft(draft: Draft) -> Iterator[str]:
    languages = ", ".join(draft.languages) or "-"
    yield f"{draft.title} | {draft.first_day} - {draft.last_day} | {draft.language} | interpreted: {languages}"
    yield from _texts(draft.texts)
    for row in draft.overview:
        dates = ", ".join(str(date) for date in row.dates)
        yield f"overview {row.number} {row.title} | {row.platform} | {dates} {_times(row.times)}"
    for workshop in draft.workshops:
        yield ""
        yield from _workshop(workshop)
    yield ""
    yield from (f"unread: {reading.text}" for reading in draft.unread)


def _workshop(workshop: DraftWorkshop) -> Iterator[str]:
    yield f"{workshop.kind} {workshop.number}: {workshop.title}"
    languages = ", ".join(workshop.languages) or "-"
    yield f"  on {workshop.platform} | places: {workshop.places} | interpreted: {languages}"
    yield from (f"  host {host}" for host in workshop.hosts)
    yield from _texts(workshop.texts)
    for day in workshop.days:
        yield from _day(day)


def _texts(texts: dict[str, list[str]]) -> Iterator[str]:
    for name, paragraphs in texts.items():
        for text in paragraphs:
            yield f"  {name}: {text if len(text) < 80 else f'{text[:40]} … {text[-30:]}'}"


def _day(day: DraftDay) -> Iterator[str]:
    yield " ".join(text for text in (f"  {day.date}", _times(day.times), day.title) if text)
    for session in day.sessions:
        yield from _session(session, "    ")
    yield from (f"    result {text}" for text in day.results)


def _session(session: DraftSession, indent: str) -> Iterator[str]:
    minutes = f"{session.minutes} min" if session.minutes else ""
    everybody = "| everybody" if session.everybody else ""
    number = f"{session.number}." if session.number else "*"
    head = (number, _times(session.times), minutes, session.title, everybody)
    yield indent + " ".join(text for text in head if text)
    yield from (f"{indent}  : {line}" for line in session.description.split("\n") if line)
    yield from (f"{indent}  ? {question}" for question in session.questions)
    yield from (f"{indent}  {_appearance(appearance)}" for appearance in session.appearances)
    for part in session.parts:
        yield from _session(part, indent + "    ")


def _appearance(who: DraftAppearance) -> str:
    texts = (who.name or "N.N.", who.position, who.organisation)
    return f"{who.role} {' | '.join(text or '-' for text in texts)}{' (tbc)' if who.status == 'tbc' else ''}"


def _times(times: Times) -> str:
    return " / ".join(_span(span) for span in (times.home, times.partner)) if times else ""


def _span(span: Span | None) -> str:
    return (
        f"{_time(span.start)}-{_time(span.end)}" if span and span.end else _time(span.start) if span else "-"
    )


def _time(time: dt.time) -> str:
    return f"{time:%H:%M}"
