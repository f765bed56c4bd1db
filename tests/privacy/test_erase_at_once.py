"""Erasing somebody while others act on the same rows: nobody waits for ever, and the places stay right."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from registration.domain.access import save_access_details
from registration.domain.cancel import cancel_registration
from registration.domain.confirm import confirm_registration
from registration.domain.erase import erase_participant
from registration.domain.errors import DomainError
from registration.domain.invitation_lifecycle import (
    decline_invitation,
    revoke_invitation,
    send_invitation_again,
)
from registration.domain.invite import invite
from registration.domain.lapse_offers import lapse_offers
from registration.domain.outbox.claim import claim_next
from registration.domain.outbox.results import record_sent
from registration.domain.promote import promote_waiting
from registration.domain.request_link import request_link
from registration.domain.transitions import lock_registration
from registration.domain.unsubscribe import end_invitations
from registration.models import (
    AccessDetails,
    Invitation,
    Message,
    Participant,
    PersonalLink,
    Registration,
    Suppression,
)
from tests import factories
from tests.privacy.conftest import counters_are_right
from tests.world import register
from workshops.models import Workshop

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]


class Beside(threading.Thread):
    """Does something in a thread of its own, and keeps what it raised; a refusal is an answer."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        self.act = act
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self.act()
        except DomainError:
            pass
        except Exception as error:
            self.error = error
        finally:
            connection.close()


def at_once(*acts: Act) -> list[Exception | None]:
    """Starts all at the same moment."""
    barrier = threading.Barrier(len(acts))

    def act_together(act: Act) -> Act:
        def together() -> object:
            barrier.wait(60)
            return act()

        return together

    threads = [Beside(act_together(act)) for act in acts]
    for thread in threads:
        thread.join(60)
    close_old_connections()
    return [thread.error for thread in threads]


@contextmanager
def held(first: Act, then: Act) -> Iterator[None]:
    """Does `first` in a transaction and, while the block waits for it, `then`."""
    locked, go_on = threading.Event(), threading.Event()

    def both() -> None:
        with transaction.atomic():
            first()
            locked.set()
            # SQLite has one writer at a time: whoever is beside waits for the end of all this.
            go_on.wait(0.3)
            then()

    thread = Beside(both)
    locked.wait(60)
    try:
        yield
    finally:
        go_on.set()
        thread.join(60)
    assert thread.error is None


def erase(person: Participant) -> object:
    return erase_participant(participant_id=person.pk)


def test_a_double_click_erases_once(workshop: Workshop) -> None:
    for _ in range(3):
        workshop.refresh_from_db()
        person = register(workshop, status="confirmed").participant
        assert at_once(*[lambda person=person: erase(person)] * 3) == [None] * 3  # type: ignore[misc]
    assert (Participant.objects.count(), counters_are_right(workshop)) == (0, True)


def test_erasing_while_an_organiser_confirms(workshop: Workshop) -> None:
    for _ in range(3):
        row = register(workshop)
        errors = at_once(
            lambda row=row: confirm_registration(registration_id=row.pk),  # type: ignore[misc]
            lambda row=row: erase(row.participant),  # type: ignore[misc]
        )
        assert errors == [None, None]
    assert (Registration.objects.count(), counters_are_right(workshop)) == (0, True)


def test_erasing_waits_for_who_holds_the_registration(workshop: Workshop) -> None:
    row = register(workshop, status="confirmed")
    with held(
        lambda: lock_registration(registration_id=row.pk), lambda: cancel_registration(registration_id=row.pk)
    ):
        erase(row.participant)
    assert (Registration.objects.count(), Message.objects.count()) == (0, 0)
    assert counters_are_right(workshop)


def test_access_details_can_be_saved_while_somebody_they_go_to_is_erased(workshop: Workshop) -> None:
    row = register(workshop, status="confirmed")

    def lock() -> object:
        return Workshop.objects.select_for_update(no_key=True).get(pk=workshop.pk)

    def save() -> None:
        details = AccessDetails(day=workshop.days.get(), role="active", url="https://kudo.example/1")
        save_access_details(details=details, by=None)

    with held(lock, save):
        erase(row.participant)
    assert (Participant.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize("promotion", ["at_once", "offer"])
def test_erasing_somebody_while_they_get_a_place(workshop: Workshop, promotion: str) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(promotion=promotion)
    for _ in range(3):
        first, second = (register(workshop, status="waitlisted") for _ in range(2))
        errors = at_once(
            lambda first=first: erase(first.participant),  # type: ignore[misc]
            lambda: promote_waiting(workshop_id=workshop.pk),
        )
        assert errors == [None, None]
        promote_waiting(workshop_id=workshop.pk)
        second.refresh_from_db()
        assert second.held_roles == {"active"}
        assert counters_are_right(workshop)
        erase(second.participant)


def test_a_place_goes_to_the_next_where_the_first_in_the_queue_is_erased_at_that_moment(
    workshop: Workshop,
) -> None:
    first, second = (register(workshop, status="waitlisted") for _ in range(2))
    with held(lambda: lock_registration(registration_id=first.pk), first.delete):
        promote_waiting(workshop_id=workshop.pk)
    second.refresh_from_db()
    assert second.held_roles == {"active"}


def test_the_other_offers_end_where_somebody_is_erased_at_that_moment(workshop: Workshop) -> None:
    past = timezone.now() - dt.timedelta(minutes=1)
    first, second = (register(workshop, status="waitlisted", offered_until=past) for _ in range(2))
    Workshop.objects.filter(pk=workshop.pk).update(taken_active=2)
    with held(lambda: lock_registration(registration_id=first.pk), first.delete):
        lapse_offers()
    second.refresh_from_db()
    assert second.status == "cancelled"


def test_two_who_hold_places_in_two_workshops_are_erased_at_once(
    workshop: Workshop, manual_workshop: Workshop
) -> None:
    for _ in range(3):
        workshop.refresh_from_db()
        manual_workshop.refresh_from_db()
        people = [register(workshop, status="confirmed").participant for _ in range(2)]
        for person in reversed(people):
            register(manual_workshop, participant=person, status="confirmed")
        assert at_once(*[lambda person=person: erase(person) for person in people]) == [None, None]  # type: ignore[misc]
    assert Participant.objects.count() == 0
    assert counters_are_right(workshop)
    assert counters_are_right(manual_workshop)


def test_erasing_while_the_result_of_an_invitation_is_written_down(workshop: Workshop) -> None:
    for _ in range(3):
        invitation = invite(conference=workshop.conference, email="ada@example.org", workshops=[workshop])
        message = claim_next()
        assert message is not None
        errors = at_once(
            lambda message=message: record_sent(message=message),  # type: ignore[misc]
            lambda invitation=invitation: erase(invitation.participant),  # type: ignore[misc]
        )
        assert errors == [None, None]
    assert Participant.objects.count() == 0


def test_erasing_while_an_invitation_is_withdrawn_or_declined_or_its_reader_unsubscribes(
    workshop: Workshop,
) -> None:
    for act in (
        lambda invitation: revoke_invitation(invitation_id=invitation.pk),
        lambda invitation: decline_invitation(link=invitation.link),
        lambda invitation: end_invitations(link=invitation.link),
    ) * 2:
        Suppression.objects.all().delete()
        invitation = invite(conference=workshop.conference, email="ada@example.org", workshops=[workshop])
        errors = at_once(
            lambda act=act, invitation=invitation: act(invitation),  # type: ignore[misc]
            lambda invitation=invitation: erase(invitation.participant),  # type: ignore[misc]
        )
        assert errors == [None, None]
        assert (Participant.objects.count(), Invitation.objects.count()) == (0, 0)
        assert set(Suppression.objects.values_list("email", flat=True)) <= {""}


def test_erasing_while_an_invitation_is_sent_again(workshop: Workshop) -> None:
    for _ in range(6):
        invitation = invite(conference=workshop.conference, email="ada@example.org", workshops=[workshop])
        Message.objects.update(status="failed")
        errors = at_once(
            lambda invitation=invitation: send_invitation_again(invitation_id=invitation.pk),  # type: ignore[misc]
            lambda invitation=invitation: erase(invitation.participant),  # type: ignore[misc]
        )
        assert errors == [None, None]
        assert (Participant.objects.count(), Message.objects.count()) == (0, 0)


def test_erasing_while_somebody_is_invited_again(workshop: Workshop) -> None:
    for _ in range(4):
        person = factories.make_participant(workshop.conference, email="ada@example.org")
        errors = at_once(
            lambda: invite(conference=workshop.conference, email="ada@example.org", workshops=[workshop]),
            lambda person=person: erase(person),  # type: ignore[misc]
        )
        assert errors == [None, None]
        # Who is invited after they were erased is somebody new.
        assert not Participant.objects.filter(pk=person.pk).exists()
        Participant.objects.all().delete()


@pytest.mark.parametrize("act", [decline_invitation, end_invitations])
def test_who_was_erased_a_moment_ago_leaves_no_address_behind_by_saying_no(
    workshop: Workshop, act: Callable[..., None]
) -> None:
    invitation = invite(conference=workshop.conference, email="ada@example.org", workshops=[workshop])
    link = PersonalLink.objects.select_related("participant__conference").get(pk=invitation.link_id)
    erase(invitation.participant)
    act(link=link)
    assert Suppression.objects.count() == 0


def test_erasing_while_a_new_link_is_asked_for(workshop: Workshop) -> None:
    for _ in range(4):
        Participant.objects.all().delete()
        person = factories.make_participant(workshop.conference, email="ada@example.org")
        errors = at_once(
            lambda: request_link(conference=workshop.conference, email="ada@example.org", language="de"),
            lambda person=person: erase(person),  # type: ignore[misc]
        )
        assert errors == [None, None]
        # The workshop is open to everybody: who asks after they were erased is somebody new.
        assert not Participant.objects.filter(pk=person.pk).exists()
