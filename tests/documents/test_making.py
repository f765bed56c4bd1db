"""From the wish to the file: made by the worker, kept encrypted for a week, and for one organiser alone."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from cryptography.fernet import Fernet
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference.encryption import cipher
from conference.models import User
from registration.domain.documents import claim
from registration.domain.documents.claim import LEASE, claim_next
from registration.domain.documents.expire import REMEMBERED, expire_documents
from registration.domain.documents.make import make_documents
from registration.domain.documents.open import DocumentGone, open_document
from registration.domain.erase import erase_participant
from registration.domain.outbox.still_owed import reason_gone
from registration.domain.reencrypt import reencrypt_secrets
from registration.domain.retention import purge_expired
from registration.domain.transitions import NotPossible
from registration.mails.render import render
from registration.models import Document, Message
from registration.tasks import expire_documents as expire_task
from registration.tasks import make_documents as make_task
from tests import factories
from tests.documents.conftest import Ask, content, person, registration_of, sheets
from tests.world import register
from workshops.models import Membership, Speaker, Workshop

pytestmark = pytest.mark.django_db


def state(document: Document) -> tuple[str, int, bool, str]:
    document.refresh_from_db()
    return document.status, document.attempts, document.file is not None, document.problem


def test_the_file_is_kept_encrypted_and_a_mail_says_that_it_is_ready(ask: Ask, member: User) -> None:
    document = ask("participants", "xlsx")
    assert make_documents() is False
    document.refresh_from_db()
    mail = render(message=Message.objects.get())

    assert state(document) == ("ready", 1, True, "")
    assert (document.file_name.partition("-digitale")[2], document.done, document.total) == (
        "-stadt-de.xlsx",
        2,
        2,
    )
    assert document.expires_at == (document.ready_at or timezone.now()) + dt.timedelta(days=7)
    assert "Ağaoğlu" in str(sheets(document))
    assert bytes(document.file or b"")[:6] == b"gAAAAA"
    assert (mail.to, mail.reply_to) == ([member.email], ["hosts@example.org"])
    assert f"/admin/registration/document/{document.pk}/" in mail.body
    assert "CET" in mail.body
    assert "Ağaoğlu" not in mail.body + str(mail.alternatives)


def test_nothing_of_people_lies_in_the_table_in_the_clear(ask: Ask) -> None:
    ask("participants", "xlsx")
    make_documents()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registration_document")
        rows = repr(cursor.fetchall())
    assert [name for name in ("Ağaoğlu", "Zöller", "Bursa") if name in rows] == []


@pytest.mark.parametrize(
    "wish",
    [
        {"kind": "certificates", "format": "pdf"},
        {"kind": "participants", "format": "zip"},
        {"kind": "participants", "format": "xlsx", "workshop": None},
    ],
)
def test_what_there_is_not_or_is_not_theirs_is_refused(ask: Ask, wish: dict[str, Any]) -> None:
    with pytest.raises(NotPossible):
        ask(**wish)
    assert Document.objects.count() == 0


def test_a_day_of_another_workshop_and_anothers_workshop_are_refused(ask: Ask, event: Workshop) -> None:
    other = factories.make_workshop(event.conference)
    with pytest.raises(NotPossible, match="This day belongs to another workshop"):
        ask("run_sheet", day=other.days.get())
    with pytest.raises(NotPossible, match="that you do not look after"):
        ask("run_sheet", workshop=other)
    assert Document.objects.count() == 0


def test_nobody_waits_for_more_than_ten_at_once(ask: Ask) -> None:
    for kind in ("participants", "sign_in", "briefing", "run_sheet", "participants"):
        for form in ("pdf", "xlsx"):
            ask(kind, form, language="de" if Document.objects.count() < 8 else "tr")
    with pytest.raises(NotPossible, match="several documents already"):
        ask("certificates", "zip")


def test_what_they_wait_for_already_is_not_made_twice(ask: Ask, event: Workshop) -> None:
    first = ask("participants", "xlsx")
    assert ask("participants", "xlsx") == first
    assert ask("participants", "xlsx", by=factories.make_organiser(event)) != first
    make_documents()
    assert ask("participants", "xlsx") != first


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_ask_for_one_document(ask: Ask) -> None:
    at_once(lambda: ask("participants", "xlsx"))
    assert Document.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_document(ask: Ask) -> None:
    for kind in ("participants", "run_sheet"):
        ask(kind, "xlsx")
    taken: list[Document | None] = []

    def claim_later() -> None:
        taken.append(claim_next())
        connection.close()

    second = threading.Thread(target=claim_later)
    with transaction.atomic():
        taken.append(claim_next())
        # The first claim is not committed yet: the second one does not see it, and has to wait for it.
        second.start()
        second.join(0.5)
        assert second.is_alive()
    second.join(60)
    assert [row is None for row in taken] == [False, True]
    assert sorted(Document.objects.values_list("status", flat=True)) == ["making", "waiting"]


def at_once(work: Callable[[], object]) -> None:
    start = threading.Barrier(2)

    def run() -> None:
        start.wait(60)
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@pytest.mark.parametrize(
    ("wish", "most", "said"),
    [
        (("participants", "pdf"), 2, ""),
        (("participants", "pdf"), 1, "too many rows for a PDF"),
        (("participants", "xlsx"), 1, "too many rows for one spreadsheet"),
        (("sign_in", "xlsx"), 1, "too many rows"),
        (("run_sheet", "xlsx"), 2, "too many rows"),
        (("briefing", "xlsx"), 2, "too many rows"),
        (("certificates", "zip"), 1, ""),
    ],
)
def test_what_is_too_long_is_said_at_once(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, wish: tuple[str, str], most: int, said: str
) -> None:
    monkeypatch.setattr("registration.domain.documents.size.LONGEST", {"pdf": most, "xlsx": most})
    if not said:
        assert ask(*wish).status == "waiting"
        return
    with pytest.raises(NotPossible, match=said):
        ask(*wish)
    assert Document.objects.count() == 0


def test_both_languages_count_and_what_grew_meanwhile_is_refused(
    ask: Ask, event: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registration.domain.documents.size.LONGEST", {"pdf": 2, "xlsx": 3})
    with pytest.raises(NotPossible):
        ask("participants", "xlsx", language="")
    document = ask("participants", "pdf")
    register(event, status="confirmed")
    make_documents()
    assert state(document)[::3] == (
        "failed",
        "It has too many rows for a PDF. Please ask for the spreadsheet (XLSX).",
    )


def test_a_long_list_is_read_a_part_at_a_time(
    ask: Ask, event: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conference.portions.AT_ONCE", 2)
    for name in ("Çelik", "Zorn", "Ärmel"):
        register(event, status="confirmed", participant=person(event.conference, "A", name))
    document = ask("participants", "xlsx", language="tr")
    with CaptureQueriesContext(connection) as captured:
        make_documents()
    document.refresh_from_db()
    [rows] = sheets(document).values()
    assert [row[2] for row in rows[1:]] == ["Ağaoğlu", "Ärmel", "Çelik", "Zöller", "Zorn"]
    read = [query for query in captured if '"registration_registration"."id" IN (' in query["sql"]]
    assert len(read) == 3


def test_one_document_at_a_time_is_made_and_the_oldest_first(ask: Ask) -> None:
    first, second = ask("participants", "xlsx"), ask("run_sheet", "xlsx")
    taken = claim_next()
    assert (taken and taken.pk, claim_next()) == (first.pk, None)
    Document.objects.filter(pk=first.pk).update(claimed_at=timezone.now() - LEASE - dt.timedelta(seconds=1))
    again = claim_next()
    assert again is not None
    assert (again.pk, again.attempts) == (first.pk, 2)
    assert state(second)[:2] == ("waiting", 0)


def test_what_kills_the_worker_is_given_up_after_three_tries(ask: Ask) -> None:
    document = ask("participants", "xlsx")
    for _attempt in range(3):
        assert claim_next() is not None
        Document.objects.update(claimed_at=timezone.now() - LEASE - dt.timedelta(seconds=1))
    assert claim_next() is None
    assert state(document) == ("failed", 3, False, claim.GIVEN_UP)
    assert Message.objects.count() == 0


def test_what_cannot_be_made_is_tried_three_times(
    ask: Ask, event: Workshop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    document = ask("participants", "xlsx")
    monkeypatch.setattr("registration.domain.documents.make.document_xlsx", lambda **_: 1 / 0)
    assert [make_documents() for _attempt in range(3)] == [True, True, False]
    assert state(document) == ("failed", 3, False, claim.GIVEN_UP)


def test_a_programme_whose_clocks_fail_says_so_at_once(ask: Ask, event: Workshop) -> None:
    event.days.update(date=dt.date(2020, 3, 29), opens=dt.time(2, 30), closes=dt.time(4))
    document = ask("run_sheet", "xlsx")
    make_documents()
    assert state(document)[:3] == ("failed", 1, False)
    assert document.problem.startswith("A time in the programme does not exist")


def test_who_lost_the_right_meanwhile_gets_no_file(ask: Ask, member: User) -> None:
    waiting, ready = ask("run_sheet", "xlsx"), ask("participants", "xlsx")
    Document.objects.filter(pk=waiting.pk).update(requested_at=timezone.now())
    make_documents()
    Membership.objects.filter(user=member).delete()
    make_documents()
    finished = Document.objects.get(status="ready")
    assert set(Document.objects.values_list("status", "problem")) == {
        ("ready", ""),
        ("failed", "You no longer look after what it is about."),
    }
    with pytest.raises(Document.DoesNotExist):
        open_document(document_id=finished.pk, by=member)
    assert finished.pk in {waiting.pk, ready.pk}


def test_only_who_asked_opens_it_and_each_opening_is_recorded(
    ask: Ask, event: Workshop, member: User
) -> None:
    document = ask("participants", "xlsx")
    make_documents()
    colleague, boss = factories.make_organiser(event), factories.make_organiser(is_superuser=True)
    for user in (colleague, boss):
        with pytest.raises(Document.DoesNotExist):
            open_document(document_id=document.pk, by=user)
    assert LogEntry.objects.filter(action=LogEntry.Action.ACCESS).count() == 0

    opened = open_document(document_id=document.pk, by=member)

    document.refresh_from_db()
    entry = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    assert opened.content == content(document)
    assert (entry.actor, entry.object_pk, entry.additional_data) == (
        member,
        str(event.pk),
        {
            "conference": event.conference_id,
            "workshop": event.pk,
            "export": {"model": "registration.Registration", "format": "xlsx", "rows": 2},
        },
    )


def test_after_a_week_it_is_gone_and_after_a_month_forgotten(ask: Ask, member: User) -> None:
    document = ask("participants", "xlsx")
    make_documents()
    [message] = Message.objects.all()
    Document.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(DocumentGone):
        open_document(document_id=document.pk, by=member)
    assert (reason_gone(message=message), expire_documents()) == (None, 1)
    assert state(document) == ("expired", 1, False, "")
    assert reason_gone(message=message) == "The document is no longer kept."
    Document.objects.update(requested_at=timezone.now() - REMEMBERED)
    Message.objects.update(created_at=timezone.now() - REMEMBERED)
    assert (expire_documents(), Document.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_a_key_that_was_dropped_too_early_is_said_and_reencrypting_saves_it(
    ask: Ask, member: User, settings: Any
) -> None:
    document = ask("participants", "xlsx")
    make_documents()
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new]
    with pytest.raises(DocumentGone, match="cannot be opened any more"):
        open_document(document_id=document.pk, by=member)
    settings.FIELD_KEYS = [new, old]
    report = reencrypt_secrets()
    settings.FIELD_KEYS = [new]
    assert (report.changed, report.unreadable) == (1, [])
    assert open_document(document_id=document.pk, by=member).name == Document.objects.get().file_name
    assert cipher().decrypt(bytes(Document.objects.get().file or b""))[:2] == b"PK"


def test_who_is_erased_stands_in_no_file_any_more(
    ask: Ask, event: Workshop, django_capture_on_commit_callbacks: Any
) -> None:
    other = factories.make_workshop(event.conference)
    own, theirs = ask("participants", "xlsx"), ask("participants", "xlsx", workshop=other, by=_boss())
    for _each in (own, theirs):
        make_documents()
    begun = ask("participants", "xlsx")
    taken = claim_next()
    with django_capture_on_commit_callbacks(execute=True):
        erase_participant(participant_id=registration_of("Zöller").participant_id)
    assert taken is not None
    assert (state(own)[0], state(own)[2]) == ("expired", False)
    assert state(theirs)[0] == "ready"
    assert (claim.held(taken).exists(), state(begun)[:2]) == (False, ("waiting", 0))


def _boss() -> User:
    return factories.make_organiser(is_superuser=True)


def test_a_speakers_contact_goes_with_the_person(ask: Ask, event: Workshop) -> None:
    person = registration_of("Zöller").participant
    Speaker.objects.filter(last_name="Işık").update(contact=f"Tel. 1, {person.email}")
    erase_participant(participant_id=person.pk)
    assert set(Speaker.objects.values_list("contact", flat=True)) == {""}


def test_at_the_end_contacts_interpreters_and_documents_go(ask: Ask, event: Workshop) -> None:
    ask("participants", "xlsx")
    make_documents()
    purge_expired(at=timezone.now() + dt.timedelta(days=400), dry_run=False)
    assert (Document.objects.count(), Message.objects.count()) == (0, 0)
    assert set(Speaker.objects.values_list("contact", flat=True)) == {""}
    assert event.days.get().interpreters == ""


def test_the_tasks_take_no_argument(ask: Ask) -> None:
    document = ask("participants", "xlsx")
    make_task()
    expire_task()
    assert state(document)[0] == "ready"


def test_the_mail_is_written_in_the_language_of_who_asked(ask: Ask) -> None:
    ask("participants", "xlsx", reader_language="en")
    make_documents()
    mail = render(message=Message.objects.get())
    assert mail.subject == "Ready: Participant list, Digitale Stadt"
    assert "The document you asked for is ready." in mail.body


def test_the_files_name_has_plain_letters_whatever_the_language(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Document, "get_kind_display", lambda _document: "Katılımcı listesi")
    document = ask("participants", "xlsx", reader_language="tr")
    make_documents()
    document.refresh_from_db()
    assert document.file_name == "katilimci-listesi-digitale-stadt-de.xlsx"
