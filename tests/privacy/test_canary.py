"""One person goes through everything there is, and is erased: afterwards nothing anywhere tells that they were here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.mailbox.store import newest
from registration.domain.access import save_access_details
from registration.domain.invite import invite
from registration.domain.move_up import move_up
from registration.domain.suppress import suppressed
from registration.domain.tokens import token_of
from registration.domain.unsubscribe import unsubscribe_token
from registration.models import (
    AccessDetails,
    BarrierReport,
    DeliveryEvent,
    Message,
    Participant,
    Registration,
    Suppression,
)
from tests import factories
from tests.privacy.conftest import counters_are_right, kept, where
from tests.registration_pages.helpers import Visitor, visit
from tests.sending import send_what_is_due
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "kanarya.adres@kanarya-alan.example"
TYPED = {
    "first_name": "Kanaryaön",
    "last_name": "Kanaryasoy",
    "organisation": "Kanarya Belediyesi",
    "position": "Kanarya Müdürü",
    "city": "Kanaryakent",
}
CANARIES = ("kanarya.adres", "kanarya-alan", "Kanarya", "kanaryaön", "kanaryasoy")


@dataclass
class Stage:
    conference: Conference
    full: Workshop
    manual: Workshop
    lead: Client
    mail: Path


@pytest.fixture
def stage(conference: Conference, workshop: Workshop, settings: Any, tmp_path: Path) -> Stage:
    """A workshop with one place, which somebody has; another one confirmed by hand; the demo's mailbox."""
    settings.DEMO_MAILBOX_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "conference.mailbox.backend.MailboxBackend"
    manual = factories.make_workshop(conference, slug="jugendaustausch")
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=1)
    factories.make_privacy_version(conference)
    release_programme(conference=conference)
    lead = Client()
    lead.force_login(factories.make_organiser(conference=conference))
    return Stage(conference, workshop, manual, lead, settings.DEMO_MAILBOX_DIR)


def send() -> None:
    assert send_what_is_due() is False


def step(client: Client, model: str, name: str, pk: object) -> None:
    url = reverse(f"admin:registration_{model}_step", args=[name])
    assert client.post(url, {"ids": pk, "sure": "yes"}).status_code == 200


def go_through_everything(stage: Stage) -> Visitor:
    for _ in range(2):
        somebody = visit(factories.make_participant(stage.conference))
        assert somebody.register(**{"workshop-digitale-stadt": "active"}).status_code == 303
    invitation = invite(
        conference=stage.conference, email=ADDRESS, workshops=[stage.full, stage.manual], language="tr"
    )
    send()
    person = visit(invitation.participant)
    person.register(
        **TYPED, **{"workshop-digitale-stadt": "active", "workshop-jugendaustausch": "active"}, language="tr"
    )
    mine = {row.workshop_id: row.pk for row in Registration.objects.filter(participant=person.participant)}
    step(stage.lead, "registration", "confirm", mine[stage.manual.pk])
    move_up(registration_id=mine[stage.full.pk], reason="Kanarya ist dabei", by=None)
    details = AccessDetails(day=stage.manual.days.get(), role="active", url="https://kudo.example/room")
    save_access_details(details=details, by=None)
    send()
    edit_in_the_admin(stage, person)
    report_and_unsubscribe(stage, person)
    send()
    return person


def edit_in_the_admin(stage: Stage, person: Visitor) -> None:
    page = reverse("admin:registration_participant_change", args=[person.participant.pk])
    inlines = {
        f"{name}-{field}": value
        for name in ("registrations", "invitations", "consents")
        for field, value in (("TOTAL_FORMS", "0"), ("INITIAL_FORMS", "0"))
    }
    sent = {**TYPED, "city": "Kanaryaşehir", "country": "TR", "language": "tr", **inlines}
    assert stage.lead.post(page, sent).status_code == 302
    step(stage.lead, "message", "stop", Message.objects.filter(participant=person.participant).first().pk)  # type: ignore[union-attr]


def report_and_unsubscribe(stage: Stage, person: Visitor) -> None:
    sent = {"description": "Der Kontrast ist zu schwach.", "page": "/de/", "email": ADDRESS}
    assert person.post("accessibility/report/", sent).status_code == 303
    another = invite(conference=stage.conference, email=ADDRESS, workshops=[stage.manual])
    send()
    [message] = Message.objects.filter(invitation=another)
    DeliveryEvent.objects.create(
        message=message,
        provider="postmark",
        event_id="1",
        kind="deferred",
        reason=f"4.2.2 <{ADDRESS}> mailbox full",
        occurred_at=timezone.now(),
    )
    token = unsubscribe_token(link=another.link)
    one_click = {"List-Unsubscribe": "One-Click"}
    assert Client().post(f"/de/unsubscribe/{token}/", one_click).status_code == 200
    Suppression.objects.filter(email=ADDRESS).update(note=f"said by {ADDRESS}")
    BarrierReport.objects.filter(email=ADDRESS).update(answered_at=timezone.now())
    assert person.post("invitation/decline/").status_code == 303


def erase_through_the_page(person: Visitor) -> None:
    form = person.get("my/data/erase/").context["form"]
    answer = person.post("my/data/erase/", {"whose": form["whose"].value(), "sure": "on"})
    assert (answer.status_code, answer["Location"]) == (303, "/en/my/data/erased/")


def test_who_is_erased_leaves_no_trace(stage: Stage, said: list[str]) -> None:
    person = go_through_everything(stage)
    before = kept(stage.mail)
    stored = {name for canary in CANARIES for name in where(canary, before)}
    assert {
        "table registration_participant",
        "table registration_message",
        "table registration_suppression",
        "table registration_barrierreport",
        "table registration_deliveryevent",
        "table auditlog_logentry",
    } <= stored
    mails = newest(directory=stage.mail)
    assert any(ADDRESS in mail.recipient for mail in mails)
    assert any(ADDRESS not in mail.recipient and ADDRESS in mail.text for mail in mails)

    erase_through_the_page(person)

    after = kept(stage.mail)
    assert {canary: where(canary, after) for canary in CANARIES} == {canary: [] for canary in CANARIES}
    assert [line for line in said if any(canary in line for canary in CANARIES)] == []
    assert newest(directory=stage.mail) != []
    assert counters_are_right(stage.full)
    assert counters_are_right(stage.manual)


def test_links_and_open_browsers_end_and_a_wish_not_to_be_invited_is_remembered(stage: Stage) -> None:
    person = go_through_everything(stage)
    phone = Visitor(person.participant, person.link)
    phone.get(f"invitation/{token_of(link=person.link)}/")
    assert phone.get("my/").status_code == 200

    erase_through_the_page(person)

    assert [browser.get("my/").status_code for browser in (person, phone)] == [403, 403]
    assert phone.get(f"invitation/{token_of(link=person.link)}/").status_code == 404
    found = suppressed(conference=stage.conference, email=ADDRESS)
    assert found is not None
    assert (found.email, found.note, found.reason) == ("", "", "unsubscribed")


def test_the_file_of_the_database_keeps_nothing_either(stage: Stage) -> None:
    """Deleting a row leaves its bytes in the file, until something else is written there."""
    if connection.vendor != "sqlite":
        # PostgreSQL's files are not ours to read; docs/privacy.md says when it overwrites them.
        return
    file = Path(connection.settings_dict["NAME"])
    files = [file, file.with_name(f"{file.name}-wal")]

    def bytes_kept() -> bytes:
        return b"".join(path.read_bytes() for path in files if path.exists())

    erase = Participant.objects.create(conference=stage.conference, email=ADDRESS, **TYPED)
    with transaction.atomic():
        invite(conference=stage.conference, email=ADDRESS, workshops=[stage.full])
    assert b"kanarya.adres" in bytes_kept()
    erase_through_the_page(visit(erase))
    assert b"kanarya.adres" not in bytes_kept()
