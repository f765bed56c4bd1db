"""The hosts' own draft, and what an organiser makes of it in the weeks after."""

from __future__ import annotations

from pathlib import Path

from workshops.domain.build_programme import build_programme
from workshops.domain.draft.files.open import read_file
from workshops.domain.draft.read import read_draft
from workshops.domain.draft.values import Draft
from workshops.domain.import_programme.apply import Applied, apply
from workshops.domain.import_programme.changes import Change
from workshops.domain.import_programme.compare import compare
from workshops.domain.programme import Programme, SessionEntry
from workshops.domain.snapshot import to_snapshot
from workshops.models import Conference

FILES = Path(__file__).parents[1] / "drafts" / "files"
TEXT = (FILES / "vorkonferenz.txt").read_text(encoding="utf-8")

KONYA = (
    """09:50 (CET) / 10:50 (TRT)	Praxisbeispiel aus der Türkei	Harun Yiğit, Stadt Konya	15 Min."""
)
ESSEN = """10:05 (CET) / 11:05 (TRT)	Praxisbeispiel aus Deutschland	Peter Aldelskamp, Stadt Essen	15 Min."""

Row = tuple[str, str, str, object, object]


def draft(*replaced: tuple[str, str], text: str = TEXT) -> Draft:
    """The draft with some of its words replaced, each of which must be in it."""
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new)
    return read_draft(read_file(name="draft.txt", data=text.encode()))


def file_draft(name: str) -> Draft:
    return read_draft(read_file(name=name, data=(FILES / name).read_bytes()))


def import_draft(source: Draft, conference: Conference | None = None) -> Applied:
    """Applies all that is meant by default."""
    return apply(conference=conference, draft=source, picked=None)


def first_import(source: Draft | None = None) -> Conference:
    applied = import_draft(source or draft())
    assert applied.refused == []
    assert applied.conference is not None
    return applied.conference


def rows(changes: list[Change]) -> list[Row]:
    return [(c.kind, c.what, c.where.rsplit(" › ", 1)[-1], c.field, c.after) for c in changes]


def differences(conference: Conference | None, *replaced: tuple[str, str]) -> list[Row]:
    """What the draft with some of its words replaced would change by default."""
    found = compare(draft=draft(*replaced), conference=conference)
    return rows([change for change in found if change.by_default])


def programme(conference: Conference) -> Programme:
    conference.refresh_from_db()
    return build_programme(conference=conference)


def snapshot(conference: Conference) -> dict[str, object]:
    return to_snapshot(programme(conference))


def agenda(source: Programme, number: int, day: int = 0) -> list[tuple[str, str, int | None, str, list[str]]]:
    """Number, title, minutes, kind and people of each item of one day."""
    workshop = next(workshop for workshop in source.workshops if workshop.number == number)
    return [_row(session) for session in workshop.days[day].walk()]


def _row(session: SessionEntry) -> tuple[str, str, int | None, str, list[str]]:
    who = [
        ", ".join(
            part
            for part in (
                a.speaker.full_name if a.speaker else "",
                a.organisation.name["de"] if a.organisation else "",
                a.role,
                "tbc" if a.is_open else "",
            )
            if part
        )
        for a in session.appearances
    ]
    return session.number, session.title["de"], session.duration_minutes, session.kind, who
