from __future__ import annotations

import copy
import datetime as dt
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from registration.domain.outbox.owe import message_id_of, owe_message
from registration.domain.tokens import issue_link
from registration.models import AccessDetails, Announcement, Invitation, Message, Registration
from tests import factories
from tests.outbox.smtp import MailServer
from workshops.domain.release import release_programme
from workshops.models import Conference, Release, Workshop

Owe = Callable[..., Message]
KINDS_OF_STATUS = {
    Message.Kind.RECEIVED: "requested",
    Message.Kind.CONFIRMED: "confirmed",
    Message.Kind.PROMOTED: "confirmed",
    Message.Kind.WAITLISTED: "waitlisted",
    Message.Kind.OFFERED: "waitlisted",
    Message.Kind.OFFER_LAPSED: "cancelled",
    Message.Kind.MOVED_UP: "waitlisted",
    Message.Kind.DECLINED: "declined",
    Message.Kind.CANCELLED: "cancelled",
    Message.Kind.ACCESS: "confirmed",
    Message.Kind.ACCESS_CHANGED: "confirmed",
    Message.Kind.ANNOUNCEMENT: "confirmed",
    Message.Kind.DAY_BEFORE: "confirmed",
    Message.Kind.HOUR_BEFORE: "confirmed",
    Message.Kind.THANKS: "confirmed",
}
OFFERED_UNTIL = dt.datetime(2100, 6, 15, 12, tzinfo=dt.UTC)


def copies_of(message: Message, count: int) -> list[Message]:
    """Rows like this one, each with its own Message-ID and a little older than the one before."""
    copies = [copy.copy(message) for _ in range(count)]
    for number, one in enumerate(copies):
        one.due_at = message.due_at - dt.timedelta(milliseconds=number)
        one.pk = uuid.uuid4()
        one.message_id = message_id_of(one.pk)
    return copies


def announce(*workshops: Workshop, **values: object) -> Announcement:
    """A message to everybody who is confirmed in these workshops."""
    defaults: dict[str, object] = {
        "conference": workshops[0].conference,
        "chosen": {"statuses": ["confirmed"]},
        "subject_de": "Hinweis",
        "subject_tr": "Duyuru",
        "subject_en": "Note",
        "text_de": "Bitte **pünktlich**.",
        "text_tr": "Lütfen **dakik** olun.",
        "text_en": "Please be **on time**.",
    }
    announcement = Announcement.objects.create(**{**defaults, **values})
    announcement.workshops.set(workshops)
    return announcement


@pytest.fixture
def mail_server(settings: object) -> Iterator[MailServer]:
    """A real SMTP server, to which the settings point."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.address  # type: ignore[attr-defined]
        # The server runs in a thread of this process: it may answer late on a busy machine.
        settings.EMAIL_TIMEOUT = 3  # type: ignore[attr-defined]
        yield server


@pytest.fixture
def event(conference: Conference) -> Workshop:
    """One day in summer and one in winter, released, with access details for both roles on the first day."""
    platform = factories.make_platform(
        conference, name="Kudo", instructions_de="Wählen Sie **Türkisch**.", instructions_tr="Dili seçin."
    )
    workshop = factories.make_workshop(
        conference,
        with_day=False,
        number=1,
        platform=platform,
        title_de="Digitale Stadt",
        title_tr="Dijital Şehir",
        title_en="Digital city",
    )
    day = factories.make_day(workshop, date=dt.date(2020, 6, 15))
    factories.make_day(workshop, date=dt.date(2020, 12, 15))
    factories.make_access(day, interpreter_channel="channel 2")
    factories.make_access(
        day, role="listener", url="https://kudo.example/listen", passcode="listener-passcode"
    )
    release_programme(conference=conference)
    return workshop


def _change(event: Workshop) -> dict[str, object]:
    """The second day ends half an hour later than it did."""
    since = Release.objects.latest("number")
    closes = dt.datetime.combine(dt.date.min, event.days.get(date="2020-12-15").closes or dt.time(11, 30))
    event.days.filter(date="2020-12-15").update(closes=(closes + dt.timedelta(minutes=30)).time())
    release = release_programme(conference=event.conference)
    return {"release": release.pk, "since": since.pk, "workshops": [event.pk]}


@pytest.fixture
def owe(event: Workshop) -> Owe:
    """Owes a message of a kind, with all that it is about."""

    def _owe(kind: str, language: str = "de", role: str = "active") -> Message:
        participant = factories.make_participant(event.conference, language=language)
        link = issue_link(participant=participant)
        values: dict[str, object] = {"participant": participant, "link": link}
        if kind in Message.CANVASSING:
            status = "queued" if kind == Message.Kind.INVITATION else "sent"
            invitation = Invitation.objects.create(participant=participant, link=link, status=status)
            invitation.workshops.add(event)
            values["invitation"] = invitation
        if status := KINDS_OF_STATUS.get(Message.Kind(kind)):
            waits: dict[str, object] = (
                {"waiting_since": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)} if status == "waitlisted" else {}
            )
            if kind == Message.Kind.OFFERED:
                waits["offered_until"] = OFFERED_UNTIL
                values["facts"] = {"offered_until": int(OFFERED_UNTIL.timestamp())}
            values["registration"] = Registration.objects.create(
                participant=participant, workshop=event, role=role, status=status, **waits
            )
        if kind == Message.Kind.PROGRAMME_CHANGED:
            values["facts"] = _change(event)
            Registration.objects.create(
                participant=participant, workshop=event, role=role, status=Registration.Status.CONFIRMED
            )
        if kind in {Message.Kind.ACCESS, Message.Kind.ACCESS_CHANGED}:
            details = AccessDetails.objects.values_list("pk", flat=True)
            name = "new" if kind == Message.Kind.ACCESS else "changed"
            values["facts"] = {name: list(details)}
        if kind in {Message.Kind.DAY_BEFORE, Message.Kind.HOUR_BEFORE}:
            values["facts"] = {"day": event.days.order_by("date")[0].pk}
        if kind == Message.Kind.THANKS:
            values["facts"] = {"registrations": [values["registration"].pk]}  # type: ignore[attr-defined]
        if kind == Message.Kind.ANNOUNCEMENT:
            values["facts"] = {"announcement": announce(event).pk}
        with transaction.atomic():
            return owe_message(kind=kind, recipient=participant.email, language=language, **values)  # type: ignore[arg-type]

    return _owe
