"""What organisers gave goes some weeks after it is of no use, and with the person it is about."""

from __future__ import annotations

import datetime as dt

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from conference.audit import recorded
from registration.domain.erase import erase_participant
from registration.domain.export_data import export_data
from registration.domain.invitation_lists.forget import KEPT_DAYS, forget_rows
from registration.domain.invitation_lists.send_list import stop_list
from registration.domain.retention import purge_expired
from registration.models import Invitation, InvitationList, InvitationRow, Participant
from registration.tasks import erase_expired_data
from tests import factories
from tests.invitation_lists.conftest import keep, sent
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=KEPT_DAYS, minutes=1)


def test_the_rows_of_a_list_go_when_it_has_been_done_for_a_month(digital: Workshop) -> None:
    kept = sent("a@b.org\nbroken", digital)
    assert forget_rows(at=timezone.now() + LATER - dt.timedelta(minutes=5)) == 0
    assert forget_rows(at=timezone.now() + LATER) == 2
    assert list(InvitationList.objects.values_list("pk", "status")) == [(kept.pk, "done")]
    assert [invitation.invitation_list for invitation in Invitation.objects.all()] == [kept]


def test_a_list_that_was_never_sent_goes_as_a_whole_with_what_was_recorded(digital: Workshop) -> None:
    with recorded(actor=factories.make_organiser(conference=digital.conference)):
        kept = keep("a@b.org", digital)
    assert LogEntry.objects.get_for_object(kept).count() == 1
    forget_rows(at=timezone.now() + LATER)
    assert (InvitationList.objects.count(), InvitationRow.objects.count()) == (0, 0)
    assert LogEntry.objects.filter(content_type__model="invitationlist").count() == 0


def test_a_list_left_stopped_is_done_then(digital: Workshop) -> None:
    kept = sent("a@b.org", digital)
    stop_list(list_id=kept.pk)
    forget_rows(at=timezone.now() + LATER)
    kept.refresh_from_db()
    assert (kept.status, kept.rows.count()) == ("done", 0)


def test_the_hourly_task_does_it(digital: Workshop) -> None:
    kept = keep("a@b.org", digital)
    InvitationList.objects.update(created_at=timezone.now() - LATER)
    erase_expired_data()
    assert not InvitationList.objects.filter(pk=kept.pk).exists()


def test_who_is_erased_goes_from_every_list_also_from_rows_nobody_could_read(
    conference: Conference, digital: Workshop
) -> None:
    other = factories.make_workshop(factories.make_conference(is_current=False))
    keep("Ada <ada@b.org>", other)
    sent("Ada <ada@b.org>\nada@b.org\nada@b.org@\nb@b.org", digital)
    keep("mail\tdil\nADA@b.org\tFransızca\n", digital)
    erase_participant(participant_id=Participant.objects.get(email="ada@b.org", conference=conference).pk)
    rows = InvitationRow.objects.order_by("pk").values_list("invitation_list__conference", "email")
    assert list(rows) == [(other.conference_id, "ada@b.org"), (conference.pk, "b@b.org")]


def test_lists_go_with_the_data_of_their_conference(conference: Conference, digital: Workshop) -> None:
    sent("a@b.org", digital)
    keep("b@b.org", digital)
    at = timezone.now() + dt.timedelta(days=400)
    [counted] = purge_expired(at=at, dry_run=True)
    [purged] = purge_expired(at=at, dry_run=False)
    assert (InvitationList.objects.count(), InvitationRow.objects.count()) == (0, 0)
    tables = ("registration_invitationlist", "registration_invitationrow")
    assert [purged.rows[table] for table in tables] == [2, 2]
    assert counted.rows["registration_invitationlist"] == 2


def test_a_person_reads_what_was_given_about_them(conference: Conference, digital: Workshop) -> None:
    sent("mail\tVorname\tKurum\tdil\na@b.org\tAyşe\tBursa\ttr\nb@b.org\t\t\t\n", digital)
    [given] = export_data(participant=Participant.objects.get(email="a@b.org"))["invitation_lists"]
    assert given.pop("given_at") is not None
    assert given == {
        "as_given": "a@b.org, Ayşe, Bursa, tr",
        "email": "a@b.org",
        "first_name": "Ayşe",
        "last_name": "",
        "organisation": "Bursa",
        "language": "tr",
        "found": "new",
        "outcome": "written",
    }
