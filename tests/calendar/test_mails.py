"""The invitations that mails bring: put into a calendar, changed there, taken out again (RFC 5546, RFC 6047)."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from email.message import EmailMessage
from typing import Any

import pytest
from anymail.message import AnymailMessage
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.test import Client
from django.urls import reverse

from registration.domain.announce_changes import announce_changes
from registration.domain.cancel import cancel_registration
from registration.domain.confirm import confirm_registration
from registration.domain.decline import decline_registration
from registration.domain.transitions import Target, lock_registration, move
from registration.domain.undo_decision import undo_decision
from registration.mails.render import render
from registration.models import Message, Participant, Registration
from tests import factories
from tests.calendar.readers import with_vobject
from tests.calendar.rules import Component, problems, read
from workshops.domain.release import newest_release, release_programme
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db
ACTIVE, LISTENER = Registration.Role.ACTIVE, Registration.Role.LISTENER


@pytest.fixture
def request_(event: Workshop) -> Registration:
    """Asks for an active place in the first of three days only, so that one mail brings one entry."""
    event.days.exclude(date="2020-10-26").delete()
    release_programme(conference=event.conference)
    return ask(event)


def ask(event: Workshop, role: str = ACTIVE, **values: Any) -> Registration:
    person = factories.make_participant(
        event.conference, first_name='Ayşe "Ay"', last_name="Işık, M.A.", **values
    )
    return Registration.objects.create(participant=person, workshop=event, role=role, status="requested")


def newest_mail() -> EmailMultiAlternatives:
    return render(message=Message.objects.latest("created_at"))


def sent(mail: EmailMultiAlternatives) -> EmailMessage:
    """As it travels and is read again."""
    parsed = email.message_from_bytes(mail.message().as_bytes(linesep="\r\n"), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def calendars(mail: EmailMultiAlternatives) -> list[bytes]:
    """The files, as a program gets them."""
    return [part.get_payload(decode=True) for part in sent(mail).iter_attachments()]  # type: ignore[misc]


def entries(mail: EmailMultiAlternatives) -> list[tuple[str, int, str]]:
    """Method, sequence and status of each file, none of which breaks a rule."""
    found = []
    for content in calendars(mail):
        assert problems(content) == []
        method, [event] = with_vobject(content)
        found.append((method, event.sequence, event.status))
    return found


def event_in(mail: EmailMultiAlternatives) -> Component:
    [content] = calendars(mail)
    return read(content).named("VEVENT")[0]


def test_a_confirmation_is_an_invitation_to_its_day(request_: Registration) -> None:
    confirm_registration(registration_id=request_.pk, role=ACTIVE)
    mail = newest_mail()

    event, person = event_in(mail), request_.participant
    day = request_.workshop.days.get()
    assert entries(mail) == [("REQUEST", 1, "CONFIRMED")]
    assert event.one("UID") == f"registration-{request_.pk}-day-{day.pk}@testserver"
    assert event.all("ATTENDEE") == [
        (
            {
                "CN": "Ayşe 'Ay' Işık, M.A.",
                "CUTYPE": "INDIVIDUAL",
                "PARTSTAT": "ACCEPTED",
                "ROLE": "REQ-PARTICIPANT",
                "RSVP": "FALSE",
            },
            f"mailto:{person.email}",
        )
    ]
    assert event.all("ORGANIZER") == [
        ({"CN": "Konferans Bürosu", "SENT-BY": "mailto:vorkonferenz@example.org"}, "mailto:hosts@example.org")
    ]
    assert (event.all("SUMMARY"), len(event.named("VALARM"))) == ([({"LANGUAGE": "tr"}, "Dijital Şehir")], 1)


def test_the_parts_of_the_mail_are_what_programs_look_for(request_: Registration) -> None:
    confirm_registration(registration_id=request_.pk, role=ACTIVE)

    mixed = sent(newest_mail())

    alternative, file = mixed.iter_parts()
    forms = [(part.get_content_type(), part.get_content_charset()) for part in alternative.iter_parts()]
    *_text, invitation = alternative.iter_parts()
    assert (mixed.get_content_type(), alternative.get_content_type()) == (
        "multipart/mixed",
        "multipart/alternative",
    )
    assert forms == [("text/plain", "utf-8"), ("text/html", "utf-8"), ("text/calendar", "utf-8")]
    for part in (invitation, file):
        assert dict(part["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert (file.get_content_disposition(), file.get_filename()) == ("attachment", "invite.ics")
    assert invitation.get_content_disposition() is None
    assert invitation.get_payload(decode=True) == file.get_payload(decode=True)


def test_a_repeated_mail_carries_the_same(request_: Registration) -> None:
    confirm_registration(registration_id=request_.pk, role=ACTIVE)
    assert calendars(newest_mail()) == calendars(newest_mail())


def test_each_step_raises_the_same_entry_and_the_last_one_takes_it_out(request_: Registration) -> None:
    pk, found = request_.pk, []
    confirm_registration(registration_id=pk, role=ACTIVE)
    found.append((entries(newest_mail()), event_in(newest_mail())))
    switch_to_listening(pk)
    found.append((entries(newest_mail()), event_in(newest_mail())))
    cancel_registration(registration_id=pk)
    found.append((entries(newest_mail()), event_in(newest_mail())))
    confirm_again(pk)
    found.append((entries(newest_mail()), event_in(newest_mail())))

    assert [one for one, _event in found] == [
        [("REQUEST", 1, "CONFIRMED")],
        [("REQUEST", 2, "CONFIRMED")],
        [("CANCEL", 3, "CANCELLED")],
        [("REQUEST", 4, "CONFIRMED")],
    ]
    assert len({event.one("UID") for _one, event in found}) == 1
    roles = [event.all("ATTENDEE")[0][0]["ROLE"] for _one, event in found]
    assert roles == ["REQ-PARTICIPANT", "OPT-PARTICIPANT", "OPT-PARTICIPANT", "OPT-PARTICIPANT"]


def switch_to_listening(pk: int) -> None:
    with transaction.atomic():
        row = lock_registration(registration_id=pk)
        move(row, Target(Registration.Status.CONFIRMED, LISTENER), notice=Message.Kind.CONFIRMED)


def confirm_again(pk: int) -> None:
    Registration.objects.filter(pk=pk).update(status="requested", role=LISTENER)
    confirm_registration(registration_id=pk, role=LISTENER)


def test_nobody_is_told_to_take_out_what_was_never_in(request_: Registration) -> None:
    decline_registration(registration_id=request_.pk)
    assert (entries(newest_mail()), Message.objects.get().kind) == ([], "declined")


def test_a_decision_that_was_undone_in_time_leaves_no_trace(request_: Registration) -> None:
    confirm_registration(registration_id=request_.pk, role=ACTIVE, undoable=True)
    undo_decision(registration_id=request_.pk)
    decline_registration(registration_id=request_.pk)

    assert (Message.objects.latest("created_at").kind, entries(newest_mail())) == ("declined", [])


def test_who_listens_until_a_place_is_free_is_invited_to_listen(workshop: Workshop) -> None:
    """A request that is decided in vain ends with what was confirmed meanwhile."""
    row = ask(workshop)
    Registration.objects.filter(pk=row.pk).update(listens_meanwhile=True)
    release_programme(conference=workshop.conference)

    decline_registration(registration_id=row.pk)

    assert (Message.objects.get().kind, entries(newest_mail())) == (
        "confirmed",
        [("REQUEST", 0, "CONFIRMED")],
    )
    assert event_in(newest_mail()).all("ATTENDEE")[0][0]["ROLE"] == "OPT-PARTICIPANT"


def announce(event: Workshop) -> None:
    since = newest_release(conference=event.conference)
    assert since is not None
    with transaction.atomic():
        release = release_programme(conference=event.conference)
        announce_changes(release=release, since=since, workshops=[event.pk])


def test_a_released_change_brings_the_days_with_those_that_changed_first(event: Workshop) -> None:
    row = ask(event)
    confirm_registration(registration_id=row.pk, role=ACTIVE)
    confirmed = entries(newest_mail())
    event.days.filter(date="2020-10-26").update(opens=dt.time(10))
    event.days.filter(date="2020-10-24").delete()

    announce(event)

    mail = newest_mail()
    names = [part.get_filename() for part in sent(mail).iter_attachments()]
    assert confirmed == [
        ("REQUEST", 1, "CONFIRMED"),
        ("REQUEST", 1, "CONFIRMED"),
        ("REQUEST", 1, "TENTATIVE"),
    ]
    assert entries(mail) == [
        ("REQUEST", 2, "CONFIRMED"),
        ("CANCEL", 2, "CANCELLED"),
        ("REQUEST", 1, "TENTATIVE"),
    ]
    assert names == ["invite-1-2020-10-26.ics", "cancel-2-2020-10-24.ics", "invite-3-2020-10-28.ics"]


def test_a_change_that_no_calendar_shows_brings_no_entry(event: Workshop) -> None:
    row = ask(event)
    confirm_registration(registration_id=row.pk, role=ACTIVE)
    event.goals_tr = "Yeni hedefler"
    event.save()

    announce(event)

    assert (Message.objects.latest("created_at").kind, entries(newest_mail())) == ("programme_changed", [])


def test_who_only_asked_gets_no_entry_with_a_change(event: Workshop) -> None:
    ask(event)
    event.days.filter(date="2020-10-26").update(opens=dt.time(10))
    announce(event)
    assert (Message.objects.get().kind, entries(newest_mail())) == ("programme_changed", [])


def test_access_details_are_in_no_entry(event: Workshop) -> None:
    row = ask(event)
    confirm_registration(registration_id=row.pk, role=ACTIVE)

    mail = newest_mail()

    assert "canary-passcode" in mail.body
    whole = b"".join(content.replace(b"\r\n ", b"") for content in calendars(mail))
    assert [word for word in (b"canary", b"123 456 789", b"/invitation/") if word in whole] == []


def test_before_the_workshop_is_released_there_is_no_entry(conference: Conference) -> None:
    row = ask(factories.make_workshop(conference))
    confirm_registration(registration_id=row.pk, role=ACTIVE)
    assert entries(newest_mail()) == []


def test_a_mail_in_two_languages_brings_the_first(request_: Registration) -> None:
    Participant.objects.update(language="")
    confirm_registration(registration_id=request_.pk, role=ACTIVE)
    assert event_in(newest_mail()).all("SUMMARY") == [({"LANGUAGE": "de"}, "Digitale Stadt")]


@pytest.mark.parametrize("provider", ["brevo", "mailgun", "mailjet", "mailtrap", "postmark", "sparkpost"])
def test_every_mail_provider_takes_the_file(request_: Registration, settings: Any, provider: str) -> None:
    confirm_registration(registration_id=request_.pk, role=ACTIVE)
    names = {"MAILJET_API_KEY", "MAILJET_SECRET_KEY", "MAILTRAP_API_TOKEN", "POSTMARK_SERVER_TOKEN"}
    settings.ANYMAIL = dict.fromkeys({*names, f"{provider.upper()}_API_KEY"}, "key") | {
        "MAILGUN_SENDER_DOMAIN": "x"
    }
    settings.EMAIL_BACKEND = f"anymail.backends.{provider}.EmailBackend"

    mail = newest_mail()
    payload = get_connection().build_message_payload(mail, {})

    assert isinstance(mail, EmailMultiAlternatives)
    assert not isinstance(mail, AnymailMessage)
    assert [form for _content, form in mail.alternatives] == ["text/html"]
    assert [(file.filename, file.mimetype) for file in mail.attachments] == [
        ("invite.ics", "text/calendar; method=REQUEST")
    ]
    assert "invite.ics" in repr(vars(payload))


def test_organisers_see_in_the_outbox_what_comes_with_a_mail(event: Workshop) -> None:
    row = ask(event)
    confirm_registration(registration_id=row.pk, role=ACTIVE)
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.make_organiser(event))
    address = reverse("admin:registration_message_preview", args=[Message.objects.get().pk])

    page = client.get(address).content.decode()

    entry = (
        "<li>Digitale Stadt, Saturday, 24 October 2020, 23:00–23:30 CET / 00:00–00:30 TRT, +1 (25 October 2020) – "
        "put into the calendar, or changed there (invite-1-2020-10-24.ics)</li>"
    )
    assert (entry in page, page.count("put into the calendar")) == (True, 3)
