"""What becomes of a choice: confirmed, requested, waiting; and the mail each step owes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from registration.domain.cancel import cancel_registration
from registration.domain.confirm import confirm_registration
from registration.domain.decline import decline_registration
from registration.domain.invite import invite
from registration.domain.register import ChoicesRefused, PersonDetails, submit_registration
from registration.domain.standing import offered_workshops, state_of
from registration.domain.transitions import NoPlaceLeft, NotPossible
from registration.domain.waitlist import put_on_waiting_list, waiting_position
from registration.models import Consent, Invitation, Message, Participant, Registration
from tests import factories
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db(transaction=True)

DETAILS = PersonDetails("Çiğdem", "Işık", "Bursa", "Uzman", "Bursa", "TR", "tr")


def submit(participant: Participant, choices: dict[str, str], **values: Any) -> list[Any]:
    arguments = {"details": DETAILS, "listens": {}, "consent": None, "language": "tr", **values}
    return submit_registration(participant=participant, choices=choices, **arguments)


def states(workshop: Workshop) -> list[tuple[str, str, bool]]:
    rows = Registration.objects.filter(workshop=workshop).order_by("pk")
    return [(row.status, row.role, row.listens_meanwhile) for row in rows]


def taken(workshop: Workshop) -> tuple[int, int]:
    workshop.refresh_from_db()
    return workshop.taken_active, workshop.taken_listener


def owed(participant: Participant) -> list[str]:
    return list(
        Message.objects.filter(participant=participant).order_by("created_at").values_list("kind", flat=True)
    )


def full(workshop: Workshop) -> list[Participant]:
    people = [factories.make_participant(workshop.conference) for _ in range(workshop.capacity_active or 0)]
    for person in people:
        submit(person, {workshop.slug: "active"})
        confirm_registration(registration_id=person.registrations.get().pk)
    return people


def test_where_it_confirms_automatically_a_free_place_is_enough(workshop: Workshop) -> None:
    person = factories.make_participant(workshop.conference)
    submit(person, {workshop.slug: "active"})
    assert states(workshop) == [("confirmed", "active", False)]
    assert taken(workshop) == (1, 0)
    assert owed(person) == ["confirmed"]


def test_the_first_mail_already_speaks_the_language_just_chosen(workshop: Workshop) -> None:
    person = factories.make_participant(workshop.conference, language="")
    submit(person, {workshop.slug: "active"})
    assert list(Message.objects.values_list("kind", "language")) == [("confirmed", "tr")]


def test_where_it_confirms_by_hand_the_request_waits_for_a_decision_and_takes_no_place(
    manual_workshop: Workshop,
) -> None:
    person = factories.make_participant(manual_workshop.conference)
    submit(person, {manual_workshop.slug: "active"})
    assert states(manual_workshop) == [("requested", "active", False)]
    assert taken(manual_workshop) == (0, 0)
    confirm_registration(registration_id=person.registrations.get().pk)
    assert states(manual_workshop) == [("confirmed", "active", False)]
    assert taken(manual_workshop) == (1, 0)
    assert owed(person) == ["received", "confirmed"]


def test_a_full_workshop_puts_the_next_on_the_waiting_list_listening_meanwhile(workshop: Workshop) -> None:
    full(workshop)
    late = factories.make_participant(workshop.conference)
    submit(late, {workshop.slug: "active"}, listens={workshop.slug: True})
    later = factories.make_participant(workshop.conference)
    submit(later, {workshop.slug: "active"}, listens={workshop.slug: False})
    assert states(workshop)[3:] == [("waitlisted", "active", True), ("waitlisted", "active", False)]
    assert taken(workshop) == (3, 1)
    assert [waiting_position(registration=p.registrations.get()) for p in (late, later)] == [1, 2]
    assert late.registrations.get().admitted_role == "listener"
    assert later.registrations.get().admitted_role is None
    assert owed(late) == ["waitlisted"]


def test_a_freed_place_goes_to_the_oldest_who_waits(workshop: Workshop) -> None:
    first, *_ = full(workshop)
    waiting = [factories.make_participant(workshop.conference) for _ in range(2)]
    for person in waiting:
        submit(person, {workshop.slug: "active"})
    cancel_registration(registration_id=first.registrations.get().pk)
    assert [p.registrations.get().status for p in waiting] == ["confirmed", "waitlisted"]
    assert taken(workshop) == (3, 1)
    assert owed(waiting[0]) == ["waitlisted", "promoted"]
    assert owed(first)[-1] == "cancelled"


def test_nobody_overtakes_those_who_wait(workshop: Workshop) -> None:
    full(workshop)
    waiting = factories.make_participant(workshop.conference)
    submit(waiting, {workshop.slug: "active"})
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=4)
    newcomer = factories.make_participant(workshop.conference)
    submit(newcomer, {workshop.slug: "active"})
    assert newcomer.registrations.get().status == "waitlisted"


def test_listeners_are_not_limited_unless_a_limit_is_set(workshop: Workshop) -> None:
    people = [factories.make_participant(workshop.conference) for _ in range(5)]
    for person in people:
        submit(person, {workshop.slug: "listener"})
    assert taken(workshop) == (0, 5)
    Workshop.objects.filter(pk=workshop.pk).update(capacity_listener=5)
    late = factories.make_participant(workshop.conference)
    submit(late, {workshop.slug: "listener"})
    assert late.registrations.get().status == "waitlisted"


def test_waiting_and_listening_needs_a_listeners_place_too(workshop: Workshop) -> None:
    full(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(capacity_listener=0)
    late = factories.make_participant(workshop.conference)
    submit(late, {workshop.slug: "active"}, listens={workshop.slug: True})
    assert states(workshop)[-1] == ("waitlisted", "active", False)
    assert taken(workshop) == (3, 0)


def test_an_organiser_cannot_confirm_above_the_limit(manual_workshop: Workshop) -> None:
    full(manual_workshop)
    late = factories.make_participant(manual_workshop.conference)
    submit(late, {manual_workshop.slug: "active"})
    registration = late.registrations.get()
    with pytest.raises(NoPlaceLeft):
        confirm_registration(registration_id=registration.pk)
    assert states(manual_workshop)[-1] == ("requested", "active", False)
    assert owed(late) == ["received"]
    put_on_waiting_list(registration_id=registration.pk)
    assert states(manual_workshop)[-1] == ("waitlisted", "active", True)
    assert taken(manual_workshop) == (3, 1)


def test_an_organiser_can_confirm_as_listener_instead(manual_workshop: Workshop) -> None:
    full(manual_workshop)
    late = factories.make_participant(manual_workshop.conference)
    submit(late, {manual_workshop.slug: "active"})
    confirm_registration(registration_id=late.registrations.get().pk, role="listener")
    assert states(manual_workshop)[-1] == ("confirmed", "listener", False)
    assert taken(manual_workshop) == (3, 1)


def test_confirming_twice_takes_one_place_and_owes_one_mail(manual_workshop: Workshop) -> None:
    person = factories.make_participant(manual_workshop.conference)
    submit(person, {manual_workshop.slug: "active"})
    for _ in range(2):
        confirm_registration(registration_id=person.registrations.get().pk)
    assert taken(manual_workshop) == (1, 0)
    assert owed(person) == ["received", "confirmed"]


def test_an_active_participant_steps_back_to_listening_without_a_decision(manual_workshop: Workshop) -> None:
    person, *_ = full(manual_workshop)
    waiting = factories.make_participant(manual_workshop.conference)
    submit(waiting, {manual_workshop.slug: "active"})
    put_on_waiting_list(registration_id=waiting.registrations.get().pk)
    submit(person, {manual_workshop.slug: "listener"})
    assert person.registrations.get().status == "confirmed"
    assert person.registrations.get().role == "listener"
    assert waiting.registrations.get().status == "confirmed"
    assert taken(manual_workshop) == (3, 1)


def test_a_listener_who_asks_for_an_active_place_goes_on_listening_until_it_is_decided(
    manual_workshop: Workshop,
) -> None:
    person = factories.make_participant(manual_workshop.conference)
    submit(person, {manual_workshop.slug: "listener"})
    confirm_registration(registration_id=person.registrations.get().pk)
    submit(person, {manual_workshop.slug: "active"})
    assert states(manual_workshop) == [("requested", "active", True)]
    assert person.registrations.get().admitted_role == "listener"
    confirm_registration(registration_id=person.registrations.get().pk)
    assert states(manual_workshop) == [("confirmed", "active", False)]
    assert taken(manual_workshop) == (1, 0)


def test_a_listener_who_takes_back_the_wish_for_an_active_place_is_a_listener_still(
    manual_workshop: Workshop,
) -> None:
    person = factories.make_participant(manual_workshop.conference)
    submit(person, {manual_workshop.slug: "listener"})
    confirm_registration(registration_id=person.registrations.get().pk)
    submit(person, {manual_workshop.slug: "active"})
    submit(person, {manual_workshop.slug: "listener"})
    assert states(manual_workshop) == [("confirmed", "listener", False)]
    assert taken(manual_workshop) == (0, 1)


def test_who_listens_while_waiting_and_then_only_wants_to_listen_does_not_queue_for_it(
    workshop: Workshop,
) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=0, capacity_listener=1)
    person, other = (factories.make_participant(workshop.conference) for _ in range(2))
    submit(person, {workshop.slug: "active"})
    submit(other, {workshop.slug: "listener"})
    submit(person, {workshop.slug: "listener"})
    assert states(workshop) == [("confirmed", "listener", False), ("waitlisted", "listener", False)]
    assert taken(workshop) == (0, 1)


def test_declining_a_listeners_wish_for_an_active_place_leaves_them_listening(
    manual_workshop: Workshop,
) -> None:
    person = factories.make_participant(manual_workshop.conference)
    submit(person, {manual_workshop.slug: "listener"})
    confirm_registration(registration_id=person.registrations.get().pk)
    submit(person, {manual_workshop.slug: "active"})
    decline_registration(registration_id=person.registrations.get().pk)
    assert states(manual_workshop) == [("confirmed", "listener", False)]
    assert taken(manual_workshop) == (0, 1)
    assert owed(person) == ["received", "confirmed", "received", "confirmed"]


def test_sending_the_form_twice_changes_nothing_the_second_time(workshop: Workshop) -> None:
    person = factories.make_participant(workshop.conference)
    first = submit(person, {workshop.slug: "active"})
    second = submit(person, {workshop.slug: "active"})
    assert ([o.changed for o in first], [o.changed for o in second]) == ([True], [False])
    assert owed(person) == ["confirmed"]
    assert taken(workshop) == (1, 0)


def test_a_workshop_that_is_not_in_the_form_stays_as_it_is(
    workshop: Workshop, manual_workshop: Workshop
) -> None:
    person = factories.make_participant(workshop.conference)
    submit(person, {workshop.slug: "active"})
    submit(person, {manual_workshop.slug: "listener"})
    assert states(workshop) == [("confirmed", "active", False)]


def test_choosing_none_cancels_and_a_cancelled_one_can_register_again(workshop: Workshop) -> None:
    person = factories.make_participant(workshop.conference)
    submit(person, {workshop.slug: "active"})
    submit(person, {workshop.slug: "none"})
    assert states(workshop) == [("cancelled", "active", False)]
    assert taken(workshop) == (0, 0)
    submit(person, {workshop.slug: "listener"})
    assert states(workshop) == [("confirmed", "listener", False)]
    assert owed(person) == ["confirmed", "cancelled", "confirmed"]


def test_one_refused_choice_keeps_the_whole_form_out(workshop: Workshop, conference: Conference) -> None:
    closed = factories.make_workshop(
        conference, registration_closes_at=timezone.now() - dt.timedelta(hours=1)
    )
    soon = factories.make_workshop(conference, registration_opens_at=timezone.now() + dt.timedelta(hours=1))
    secret = factories.make_workshop(conference, admission=Workshop.Admission.INVITED)
    person = factories.make_participant(conference, last_name="Before")
    choices = {
        workshop.slug: "active",
        closed.slug: "active",
        soon.slug: "listener",
        secret.slug: "active",
        "x": "active",
    }
    with pytest.raises(ChoicesRefused) as refused:
        submit(person, choices)
    assert set(refused.value.errors) == {closed.slug, soon.slug, secret.slug, "x"}
    person.refresh_from_db()
    assert person.last_name == "Before"
    assert taken(workshop) == (0, 0)
    assert not Message.objects.exists()
    assert not Registration.objects.exists()


def test_a_workshop_whose_last_day_is_over_is_closed(conference: Conference) -> None:
    past = factories.make_workshop(conference, with_day=False)
    factories.make_day(past, date=factories.in_days(-1))
    with pytest.raises(ChoicesRefused):
        submit(factories.make_participant(conference), {past.slug: "active"})


def test_an_invited_person_is_offered_what_is_not_open_to_all(
    workshop: Workshop, conference: Conference
) -> None:
    secret = factories.make_workshop(
        conference, admission=Workshop.Admission.INVITED, confirmation="automatic"
    )
    stranger = factories.make_participant(conference)
    invitation = invite(conference=conference, email="Mayor@Example.ORG ", workshops=[secret])
    guest = invitation.participant
    assert guest.email == "mayor@example.org"
    assert [w.pk for w in offered_workshops(participant=stranger)] == [workshop.pk]
    assert {w.pk for w in offered_workshops(participant=guest)} == {workshop.pk, secret.pk}
    submit(guest, {secret.slug: "active"})
    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.ACCEPTED
    assert invitation.answered_at is not None


def test_a_declined_request_is_not_asked_again_in_the_same_role(manual_workshop: Workshop) -> None:
    person = factories.make_participant(manual_workshop.conference)
    submit(person, {manual_workshop.slug: "active"})
    decline_registration(registration_id=person.registrations.get().pk)
    with pytest.raises(ChoicesRefused):
        submit(person, {manual_workshop.slug: "active"})
    submit(person, {manual_workshop.slug: "listener"})
    assert states(manual_workshop) == [("requested", "listener", False)]
    assert owed(person) == ["received", "declined", "received"]


def test_a_confirmed_registration_is_cancelled_not_declined(workshop: Workshop) -> None:
    person = factories.make_participant(workshop.conference)
    submit(person, {workshop.slug: "active"})
    with pytest.raises(NotPossible):
        decline_registration(registration_id=person.registrations.get().pk)
    cancel_registration(registration_id=person.registrations.get().pk)
    with pytest.raises(NotPossible):
        confirm_registration(registration_id=person.registrations.get().pk)


def test_the_consent_is_kept_with_its_version_and_language(workshop: Workshop) -> None:
    version = factories.make_privacy_version(workshop.conference)
    person = factories.make_participant(workshop.conference)
    for _ in range(2):
        submit(person, {workshop.slug: "active"}, consent=version)
    assert list(Consent.objects.values_list("participant_id", "version__number", "language")) == [
        (person.pk, 1, "tr")
    ]


def test_the_fingerprint_changes_with_what_is_registered_only(workshop: Workshop) -> None:
    person = factories.make_participant(workshop.conference)
    before = state_of(participant=person)
    submit(person, {workshop.slug: "none"})
    assert state_of(participant=person) == before
    submit(person, {workshop.slug: "active"})
    assert state_of(participant=person) != before


def test_where_one_of_two_workshops_has_somebody_waiting_the_other_one_is_had_all_the_same(
    workshop: Workshop, conference: Conference
) -> None:
    """A place looks free, and is taken; then it shows that somebody waits for it, and both choices are made again."""
    other = factories.make_workshop(conference, capacity_active=1, confirmation="automatic")
    waiting, late = (factories.make_participant(conference) for _ in range(2))
    Registration.objects.create(
        participant=waiting,
        workshop=other,
        role="active",
        status="waitlisted",
        waiting_since=timezone.now() - dt.timedelta(hours=1),
    )

    outcomes = submit(late, {workshop.slug: "active", other.slug: "active"}, listens={other.slug: False})

    assert [outcome.registration.status for outcome in outcomes] == ["confirmed", "waitlisted"]
    counters = Workshop.objects.order_by("pk").values_list("pk", "taken_active")
    assert list(counters) == [(workshop.pk, 1), (other.pk, 1)]
    assert waiting.registrations.get().status == "confirmed"
    mails = Message.objects.filter(participant=late).order_by("registration__workshop")
    assert list(mails.values_list("kind", flat=True)) == ["confirmed", "waitlisted"]


def test_a_refused_workshop_keeps_nothing_of_the_others(workshop: Workshop, conference: Conference) -> None:
    closed = factories.make_workshop(conference, registration_closes_at=timezone.now() - dt.timedelta(days=1))
    person = factories.make_participant(conference, first_name="Ece")

    with pytest.raises(ChoicesRefused) as refused:
        submit(person, {workshop.slug: "active", closed.slug: "active"})

    assert list(refused.value.errors) == [closed.slug]
    person.refresh_from_db()
    assert (person.first_name, person.registrations.count(), person.messages.count()) == ("Ece", 0, 0)
    assert Workshop.objects.get(pk=workshop.pk).taken_active == 0
