"""Whoever acts at the same moment may have to wait for the other, but never each for the other."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registration.domain.access import save_access_details
from registration.domain.cancel import cancel_registration
from registration.domain.move_up import move_up
from registration.domain.promote import waiting_queue
from registration.domain.register import PersonDetails, submit_registration
from registration.domain.switch_role import switch_role
from registration.domain.transitions import lock_registration
from registration.models import AccessDetails, Participant, Registration
from tests import factories
from workshops.models import Workshop

pytestmark = pytest.mark.django_db(transaction=True)


class Beside(threading.Thread):
    """Runs `first` and, half a second later in the same transaction, `then`; keeps what it raised."""

    def __init__(self, first: Callable[[], object], then: Callable[[], object]) -> None:
        super().__init__()
        self.first, self.then = first, then
        self.began = threading.Event()
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with transaction.atomic():
                self.first()
                self.began.set()
                threading.Event().wait(0.5)
                self.then()
        except Exception as error:
            self.error = error
        finally:
            self.began.set()
            connection.close()


@pytest.fixture
def registration(workshop: Workshop) -> Registration:
    Workshop.objects.filter(pk=workshop.pk).update(taken_active=1)
    return Registration.objects.create(
        participant=factories.make_participant(workshop.conference),
        workshop=workshop,
        role="active",
        status="confirmed",
    )


def _save_details(workshop: Workshop) -> None:
    details = AccessDetails(day=workshop.days.get(), role="active", url="https://kudo.example/1")
    save_access_details(details=details, by=None)


def test_access_details_can_be_saved_while_somebody_they_go_to_cancels(
    workshop: Workshop, registration: Registration
) -> None:
    cancelling = Beside(
        lambda: lock_registration(registration_id=registration.pk),
        lambda: cancel_registration(registration_id=registration.pk),
    )
    cancelling.start()
    cancelling.began.wait()

    _save_details(workshop)

    cancelling.join()
    assert cancelling.error is None
    registration.refresh_from_db()
    assert (registration.status, AccessDetails.objects.count()) == ("cancelled", 1)


def _choose(person: Participant, workshop: Workshop, role: str, *, listens: bool = False) -> None:
    submit_registration(
        participant=person,
        details=PersonDetails("Ada", "Yılmaz", "Bursa", "", "", "TR", "tr"),
        choices={workshop.slug: role},
        listens={workshop.slug: listens},
        consent=None,
        language="tr",
    )


def test_access_details_can_be_saved_while_somebody_they_go_to_sends_the_form(
    workshop: Workshop, manual_workshop: Workshop, registration: Registration
) -> None:
    person = registration.participant
    submitting = Beside(
        lambda: _choose(person, manual_workshop, "active"), lambda: _choose(person, workshop, "listener")
    )
    submitting.start()
    submitting.began.wait()

    _save_details(workshop)

    submitting.join()
    assert submitting.error is None
    registration.refresh_from_db()
    assert (registration.role, registration.status) == ("listener", "confirmed")


def test_a_preview_for_several_people_does_not_block_one_of_them_who_cancels(
    workshop: Workshop, registration: Registration
) -> None:
    earlier = Registration.objects.create(
        participant=factories.make_participant(workshop.conference),
        workshop=workshop,
        role="active",
        status="requested",
    )
    Registration.objects.filter(pk=earlier.pk).update(created_at=timezone.now() - dt.timedelta(days=1))
    client = Client()
    client.force_login(factories.make_organiser(is_superuser=True))
    cancelling = Beside(
        lambda: lock_registration(registration_id=registration.pk),
        lambda: cancel_registration(registration_id=registration.pk),
    )
    cancelling.start()
    cancelling.began.wait()

    page = client.post(
        reverse("admin:registration_registration_step", args=["confirm"]),
        {"ids": f"{earlier.pk},{registration.pk}"},
    )

    cancelling.join()
    assert cancelling.error is None
    assert [outcome.kind for outcome in page.context["outcomes"]] == ["done", "refused"]


def test_who_begins_to_wait_while_a_place_is_given_back_gets_it(
    workshop: Workshop, registration: Registration
) -> None:
    """The promotion after the cancellation cannot see somebody whose form is not committed yet."""
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=1)
    person = factories.make_participant(workshop.conference)
    asking = Beside(lambda: _choose(person, workshop, "active"), lambda: None)
    asking.start()
    asking.began.wait()

    cancel_registration(registration_id=registration.pk)

    asking.join()
    assert asking.error is None
    assert (person.registrations.get().status, Workshop.objects.get(pk=workshop.pk).taken_active) == (
        "confirmed",
        1,
    )


def _step_up(person: Participant, workshop: Workshop) -> None:
    switch_role(registration_id=person.registrations.get(workshop=workshop).pk, role="active")


@pytest.mark.parametrize("comes_from", ["nothing", "listening"])
def test_nobody_overtakes_somebody_who_begins_to_wait_meanwhile(
    workshop: Workshop, registration: Registration, comes_from: str
) -> None:
    """When they looked for who waits, there was nobody; when they got the place, there was somebody."""
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=2)
    waiting, late = (factories.make_participant(workshop.conference) for _ in range(2))
    if comes_from == "listening":
        _choose(late, workshop, "listener")
    beginning_to_wait = Beside(
        lambda: list(Workshop.objects.select_for_update(no_key=True).filter(pk=workshop.pk)),
        lambda: Registration.objects.create(
            participant=waiting,
            workshop=workshop,
            role="active",
            status="waitlisted",
            waiting_since=timezone.now() - dt.timedelta(hours=1),
        ),
    )
    beginning_to_wait.start()
    beginning_to_wait.began.wait()

    if comes_from == "listening":
        _step_up(late, workshop)
    else:
        _choose(late, workshop, "active")

    beginning_to_wait.join()
    assert beginning_to_wait.error is None
    assert [person.registrations.get().status for person in (waiting, late)] == ["confirmed", "waitlisted"]


def test_somebody_is_moved_up_while_a_preview_holds_the_queue_and_one_of_it_cancels(
    workshop: Workshop, registration: Registration
) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=1)
    people = [factories.make_participant(workshop.conference) for _ in range(4)]
    for person in people:
        _choose(person, workshop, "active")
    keys = [person.registrations.get().pk for person in people]
    client = Client()
    client.force_login(factories.make_organiser(is_superuser=True))
    step = reverse("admin:registration_registration_step", args=["decline"])
    beside = [
        Beside(lambda: client.post(step, {"ids": ",".join(map(str, keys))}), lambda: None),
        Beside(
            lambda: move_up(registration_id=keys[3], reason="Host city.", by=None),
            lambda: lock_registration(registration_id=keys[0]),
        ),
    ]
    for thread in beside:
        thread.start()

    cancel_registration(registration_id=keys[1])

    for thread in beside:
        thread.join()
    assert [thread.error for thread in beside] == [None, None]
    queue = waiting_queue(workshop_id=workshop.pk, role="active").values_list("pk", flat=True)
    assert list(queue) == [keys[3], keys[0], keys[2]]
