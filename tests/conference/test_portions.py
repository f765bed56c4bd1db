"""Many rows are read a portion at a time, with neither a cursor nor a join that a large table would feel."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from conference.portions import in_portions, portions_of
from tests import factories
from workshops.models import Conference, Workshop


@pytest.fixture
def rows(conference: Conference) -> list[Workshop]:
    return [factories.make_workshop(conference) for _ in range(5)]


def test_rows_come_in_their_order_some_at_a_time(
    rows: list[Workshop], django_assert_num_queries: Any
) -> None:
    backwards = Workshop.objects.order_by("-pk")
    with django_assert_num_queries(4):
        found = list(in_portions(backwards, size=2))
    first, second, third, fourth, fifth = rows
    assert found == [[fifth, fourth], [third, second], [first]]


def test_what_is_deleted_meanwhile_is_left_out(rows: list[Workshop]) -> None:
    portions = in_portions(Workshop.objects.order_by("pk"), size=2)
    assert next(portions) == rows[:2]
    rows[3].delete()
    assert list(portions) == [[rows[2]], [rows[4]]]


def test_chosen_rows_keep_the_order_in_which_they_were_chosen(rows: list[Workshop]) -> None:
    first, _second, third, *_rest = rows
    chosen = Workshop.objects.filter(pk__in=[row.pk for row in rows])
    assert list(portions_of(chosen, [third.pk, first.pk, 0])) == [[third, first]]


@pytest.mark.postgresql
def test_no_cursor_is_left_on_the_server(conference: Conference) -> None:
    """A pooler in transaction mode would look for it in somebody else's session."""
    assert connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] is True
