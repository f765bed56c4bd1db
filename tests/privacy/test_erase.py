from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from auditlog.models import LogEntry as AuditEntry
from django.contrib.admin.models import CHANGE
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference.mailbox.store import newest, remove_naming, save
from conference.sessions import row_key
from registration.domain.end_sessions import end_sessions, sessions_of
from registration.domain.erase import erase_participant
from registration.domain.invite import invite
from registration.domain.outbox.claim import claim_next
from registration.domain.outbox.deliver import drain
from registration.domain.outbox.results import record_cancelled, record_failure, record_sent
from registration.domain.outbox.retry import failure_of_writing
from registration.domain.traces import named_in
from registration.domain.transitions import owe_to_participant
from registration.mails.render import render
from registration.models import BarrierReport, Message, Participant, Registration, Suppression
from tests import factories
from tests.privacy.conftest import counters_are_right
from tests.registration_pages.helpers import everything, visit
from tests.world import register
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop


def erase(participant: Participant, **values: Any) -> dict[str, int]:
    return dict(erase_participant(participant_id=participant.pk, **values))


def test_it_says_how_many_rows_went(workshop: Workshop) -> None:
    invitation = invite(conference=workshop.conference, email="ada@example.org", workshops=[workshop])
    register(workshop, participant=invitation.participant, status="confirmed")
    rows = erase(invitation.participant)
    assert {table: number for table, number in rows.items() if table.startswith("registration_")} == {
        "registration_participant": 1,
        "registration_registration": 1,
        "registration_invitation": 1,
        "registration_personallink": 1,
        "registration_message": 1,
    }


def test_nobody_elses_rows_change(workshop: Workshop) -> None:
    conference = workshop.conference
    invite(conference=conference, email="ada@example.org", workshops=[workshop])
    register(workshop, status="confirmed")
    Suppression.objects.create(conference=conference, email="ada@example.org", digest="1", reason="bounced")
    BarrierReport.objects.create(
        conference=conference, description="Kontrast", language="de", email="ada@example.org"
    )
    before = everything()
    person = invite(conference=conference, email="da@example.org", workshops=[workshop]).participant
    register(workshop, participant=person, status="confirmed", role="listener")
    erase(person)
    assert everything() == before


def test_of_one_person_in_two_conferences_only_one_goes(workshop: Workshop) -> None:
    other = factories.make_conference(is_current=False)
    here = factories.make_participant(workshop.conference, email="ada@example.org")
    there = factories.make_participant(other, email="ada@example.org")
    for conference in (workshop.conference, other):
        Suppression.objects.create(
            conference=conference, email="ada@example.org", digest="1", reason="bounced"
        )
    lines = [write_history(row) for row in (here, there)]
    erase(here)
    assert list(Participant.objects.values_list("pk", flat=True)) == [there.pk]
    assert dict(Suppression.objects.values_list("conference", "email")) == {
        workshop.conference_id: "",
        other.pk: "ada@example.org",
    }
    assert list(AuditEntry.objects.filter(pk__in=lines).values_list("pk", flat=True)) == [lines[1]]


def write_history(row: Any, text: str = "") -> int:
    kind = ContentType.objects.get_for_model(row)
    AdminEntry.objects.create(
        user=factories.make_organiser(),
        content_type=kind,
        object_id=str(row.pk),
        object_repr=str(row)[:200],
        action_flag=CHANGE,
        change_message=text,
    )
    entry = AuditEntry.objects.create(
        content_type=kind, object_pk=str(row.pk), object_repr=str(row), action=1, changes={"x": ["", text]}
    )
    return int(entry.pk)


def test_lines_of_both_histories_that_name_the_address_go_and_others_stay(workshop: Workshop) -> None:
    person = factories.make_participant(workshop.conference, email="ada@bücher.example")
    AuditEntry.objects.all().delete()
    write_history(workshop, "has written to ADA@bücher.example")
    write_history(workshop, "has written to sada@bücher.example and ada@bücher.example.org")
    write_history(factories.make_organiser(email="ada@bücher.example"), "ada@bücher.example")
    AuditEntry.objects.filter(object_pk="").delete()
    said = {json.dumps(entry.changes, ensure_ascii=False) for entry in AuditEntry.objects.all()}
    erase(person)
    left = {json.dumps(entry.changes, ensure_ascii=False) for entry in AuditEntry.objects.all()}
    assert said - left == {'{"x": ["", "has written to ADA@bücher.example"]}'}
    assert sorted(AdminEntry.objects.values_list("change_message", flat=True)) == [
        "ada@bücher.example",
        "has written to sada@bücher.example and ada@bücher.example.org",
    ]


def is_reading_history(sql: str) -> bool:
    return "object_repr_copy" in sql


def test_both_histories_are_read_before_places_are_given_back_and_then_only_what_is_new(
    workshop: Workshop,
) -> None:
    person = register(workshop, status="confirmed").participant

    with CaptureQueriesContext(connection) as asked:
        erase(person)

    statements = [query["sql"] for query in asked.captured_queries]
    locked = next(number for number, sql in enumerate(statements) if sql.startswith("SAVEPOINT"))
    [*before] = filter(is_reading_history, statements[:locked])
    [*after] = filter(is_reading_history, statements[locked:])
    timed = [('"timestamp" >=' in sql or '"action_time" >=' in sql) for sql in (*before, *after)]
    assert timed == [False, False, True, True]


def test_a_line_written_while_the_histories_were_read_goes_too(workshop: Workshop) -> None:
    person = register(workshop, status="confirmed").participant
    AuditEntry.objects.all().delete()
    written: list[int] = []

    def write(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("SAVEPOINT") and not written:
            written.append(0)
            written.append(write_history(workshop, f"has written to {person.email}"))
        return execute(sql, *rest)

    with connection.execute_wrapper(write):
        erase(person)

    assert (len(written), AuditEntry.objects.filter(pk__in=written).count()) == (2, 0)
    assert AdminEntry.objects.count() == 0


def test_an_address_that_changes_while_the_histories_are_read_is_not_left_behind(workshop: Workshop) -> None:
    person = register(workshop, status="confirmed").participant
    AuditEntry.objects.all().delete()
    old = write_history(workshop, "has written to new@example.org")
    AuditEntry.objects.filter(pk=old).update(timestamp=timezone.now() - dt.timedelta(days=1))

    def change(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("SAVEPOINT") and not Participant.objects.filter(email="new@example.org").exists():
            Participant.objects.filter(pk=person.pk).update(email="new@example.org")
        return execute(sql, *rest)

    with connection.execute_wrapper(change):
        erase(person)

    assert AuditEntry.objects.filter(pk=old).count() == 0


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        (None, set()),
        ("no address", set()),
        ("Ada <Ada@Example.org>, ids 1@x.", {"ada@example.org", "1@x"}),
        ('{"email": ["a@b.de", "a@b\\u00fc.de"]}', {"a@b.de", "a@bü.de"}),
        ("(bö@example.org);x+y@example.org!", {"bö@example.org", "x+y@example.org"}),
    ],
)
def test_addresses_are_found_in_whatever_is_written_around_them(
    text: str | None, addresses: set[str]
) -> None:
    assert named_in(text) == addresses


@pytest.mark.parametrize(
    ("status", "role", "more"),
    [
        ("confirmed", "active", {}),
        ("confirmed", "listener", {}),
        ("requested", "active", {"listens_meanwhile": True}),
        ("waitlisted", "active", {"listens_meanwhile": True}),
        ("declined", "active", {}),
        ("cancelled", "active", {}),
    ],
)
def test_places_are_given_back(workshop: Workshop, status: str, role: str, more: dict[str, Any]) -> None:
    register(workshop, status="confirmed")
    row = register(workshop, status=status, role=role, **more)
    erase(row.participant)
    assert counters_are_right(workshop)
    assert Registration.objects.count() == 1


def test_an_offered_place_is_given_back(workshop: Workshop) -> None:
    row = register(workshop, status="waitlisted", offered_until=timezone.now() + dt.timedelta(days=1))
    Workshop.objects.filter(pk=workshop.pk).update(taken_active=1)
    assert counters_are_right(workshop)
    erase(row.participant)
    assert counters_are_right(workshop)


@pytest.mark.parametrize(("places_go_on", "promoted"), [(True, "confirmed"), (False, "waitlisted")])
def test_the_place_goes_to_who_waits(
    workshop: Workshop, django_capture_on_commit_callbacks: Any, places_go_on: bool, promoted: str
) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=1)
    row = register(workshop, status="confirmed")
    waiting = register(workshop, status="waitlisted")
    with django_capture_on_commit_callbacks(execute=True):
        erase(row.participant, places_go_on=places_go_on)
    waiting.refresh_from_db()
    assert waiting.status == promoted
    assert counters_are_right(workshop)
    assert list(Message.objects.values_list("kind", "participant")) == (
        [("promoted", waiting.participant_id)] if places_go_on else []
    )


def test_erasing_somebody_who_is_not_there_changes_nothing(workshop: Workshop) -> None:
    person = register(workshop).participant
    erase(person)
    before = everything()
    assert erase(person) == {}
    assert everything() == before


def test_that_an_organiser_did_it_is_recorded_by_number_only(conference: Conference) -> None:
    person = factories.make_participant(conference)
    organiser = factories.make_organiser(conference=conference)
    AuditEntry.objects.all().delete()
    key = person.pk
    erase(person, by=organiser)
    [entry] = AuditEntry.objects.all()
    assert (entry.object_pk, entry.object_repr, entry.action, entry.actor, entry.changes) == (
        str(key),
        str(key),
        AuditEntry.Action.DELETE,
        organiser,
        None,
    )


def owed(workshop: Workshop) -> Message:
    release_programme(conference=workshop.conference)
    row = register(workshop, status="confirmed")
    with transaction.atomic():
        owe_to_participant(registration=row, kind=Message.Kind.CONFIRMED)
    message = claim_next()
    assert message is not None
    return message


def test_a_message_that_is_being_sent_goes_too_and_its_worker_finds_out(workshop: Workshop) -> None:
    message = owed(workshop)
    assert message.participant is not None
    erase(message.participant)
    assert record_sent(message=message) is False
    assert record_cancelled(message=message, reason="x") is False
    assert record_failure(message=message, failure=failure_of_writing()) is False
    assert Message.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_survives_that_a_message_is_erased_while_it_sends_it(workshop: Workshop) -> None:
    release_programme(conference=workshop.conference)
    gone, stays = register(workshop, status="confirmed"), register(workshop, status="confirmed")
    with transaction.atomic():
        for row in (gone, stays):
            owe_to_participant(registration=row, kind=Message.Kind.CONFIRMED)

    def erase_then_render(message: Message) -> Any:
        mail = render(message=message)
        if message.participant_id == gone.participant_id:
            erase(gone.participant)
        return mail

    assert drain(render=erase_then_render, seconds=60) is False
    assert list(Message.objects.values_list("participant", "status")) == [(stays.participant_id, "sent")]


def test_an_organiser_who_opened_the_link_stays_signed_in(workshop: Workshop) -> None:
    factories.make_privacy_version(workshop.conference)
    release_programme(conference=workshop.conference)
    client = Client()
    client.force_login(factories.make_organiser(workshop))
    person = visit(factories.make_participant(workshop.conference), client)
    stranger = visit(factories.make_participant(workshop.conference))
    rows = sessions_of(link_ids=[person.link.pk])
    assert rows == [row_key(client.session.session_key)]
    end_sessions(rows=rows)
    assert person.get("my/").status_code == 403
    assert client.get("/admin/").status_code == 200
    assert stranger.get("my/").status_code == 200
    assert Session.objects.count() == 2


def test_the_demos_mailbox_loses_what_names_the_address(tmp_path: Any) -> None:
    for headers, text in [
        ("To: ada@example.org\r\n", "Hello"),
        ("To: hosts@example.org\r\nReply-To: Ada <ADA@example.org>\r\n", "Hello"),
        (
            "To: hosts@example.org\r\nContent-Transfer-Encoding: quoted-printable\r\n",
            "from ada=40example.org.",
        ),
        ("To: sada@example.org\r\n", "ada@example.organic"),
    ]:
        save(directory=tmp_path, content=f"{headers}Subject: x\r\n\r\n{text}\r\n".encode())
    assert remove_naming(directory=tmp_path, address="ada@example.org") == 3
    assert [mail.recipient for mail in newest(directory=tmp_path)] == ["sada@example.org"]
