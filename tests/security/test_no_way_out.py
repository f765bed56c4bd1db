"""Nobody is led to another site by an address of ours, and nobody writes a header of ours."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest
from django.test import Client
from django.urls import reverse

from registration.mails.render import render
from registration.models import Message, Participant
from tests import factories
from tests.outbox.conftest import Owe, event, owe  # noqa: F401 (fixtures)
from tests.registration_pages.helpers import Visitor
from tests.world import World
from workshops.models import Conference, Workshop

PASSWORD = "a long enough password"
ELSEWHERE = [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "https:///evil.example", "///evil.example", "/\t/evil.example", "javascript:alert(1)", "http:\\\\evil.example",
    "https://testserver@evil.example/", "https://testserver.evil.example/", "\x00//evil.example", " //evil.example",
]  # fmt: skip
BREAKS = ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]


def leads_away(location: str) -> bool:
    return "evil" in location.partition("?")[0] or not location.startswith(("/", "?"))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_address_that_leads_on_leads_away(whole: World, organiser: Client, target: str) -> None:
    anonymous = Client()
    answers = [
        anonymous.post("/accounts/login/", {"login": whole.boss.email, "password": PASSWORD, "next": target}),
        organiser.get("/accounts/login/", {"next": target}),
        organiser.post("/admin/language/", {"language": "tr", "next": target}),
        organiser.post("/admin/language/", {"language": "tr"}, headers={"referer": target}),
        organiser.get("/admin/login/", {"next": target}),
        Client().get("/admin/", {"next": target}),
        Client().get("/", headers={"accept-language": target.strip("\x00")}),
        organiser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": target}),
        organiser.post("/accounts/logout/", {"next": target}),
    ]

    locations = [answer.headers.get("Location", "/") for answer in answers]
    assert [location for location in locations if leads_away(location)] == []


@pytest.mark.parametrize("path", ["//evil.example/de", "//evil.example/..", "/\\evil.example/de/programme"])
def test_a_missing_slash_leads_to_our_own_pages(client: Client, db: None, path: str) -> None:
    answer = client.get(path)

    assert not answer.headers.get("Location", "/x").startswith(("//", "/\\"))


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_line_break_reaches_no_header_of_a_mail(owe: Owe, line_break: str) -> None:  # noqa: F811
    """Written past every form, straight into the tables."""
    injected = f"Harmlos{line_break}Bcc: all@evil.example{line_break}{line_break}Evil"
    message = owe(Message.Kind.CONFIRMED, "")
    texts = dict.fromkeys(("sender_name_de", "sender_name_tr", "name_de", "name_tr"), injected)
    Conference.objects.update(**texts)
    Workshop.objects.update(title_de=injected, title_tr=injected)
    Participant.objects.update(first_name=injected, last_name=injected, organisation=injected)

    mail = message_from_bytes(
        render(message=Message.objects.get(pk=message.pk)).message().as_bytes(), policy=default
    )

    assert mail["Bcc"] is None
    assert mail["To"] == message.recipient
    assert [address.domain for address in mail["From"].addresses] == ["example.org"]
    assert [name for name, value in mail.items() if len(value.splitlines()) > 1] == []


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_line_break_in_an_address_is_refused_at_the_form(
    whole: World, participant: Visitor, organiser: Client, line_break: str
) -> None:
    injected = f"a@example.org{line_break}Bcc: all@evil.example"
    owed = Message.objects.count()
    client = Client()

    statuses = [
        client.post("/de/link/", {"email": injected}).status_code,
        client.post("/de/accessibility/report/", {"description": "Kontrast", "email": injected}).status_code,
        client.post("/accounts/password/reset/", {"email": injected}).status_code,
    ]
    organiser.post(
        reverse("admin:registration_invitation_invite"),
        {"addresses": f'"{injected}" <{injected}>', "workshops": [whole.own.pk], "send": "1"},
    )

    assert statuses == [422, 422, 200]
    assert Message.objects.count() == owed
    assert not Participant.objects.filter(email__contains="evil").exists()


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_line_break_in_a_persons_name_is_kept_as_a_space(participant: Visitor, line_break: str) -> None:
    answer = participant.register(first_name=f"Ada{line_break}Bcc: x@evil.example", workshop__own="none")

    participant.participant.refresh_from_db()
    assert answer.status_code in {303, 422}
    assert len(participant.participant.first_name.splitlines()) == 1


def test_no_participants_address_takes_a_file(participant: Visitor) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("evil.html", b"<script>alert(1)</script>", content_type="text/html")
    answer = participant.client.post("/en/accessibility/report/", {"description": upload, "email": ""})

    assert (answer.status_code, b"alert(1)" in answer.content) == (422, False)
    assert factories.Participant.objects.filter(first_name__contains="script").count() == 0
