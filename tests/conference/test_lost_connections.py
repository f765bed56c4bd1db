"""A database server that was restarted, or a connection that was cut: nobody who asks next hears of it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
from django.db import OperationalError, connection, transaction

from conference.kept_queries import KeptQuery
from conference.query_slots import key
from workshops.models import Conference

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
_CONFERENCE: KeptQuery[Conference] = KeptQuery(lambda: Conference.objects.filter(pk=key("conference")))


@pytest.fixture
def lost(conference: Conference) -> Iterator[int]:
    """The key of the conference; the connection is kept from an earlier request, and cut meanwhile."""
    for _time in range(2):
        _CONFERENCE.all(conference=conference.pk)
    connection.health_check_enabled, connection.health_check_done = True, False
    # As whoever restarts the server; it would be this connection's own statement otherwise.
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    with other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    other.close()
    yield conference.pk
    connection.close()


def test_the_question_is_asked_again(lost: int) -> None:
    assert [one.pk for one in _CONFERENCE.all(conference=lost)] == [lost]


def test_within_a_transaction_nothing_is_asked_twice(lost: int) -> None:
    connection.health_check_done = True
    with pytest.raises(OperationalError), transaction.atomic():
        _CONFERENCE.all(conference=lost)


def test_a_question_that_is_wrong_is_not_asked_again(conference: Conference) -> None:
    connection.health_check_enabled, connection.health_check_done = True, False
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 1")
    connection.health_check_done = False
    slow = KeptQuery(lambda: Conference.objects.extra(where=["pg_sleep(60) IS NULL"]))
    with pytest.raises(OperationalError):
        slow.all()
    connection.close()
