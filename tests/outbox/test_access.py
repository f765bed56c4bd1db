from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction

from registration.domain.access import (
    access_for,
    announce_access,
    recipients_of,
    save_access_details,
    save_all_access_details,
)
from registration.domain.confirm import confirm_registration
from registration.models import AccessDetails, Message, Registration
from tests import factories
from workshops.models import Workshop, WorkshopDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(workshop: Workshop) -> WorkshopDay:
    return workshop.days.get()


def _register(
    workshop: Workshop, role: str = "active", status: str = "confirmed", **values: object
) -> Registration:
    participant = factories.make_participant(workshop.conference)
    if status == "waitlisted":
        values["waiting_since"] = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    return Registration.objects.create(
        participant=participant, workshop=workshop, role=role, status=status, **values
    )


def _details(day: WorkshopDay, **values: object) -> AccessDetails:
    return AccessDetails(**{"day": day, "role": "active", "url": "https://kudo.example/1", **values})


def _owed() -> list[tuple[str, int | None]]:
    return list(Message.objects.order_by("registration").values_list("kind", "registration"))


def test_new_details_go_to_everybody_admitted_in_that_role_and_to_nobody_else(
    workshop: Workshop, day: WorkshopDay
) -> None:
    first, second = _register(workshop), _register(workshop)
    _register(workshop, role="listener")
    for status in ("requested", "declined", "cancelled", "waitlisted"):
        _register(workshop, status=status)
    _register(factories.make_workshop(workshop.conference))

    assert recipients_of(details=_details(day)) == 2
    assert save_access_details(details=_details(day), by=None) == 2
    assert _owed() == [("access", first.pk), ("access", second.pk)]


def test_who_listens_while_waiting_gets_the_listeners_details(workshop: Workshop, day: WorkshopDay) -> None:
    waiting = _register(workshop, status="waitlisted", listens_meanwhile=True)

    assert save_access_details(details=_details(day), by=None) == 0
    assert save_access_details(details=_details(day, role="listener"), by=None) == 1
    assert _owed() == [("access", waiting.pk)]


def test_changed_details_go_out_again_as_changed(workshop: Workshop, day: WorkshopDay) -> None:
    registration = _register(workshop)
    details = _details(day)
    save_access_details(details=details, by=None)
    details.refresh_from_db()
    details.passcode = "another"

    assert save_access_details(details=details, by=None) == 1

    details.refresh_from_db()
    assert details.version == 2
    assert sorted(_owed()) == [("access", registration.pk), ("access_changed", registration.pk)]


def test_saving_without_a_change_writes_to_nobody(workshop: Workshop, day: WorkshopDay) -> None:
    _register(workshop)
    details = _details(day)
    save_access_details(details=details, by=None)
    details.refresh_from_db()

    assert save_access_details(details=details, by=None) == 0


def test_incomplete_details_are_kept_and_not_sent(workshop: Workshop, day: WorkshopDay) -> None:
    _register(workshop)

    assert save_access_details(details=_details(day, url="", passcode="1"), by=None) == 0
    assert AccessDetails.objects.get().version == 0


def test_details_taken_back_are_announced_as_changed(workshop: Workshop, day: WorkshopDay) -> None:
    registration = _register(workshop)
    details = _details(day)
    save_access_details(details=details, by=None)
    details.refresh_from_db()
    details.url = ""

    save_access_details(details=details, by=None)

    assert sorted(_owed()) == [("access", registration.pk), ("access_changed", registration.pk)]


def test_several_days_saved_together_are_one_message(workshop: Workshop, day: WorkshopDay) -> None:
    registration = _register(workshop)
    other = factories.make_day(workshop, date=day.date + dt.timedelta(days=7))
    details = [_details(day), _details(other, url="https://kudo.example/2")]

    assert save_all_access_details(details=details, by=None) == 1

    message = Message.objects.get()
    assert message.registration == registration
    assert message.facts == {
        "new": [entry.pk for entry in AccessDetails.objects.order_by("day__date")],
        "changed": [],
    }


def test_announcing_once_more_says_changed(workshop: Workshop, day: WorkshopDay) -> None:
    _register(workshop)
    details = _details(day)
    save_access_details(details=details, by=None)

    assert announce_access(details_ids=[details.pk]) == 1
    assert Message.objects.filter(kind="access_changed").count() == 1


@pytest.mark.parametrize(
    ("role", "status", "listens", "expected"),
    [
        ("active", "confirmed", False, ["active"]),
        ("listener", "confirmed", False, ["listener"]),
        ("active", "waitlisted", True, ["listener"]),
        ("active", "waitlisted", False, []),
        ("active", "requested", False, []),
        ("active", "cancelled", False, []),
        ("active", "declined", False, []),
    ],
)
def test_a_person_sees_the_details_of_today_s_role_only(
    *, workshop: Workshop, day: WorkshopDay, role: str, status: str, listens: bool, expected: list[str]
) -> None:
    registration = _register(workshop, role=role, status=status, listens_meanwhile=listens)
    factories.make_access(day, role="active")
    factories.make_access(day, role="listener")
    factories.make_access(factories.make_day(factories.make_workshop(workshop.conference, with_day=False)))

    assert [details.role for details in access_for(registration=registration)] == expected


@pytest.mark.django_db(transaction=True)
def test_who_is_being_confirmed_while_details_are_saved_gets_them(
    workshop: Workshop, day: WorkshopDay
) -> None:
    """Their mail may leave before the details are committed, so they have to be among those who are told."""
    registration = _register(workshop, status="requested")
    confirmed = threading.Event()
    thread = threading.Thread(target=_confirm_slowly, args=(registration.pk, confirmed))
    thread.start()
    confirmed.wait()

    assert save_access_details(details=_details(day), by=None) == 1

    thread.join()


def _confirm_slowly(registration_id: int, confirmed: threading.Event) -> None:
    with transaction.atomic():
        confirm_registration(registration_id=registration_id)
        confirmed.set()
        time.sleep(0.5)
    connection.close()


def test_secrets_are_not_readable_in_the_database(workshop: Workshop, day: WorkshopDay) -> None:
    save_access_details(details=_details(day, passcode="canary-passcode"), by=None)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registration_accessdetails")
        assert "canary" not in repr(cursor.fetchall())
