from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
from auditlog.models import LogEntry as AuditEntry
from django.conf import settings
from django.contrib.admin.models import CHANGE
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference.audit import unrecorded
from conference.celery import app
from registration.domain import retention
from registration.domain.invite import invite
from registration.domain.outbox.owe import owe_message
from registration.domain.report_barrier import report_barrier
from registration.domain.retention import goes_at, purge_expired
from registration.domain.suppress import suppress
from registration.models import BarrierReport, Invitation, Message, Participant, Registration, Suppression
from registration.tasks import erase_expired_data
from tests import factories
from tests.registration_pages.helpers import everything, visit
from tests.world import register
from workshops.domain.kept_until import kept_until
from workshops.models import Conference, Workshop

NOW = dt.datetime(2020, 9, 17, 12, tzinfo=dt.UTC)


@pytest.fixture
def past(db: None) -> Conference:
    """Ended on 18 June 2020; with 90 days its time comes with the end of 16 September."""
    return factories.make_conference(
        slug="past", starts_on=dt.date(2020, 6, 15), ends_on=dt.date(2020, 6, 18), retention_days=90
    )


@pytest.fixture
def event(past: Conference) -> Workshop:
    return factories.make_workshop(past, slug="digitale-stadt")


def aged(*, days: int = 100) -> None:
    """Everything that was written down happened so many days ago."""
    then = NOW - dt.timedelta(days=days)
    Participant.objects.update(created_at=then)
    Registration.objects.update(changed_at=then)
    Invitation.objects.update(created_at=then)
    BarrierReport.objects.update(created_at=then)
    Suppression.objects.update(created_at=then)
    AuditEntry.objects.update(timestamp=then)
    AdminEntry.objects.update(action_time=then)


def fill(workshop: Workshop) -> None:
    """Somebody with one of everything, reports, suppressed addresses and both histories."""
    conference = workshop.conference
    invitation = invite(conference=conference, email="ada@example.org", workshops=[workshop])
    row = register(workshop, participant=invitation.participant, status="confirmed")
    report_barrier(conference=conference, description="x", page="", email="b@example.org", language="de")
    suppress(conference=conference, email="c@example.org", reason="unsubscribed")
    for changed in (workshop, row, invitation):
        AdminEntry.objects.create(
            user=factories.make_organiser(),
            content_type=ContentType.objects.get_for_model(changed),
            object_id=str(changed.pk),
            object_repr=str(changed),
            action_flag=CHANGE,
        )
        AuditEntry.objects.log_create(changed, action=1, changes={"city": ["", "ada@example.org"]})


def purge(at: dt.datetime = NOW, *, dry_run: bool = False) -> dict[str, dict[str, int]]:
    return {
        found.conference.slug: dict(found.rows)
        for found in purge_expired(at=at, dry_run=dry_run)
        if found.rows
    }


@pytest.mark.parametrize(
    ("ends_on", "last_day", "days", "until"),
    [
        (dt.date(2020, 6, 18), None, 90, "2020-09-17T00:00:00+02:00"),
        (dt.date(2020, 6, 18), dt.date(2020, 6, 20), 90, "2020-09-19T00:00:00+02:00"),
        (dt.date(2020, 6, 18), dt.date(2020, 6, 10), 90, "2020-09-17T00:00:00+02:00"),
        # Summer time ends in between: it is the home zone's midnight nevertheless.
        (dt.date(2020, 6, 18), None, 180, "2020-12-16T00:00:00+01:00"),
        (dt.date(2020, 6, 18), None, 0, "2020-06-19T00:00:00+02:00"),
        (dt.date(2020, 6, 18), None, None, None),
    ],
)
def test_data_are_kept_for_full_days_after_the_last_one(
    db: None, ends_on: dt.date, last_day: dt.date | None, days: int | None, until: str | None
) -> None:
    conference = factories.make_conference(
        starts_on=dt.date(2020, 6, 15), ends_on=ends_on, retention_days=days
    )
    if last_day:
        factories.make_day(factories.make_workshop(conference, with_day=False), date=last_day)
    found = kept_until(conference=conference)
    assert (found.isoformat() if found else None) == until


def test_everything_about_people_goes_when_its_time_has_come(event: Workshop) -> None:
    fill(event)
    aged()
    until = kept_until(conference=event.conference)
    assert until is not None
    assert purge(until - dt.timedelta(seconds=1)) == {}
    accounts = everything()["accounts_user"]
    rows = purge(until)["past"]
    assert {table: number for table, number in rows.items() if "log" not in table} == {
        "registration_participant": 1,
        "registration_registration": 1,
        "registration_invitation": 1,
        "registration_personallink": 1,
        "registration_message": 2,
        "registration_barrierreport": 1,
        "registration_suppression": 1,
    }
    for model in (Participant, BarrierReport, Suppression, Message, AdminEntry):
        assert model._default_manager.count() == 0
    assert set(AuditEntry.objects.values_list("content_type__model", flat=True)) <= {"user"}
    event.refresh_from_db()
    assert (event.taken_active, everything()["accounts_user"]) == (0, accounts)
    assert purge(until) == {}


def test_a_dry_run_counts_the_same_and_changes_nothing(event: Workshop) -> None:
    fill(event)
    for _ in range(3):
        register(event, status="waitlisted")
    aged()
    before = everything()
    counted = purge(dry_run=True)
    assert everything() == before
    assert counted == purge()
    assert counted["past"]["registration_participant"] == 4


def test_what_is_kept_for_good_or_not_yet_due_stays(event: Workshop) -> None:
    kept = factories.make_conference(
        slug="kept", is_current=False, ends_on=dt.date(2020, 1, 2), starts_on=dt.date(2020, 1, 1)
    )
    Conference.objects.filter(pk=kept.pk).update(retention_days=None)
    AuditEntry.objects.all().delete()
    later = factories.make_conference(slug="later", is_current=False)
    for conference in (kept, later):
        fill(factories.make_workshop(conference))
    aged()
    before = everything()
    assert purge() == {}
    assert everything() == before


@pytest.mark.parametrize(("days", "left"), [(89, 3), (90, 0)])
def test_who_is_new_in_a_conference_of_the_past_stays_as_long(event: Workshop, days: int, left: int) -> None:
    """A demo may be dated in the past: somebody who registers there today is not erased tonight."""
    then = NOW - dt.timedelta(days=days)
    new = factories.make_participant(event.conference)
    changed = register(event, status="confirmed")
    invited = invite(conference=event.conference, email="ada@example.org", workshops=[event])
    aged(days=400)
    Participant.objects.filter(pk=new.pk).update(created_at=then)
    Registration.objects.filter(pk=changed.pk).update(changed_at=then)
    Invitation.objects.filter(pk=invited.pk).update(created_at=then)
    for person in Participant.objects.all():
        assert goes_at(participant=person) == max(
            then + dt.timedelta(days=90),
            kept_until(conference=event.conference),  # type: ignore[type-var]
        )
    purge()
    assert Participant.objects.count() == left


def test_nobody_is_written_to(event: Workshop, django_capture_on_commit_callbacks: Any) -> None:
    """Not even where a workshop has no day, so that it is never over and places would go on."""
    event.days.all().delete()
    Workshop.objects.filter(pk=event.pk).update(capacity_active=1)
    register(event, status="confirmed")
    register(event, status="waitlisted")
    stays = register(event, status="waitlisted")
    aged()
    Registration.objects.filter(pk=stays.pk).update(changed_at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        purge()
    assert list(Registration.objects.values_list("pk", "status")) == [(stays.pk, "waitlisted")]
    assert Message.objects.count() == 0


def test_old_lines_about_the_programme_go_and_new_ones_stay(event: Workshop) -> None:
    other = factories.make_workshop(factories.make_conference(is_current=False))
    AuditEntry.objects.all().delete()
    old = [AuditEntry.objects.log_create(row, action=1, changes={}) for row in (event, event.conference)]
    foreign = AuditEntry.objects.log_create(other, action=1, changes={})
    aged()
    new = AuditEntry.objects.log_create(event, action=1, changes={})
    AuditEntry.objects.filter(pk=new.pk).update(timestamp=NOW)
    assert purge() == {"past": {"auditlog_logentry": len(old)}}
    assert set(AuditEntry.objects.values_list("pk", flat=True)) == {foreign.pk, new.pk}


def test_what_ends_it_early_is_made_good_by_the_next_run(event: Workshop) -> None:
    for _ in range(3):
        register(event, status="confirmed")
    aged()
    [purged] = purge_expired(at=NOW, dry_run=False, seconds=0)
    assert (purged.is_finished, dict(purged.rows), Participant.objects.count()) == (False, {}, 3)
    [purged] = purge_expired(at=NOW, dry_run=False, seconds=60)
    assert (purged.is_finished, Participant.objects.count()) == (True, 0)


def test_one_who_cannot_be_erased_does_not_keep_the_others(
    event: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [register(event).participant for _ in range(3)]
    aged()

    def refuse(**values: Any) -> Any:
        if values["participant_id"] == people[1].pk:
            raise ValueError("broken row")
        return erase(**values)

    erase = retention.erase_participant
    monkeypatch.setattr(retention, "erase_participant", refuse)
    [purged] = purge_expired(at=NOW, dry_run=False)
    assert (purged.failed, list(Participant.objects.values_list("pk", flat=True))) == (1, [people[1].pk])


def test_who_is_waited_for_and_registers_meanwhile_stays(event: Workshop) -> None:
    person = register(event, status="confirmed").participant
    aged()
    people = retention._people(event.conference, NOW)
    assert people.count() == 1
    Registration.objects.update(changed_at=NOW)
    assert retention._erase(event.conference, person.pk, NOW, {}) == {}
    assert Participant.objects.count() == 1


def test_the_sessions_are_read_once_for_all_and_before_anything_is_locked(event: Workshop) -> None:
    people = [register(event, status="confirmed").participant for _ in range(3)]
    stays = visit(factories.make_participant(factories.make_conference(is_current=False)))
    for person in people:
        visit(person)
    aged()
    Participant.objects.filter(pk=stays.participant.pk).update(created_at=timezone.now())

    with CaptureQueriesContext(connection) as asked:
        purge()

    statements = [query["sql"] for query in asked.captured_queries]
    reading = [
        number
        for number, sql in enumerate(statements)
        if 'FROM "django_session"' in sql and "WHERE" not in sql
    ]
    first_change = next(number for number, sql in enumerate(statements) if sql.startswith("SAVEPOINT"))
    assert (len(reading), reading[0] < first_change) == (1, True)
    assert (Participant.objects.count(), Session.objects.count()) == (1, 1)


def test_mail_to_the_organisers_about_other_reports_stays(event: Workshop) -> None:
    kept = factories.make_conference(slug="kept", is_current=False)
    for conference in (event.conference, kept):
        report_barrier(conference=conference, description="x", page="", email="", language="de")
    aged()
    purge()
    [left] = Message.objects.all()
    assert left.facts == {"barrier_report": BarrierReport.objects.get().pk}


def test_beat_runs_it_every_hour() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["erase-expired-data"]
    assert (entry["task"], entry["schedule"]) == (erase_expired_data.name, 3600.0)
    assert entry["task"] in app.tasks


def test_the_task_erases(event: Workshop) -> None:
    fill(event)
    then = timezone.now() - dt.timedelta(days=100)
    aged()
    Participant.objects.update(created_at=then)
    erase_expired_data()
    assert Participant.objects.count() == 0


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("erase_personal_data", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_first_shows_and_then_erases(event: Workshop) -> None:
    with unrecorded():
        fill(event)
    AdminEntry.objects.all().delete()
    AuditEntry.objects.all().delete()
    aged()
    rows = {
        "registration_barrierreport": 1,
        "registration_invitation": 1,
        "registration_message": 2,
        "registration_participant": 1,
        "registration_personallink": 1,
        "registration_registration": 1,
        "registration_suppression": 1,
    }
    lines = "".join(f"  {table}: {number}\n" for table, number in rows.items())
    assert command("--dry-run") == f"past: would be erased:\n{lines}"
    assert json.loads(command("--dry-run", "--json")) == {
        "dry_run": True,
        "conferences": {"past": {"rows": rows, "failed": 0}},
    }
    assert command() == f"past: erased:\n{lines}"
    assert command() == "past: nothing to erase.\n"
    assert json.loads(command("--json")) == {
        "dry_run": False,
        "conferences": {"past": {"rows": {}, "failed": 0}},
    }


def test_the_command_says_where_nothing_is_due(conference: Conference) -> None:
    assert command() == "No conference ended that long ago.\n"


def test_the_command_fails_where_somebody_could_not_be_erased(
    event: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(event)
    aged()

    def refuse(**_values: Any) -> Any:
        raise ValueError("broken row")

    monkeypatch.setattr(retention, "erase_participant", refuse)
    with pytest.raises(CommandError, match=r"^1 people could not be erased"):
        command()


def test_a_message_to_nobody_known_is_not_touched(event: Workshop) -> None:
    with transaction.atomic():
        owe_message(kind=Message.Kind.BARRIER_REPORT, recipient="hosts@example.org", facts={"x": 1})
    aged()
    purge()
    assert Message.objects.count() == 1
