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
from registration.domain.register import PersonDetails, submit_registration
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


def _choose(person: Participant, workshop: Workshop, role: str) -> None:
    submit_registration(
        participant=person,
        details=PersonDetails("Ada", "Yılmaz", "Bursa", "", "", "TR", "tr"),
        choices={workshop.slug: role},
        listens={},
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
