"""How long a workshop's row is held, as whoever waits behind notices it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from registration.domain.places import take_place
from scripts.bench.held import Queue, queue_for
from scripts.bench.processes import BenchError
from tests import factories
from tests.servers import database_url
from workshops.models import Conference, Workshop

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
HELD = 0.2


@pytest.fixture
def workshop(conference: Conference) -> Workshop:
    return factories.make_workshop(conference, slug="wanted")


@pytest.fixture
def queue(workshop: Workshop) -> Iterator[Queue]:
    with queue_for(workshop.pk, database_url()) as made:
        yield made


def test_who_comes_between_keeps_the_last_one_waiting_until_their_place_is_taken(
    queue: Queue, workshop: Workshop
) -> None:
    def person() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                take_place(workshop_id=workshop.pk, role="active")
                cursor.execute("SELECT pg_sleep(%s)", [HELD])
        finally:
            connection.close()

    alone, behind = queue.seconds(), queue.seconds(person)

    workshop.refresh_from_db()
    assert (alone >= 0, behind >= HELD, workshop.taken_active) == (True, True, 1)


def test_who_takes_no_place_is_not_measured(queue: Queue) -> None:
    with pytest.raises(BenchError):
        queue.seconds(lambda: None)
