"""A draft that makes a conference of its own."""

from __future__ import annotations

import pytest

from tests import factories
from tests.import_programme.drafts import (
    draft,
    file_draft,
    first_import,
    import_draft,
    programme,
    snapshot,
)
from tests.import_programme.test_differences import FIRST_WHEN
from workshops.domain.import_programme.apply import apply
from workshops.domain.import_programme.compare import compare
from workshops.domain.import_programme.preview import preview
from workshops.models import Conference, DraftImport, Membership, Organisation, Session, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db


def test_a_further_conference_does_not_take_the_place_of_the_one_on_the_site() -> None:
    there = factories.make_conference()
    assert first_import().is_current is False
    there.refresh_from_db()
    assert there.is_current is True


@pytest.mark.parametrize("name", ["vorkonferenz.txt", "iklim.txt", "citydays.txt"])
def test_changes_nothing_the_second_time(name: str) -> None:
    conference = first_import(file_draft(name))
    before = snapshot(conference)
    assert compare(draft=file_draft(name), conference=conference) == []
    assert import_draft(file_draft(name), conference).done == []
    assert snapshot(conference) == before


def test_a_turkish_draft_makes_a_turkish_programme() -> None:
    conference = first_import(file_draft("iklim.txt"))
    made = programme(conference)
    texts = [w.title for w in made.workshops] + [
        s.title for w in made.workshops for d in w.days for s in d.walk()
    ]
    assert texts
    assert all(text["tr"] and not text["de"] and not text["en"] for text in texts)


def test_whoever_makes_a_conference_looks_after_it() -> None:
    organiser = factories.make_organiser()
    applied = apply(conference=None, draft=draft(), picked=None, by=organiser, file_name="Entwurf.docx")
    assert list(Membership.objects.values_list("user", "conference", "workshop")) == [
        (organiser.pk, applied.conference.pk if applied.conference else 0, None)
    ]
    kept = DraftImport.objects.get()
    assert (kept.status, kept.file_name, kept.conference, kept.applied_by) == (
        "applied",
        "Entwurf.docx",
        applied.conference,
        organiser,
    )


def test_one_session_of_an_empty_database_brings_what_it_lies_in() -> None:
    picked = {c.key for c in compare(draft=draft(), conference=None) if c.where.endswith("› Urfa")}
    applied = apply(conference=None, draft=draft(), picked=picked)
    assert [(c.what, c.after) for c in applied.done] == [
        ("conference", "Virtuelle Vorkonferenz"),
        ("platform", "Kudo"),
        ("organisation", "Engagement Global/Servicestelle Kommunen in der Einen Welt"),
        ("organisation", "Deutsche Gesellschaft für Internationale Zusammenarbeit"),
        ("organisation", "IMAP"),
        ("organisation", "Urfa"),
        ("speaker", "Bülent Arslan"),
        ("speaker", "İbrahim Karatüme"),
        (
            "workshop",
            "Schutzfunktion der Kommunen für marginalisierte Gruppen und Geflüchtete in der COVID-19-Krise (3)",
        ),
        ("day", "16.06.2020"),
        ("session", "Deutsch-Türkischer Erfahrungsaustausch"),
        ("part", "Präsentationen der Kommunen"),
        ("part", "Urfa"),
    ]


def test_a_day_that_ends_before_it_begins_is_refused_with_all_in_it() -> None:
    backwards = draft((FIRST_WHEN, "11:30-09:30 Uhr (deutscher Zeit, CET)"))
    applied = import_draft(backwards)
    assert [refusal.change.what for refusal in applied.refused] == ["day", *["session"] * 10]
    assert applied.refused[0].reason == "The day ends before it starts."
    assert Workshop.objects.count() == 4
    assert WorkshopDay.objects.filter(workshop__number=1).count() == 0
    assert Session.objects.count() == 32


def test_an_empty_database_stays_empty() -> None:
    seen = preview(draft=draft(), conference=None)
    assert seen.programme is not None
    assert [(w.number, len(list(w.appearances()))) for w in seen.programme.workshops] == [
        (1, 9),
        (2, 12),
        (3, 10),
        (4, 4),
    ]
    assert (Conference.objects.count(), Organisation.objects.count(), DraftImport.objects.count()) == (
        0,
        0,
        0,
    )


def test_it_finds_exactly_the_contradictions_of_the_draft() -> None:
    found = [finding.code for finding in preview(draft=draft(), conference=None).findings]
    assert [code for code in found if code not in {"translation-missing", "session-without-duration"}] == [
        "clocks-disagree",
        "agenda-shorter-than-day",
        "day-outside-conference",
        "day-outside-conference",
        *["speaker-open"] * 5,
    ]


def test_an_error_is_said_once() -> None:
    seen = preview(draft=draft((FIRST_WHEN, "11:30-09:30 Uhr (deutscher Zeit, CET)")), conference=None)
    errors = [finding for finding in seen.findings if finding.severity == "error"]
    assert [(error.code, [place.line for place in error.places]) for error in errors] == [
        ("ends-before-start", [98])
    ]


def test_a_draft_without_any_date_makes_no_conference() -> None:
    seen = preview(
        draft=draft(text="Unser Treffen\n\nFachworkshop 1: Wasser\n\nHintergrund\n\nViel Text."),
        conference=None,
    )
    assert seen.programme is None
    assert {(finding.code, finding.severity) for finding in seen.findings} == {("cannot-be-kept", "error")}
    assert seen.findings[0].message["en"] == "The draft does not say on which days the conference is."
