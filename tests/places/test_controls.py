"""Each protection is taken away in turn: what then goes wrong shows what it is for, and that the tests would see it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from registration.domain import confirm, register, transitions
from registration.domain.confirm import confirm_registration
from registration.domain.places import has_free_place
from registration.domain.register import PersonDetails, submit_registration
from registration.domain.transitions import NotPossible, lock_registration
from registration.models import Message, Participant, Registration
from tests import factories
from tests.places.books import Book, counts
from tests.places.people import crowd, together
from tests.servers import Browser, WebServer, web_server
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db(transaction=True)
ACTIVE = "workshop_active_within_capacity"
DETAILS = PersonDetails("Ada", "Yılmaz", "Bursa", "", "", "TR", "tr")


@pytest.fixture
def last_place(conference: Conference) -> Workshop:
    return factories.make_workshop(
        conference, slug="last-place", capacity_active=1, confirmation=Workshop.Confirmation.AUTOMATIC
    )


@pytest.fixture
def people(last_place: Workshop) -> list[Participant]:
    """As many as one process has threads, so that whichever process they come to, all can stand there at once."""
    return [factories.make_participant(last_place.conference) for _ in range(4)]


def active(workshop: Workshop) -> Book:
    return next(book for book in counts() if (book.slug, book.role) == (workshop.slug, "active"))


def test_through_http_the_naive_count_lets_four_onto_the_last_place(
    last_place: Workshop, people: list[Participant], redis_url: str, tmp_path: Path
) -> None:
    answers: list[int] = []

    def ask(server: WebServer, person: Participant) -> Callable[[], object]:
        form = {"at_once": len(people)}
        return lambda: answers.append(Browser(server).post(f"/naive/last-place/{person.pk}/", form).status)

    with web_server(tmp_path, redis_url=redis_url, ROOT_URLCONF="tests.places.naive") as server:
        together(*(ask(server, person) for person in people))

    assert answers == [201, 201, 201, 201]
    assert active(last_place).rows == 4


def test_through_http_ours_lets_one_of_four_onto_the_last_place(last_place: Workshop, web: WebServer) -> None:
    factories.make_privacy_version(last_place.conference)
    release_programme(conference=last_place.conference)
    visitors = crowd(web, last_place.conference, 4)
    for visitor in visitors:
        visitor.open_link()

    together(*(lambda v=visitor: v.register(last_place="active") for visitor in visitors))  # type: ignore[misc]

    assert [visitor.statuses for visitor in visitors] == [[303]] * 4
    assert active(last_place) == Book("last-place", "active", counter=1, rows=1, capacity=1, waiting=3)


class LookThenWrite:
    """A place is taken by reading and then writing: between the two everybody has read the same."""

    def __init__(self, people: int) -> None:
        self._seen = threading.local()
        self._all_have_looked = threading.Barrier(people)

    def look(self, workshop: Workshop) -> None:
        self._seen.free = has_free_place(workshop=Workshop.objects.get(pk=workshop.pk), role="active")
        self._all_have_looked.wait()

    def take_place(self, *, workshop_id: int, role: str) -> bool:
        if self._seen.free:
            workshop = Workshop.objects.select_for_update().get(pk=workshop_id)
            Workshop.objects.filter(pk=workshop_id).update(taken_active=workshop.taken_active + 1)
        return bool(self._seen.free)


def ask(person: Participant, workshop: Workshop) -> None:
    submit_registration(
        participant=person,
        details=DETAILS,
        choices={workshop.slug: "active"},
        listens={workshop.slug: False},
        consent=None,
        language="tr",
    )


def all_at_once(actions: list[Callable[[], object]]) -> list[str]:
    """What was raised, by name; empty for who got through."""
    raised: list[str] = []

    def run(action: Callable[[], object]) -> None:
        try:
            action()
        except (IntegrityError, NotPossible) as error:
            raised.append(type(error).__name__)
        else:
            raised.append("")

    together(*(lambda a=action: run(a) for action in actions))  # type: ignore[misc]
    return sorted(raised)


def naively(naive: LookThenWrite, person: Participant, workshop: Workshop) -> Callable[[], object]:
    def act() -> None:
        naive.look(workshop)
        ask(person, workshop)

    return act


@pytest.fixture
def naive(people: list[Participant], monkeypatch: pytest.MonkeyPatch) -> LookThenWrite:
    instead = LookThenWrite(len(people))
    for name in ("take_place", "take_turn"):
        monkeypatch.setattr(transitions, name, instead.take_place)
    # What each of them saw before anybody wrote is all they go by.
    monkeypatch.setattr(register, "has_free_place", lambda **_: True)
    return instead


@contextlib.contextmanager
def constraint_dropped() -> Iterator[None]:
    constraint = next(c for c in Workshop._meta.constraints if c.name == ACTIVE)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Workshop, constraint)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            editor.add_constraint(Workshop, constraint)


@contextlib.contextmanager
def constraints_ignored() -> Iterator[None]:
    """SQLite cannot drop a constraint without making the table anew; each connection can look away instead."""

    def look_away(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
        connection.cursor().execute("PRAGMA ignore_check_constraints = ON")

    look_away(connection)  # type: ignore[arg-type]
    connection_created.connect(look_away)
    try:
        yield
    finally:
        connection_created.disconnect(look_away)
        connection.cursor().execute("PRAGMA ignore_check_constraints = OFF")


@pytest.fixture
def no_check(last_place: Workshop) -> Iterator[None]:
    """Without the constraint, which comes back once the rows that break it are gone."""
    with constraint_dropped() if connection.vendor == "postgresql" else constraints_ignored():
        yield
        Message.objects.all().delete()
        Registration.objects.all().delete()
        Workshop.objects.update(taken_active=0)
    with pytest.raises(IntegrityError):
        Workshop.objects.update(taken_active=2)


def test_where_a_place_is_read_and_then_written_the_database_refuses_one_too_many(
    last_place: Workshop, people: list[Participant], naive: LookThenWrite
) -> None:
    raised = all_at_once([naively(naive, person, last_place) for person in people])
    assert raised == ["", "IntegrityError", "IntegrityError", "IntegrityError"]
    assert active(last_place) == Book("last-place", "active", counter=1, rows=1, capacity=1, waiting=0)
    assert Message.objects.filter(kind="confirmed").count() == 1


@pytest.mark.usefixtures("no_check")
def test_without_the_constraint_reading_and_then_writing_lets_four_in(
    last_place: Workshop, people: list[Participant], naive: LookThenWrite
) -> None:
    assert all_at_once([naively(naive, person, last_place) for person in people]) == ["", "", "", ""]
    assert active(last_place) == Book("last-place", "active", counter=4, rows=4, capacity=1, waiting=0)


@pytest.mark.usefixtures("no_check")
def test_without_the_constraint_the_conditional_statement_still_lets_one_in(
    last_place: Workshop, people: list[Participant]
) -> None:
    assert all_at_once([lambda p=person: ask(p, last_place) for person in people]) == ["", "", "", ""]  # type: ignore[misc]
    assert active(last_place) == Book("last-place", "active", counter=1, rows=1, capacity=1, waiting=3)


@pytest.fixture
def requested(manual_workshop: Workshop) -> Registration:
    ask(factories.make_participant(manual_workshop.conference), manual_workshop)
    return Registration.objects.get()


@pytest.mark.postgresql  # SQLite lets one writer in at a time, with or without our lock.
def test_without_the_lock_two_organisers_count_one_person_twice(
    requested: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_read = threading.Barrier(2)

    def unlocked(*, registration_id: int) -> Registration:
        row = Registration.objects.select_related("participant__conference", "workshop__conference")
        found = row.get(pk=registration_id)
        both_have_read.wait()
        return found

    monkeypatch.setattr(confirm, "lock_registration", unlocked)
    together(*[lambda: confirm_registration(registration_id=requested.pk)] * 2)
    assert active(requested.workshop) == Book("jugendaustausch", "active", 2, 1, capacity=3, waiting=0)


def test_with_the_lock_two_organisers_count_one_person_once(requested: Registration) -> None:
    assert confirm.lock_registration is lock_registration
    together(*[lambda: confirm_registration(registration_id=requested.pk)] * 2)
    assert active(requested.workshop) == Book("jugendaustausch", "active", 1, 1, capacity=3, waiting=0)
    assert Message.objects.filter(kind="confirmed").count() == 1
