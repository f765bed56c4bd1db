"""What sending the form asks of the database: as little with many registrations as with few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from registration.domain.invite import invite
from registration.models import Message, Participant, Registration
from tests import factories
from tests.registration_pages.helpers import Visitor, visit
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_conference(conference: Conference, workshop: Workshop, manual_workshop: Workshop) -> Conference:
    """One workshop that confirms at once and one in which an organiser decides, both with places for all."""
    Workshop.objects.update(capacity_active=10_000)
    factories.make_privacy_version(conference)
    release_programme(conference=conference)
    return conference


def _newcomer(conference: Conference, workshop: Workshop) -> Visitor:
    person = factories.make_participant(
        conference, first_name="", last_name="", organisation="", country="", language=""
    )
    invite(conference=conference, email=person.email, workshops=[workshop])
    return visit(person)


def _registered_before(conference: Conference, count: int) -> None:
    """In every state, each with a mail."""
    people = Participant.objects.bulk_create(
        [Participant(conference=conference, email=f"{n}@before.example") for n in range(count)]
    )
    states = ["requested", "confirmed", "declined", "cancelled"]
    for workshop in Workshop.objects.all():
        rows = Registration.objects.bulk_create(
            Registration(participant=one, workshop=workshop, role="active", status=states[n % 4])
            for n, one in enumerate(people)
        )
        Message.objects.bulk_create(
            Message(
                kind="confirmed", recipient="x@before.example", registration=row, message_id=f"<{row.pk}>"
            )
            for row in rows
        )


def _statements(act: Callable[[], Any]) -> list[str]:
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if sql != "BEGIN" and not sql.startswith("BEGIN "):
            asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        act()
    return asked


def _first_words(statements: list[str]) -> list[str]:
    return [statement.split(maxsplit=1)[0] for statement in statements]


def _send(visitor: Visitor) -> list[str]:
    answers = []
    asked = _statements(
        lambda: answers.append(
            visitor.register(**{"workshop-digitale-stadt": "active", "workshop-jugendaustausch": "active"})
        )
    )
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, "/en/my/")]
    return asked


def _what_is_asked(conference: Conference, workshop: Workshop) -> list[str]:
    _send(_newcomer(conference, workshop))  # what is made once in a process
    return _send(_newcomer(conference, workshop))


def test_two_workshops_of_a_newcomer_are_registered_with_few_statements(
    open_conference: Conference, workshop: Workshop
) -> None:
    asked = _what_is_asked(open_conference, workshop)

    assert _first_words(asked) == [
        *["SELECT"] * 3,  # the session, the link with its person, the release
        *_locked_and_read(),
        *["UPDATE", "INSERT"],  # who they are, and their consent
        *["UPDATE", "DELETE"],  # invitations are answered
        "INSERT",  # both registrations
        "INSERT",  # both mails
        *_place_taken(),  # where nobody waits for it
        "UPDATE",  # the session
    ]


def _locked_and_read() -> list[str]:
    """The person and their registrations, what is on offer and to be consented to, the link, what is announced.

    For whoever watches, each on its own; SQLite locks everything with BEGIN.
    """
    locks = [] if connection.vendor == "sqlite" else ["SELECT"] * 2
    return [*locks, *["SELECT"] * 6]


def _place_taken() -> list[str]:
    """Behind a lock: who begins to wait until then is seen."""
    return ["UPDATE"] if connection.vendor == "sqlite" else ["SELECT", "UPDATE"]


def test_it_is_all_one_transaction_with_what_the_person_is_told(
    open_conference: Conference, workshop: Workshop
) -> None:
    """A commit is a wait for the disk: one for the registration, and none for the session."""
    visitor, ended = _newcomer(open_conference, workshop), []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(("UPDATE", "INSERT", "DELETE")):
            ended.append(connection.in_atomic_block)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        visitor.register(**{"workshop-digitale-stadt": "active"})
    assert set(ended) == {True}


def test_a_session_that_was_ended_meanwhile_takes_nothing_back(
    open_conference: Conference, workshop: Workshop
) -> None:
    visitor = _newcomer(open_conference, workshop)

    def end(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("INSERT") and Session.objects.exists():
            Session.objects.all().delete()
        return execute(sql, *rest)

    with connection.execute_wrapper(end):
        assert visitor.register(**{"workshop-digitale-stadt": "active"}).status_code == 303
    assert (Session.objects.count(), Registration.objects.count()) == (0, 1)


def test_with_many_registrations_nothing_more_is_asked(
    open_conference: Conference, workshop: Workshop
) -> None:
    with_few = _first_words(_what_is_asked(open_conference, workshop))
    _registered_before(open_conference, 300)
    assert _first_words(_what_is_asked(open_conference, workshop)) == with_few


def test_where_everything_is_full_the_waiting_list_costs_no_attempt_at_a_place(
    open_conference: Conference, workshop: Workshop
) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=0)
    asked = _what_is_asked(open_conference, workshop)
    places = [sql for sql in asked if sql.startswith("UPDATE") and "taken_active" in sql]
    waiting = Registration.objects.filter(workshop=workshop, status="waitlisted")
    assert (places, waiting.count(), len(asked)) == ([], 2, 13 + len(_locked_and_read()))


@pytest.mark.postgresql
def test_no_statement_of_it_reads_a_whole_table_of_people(
    open_conference: Conference, workshop: Workshop
) -> None:
    """The planner is asked to read none to its end: where it does so, there is no index that would do."""
    asked = _explained(_newcomer(open_conference, workshop))
    tables = [node["Relation Name"] for node in asked if node["Node Type"] == "Seq Scan"]
    assert [name for name in tables if name.startswith("registration_")] == []


def _explained(visitor: Visitor) -> list[dict[str, Any]]:
    plans: list[dict[str, Any]] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.split(maxsplit=1)[0] in {"SELECT", "UPDATE", "DELETE"}:
            with connection.connection.cursor() as cursor:
                cursor.execute("SET enable_seqscan = off")
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                plans.extend(_nodes(cursor.fetchone()[0][0]["Plan"]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        assert visitor.register(**{"workshop-digitale-stadt": "active"}).status_code == 303
    with connection.cursor() as cursor:
        cursor.execute("RESET enable_seqscan")
    return plans


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in _nodes(child))]
