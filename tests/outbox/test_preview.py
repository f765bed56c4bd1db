"""What organisers see of a message: all but what is its reader's alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registration.domain.tokens import token_of
from registration.domain.unsubscribe import unsubscribe_token
from registration.mails.preview_message import preview_message
from registration.models import Announcement, Message, PersonalLink
from tests import factories
from tests.outbox.conftest import Owe
from workshops.models import Workshop

pytestmark = pytest.mark.django_db
SECRETS = (
    "canary-room",
    "canary-passcode",
    "listener-passcode",
    "channel 2",
    "123 456 789",
    "kudo.example/listen",
)
TO_PARTICIPANTS = [
    kind
    for kind in Message.Kind
    if kind
    not in {
        Message.Kind.BARRIER_REPORT,
        Message.Kind.BARRIER_ANSWER,
        Message.Kind.DOCUMENT,
        Message.Kind.DIGEST,
        Message.Kind.TEAM,
    }
]


@pytest.fixture
def client_of(event: Workshop) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.make_organiser(event))
    return client


def address(message: Message, *language: str) -> str:
    name = "frame" if language else "preview"
    query = f"?language={language[0]}" if language else ""
    return reverse(f"admin:registration_message_{name}", args=[message.pk]) + query


@pytest.mark.parametrize(
    "kind", [kind for kind in TO_PARTICIPANTS if kind not in {"reminder", "programme_changed"}]
)
@pytest.mark.parametrize("language", ["tr", ""])
def test_a_preview_in_each_language_holds_neither_link_nor_access_details(
    owe: Owe, kind: str, language: str
) -> None:
    message = owe(kind, language)
    link = message.link
    assert link is not None

    shown = preview_message(message=message)

    order = ["tr", "de", "en"] if language else ["de", "tr", "en"]
    assert [one.language for one in shown] == order
    assert [one.is_sent_in for one in shown] == ([True, False, False] if language else [True, True, False])
    whole = repr(shown)
    secrets = (*SECRETS, token_of(link=link), unsubscribe_token(link=link), link.seed)
    assert [secret for secret in secrets if secret in whole] == []
    assert all("/invitation/…/" in one.text and "/invitation/…/" in one.html for one in shown)


def test_what_is_masked_is_said_to_be_there(owe: Owe) -> None:
    [german, *_others] = preview_message(message=owe(Message.Kind.ACCESS, "de"))
    assert "•••" in german.text
    assert "•••" in german.html


def test_the_page_shows_html_in_a_frame_that_may_do_nothing(owe: Owe, client_of: Client) -> None:
    message = owe(Message.Kind.CONFIRMED, "de")

    page, frame = client_of.get(address(message)), client_of.get(address(message, "de"))

    assert (page.status_code, frame.status_code) == (200, 200)
    words = page.content.decode()
    assert words.count("<iframe") == 3
    assert words.count("sandbox") >= 3
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    policy = sorted(part.strip() for part in frame["Content-Security-Policy"].split(";"))
    assert policy == [
        "base-uri 'none'",
        "default-src 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "img-src data:",
        "sandbox",
        "style-src 'unsafe-inline'",
    ]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert [secret for secret in SECRETS if secret in words + frame.content.decode()] == []


def test_looking_at_a_preview_changes_nothing(owe: Owe, client_of: Client) -> None:
    message = owe(Message.Kind.CONFIRMED, "de")
    before = list(Message.objects.values()), list(PersonalLink.objects.values())

    client_of.get(address(message))
    client_of.get(address(message, "tr"))

    assert (list(Message.objects.values()), list(PersonalLink.objects.values())) == before


def test_a_message_about_what_is_gone_says_so(owe: Owe, client_of: Client) -> None:
    message = owe(Message.Kind.ANNOUNCEMENT, "de")
    Announcement.objects.all().delete()

    assert "is gone" in client_of.get(address(message)).content.decode()
    assert client_of.get(address(message, "de")).status_code == 404


def test_anothers_message_and_an_unknown_language_are_not_found(
    owe: Owe, event: Workshop, client_of: Client
) -> None:
    message = owe(Message.Kind.CONFIRMED, "de")
    stranger = Client()
    stranger.force_login(factories.make_organiser(factories.make_workshop(event.conference)))

    assert [stranger.get(address(message, *code)).status_code for code in ((), ("de",))] == [404, 404]
    assert client_of.get(address(message, "fr")).status_code == 404


def test_the_page_of_a_message_leads_to_its_preview(owe: Owe, client_of: Client) -> None:
    message = owe(Message.Kind.CONFIRMED, "de")
    page: Any = client_of.get(reverse("admin:registration_message_change", args=[message.pk]))
    assert address(message) in page.content.decode()


def test_the_list_is_narrowed_down_to_what_was_written_lately(owe: Owe, client_of: Client) -> None:
    old, new = owe(Message.Kind.CONFIRMED), owe(Message.Kind.RECEIVED)
    Message.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=30))
    outbox = reverse("admin:registration_message_changelist")

    def listed(since: str) -> list[Any]:
        return [row.pk for row in client_of.get(outbox, {"since": since}).context["cl"].result_list]

    assert (listed("week"), listed("longer")) == ([new.pk], [old.pk])
