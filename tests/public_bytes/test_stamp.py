"""The stamp is another one as soon as anything that a public page shows is, and is asked for seldom."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from conference.public_bytes.stamp import PAUSE_SECONDS, SHARED_SECONDS, STALE_SECONDS, Stamp, read_stamp
from tests import factories
from workshops.domain.release import release_programme
from workshops.models import Conference, Logo, Material, Session, Workshop

pytestmark = pytest.mark.django_db


def _workshop(**values: Any) -> Callable[[Conference], object]:
    return lambda _conference: Workshop.objects.update(**values)


def _material(**values: Any) -> Callable[[Conference], object]:
    return lambda _conference: factories.make_material(
        Session.objects.get(), url="https://a.example", **values
    )


def _logo(conference: Conference) -> None:
    Logo.objects.create(
        conference=conference, file_name="a.png", content_type="image/png", data=b"", digest="a"
    )


NEWS: dict[str, Callable[[Conference], object]] = {
    "a release": lambda conference: release_programme(conference=conference),
    "another conference": lambda _conference: Conference.objects.update(is_current=False),
    "who may register": _workshop(admission=Workshop.Admission.INVITED),
    "how one is confirmed": _workshop(confirmation=Workshop.Confirmation.AUTOMATIC),
    "when registration opens": _workshop(registration_opens_at=timezone.now()),
    "when registration closes": _workshop(registration_closes_at=timezone.now()),
    "the last place is taken": _workshop(taken_active=2),
    "a limit is taken away": _workshop(taken_active=2, capacity_active=None, slug="zwei"),
    "another last day": lambda _conference: factories.make_day(
        Workshop.objects.get(), date=factories.in_days(31), opens=dt.time(9)
    ),
    "material for everybody": _material(audience=Material.Audience.EVERYBODY),
    "material for participants": _material(audience=Material.Audience.PARTICIPANTS),
    "a logo": _logo,
    "a privacy notice": lambda conference: factories.make_privacy_version(conference, number=7),
}


@pytest.mark.parametrize("news", NEWS)
def test_whatever_a_page_shows_makes_another_stamp(released: Conference, news: str) -> None:
    before = read_stamp()

    NEWS[news](released)

    assert read_stamp() != before


@pytest.mark.parametrize(
    "change", [_workshop(taken_active=1), _workshop(title_de="Noch geheim"), _material(audience="organisers")]
)
def test_what_no_page_shows_makes_none(released: Conference, change: Callable[[Conference], object]) -> None:
    before = read_stamp()

    change(released)

    assert read_stamp() == before


def test_all_of_it_is_one_query(
    released: Conference, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        read_stamp()


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(settings: Any) -> Clock:
    settings.PUBLIC_LOOK_SECONDS = 0.5
    return Clock()


def looking_again(clock: Clock) -> tuple[Stamp, str | None]:
    """A stamp that has just been asked, and asks anew at the next call; and what it heard."""
    stamp = Stamp(clock)
    known = stamp.current()
    stamp.look_again()
    return stamp, known


def test_processes_share_what_one_of_them_found(
    released: Conference, clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one, other = Stamp(clock), Stamp(clock)
    with django_assert_num_queries(1):
        found = {one.current(), one.current(), other.current()}
    clock.now += 0.4
    with django_assert_num_queries(0):
        found |= {one.current(), other.current()}

    assert found == {read_stamp()}


def test_a_process_asks_again_after_its_span_and_both_spans_are_less_than_two_seconds(
    released: Conference, settings: Any, clock: Clock
) -> None:
    stamp = Stamp(clock)
    before = stamp.current()
    Workshop.objects.update(admission=Workshop.Admission.INVITED)
    Stamp(clock).look_again()

    clock.now += 0.49
    assert stamp.current() == before
    clock.now += 0.01
    assert stamp.current() == read_stamp() != before
    assert settings.PUBLIC_LOOK_SECONDS + SHARED_SECONDS < 2


def _away(*_arguments: Any) -> None:
    raise OperationalError("server closed the connection unexpectedly")


def test_while_the_database_is_away_what_was_known_holds_for_a_while(
    released: Conference, clock: Clock
) -> None:
    stamp, known = looking_again(clock)
    with connection.execute_wrapper(_away):
        assert stamp.current() == known
        clock.now += STALE_SECONDS
        assert stamp.current() == known
        clock.now += PAUSE_SECONDS
        assert stamp.current() is None
    clock.now += PAUSE_SECONDS

    assert stamp.current() == known


def test_while_the_database_is_silent_one_thread_waits_for_it_and_the_others_do_not(
    released: Conference, clock: Clock
) -> None:
    stamp, known = looking_again(clock)
    asked, end = threading.Event(), threading.Event()

    def silent(*_arguments: Any) -> None:
        asked.set()
        end.wait()
        raise OperationalError("timeout expired")

    def wait() -> None:
        with connection.execute_wrapper(silent):
            stamp.current()
        connection.close()

    waiting = threading.Thread(target=wait)
    waiting.start()
    try:
        asked.wait()
        assert stamp.current() == known
        clock.now += STALE_SECONDS + 1
        assert stamp.current() is None
    finally:
        end.set()
        waiting.join()


def test_without_a_database_from_the_start_nothing_is_known(db: None, clock: Clock) -> None:
    with connection.execute_wrapper(_away):
        assert Stamp(clock).current() is None
