"""The hosts' own draft, released, changed and released again: what has changed, in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.import_programme.drafts import first_import
from workshops.domain.differences import differences_between, grouped, in_words
from workshops.domain.release import release_programme
from workshops.models import (
    Appearance,
    Conference,
    Platform,
    Release,
    Session,
    Speaker,
    Workshop,
    WorkshopDay,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _imported(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """Imported and released once for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        conference = first_import()
        release_programme(conference=conference)
        yield conference.pk
        transaction.set_rollback(True)


@pytest.fixture
def conference(_imported: int, db: None) -> Conference:
    return Conference.objects.get(pk=_imported)


def said(conference: Conference) -> dict[str, list[str]]:
    """What a release now says, by what it is about."""
    since = Release.objects.get(conference=conference)
    until = release_programme(conference=conference)
    return {
        group.heading["de"]: [in_words(item) for item in group.items]
        for group in grouped(differences_between(since=since, until=until))
    }


def session(number: int, title: str) -> Session:
    return Session.objects.get(day__workshop__number=number, title_de=title)


def test_a_day_that_was_moved(conference: Conference) -> None:
    WorkshopDay.objects.filter(workshop__number=2).update(
        date=dt.date(2020, 6, 17), opens="14:00", closes="16:00"
    )
    assert said(conference) == {
        "Fachworkshop 2: Nachhaltige Stadtentwicklung": [
            "Date and time: until now Monday, 15 June 2020, 13:00–15:00 CET / 14:00–16:00 TRT, "
            "now Wednesday, 17 June 2020, 14:00–16:00 CET / 15:00–17:00 TRT."
        ]
    }


def test_one_of_two_days_that_was_moved(conference: Conference) -> None:
    WorkshopDay.objects.filter(workshop__number=4, date=dt.date(2020, 6, 3)).update(date=dt.date(2020, 6, 4))
    assert said(conference) == {
        "Fachworkshop 4: Jugendaustausch in partizipativ orientierten Städtepartnerschaften": [
            "Day 1: until now Wednesday, 3 June 2020, 10:00–16:00 CET / 11:00–17:00 TRT, "
            "now Thursday, 4 June 2020, 10:00–16:00 CET / 11:00–17:00 TRT."
        ]
    }


def test_a_longer_item_shifts_all_that_follow_and_that_is_said_once(conference: Conference) -> None:
    Session.objects.filter(pk=session(2, "Kurze technische Einführung").pk).update(duration_minutes=15)
    assert said(conference) == {
        "Fachworkshop 2: Nachhaltige Stadtentwicklung": [
            "Duration of “Kurze technische Einführung”: until now 5 minutes, now 15 minutes.",
            "“Begrüßung der Moderatorin” and everything after it begins 10 minutes later: "
            "until now 13:05 CET / 14:05 TRT, now 13:15 CET / 14:15 TRT.",
        ]
    }


@pytest.mark.parametrize(("date", "weekday"), [(15, "Monday"), (17, "Wednesday")])
def test_no_minutes_are_counted_where_the_day_itself_was_moved(
    conference: Conference, date: int, weekday: str
) -> None:
    Session.objects.filter(pk=session(2, "Kurze technische Einführung").pk).update(duration_minutes=15)
    WorkshopDay.objects.filter(workshop__number=2).update(date=dt.date(2020, 6, date), opens="13:30")
    assert said(conference) == {
        "Fachworkshop 2: Nachhaltige Stadtentwicklung": [
            "Date and time: until now Monday, 15 June 2020, 13:00–15:00 CET / 14:00–16:00 TRT, "
            f"now {weekday}, {date} June 2020, 13:30–15:00 CET / 14:30–16:00 TRT.",
            "Duration of “Kurze technische Einführung”: until now 5 minutes, now 15 minutes.",
            "“Begrüßung der Moderatorin” and everything after it: "
            "until now 13:05 CET / 14:05 TRT, now 13:45 CET / 14:45 TRT.",
        ]
    }


def test_what_happens_to_people(conference: Conference) -> None:
    Appearance.objects.filter(session=session(2, "Begrüßung und Einführung")).update(status="confirmed")
    Appearance.objects.filter(speaker__last_name="Acar").delete()
    assert said(conference) == {
        "Fachworkshop 2: Nachhaltige Stadtentwicklung": [
            "Now confirmed at “Begrüßung und Einführung”: Cemal Baş (Greeting).",
            "No longer at “Praxisbeispiele aus der Türkei”: Onur Acar.",
        ]
    }


def test_another_name_does_not_read_like_another_person(conference: Conference) -> None:
    Speaker.objects.filter(last_name="Acar").update(last_name="Acar-Yılmaz")
    assert said(conference) == {
        "Fachworkshop 2: Nachhaltige Stadtentwicklung": ["Name: until now Onur Acar, now Onur Acar-Yılmaz."]
    }


def test_another_platform_and_fewer_places(conference: Conference) -> None:
    zoom = Platform.objects.get(name="Zoom")
    Workshop.objects.filter(number=1).update(platform=zoom, capacity_active=25)
    assert said(conference) == {
        "Fachworkshop 1: Digitale Stadt": [
            "Platform: until now Kudo, now Zoom.",
            "Places for active participants: until now 30, now 25.",
        ]
    }


def test_a_translation_is_no_other_text(conference: Conference) -> None:
    for each in Session.objects.filter(day__workshop__number=1):
        each.title_tr = "Çeviri"
        each.save()
    Workshop.objects.filter(number=1).update(title_tr="Dijital Kent")
    assert said(conference) == {"Fachworkshop 1: Digitale Stadt": ["11 texts were translated (Turkish)."]}


def test_a_workshop_that_is_taken_out(conference: Conference) -> None:
    Workshop.objects.get(number=2).delete()
    assert said(conference) == {
        "Fachworkshop 2: Nachhaltige Stadtentwicklung": [
            "“Nachhaltige Stadtentwicklung” was taken out of the programme "
            "(until now Monday, 15 June 2020, 13:00–15:00 CET / 14:00–16:00 TRT)."
        ]
    }


def test_what_begins_as_before_although_its_day_begins_earlier(conference: Conference) -> None:
    Session.objects.filter(pk=session(2, "Kurze technische Einführung").pk).update(duration_minutes=15)
    WorkshopDay.objects.filter(workshop__number=2).update(opens="12:50")
    assert said(conference) == {
        "Fachworkshop 2: Nachhaltige Stadtentwicklung": [
            "Date and time: until now Monday, 15 June 2020, 13:00–15:00 CET / 14:00–16:00 TRT, "
            "now Monday, 15 June 2020, 12:50–15:00 CET / 13:50–16:00 TRT.",
            "Duration of “Kurze technische Einführung”: until now 5 minutes, now 15 minutes.",
            "“Begrüßung der Moderatorin” and everything after it: still at 13:05 CET / 14:05 TRT.",
        ]
    }


def test_a_day_that_only_moves_to_another_date_counts_the_minutes(conference: Conference) -> None:
    Session.objects.filter(pk=session(2, "Kurze technische Einführung").pk).update(duration_minutes=15)
    WorkshopDay.objects.filter(workshop__number=2).update(date=dt.date(2020, 6, 17))
    [sentences] = said(conference).values()
    assert sentences[-1] == (
        "“Begrüßung der Moderatorin” and everything after it begins 10 minutes later: "
        "until now 13:05 CET / 14:05 TRT, now 13:15 CET / 14:15 TRT."
    )
