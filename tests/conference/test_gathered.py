"""What may wait for the next statement is there for whoever asks next, and is never left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, Func
from django.utils import timezone

from conference.gathered import gathered, gathering
from conference.kept_queries import KeptInsert, KeptQuery, KeptUpdate
from conference.query_slots import key, text
from registration.models import Message, Participant
from tests import factories
from workshops.models import Conference

pytestmark = pytest.mark.django_db
_CITY = KeptUpdate(lambda: Participant.objects.filter(pk=key("person")), city=text("city"))
_PERSON = KeptQuery(
    lambda: Participant.objects.filter(pk=key("person")).annotate(
        asked=Func(function="current_query", output_field=CharField())
    )
)
_PLAIN = KeptQuery(lambda: Participant.objects.filter(pk=key("person")))
_LOCK = KeptQuery(lambda: Participant.objects.select_for_update(no_key=True).filter(pk=key("person")))
_MAIL = KeptInsert(Message)


@pytest.fixture
def person(conference: Conference) -> Participant:
    made = factories.make_participant(conference, city="Bursa")
    # By the second time PostgreSQL knows them.
    for city in ("Köln", "Bursa"):
        _CITY.run(person=made.pk, city=city)
        _PLAIN.all(person=made.pk)
        _MAIL.run([_mail(city)])
    return made


def _mail(number: str) -> Message:
    return Message(
        kind="offered", recipient="a@example.org", message_id=f"<{number}@x>", due_at=timezone.now()
    )


@pytest.fixture
def together() -> Iterator[None]:
    with transaction.atomic(), gathered():
        yield


@pytest.mark.usefixtures("together")
def test_whoever_asks_next_finds_what_came_before(person: Participant) -> None:
    found = []
    for city in ("Ulm", "İzmir 100 %"):
        _CITY.later(person=person.pk, city=city)
        found.append([one.city for one in _PLAIN.all(person=person.pk)])
    _CITY.later(person=person.pk, city="Trier")
    # A statement of another kind overtakes nothing, nor does a savepoint.
    with transaction.atomic():
        found.append([Participant.objects.get(pk=person.pk).city])
    assert found == [["Ulm"], ["İzmir 100 %"], ["Trier"]]


def test_the_last_ones_are_sent_at_the_end(person: Participant) -> None:
    with transaction.atomic(), gathered():
        _CITY.later(person=person.pk, city="Ulm")
        _MAIL.later([_mail("one")])
        _MAIL.later([_mail("other")])
    person.refresh_from_db()
    assert (person.city, Message.objects.filter(message_id__in=["<one@x>", "<other@x>"]).count()) == (
        "Ulm",
        2,
    )


def _break_off(person: Participant) -> None:
    with transaction.atomic(), gathered():
        _CITY.later(person=person.pk, city="Ulm")
        _CITY.run(person=person.pk, city="Trier")
        _CITY.later(person=person.pk, city="Mainz")
        raise ZeroDivisionError


def test_what_is_left_by_an_exception_leaves_nothing(person: Participant) -> None:
    with pytest.raises(ZeroDivisionError):
        _break_off(person)
    person.refresh_from_db()
    assert person.city == "Bursa"


def test_what_is_to_be_rolled_back_takes_no_more(person: Participant) -> None:
    with transaction.atomic(), gathered():
        _CITY.later(person=person.pk, city="Ulm")
        transaction.set_rollback(True)
    person.refresh_from_db()
    assert person.city == "Bursa"


def _owe_twice(person: Participant) -> None:
    with transaction.atomic(), gathered():
        _CITY.later(person=person.pk, city="Ulm")
        _MAIL.later([_mail("once")])
        _MAIL.later([_mail("once")])


def test_what_fails_later_takes_all_of_it_back(person: Participant) -> None:
    with pytest.raises(IntegrityError):
        _owe_twice(person)
    person.refresh_from_db()
    assert (person.city, Message.objects.filter(message_id="<once@x>").exists()) == ("Bursa", False)


@pytest.mark.postgresql
def test_it_goes_in_one_round_trip(person: Participant) -> None:
    for _time in range(2):
        _PERSON.all(person=person.pk)
        with transaction.atomic():
            _LOCK.lock(person=person.pk)
    with transaction.atomic(), gathered():
        _LOCK.lock(person=person.pk)
        _CITY.later(person=person.pk, city="Ulm")
        [found] = _PERSON.all(person=person.pk)
    sent = [statement.split()[0] for statement in vars(found)["asked"].split("; ")]
    assert (sent, found.city) == (["EXECUTE"] * 3, "Ulm")


@pytest.mark.postgresql
def test_nothing_waits_while_somebody_watches(person: Participant) -> None:
    watched = connection.execute_wrapper(lambda execute, *statement: execute(*statement))
    with watched, transaction.atomic(), gathered():
        _CITY.later(person=person.pk, city="Ulm")
        assert gathering(connection) is None
    assert Participant.objects.get(pk=person.pk).city == "Ulm"


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction_that_holds_it(conference: Conference) -> None:
    if connection.vendor != "postgresql":
        _LOCK.lock(person=1)  # the file is locked as a whole
        return
    with pytest.raises(transaction.TransactionManagementError):
        _LOCK.lock(person=1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_is_read_behind_a_lock_is_what_the_others_have_left(person: Participant) -> None:
    """Sent together, the lock and the question still see two moments."""
    for _time in range(2):
        with transaction.atomic():
            _LOCK.lock(person=person.pk)
    began, mine = threading.Event(), connection.connection.info.backend_pid
    other = threading.Thread(target=_change_until_somebody_waits, args=(person.pk, mine, began))
    other.start()
    began.wait()

    with transaction.atomic(), gathered():
        _LOCK.lock(person=person.pk)
        found = [one.city for one in _PLAIN.all(person=person.pk)]

    other.join()
    assert found == ["Ulm"]


def _change_until_somebody_waits(person: int, pid: int, began: threading.Event) -> None:
    with transaction.atomic():
        Participant.objects.filter(pk=person).update(city="Ulm")
        began.set()
        while not _waits(pid):
            time.sleep(0.01)
    connection.close()


def _waits(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [pid])
        return bool(cursor.fetchone()[0])
