from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from tests import factories
from tests.world import fill
from workshops.domain.checks.findings_for import findings_for
from workshops.domain.translations.missing import wanted_languages
from workshops.domain.translations.read import entries
from workshops.domain.translations.values import Entry, State, digest_of
from workshops.models import Conference, Organisation, Session, Workshop

pytestmark = pytest.mark.django_db


def test_an_entry_says_all_about_a_text(conference: Conference, workshop: Workshop) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(number=2)
    session = factories.make_session(workshop.days.get(), title_de="Vortrag", title_tr="Sunum", title_en="")
    part = factories.make_session(session.day, parent=session, description_de="Über **Städte**")
    with override("en"):
        found = {entry.key: entry for entry in entries(conference=conference)}
    assert found[f"workshops.session.{session.pk}.title"] == Entry(
        key=f"workshops.session.{session.pk}.title",
        model="session",
        object_id=session.pk,
        field="title",
        label="Session: title",
        context="Workshop 2 · Day 1 · 1",
        workshop_id=workshop.pk,
        texts={"de": "Vortrag", "tr": "Sunum", "en": ""},
        state={"de": State.SOURCE, "tr": State.TRANSLATED, "en": State.MISSING},
        source_language="de",
        made_from={"de": "de", "tr": "de", "en": "de"},
        made_from_digest={},
        max_length=300,
        is_markdown=False,
        is_multiline=False,
        is_required=True,
        digests={"de": digest_of("Vortrag"), "tr": digest_of("Sunum"), "en": digest_of("")},
    )
    described = found[f"workshops.session.{part.pk}.description"]
    assert (described.context, described.is_markdown, described.max_length, described.is_required) == (
        f"Workshop 2 · Day 1 · 1.1 · {part.title_en}",
        True,
        10_000,
        False,
    )


def test_texts_stand_in_reading_order(conference: Conference, workshop: Workshop) -> None:
    second = factories.make_workshop(conference, title_de="Zweiter")
    fill(workshop)
    factories.make_day(workshop, date=conference.starts_on + dt.timedelta(days=1), title_de="Später")
    models = [(e.model, e.workshop_id) for e in entries(conference=conference) if any(e.texts.values())]
    assert list(dict.fromkeys(models)) == [
        ("conference", None),
        ("workshop", workshop.pk),
        ("session", workshop.pk),
        ("workshopday", workshop.pk),
        ("workshop", second.pk),
        ("organisation", None),
    ]


def test_every_text_of_every_model_with_texts_is_there(conference: Conference, workshop: Workshop) -> None:
    fill(workshop)
    factories.make_platform(conference)
    fields = dict.fromkeys((entry.model, entry.field) for entry in entries(conference=conference))
    assert list(fields) == [
        *(("conference", f) for f in ("name", "tagline", "description", "home_zone_name")),
        *(("conference", f) for f in ("partner_zone_name", "sender_name", "imprint", "conciliation_name")),
        *(("conference", f) for f in ("conciliation_body", "accessibility_limits", "easy_language")),
        ("conference", "logo_alt"),
        *(("workshop", f) for f in ("title", "subtitle", "background", "goals", "format")),
        *(("workshopday", f) for f in ("title", "description", "results")),
        *(("session", f) for f in ("title", "description", "guiding_questions")),
        ("platform", "instructions"),
        ("platform", "connection_test"),
        ("organisation", "name"),
        ("speaker", "position"),
        ("speaker", "biography"),
    ]


def test_of_single_workshops_there_are_their_own_texts_only(
    conference: Conference, workshop: Workshop
) -> None:
    other = factories.make_workshop(conference)
    fill(workshop)
    fill(other)
    found = entries(conference=conference, workshops=[workshop.pk])
    assert {entry.workshop_id for entry in found} == {workshop.pk}
    assert found == [e for e in entries(conference=conference) if e.workshop_id == workshop.pk]
    assert entries(conference=conference, workshops=[]) == []


def test_other_conferences_texts_are_not_there(conference: Conference) -> None:
    other = factories.make_conference(is_current=False)
    fill(factories.make_workshop(other))
    assert {entry.model for entry in entries(conference=conference)} == {"conference"}


def test_entries_cost_the_same_for_one_workshop_and_for_many(
    conference: Conference, workshop: Workshop
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            entries(conference=conference)
        return len(captured)

    fill(workshop)
    entries(conference=conference)
    few = queries()
    for _number in range(3):
        fill(factories.make_workshop(conference))
        factories.make_platform(conference)
    assert queries() == few
    assert few < 12


def said_by_the_check(conference: Conference) -> dict[str, int]:
    found = findings_for(conference=conference)
    messages = [finding.message["en"] for finding in found if finding.code == "translation-missing"]
    return {m.replace("text is", "texts are"): int(m.rpartition(": ")[2].split()[0]) for m in messages}


def counted_here(conference: Conference) -> dict[str, int]:
    """The same sentences, made from the entries."""
    found = entries(conference=conference)
    names = {w.pk: str(w) for w in Workshop.objects.filter(conference=conference)}
    languages = wanted_languages(e.texts for e in found if e.workshop_id is not None)
    said: dict[str, int] = {}
    for code in languages:
        for group in [*names, "conference", "shared"]:
            name = names.get(group) or {"conference": "Conference"}.get(
                str(group), "Speakers, organisations and platforms"
            )
            count = sum(e.state[code] is State.MISSING for e in found if group_of(e) == group)
            language = {"de": "German", "tr": "Turkish", "en": "English"}[code]
            if count:
                said[f"{name}: {count} texts are not translated yet ({language})."] = count
    return said


def group_of(entry: Entry) -> int | str:
    return entry.workshop_id or ("conference" if entry.model == "conference" else "shared")


def test_the_check_of_the_programme_counts_the_same_texts_as_missing(demo: Conference) -> None:
    workshop = demo.workshops.all()[0]
    for number in range(3):
        factories.make_session(workshop.days.all()[0], title_tr="", description_tr=f"Metin {number}")
    Organisation.objects.filter(conference=demo).update(name_tr="")
    factories.make_organisation(demo, name_tr="")
    factories.make_speaker(demo, position_de="Leitung", biography_tr="Kısa bilgi")
    factories.make_platform(demo, instructions_de="Kanal wählen")
    Conference.objects.filter(pk=demo.pk).update(home_zone_name_tr="", imprint_tr="Künye")
    Session.objects.filter(day__workshop=demo.workshops.all()[1]).update(title_de="")
    demo.refresh_from_db()
    counted = counted_here(demo)
    assert said_by_the_check(demo) == counted
    assert len(counted) > 6


def test_both_ask_for_english_only_once_a_workshop_speaks_it(conference: Conference) -> None:
    plain = factories.make_workshop(conference, title_en="")
    assert said_by_the_check(conference) == counted_here(conference) == {}
    plain.goals_en = "Goals"
    plain.save()
    assert said_by_the_check(conference) == counted_here(conference) != {}
