from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from structlog.testing import capture_logs

from registration import tasks
from registration.models import Invitation, Message, Participant, PersonalLink, Registration
from tests import factories
from tests.outbox.conftest import Owe
from workshops.models import Workshop

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_drain_sends_what_is_due(owe: Owe) -> None:
    message = owe(Message.Kind.LINK)

    tasks.drain_outbox()

    assert [sent.extra_headers["Message-ID"] for sent in mail.outbox] == [message.message_id]


def test_the_sweep_makes_good_for_a_lost_nudge(owe: Owe) -> None:
    owe(Message.Kind.LINK)

    tasks.sweep_outbox()

    assert Message.objects.get().status == "sent"


def test_the_sweep_gives_away_a_place_that_was_left_empty(workshop: Workshop) -> None:
    participant: Participant = factories.make_participant(workshop.conference)
    registration = Registration.objects.create(
        participant=participant,
        workshop=workshop,
        role="active",
        status="waitlisted",
        waiting_since=timezone.now(),
    )

    tasks.sweep_outbox()

    registration.refresh_from_db()
    assert registration.status == "confirmed"
    assert Message.objects.get().status == "sent"


@pytest.mark.parametrize("broken", ["lapse_offers", "promote_all_waiting"])
def test_what_one_step_of_the_sweep_cannot_do_keeps_no_other_step(
    owe: Owe, said: list[dict[str, object]], broken: str
) -> None:
    message = owe(Message.Kind.LINK)
    workshop = Workshop.objects.get()
    waiting, stuck = (factories.make_workshop(workshop.conference) for _ in range(2))
    # Nobody can be written to there: whatever changes for them raises an error.
    rows = {waiting: factories.make_participant(workshop.conference)}
    rows[stuck] = factories.make_participant(workshop.conference, email="nobody")
    now = timezone.now()
    for place, person in rows.items():
        Registration.objects.create(
            participant=person, workshop=place, role="active", status="waitlisted", waiting_since=now
        )
    if broken == "lapse_offers":
        Registration.objects.filter(workshop=stuck).update(offered_until=now - dt.timedelta(hours=1))
        Workshop.objects.filter(pk=stuck.pk).update(taken_active=1)

    tasks.sweep_outbox()

    message.refresh_from_db()
    assert message.status == "sent"
    if broken == "lapse_offers":
        assert Registration.objects.get(workshop=waiting).status == "confirmed"
    errors = [line for line in said if line["log_level"] == "error"]
    assert errors == [
        {
            "log_level": "error",
            "event": "step of the sweep failed",
            "step": broken,
            "reason": "InvalidAddress",
        }
    ]


@pytest.fixture
def said() -> Iterator[list[dict[str, object]]]:
    with capture_logs() as lines:
        yield lines  # type: ignore[misc]


def test_invitations_expire_with_their_link(owe: Owe) -> None:
    owe(Message.Kind.INVITATION)
    PersonalLink.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))

    tasks.expire_invitations()

    assert Invitation.objects.get().status == "expired"


@pytest.mark.parametrize("task", [tasks.drain_outbox, tasks.sweep_outbox, tasks.expire_invitations])
def test_a_database_that_is_away_is_no_crash(task: object) -> None:
    connection.close()
    connection.settings_dict["NAME"], kept = "/nowhere/at/all", connection.settings_dict["NAME"]
    try:
        task()  # type: ignore[operator]
    finally:
        connection.close()
        connection.settings_dict["NAME"] = kept
