"""Restoring a release: the rows are what they were, and nothing of people is lost."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from registration.models import AccessDetails, Registration
from tests import factories
from tests.import_programme.drafts import first_import, snapshot
from tests.world import register
from workshops.domain.release import StaleProgrammeError, programme_of_release, release_programme
from workshops.domain.restore_release import Restored, digest_now, losing_rights, restore_release, staying
from workshops.domain.restore_wanted import plan
from workshops.models import (
    Appearance,
    Conference,
    Membership,
    Organisation,
    Platform,
    Release,
    Session,
    Speaker,
    Workshop,
    WorkshopDay,
    WorkshopHost,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _imported(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """The real draft, imported and released once for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        conference = first_import()
        release_programme(conference=conference)
        yield conference.pk
        transaction.set_rollback(True)


@pytest.fixture
def conference(_imported: int, db: None) -> Conference:
    return Conference.objects.get(pk=_imported)


def restore(conference: Conference) -> Restored:
    return restore_release(release=Release.objects.get(conference=conference), by=None)


def texts(_conference: Conference) -> None:
    Workshop.objects.filter(number=1).update(title_de="Anders", title_tr="Başka", goals_de="Neu")
    Speaker.objects.filter(last_name="Acar").update(last_name="Acar-Yılmaz", position_de="Amtsleiter")
    Organisation.objects.filter(slug="bursa").update(name_de="Bursa", country="")


def facts(conference: Conference) -> None:
    Conference.objects.filter(pk=conference.pk).update(
        ends_on=dt.date(2020, 6, 19), home_label="MEZ", tagline_de="x"
    )
    zoom = Platform.objects.get(name="Zoom")
    Workshop.objects.filter(number=1).update(platform=zoom, capacity_active=5, admission="invited")
    Workshop.objects.filter(number=2).update(registration_closes_at=dt.datetime(2020, 6, 1, tzinfo=dt.UTC))


def swapped_numbers(_conference: Conference) -> None:
    for number, other in ((1, None), (2, 1), (None, 2)):
        Workshop.objects.filter(number=number).update(number=other)


def swapped_dates(_conference: Conference) -> None:
    first, second = WorkshopDay.objects.filter(workshop__number=4)
    for day, date in ((first, dt.date(2030, 1, 1)), (second, first.date), (first, second.date)):
        WorkshopDay.objects.filter(pk=day.pk).update(date=date)


def order(_conference: Conference) -> None:
    for session in Session.objects.filter(day__workshop__number__in=[2, 3]):
        Session.objects.filter(pk=session.pk).update(position=100 - session.position)
    Workshop.objects.filter(number=3).update(position=0)


def durations(_conference: Conference) -> None:
    Session.objects.filter(day__workshop__number__in=[2, 3]).update(duration_minutes=7)


def another_day(_conference: Conference) -> None:
    first, second = WorkshopDay.objects.filter(workshop__number=4)
    whole = Session.objects.filter(day=second, parts__isnull=False).distinct().get()
    Session.objects.filter(pk=whole.pk).update(day=first)
    Session.objects.filter(parent=whole).update(day=first)


def parts_apart(_conference: Conference) -> None:
    Session.objects.filter(day__workshop__number=3).update(parent=None)


def removed_sessions(_conference: Conference) -> None:
    Session.objects.filter(day__workshop__number=3, parent=None).delete()


def removed_day(_conference: Conference) -> None:
    """The date of what is gone is taken by now."""
    first, second = WorkshopDay.objects.filter(workshop__number=4)
    date = first.date
    first.delete()
    WorkshopDay.objects.filter(pk=second.pk).update(date=date)


def removed_workshop(_conference: Conference) -> None:
    """With its hosts, and its number is somebody else's by now."""
    Workshop.objects.get(number=1).delete()
    Workshop.objects.filter(number=2).update(number=1)


def removed_people(_conference: Conference) -> None:
    Appearance.objects.filter(session__day__workshop__number=2).delete()
    Speaker.objects.filter(appearances=None).delete()
    Organisation.objects.filter(slug="darmstadt").delete()
    WorkshopHost.objects.filter(workshop__number=1).delete()


def others_in_their_place(conference: Conference) -> None:
    for appearance in Appearance.objects.filter(speaker__isnull=False, session__day__workshop__number=1):
        Appearance.objects.filter(pk=appearance.pk).update(
            speaker=factories.make_speaker(conference), status="tbc"
        )
    host = factories.make_organisation(conference)
    WorkshopHost.objects.create(workshop=Workshop.objects.get(number=2), organisation=host)


def additions(conference: Conference) -> None:
    workshop = factories.make_workshop(conference)
    factories.make_organiser(workshop)
    day = WorkshopDay.objects.get(workshop__number=1)
    factories.make_session(factories.make_day(day.workshop, date=dt.date(2020, 6, 20)))
    session = factories.make_session(day, position=1)
    factories.make_session(day, parent=session)
    Appearance.objects.create(session=session, speaker=Speaker.objects.first())


def impossible_time(_conference: Conference) -> None:
    WorkshopDay.objects.filter(workshop__number=1).update(
        date=dt.date(2020, 3, 29), opens="02:30", closes="04:00"
    )


EDITS: list[Callable[[Conference], None]] = [
    texts,
    facts,
    swapped_numbers,
    swapped_dates,
    order,
    durations,
    another_day,
    parts_apart,
    removed_sessions,
    removed_day,
    removed_workshop,
    removed_people,
    others_in_their_place,
    additions,
]


@pytest.mark.parametrize("edit", [*EDITS, impossible_time], ids=lambda edit: edit.__name__)
def test_the_programme_is_what_it_was(conference: Conference, edit: Callable[[Conference], None]) -> None:
    before = snapshot(conference)
    edit(conference)
    if edit is not impossible_time:
        assert snapshot(conference) != before
    assert restore(conference).left == []
    assert snapshot(conference) == before


@pytest.mark.parametrize("seed", range(2))
def test_whatever_was_done_in_whatever_order(conference: Conference, seed: int) -> None:
    before = snapshot(conference)
    chance = random.Random(seed)  # noqa: S311
    harmless = [
        edit for edit in EDITS if edit not in {removed_workshop, removed_day, swapped_numbers, another_day}
    ]
    for edit in [*chance.sample(harmless, 5), removed_workshop]:
        edit(conference)
    assert restore(conference).left == []
    assert snapshot(conference) == before


def test_rows_keep_their_keys_and_a_second_time_does_nothing(conference: Conference) -> None:
    keys = sorted(Session.objects.values_list("pk", flat=True))
    removed_workshop(conference)
    assert restore(conference).rows > 0
    assert sorted(Session.objects.values_list("pk", flat=True)) == keys
    assert restore(conference).rows == 0


def test_what_a_release_does_not_hold_stays(conference: Conference) -> None:
    Workshop.objects.filter(number=1).update(promotion="offer", offer_hours=8, title_de="Anders")
    Platform.objects.filter(name="Kudo").update(max_participants=77)
    spare = factories.make_speaker(conference)
    restore(conference)
    workshop = Workshop.objects.get(number=1)
    assert (workshop.title_de, workshop.promotion, workshop.offer_hours) == ("Digitale Stadt", "offer", 8)
    assert Platform.objects.get(name="Kudo").max_participants == 77
    assert Speaker.objects.filter(pk=spare.pk).exists()


def test_registrations_are_never_lost(conference: Conference) -> None:
    kept = register(Workshop.objects.get(number=1), status="confirmed")
    new = factories.make_workshop(conference, title_en="Night Buses")
    also = register(new, status="confirmed")
    restored = restore(conference)
    assert set(Registration.objects.all()) == {kept, also}
    assert Workshop.objects.aggregate(taken=Sum("taken_active")) == {"taken": 2}
    reason = "It stays, because there are data of people with it: Registrations."
    assert [(left.name, left.reason) for left in restored.left] == [("Night Buses", reason)]
    assert [day.workshop for day in new.days.all()] == [new]


def test_days_with_access_details_stay_and_that_is_known_before(conference: Conference) -> None:
    day = factories.make_day(Workshop.objects.get(number=1), date=dt.date(2020, 6, 20))
    details = factories.make_access(day)
    expected = [(str(day), "It stays, because there are data of people with it: Access details.")]
    known = staying(release=Release.objects.get(conference=conference))
    assert [(left.name, left.reason) for left in known] == expected
    assert [(left.name, left.reason) for left in restore(conference).left] == expected
    assert AccessDetails.objects.get() == details


def test_fewer_places_than_are_taken_cannot_come_back(conference: Conference) -> None:
    workshop = Workshop.objects.get(number=1)
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=40, taken_active=35, title_de="Anders")
    restored = restore(conference)
    workshop.refresh_from_db()
    assert (workshop.capacity_active, workshop.title_de) == (40, "Digitale Stadt")
    assert [left.reason for left in restored.left] == ["More places are taken by now than it had then."]


def test_a_new_workshop_goes_with_its_team(conference: Conference) -> None:
    factories.make_organiser(factories.make_workshop(conference))
    assert restore(conference).left == []
    assert (Workshop.objects.count(), Membership.objects.count()) == (4, 0)


def test_who_loses_a_right_is_known_before(conference: Conference) -> None:
    goes, stays = factories.make_workshop(conference), factories.make_workshop(conference)
    factories.make_organiser(goes), factories.make_organiser(stays)
    register(stays, status="confirmed")
    release = Release.objects.get(conference=conference)
    assert losing_rights(release=release) == list(Membership.objects.filter(workshop=goes))
    restore(conference)
    assert [membership.workshop for membership in Membership.objects.all()] == [stays]


def test_teams_are_read_once_whatever_goes(conference: Conference) -> None:
    def queries() -> int:
        programme = programme_of_release(release=Release.objects.get())
        with CaptureQueriesContext(connection) as captured:
            plan(conference=conference, programme=programme)
        return len(captured)

    factories.make_workshop(conference)
    one = queries()
    factories.make_workshop(conference), factories.make_workshop(conference)
    assert queries() == one


def test_a_plan_writes_nothing(conference: Conference) -> None:
    Platform.objects.filter(name="Zoom").update(website="https://example.org")
    texts(conference)
    programme = programme_of_release(release=Release.objects.get())
    with CaptureQueriesContext(connection) as captured:
        plan(conference=conference, programme=programme)
    assert [query["sql"] for query in captured if not query["sql"].startswith("SELECT")] == []


def test_an_organisation_that_comes_back_at_that_moment_is_not_made_twice(conference: Conference) -> None:
    house = Organisation.objects.get(slug="darmstadt")
    removed_people(conference)
    Workshop.objects.update(platform=None)
    Platform.objects.filter(name="Zoom").delete()

    def somebody_is_quicker(sender: object, **_: object) -> None:
        pre_save.disconnect(somebody_is_quicker, sender=Platform)
        factories.make_organisation(conference, slug=house.slug, name_de="Von anderen")

    pre_save.connect(somebody_is_quicker, sender=Platform)
    assert restore(conference).left == []
    assert Organisation.objects.get(slug="darmstadt").name_de == house.name_de


def test_nothing_is_restored_over_what_nobody_has_seen(conference: Conference) -> None:
    seen = digest_now(conference=conference)
    texts(conference)
    after = snapshot(conference)
    with pytest.raises(StaleProgrammeError):
        restore_release(release=Release.objects.get(), by=None, seen=seen)
    assert snapshot(conference) == after
    restore_release(release=Release.objects.get(), by=None, seen=digest_now(conference=conference))
    assert snapshot(conference) != after
