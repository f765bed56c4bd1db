"""The day registration opens: everybody at once, through HTTP, against several processes of the real server."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle

import pytest
from django.db import connection

from registration.domain.promote import promote_all_waiting, waiting_queue
from registration.models import Registration
from tests import factories
from tests.places.books import Watcher, counts, mails_of_registrations, untold
from tests.places.people import Person, carry_out_step, crowd, in_threads, set_capacity, together
from tests.servers import Browser, WebServer, signed_in_organiser
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db(transaction=True)
Action = Callable[[], object]


@dataclass
class Rush:
    """`popular` confirms by itself, `chosen` by an organiser; `early` ones have a place before the others come."""

    popular: Workshop
    chosen: Workshop
    early: list[Person]
    late: list[Person]
    organisers: tuple[Browser, Browser]
    steps: list[int] = field(default_factory=list)
    limits: list[int] = field(default_factory=list)

    def rows(self, workshop: Workshop, status: str) -> list[int]:
        rows = Registration.objects.filter(workshop=workshop, status=status)
        return list(rows.order_by("created_at", "pk").values_list("pk", flat=True))

    def step(self, organiser: int, step: str, status: str, at_most: int | None = None) -> Action:
        """An organiser's bulk step for all in `chosen` who have a status when it comes to it."""

        def act() -> None:
            if rows := self.rows(self.chosen, status)[:at_most]:
                self.steps.append(carry_out_step(self.organisers[organiser], step, rows).status)

        return act

    def limit(self, organiser: int, more: int) -> Action:
        """An organiser gives `popular` so many places more than it began with."""
        places = (self.popular.capacity_active or 0) + more
        return lambda: self.limits.append(set_capacity(self.organisers[organiser], self.popular, places))


@pytest.fixture
def rush(web: WebServer, conference: Conference) -> Rush:
    """200 people for 30 places; SQLite, which lets one writer in at a time, is asked by fewer."""
    assert len(web.processes) == 3
    late, early, places, chosen = (190, 10, 30, 10) if connection.vendor == "postgresql" else (36, 4, 6, 3)
    popular = factories.make_workshop(
        conference, slug="popular", capacity_active=places, confirmation=Workshop.Confirmation.AUTOMATIC
    )
    by_hand = factories.make_workshop(conference, slug="chosen", capacity_active=chosen)
    factories.make_privacy_version(conference)
    release_programme(conference=conference)
    organisers = (signed_in_organiser(web), signed_in_organiser(web))
    return Rush(popular, by_hand, crowd(web, conference, early), crowd(web, conference, late), organisers)


def ways_to_register() -> Iterator[Callable[[Person], object]]:
    """Most send the form, some read it first, some click twice; some ask for a place in `chosen` too."""

    def both(person: Person) -> object:
        return person.register(popular="active", chosen="active")

    def reading(person: Person) -> object:
        return person.read_and_register(popular="active")

    def twice(person: Person) -> object:
        return person.click_twice(popular="active", chosen="active")

    def plainly(person: Person) -> object:
        return person.register(popular="active")

    return cycle([both, plainly, plainly, reading, both, plainly, plainly, twice, plainly, plainly])


def arrive(person: Person, way: Callable[[Person], object]) -> Action:
    def act() -> None:
        person.open_link()
        way(person)

    return act


def leave(person: Person) -> Action:
    return lambda: person.cancel("popular")


def in_any_order(actions: list[Action]) -> None:
    random.Random(2020).shuffle(actions)  # noqa: S311 (the same disorder each time)
    in_threads(actions, at_once=16)


def everybody_comes(rush: Rush) -> None:
    """While those who came early leave again, two organisers confirm the same people, and the limit changes."""
    ways = ways_to_register()
    in_any_order(
        [
            *(arrive(person, next(ways)) for person in rush.late),
            *(leave(person) for person in rush.early),
            *(rush.step(organiser, "confirm", "requested") for organiser in (0, 1) for _ in range(3)),
            *(rush.limit(0, more) for more in (3, 0, 2, 4)),
        ]
    )
    together(*(rush.step(organiser, "confirm", "requested") for organiser in (0, 1)))


def many_leave(rush: Rush, leaving: list[int]) -> None:
    people = {person.participant.pk: person for person in rush.late}
    whose = dict(Registration.objects.values_list("pk", "participant"))
    in_any_order(
        [
            *(leave(people[whose[pk]]) for pk in leaving),
            *(rush.limit(1, more) for more in (6, 5)),
            rush.step(0, "cancel", "confirmed", at_most=2),
            rush.step(1, "put_on_waiting_list", "requested", at_most=4),
        ]
    )


def assert_settled() -> None:
    """After one sweep: no place is empty while somebody waits, and every state was told."""
    promote_all_waiting()
    assert [book for book in counts() if not book.is_right or book.leaves_somebody_out] == []
    assert untold(mails_of_registrations()) == []


def assert_served_in_order(queue: list[int]) -> None:
    """Whoever was let in stood before everybody who still waits."""
    now = dict(Registration.objects.filter(pk__in=queue).values_list("pk", "status"))
    stayed = [now[pk] for pk in queue if now[pk] != "cancelled"]
    let_in = stayed.count("confirmed")
    assert stayed == ["confirmed"] * let_in + ["waitlisted"] * (len(stayed) - let_in)


def test_two_hundred_people_and_two_organisers_at_once_leave_the_books_right(rush: Rush) -> None:
    in_any_order([arrive(person, lambda p: p.register(popular="active")) for person in rush.early])
    with Watcher() as watcher:
        everybody_comes(rush)
        assert_settled()
        assert len(rush.rows(rush.popular, "cancelled")) == len(rush.early)

        queue = list(waiting_queue(workshop_id=rush.popular.pk, role="active").values_list("pk", flat=True))
        seated = rush.rows(rush.popular, "confirmed")
        leaving = [*seated[::2], *queue[1::5]]
        many_leave(rush, leaving)
        assert_settled()

    assert (watcher.wrong, watcher.looks > 20) == ([], True)
    assert_served_in_order(queue)
    # Everybody who left was replaced, and the limit was raised.
    assert len(rush.rows(rush.popular, "confirmed")) > len(seated)
    each = Counter(Registration.objects.filter(workshop=rush.popular).values_list("participant", flat=True))
    assert each == Counter(person.participant.pk for person in [*rush.early, *rush.late])
    assert {status for person in [*rush.early, *rush.late] for status in person.statuses} == {303}
    assert (set(rush.steps), set(rush.limits) - {422}) == ({200}, {302})
