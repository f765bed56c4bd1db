"""What PostgreSQL has prepared gives the same answers, and is done without where the session may be somebody else's."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import get_resolver

from conference.asked_together import KeptQueries
from conference.kept_queries import KeptInsert, KeptQuery, KeptUpdate, _Kept
from conference.prepared import Prepared, _is_own
from conference.query_slots import key, text
from registration.models import Participant
from tests import factories
from tests.scaling.pooler import pooler
from workshops.models import Conference

_numbers = itertools.count()
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]


@pytest.fixture
def person(conference: Conference) -> Participant:
    return factories.make_participant(conference, city="Bursa", language="de")


def by_city(number: int | None = None) -> KeptQuery[Participant]:
    """Each time another statement, unless with a number: the connection knows those of other tests."""
    unlike = f"no. {next(_numbers) if number is None else number}"
    return KeptQuery(
        lambda: Participant.objects.filter(
            city=text("city"), conference=key("conference"), language__in=["", "de"]
        ).exclude(position=unlike)
    )


def prepared() -> list[str]:
    """What this connection knows of participants."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%participant%'")
        return [statement for (statement,) in cursor.fetchall()]


def newly_prepared(query: KeptQuery[Participant], person: Participant) -> list[str]:
    before = prepared()
    for _time in range(3):
        query.all(city="Bursa", conference=person.conference_id)
    return [statement for statement in prepared() if statement not in before]


def test_what_runs_again_is_prepared_and_finds_the_rows_of_each_time(person: Participant) -> None:
    before, query = prepared(), by_city()
    conference = person.conference_id

    found = [
        query.all(city=city, conference=conference) for city in ("Bursa", "Köln", "Bursa", "Köln", "Bursa")
    ]

    assert found == [[person], [], [person], [], [person]]
    [statement] = [statement for statement in prepared() if statement not in before]
    assert statement.count("$") == 2
    assert "'de'" in statement  # what is the same each time stands in it


def test_rows_are_looked_up_however_few_there_were_when_it_was_prepared(person: Participant) -> None:
    """A plan made for an empty table would read all of it for as long as the connection lasts."""
    with connection.cursor() as cursor:
        # Who counts the rows at this moment has the statement planned anew: that is well, and not what is asked here.
        cursor.execute("LOCK TABLE registration_participant IN SHARE UPDATE EXCLUSIVE MODE")
    query = by_city()
    newly_prepared(query, person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements ORDER BY prepare_time DESC LIMIT 1")
        [(name,)] = cursor.fetchall()
        cursor.execute(f"EXPLAIN EXECUTE {name} ('Bursa', 1)")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("SHOW enable_seqscan")
        others = cursor.fetchone()

    assert "Index" in plan
    assert "Seq Scan" not in plan
    assert others == ("on",)


def test_what_runs_once_is_not_prepared(person: Participant) -> None:
    before = prepared()
    assert by_city().all(city="Bursa", conference=person.conference_id) == [person]
    assert prepared() == before


def test_changes_and_new_rows_tell_how_many_they_were(person: Participant) -> None:
    move = KeptUpdate(
        lambda: Participant.objects.filter(pk=key("participant")),
        city=text("city"),
        position=text("position"),
    )
    insert = KeptInsert(Participant)
    counts = [move.run(participant=person.pk, city=f"Köln {n}", position="100 %") for n in range(4)]
    rows = [
        [Participant(conference=person.conference, email=f"{n}-{m}@example.org") for m in range(2)]
        for n in range(4)
    ]
    for two in rows:
        insert.run(two)

    person.refresh_from_db()
    assert (counts, move.run(participant=0, city="", position="")) == ([1, 1, 1, 1], 0)
    assert (person.city, person.position) == ("Köln 3", "100 %")
    for row in (row for two in rows for row in two):
        assert Participant.objects.get(pk=row.pk).email == row.email


def test_what_is_rolled_back_leaves_the_statement_known(person: Participant) -> None:
    query, conference = by_city(), person.conference_id
    with transaction.atomic():
        for _time in range(3):
            query.all(city="Bursa", conference=conference)
        transaction.set_rollback(True)
    assert query.all(city="Bursa", conference=conference) == [person]


def test_who_watches_statements_sees_the_statement_itself(person: Participant) -> None:
    query, conference, seen = by_city(), person.conference_id, []
    for _time in range(3):
        query.all(city="Bursa", conference=conference)

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        seen.append(sql.split(maxsplit=1)[0])
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        assert query.all(city="Bursa", conference=conference) == [person]
    assert seen == ["SELECT"]


_FORGETS = [
    "DEALLOCATE ALL",
    # As a migration might do while an older version still runs.
    "ALTER TABLE registration_participant ALTER COLUMN city TYPE varchar(120)",
]


@pytest.mark.parametrize("forgets", _FORGETS)
@pytest.mark.django_db(transaction=True)
def test_a_session_that_knows_it_no_longer_answers_all_the_same(person: Participant, forgets: str) -> None:
    query, conference = by_city(), person.conference_id
    for _time in range(3):
        query.all(city="Bursa", conference=conference)
    _run(forgets)
    try:
        assert [query.all(city="Bursa", conference=conference) for _time in range(3)] == [[person]] * 3
    finally:
        _run("ALTER TABLE registration_participant ALTER COLUMN city TYPE varchar(100)")
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_it_fails_once(person: Participant) -> None:
    query, conference = by_city(), person.conference_id
    for _time in range(3):
        query.all(city="Bursa", conference=conference)
    _run("DEALLOCATE ALL")
    with pytest.raises(DatabaseError), transaction.atomic():
        query.all(city="Bursa", conference=conference)
    with transaction.atomic():
        assert query.all(city="Bursa", conference=conference) == [person]
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_what_the_session_knows_already_is_no_obstacle(person: Participant) -> None:
    """As after an interruption, or behind a pooler that was taken for the server."""
    query, conference = by_city(), person.conference_id
    [statement] = newly_prepared(query, person)
    connection.close()
    query.all(city="Bursa", conference=conference)
    _run(statement)
    assert [query.all(city="Bursa", conference=conference) for _time in range(3)] == [[person]] * 3
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_name_stands_for_one_statement_in_whichever_process(person: Participant) -> None:
    """Else a session that is shared after all would carry out what somebody else had called so."""
    one, other = newly_prepared(by_city(-1), person), newly_prepared(by_city(-2), person)
    connection.close()
    assert [newly_prepared(by_city(number), person) for number in (-2, -1)] == [other, one]
    assert _name(*one) != _name(*other)
    connection.close()


def test_two_of_the_same_words_are_prepared_once(person: Participant) -> None:
    number = next(_numbers)
    assert len(newly_prepared(by_city(number), person)) == 1
    assert newly_prepared(by_city(number), person) == []


def test_each_statement_of_ours_can_be_prepared() -> None:
    """Else it would fail as late as it runs for the second time on a connection."""
    statements = [statement for kept in _kept_of_ours() for statement in _statements_of(kept)]
    assert statements
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(f"PREPARE tried AS {statement._text(cursor.cursor)}")
            cursor.execute("DEALLOCATE tried")


def _kept_of_ours() -> list[Any]:
    """Of all modules that the pages and the tasks need."""
    assert get_resolver().url_patterns
    ours = [
        module
        for name, module in sys.modules.items()
        if name.startswith(("conference.", "registration.", "workshops."))
    ]
    found = [value for module in ours for value in vars(module).values()]
    found += [value for known in found if isinstance(known, dict) for value in known.values()]
    return [value for value in found if isinstance(value, _Kept)]


def _statements_of(kept: Any) -> list[Prepared]:
    made = kept._kept("postgresql")
    if isinstance(kept, KeptInsert):
        return list(made.few.values())
    return [(made.statement if isinstance(kept, KeptQuery | KeptQueries) else made).prepared]


def test_a_pooler_is_told_from_the_server(tmp_path: Path) -> None:
    server = os.environ["TEST_DATABASE_URL"]
    with pooler(url=server, directory=tmp_path) as pooled:
        assert [_leads_to_the_server(url) for url in (server, pooled)] == [True, False]


def _leads_to_the_server(url: str) -> bool:
    with closing(psycopg2.connect(url)) as own, own.cursor() as cursor:
        return _is_own(own, cursor)


def _name(statement: str) -> str:
    return statement.split()[1]


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_does_not_take_the_kind_of_plan_with_it(person: Participant) -> None:
    """A plan made for the values of each time would be made each time, as long as the connection lasts."""
    connection.close()
    with suppress(DatabaseError), transaction.atomic():
        newly_prepared(by_city(), person)
        raise DatabaseError

    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)
    assert len(prepared()) == 1
