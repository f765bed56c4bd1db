"""Never one place too many, whoever acts at the same moment; and the counter always equals the rows."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.db import IntegrityError, connection, transaction

from registration.domain.cancel import cancel_registration
from registration.domain.confirm import confirm_registration
from registration.domain.errors import DomainError
from registration.domain.promote import promote_all_waiting
from registration.domain.register import PersonDetails, submit_registration
from registration.models import Participant, Registration
from tests import factories
from workshops.models import Workshop

pytestmark = pytest.mark.django_db(transaction=True)

DETAILS = PersonDetails("Ada", "Yılmaz", "Bursa", "", "", "TR", "tr")


def at_once(actions: Sequence[Callable[[], object]]) -> list[object]:
    """Runs all of them in threads that start together; a refusal or an error is its result."""
    barrier = threading.Barrier(len(actions))
    results: list[object] = [None] * len(actions)

    def run(index: int) -> None:
        barrier.wait()
        try:
            results[index] = actions[index]()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def ask(person: Participant, workshop: Workshop, role: str = "active") -> Callable[[], object]:
    return lambda: submit_registration(
        participant=person,
        details=DETAILS,
        choices={workshop.slug: role},
        listens={},
        consent=None,
        language="tr",
    )


def assert_counted(workshop: Workshop) -> None:
    workshop.refresh_from_db()
    held = Counter(role for row in Registration.objects.filter(workshop=workshop) for role in row.held_roles)
    assert (workshop.taken_active, workshop.taken_listener) == (held["active"], held["listener"])


def by_status(workshop: Workshop) -> Counter[tuple[str, str]]:
    return Counter(Registration.objects.filter(workshop=workshop).values_list("status", "role"))


def test_the_naive_count_oversells(workshop: Workshop) -> None:
    """The control: reading the count, then writing, lets two people onto the last place."""
    people = [factories.make_participant(workshop.conference) for _ in range(8)]
    everybody_has_counted = threading.Barrier(len(people))

    def naively(person: Participant) -> Callable[[], object]:
        def register() -> None:
            free = Registration.objects.filter(workshop=workshop, status="confirmed").count() < 3
            everybody_has_counted.wait()
            if free:
                Registration.objects.create(
                    participant=person, workshop=workshop, role="active", status="confirmed"
                )

        return register

    assert [r for r in at_once([naively(person) for person in people]) if r is not None] == []
    assert by_status(workshop) == {("confirmed", "active"): 8}


def test_many_at_once_get_no_more_places_than_there_are(workshop: Workshop) -> None:
    people = [factories.make_participant(workshop.conference) for _ in range(12)]
    results = at_once([ask(person, workshop) for person in people for _ in range(2)])
    assert [r for r in results if isinstance(r, Exception)] == []
    assert by_status(workshop) == {("confirmed", "active"): 3, ("waitlisted", "active"): 9}
    assert_counted(workshop)


def test_two_organisers_confirming_at_once_stay_within_the_limit(manual_workshop: Workshop) -> None:
    people = [factories.make_participant(manual_workshop.conference) for _ in range(6)]
    for person in people:
        ask(person, manual_workshop)()
    ids = Registration.objects.values_list("pk", flat=True)
    results = at_once(
        [lambda pk=pk: confirm_registration(registration_id=pk) for pk in ids for _ in range(2)]
    )  # type: ignore[misc]
    assert {type(r) for r in results if isinstance(r, Exception) and not isinstance(r, DomainError)} == set()
    assert by_status(manual_workshop) == {("confirmed", "active"): 3, ("requested", "active"): 3}
    assert_counted(manual_workshop)


def test_everybody_cancelling_while_others_wait_leaves_no_place_empty(workshop: Workshop) -> None:
    people = [factories.make_participant(workshop.conference) for _ in range(10)]
    for person in people:
        ask(person, workshop)()
    rows = list(Registration.objects.order_by("pk").values_list("pk", flat=True))
    # The confirmed and some of those who wait cancel together: each is the next one's candidate.
    results = at_once([lambda pk=pk: cancel_registration(registration_id=pk) for pk in rows[:5]])  # type: ignore[misc]
    assert [r for r in results if isinstance(r, Exception)] == []
    assert by_status(workshop) == {
        ("cancelled", "active"): 5,
        ("confirmed", "active"): 3,
        ("waitlisted", "active"): 2,
    }
    assert [r.pk for r in Registration.objects.filter(status="confirmed").order_by("pk")] == rows[5:8]
    assert_counted(workshop)


def test_two_forms_over_the_same_workshops_in_different_order_do_not_block_each_other(
    workshop: Workshop, manual_workshop: Workshop
) -> None:
    Workshop.objects.update(confirmation="automatic")
    people = [factories.make_participant(workshop.conference) for _ in range(8)]

    def both(person: Participant, order: list[Workshop]) -> Callable[[], object]:
        choices = {w.slug: "active" for w in order}
        return lambda: submit_registration(
            participant=person, details=DETAILS, choices=choices, listens={}, consent=None, language="tr"
        )

    orders = [[workshop, manual_workshop], [manual_workshop, workshop]]
    results = at_once([both(person, orders[i % 2]) for i, person in enumerate(people)])
    assert [r for r in results if isinstance(r, Exception)] == []
    for each in (workshop, manual_workshop):
        assert by_status(each) == {("confirmed", "active"): 3, ("waitlisted", "active"): 5}
        assert_counted(each)


def test_the_sweep_promotes_where_a_process_died_in_between(workshop: Workshop) -> None:
    for _ in range(4):
        ask(factories.make_participant(workshop.conference), workshop)()
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=4)
    assert promote_all_waiting() == 1
    assert promote_all_waiting() == 0
    assert by_status(workshop) == {("confirmed", "active"): 4}
    assert_counted(workshop)


def test_the_database_itself_refuses_one_too_many(workshop: Workshop) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Workshop.objects.filter(pk=workshop.pk).update(taken_active=4)
    for _ in range(2):
        ask(factories.make_participant(workshop.conference), workshop)()
    with pytest.raises(IntegrityError), transaction.atomic():
        Workshop.objects.filter(pk=workshop.pk).update(capacity_active=1)


def test_saving_a_workshop_does_not_write_back_the_counter_it_read(workshop: Workshop) -> None:
    stale = Workshop.objects.get(pk=workshop.pk)
    ask(factories.make_participant(workshop.conference), workshop)()
    stale.title_de = "Digitale Stadt"
    stale.save()
    assert_counted(workshop)
    assert (workshop.taken_active, workshop.title_de) == (1, "Digitale Stadt")


def test_nobody_is_promoted_once_the_workshop_is_over(workshop: Workshop) -> None:
    people = [factories.make_participant(workshop.conference) for _ in range(4)]
    for person in people:
        ask(person, workshop)()
    workshop.days.update(date=factories.in_days(-2))
    cancel_registration(registration_id=people[0].registrations.get().pk)
    assert promote_all_waiting() == 0
    assert by_status(workshop) == {
        ("cancelled", "active"): 1,
        ("confirmed", "active"): 2,
        ("waitlisted", "active"): 1,
    }
    assert_counted(workshop)
