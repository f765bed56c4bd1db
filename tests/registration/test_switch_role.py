"""From listening to taking part actively and back: places, queue, mails, and nobody left with less than they had."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from registration.domain.cancel import cancel_registration
from registration.domain.errors import DomainError
from registration.domain.register import PersonDetails, submit_registration
from registration.domain.switch_role import expected_target, switch_role
from registration.domain.transitions import NoPlaceLeft, NotPossible
from registration.domain.waitlist import waiting_position
from registration.models import Message, Registration
from tests import factories
from tests.registration.test_places import assert_counted, at_once, by_status
from workshops.models import Workshop, WorkshopDay

pytestmark = pytest.mark.django_db(transaction=True)

DETAILS = PersonDetails("Ada", "Yılmaz", "Bursa", "", "", "TR", "tr")
State = tuple[str, str, bool]


def register(workshop: Workshop, role: str, *, listens: bool = False) -> Registration:
    person = factories.make_participant(workshop.conference)
    submit_registration(
        participant=person,
        details=DETAILS,
        choices={workshop.slug: role},
        listens={workshop.slug: listens},
        consent=None,
        language="tr",
    )
    return person.registrations.get()


def state(registration: Registration) -> State:
    registration.refresh_from_db()
    return registration.status, registration.role, registration.listens_meanwhile


def mails(registration: Registration) -> list[str]:
    return list(registration.messages.order_by("created_at").values_list("kind", flat=True))


def switch(registration: Registration, role: str) -> State:
    """It comes out as the page says beforehand."""
    foretold = expected_target(
        registration=Registration.objects.select_related("workshop__conference").get(pk=registration.pk),
        role=role,
    )
    assert switch_role(registration_id=registration.pk, role=role)
    assert foretold is not None
    assert (foretold.status, foretold.role, foretold.listens) == state(registration)
    return state(registration)


def only_one_active_place(workshop: Workshop, **values: object) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=1, **values)


def test_who_steps_back_frees_the_place_for_the_next_person(workshop: Workshop) -> None:
    only_one_active_place(workshop)
    first, second = register(workshop, "active"), register(workshop, "active")

    assert switch(first, "listener") == ("confirmed", "listener", False)
    assert state(second) == ("confirmed", "active", False)
    assert (mails(first), mails(second)) == (["confirmed", "confirmed"], ["waitlisted", "promoted"])
    assert_counted(workshop)


def test_a_free_place_is_theirs_at_once(workshop: Workshop) -> None:
    person = register(workshop, "listener")

    assert switch(person, "active") == ("confirmed", "active", False)
    assert mails(person) == ["confirmed", "confirmed"]
    assert_counted(workshop)


def test_with_no_place_free_they_wait_at_the_end_and_go_on_listening(workshop: Workshop) -> None:
    only_one_active_place(workshop)
    holder, earlier, person = (register(workshop, role) for role in ("active", "active", "listener"))

    assert switch(person, "active") == ("waitlisted", "active", True)
    assert (waiting_position(registration=earlier), waiting_position(registration=person)) == (1, 2)
    cancel_registration(registration_id=holder.pk)
    assert (state(earlier)[0], state(person)) == ("confirmed", ("waitlisted", "active", True))
    assert_counted(workshop)


def test_an_organiser_decides_where_the_workshop_says_so(manual_workshop: Workshop) -> None:
    person = register(manual_workshop, "listener")
    Registration.objects.filter(pk=person.pk).update(status="confirmed")
    Workshop.objects.filter(pk=manual_workshop.pk).update(taken_listener=1)

    assert switch(person, "active") == ("requested", "active", True)
    assert mails(person) == ["received", "received"]
    assert switch(person, "listener") == ("confirmed", "listener", False)
    assert_counted(manual_workshop)


def test_what_was_only_asked_for_is_asked_for_in_the_other_role(manual_workshop: Workshop) -> None:
    person = register(manual_workshop, "active")

    assert switch(person, "listener") == ("requested", "listener", False)


def test_nobody_gives_up_a_place_for_a_queue_of_listeners(workshop: Workshop) -> None:
    only_one_active_place(workshop, capacity_listener=0)
    holder, waiting = register(workshop, "active"), register(workshop, "active")

    for person in (holder, waiting):
        before = state(person)
        with pytest.raises(NoPlaceLeft):
            switch_role(registration_id=person.pk, role="listener")
        assert expected_target(registration=person, role="listener") is None
        assert state(person) == before
    assert (waiting_position(registration=waiting), len(mails(waiting))) == (1, 1)
    assert_counted(workshop)


def test_who_waits_and_listens_leaves_the_queue_and_listens(workshop: Workshop) -> None:
    only_one_active_place(workshop)
    register(workshop, "active")
    person = register(workshop, "active", listens=True)

    assert switch(person, "listener") == ("confirmed", "listener", False)
    assert_counted(workshop)


def test_twice_is_once(workshop: Workshop) -> None:
    person = register(workshop, "active")

    assert switch_role(registration_id=person.pk, role="listener")
    assert not switch_role(registration_id=person.pk, role="listener")
    assert mails(person) == ["confirmed", "confirmed"]


def _close(workshop: Workshop) -> None:
    yesterday = timezone.now() - dt.timedelta(days=1)
    Workshop.objects.filter(pk=workshop.pk).update(registration_closes_at=yesterday)


def _end(workshop: Workshop) -> None:
    WorkshopDay.objects.filter(workshop=workshop).update(date=factories.in_days(-2))


@pytest.mark.parametrize(
    ("change", "role", "refused"),
    [(_close, "active", True), (_close, "listener", False), (_end, "active", True), (_end, "listener", True)],
)
def test_after_closing_one_can_step_back_and_after_the_end_nothing(
    workshop: Workshop, change: Callable[[Workshop], None], role: str, refused: bool
) -> None:
    person = register(workshop, "listener" if role == "active" else "active")
    change(workshop)

    try:
        switch_role(registration_id=person.pk, role=role)
    except NotPossible:
        assert refused
    else:
        assert not refused
    assert (state(person)[1] == role) is not refused


@pytest.mark.parametrize("status", ["cancelled", "declined"])
@pytest.mark.parametrize("role", ["active", "listener", "none"])
def test_what_is_no_registration_any_more_stays_none(workshop: Workshop, status: str, role: str) -> None:
    person = factories.make_participant(workshop.conference)
    gone = Registration.objects.create(participant=person, workshop=workshop, role="active", status=status)

    with pytest.raises(NotPossible):
        switch_role(registration_id=gone.pk, role=role)
    assert state(gone) == (status, "active", False)


def test_a_role_nobody_knows_is_refused(workshop: Workshop) -> None:
    person = register(workshop, "active")

    with pytest.raises(NotPossible):
        switch_role(registration_id=person.pk, role="none")
    assert state(person) == ("confirmed", "active", False)


def test_of_two_who_want_the_one_place_at_once_one_gets_it_and_one_waits(workshop: Workshop) -> None:
    only_one_active_place(workshop)
    people = [register(workshop, "listener") for _ in range(2)]

    results = at_once(
        [
            lambda pk=person.pk: switch_role(registration_id=pk, role="active")
            for person in people
            for _ in range(2)
        ]  # type: ignore[misc]
    )

    assert sorted(map(str, results)) == ["False", "False", "True", "True"]
    assert sorted(state(person) for person in people) == [
        ("confirmed", "active", False),
        ("waitlisted", "active", True),
    ]
    assert Message.objects.count() == 4
    assert_counted(workshop)


def test_stepping_back_and_up_at_once_leaves_no_place_empty(workshop: Workshop) -> None:
    only_one_active_place(workshop)
    holder, person, other = (register(workshop, role) for role in ("active", "listener", "listener"))

    steps = [(holder, "listener"), (person, "active"), (other, "active")]
    results = at_once(
        [lambda pk=row.pk, role=role: switch_role(registration_id=pk, role=role) for row, role in steps]
    )  # type: ignore[misc]

    assert [result for result in results if isinstance(result, DomainError)] == []
    assert by_status(workshop) == {
        ("confirmed", "listener"): 1,
        ("confirmed", "active"): 1,
        ("waitlisted", "active"): 1,
    }
    assert_counted(workshop)
