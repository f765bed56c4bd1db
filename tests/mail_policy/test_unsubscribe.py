"""One click ends our invitations (RFC 8058): without a session, without a cookie, and not by a mail scanner's GET."""

from __future__ import annotations

import base64
import datetime as dt
import json
import logging
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.logs import redact
from registration.domain.tokens import LinkUnknown, open_link, token_of
from registration.domain.unsubscribe import unsubscribe_token
from registration.mails.render import render
from registration.models import Message, PersonalLink, Suppression
from tests.mail_policy.conftest import Sent
from tests.outbox.smtp import MailServer
from workshops.models import Conference

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
UNKNOWN = ["", "x", "1", "1-", "1-" + "A" * 43, "0-" + "A" * 43, "9" * 19 + "-" + "A" * 43, "a/b/c"]


def address(token: str, language: str = "de") -> str:
    return f"/{language}/unsubscribe/{token}/" if token else f"/{language}/unsubscribe/"


@pytest.fixture
def token(sent: Sent, site: Conference) -> str:
    link = sent().link
    assert link is not None
    return unsubscribe_token(link=link)


@pytest.fixture
def browser() -> Client:
    """With the check that keeps forms of other sites out."""
    return Client(enforce_csrf_checks=True)


def reasons() -> list[tuple[str, str]]:
    return list(Suppression.objects.values_list("email", "reason"))


# The header and the visible line


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [str(value) for name, value in attrs if tag == "a" and name == "href"]


@pytest.mark.parametrize("language", ["de", "tr", "en", ""])
def test_an_invitation_says_how_to_end_it_in_header_text_and_html(sent: Sent, language: str) -> None:
    message = sent(language=language)
    mail = render(message=message)
    assert message.link is not None
    path = f"unsubscribe/{unsubscribe_token(link=message.link)}/"
    expected = [f"http://testserver/{code}/{path}" for code in ([language] if language else ["de", "tr"])]

    headers = mail.message()
    assert headers["List-Unsubscribe"] == f"<{expected[0]}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert re.findall(r"^http\S+/unsubscribe/\S+$", mail.body, re.M) == expected
    parser = _Links()
    parser.feed(str(mail.alternatives[0][0]))
    assert [link for link in parser.found if "/unsubscribe/" in link] == expected


def test_the_header_leaves_as_mail_programs_read_it(sent: Sent, mail_server: MailServer) -> None:
    message = sent()
    assert message.link is not None
    link = f"<http://testserver/de/unsubscribe/{unsubscribe_token(link=message.link)}/>"
    mail = render(message=message)
    assert f"\nList-Unsubscribe: {link}\n".encode() in mail.message().as_bytes()
    mail.send()
    mail_server.wait_for(1)
    (arrived,) = mail_server.mails
    assert (arrived["List-Unsubscribe"], arrived["List-Unsubscribe-Post"]) == (
        link,
        "List-Unsubscribe=One-Click",
    )


def test_mail_about_a_registration_cannot_be_unsubscribed_from(sent: Sent) -> None:
    message = sent()
    message.kind = Message.Kind.LINK
    mail = render(message=message)
    assert "List-Unsubscribe" not in mail.message()
    assert "unsubscribe" not in mail.body + str(mail.alternatives[0][0])


# The click of a mail program


@pytest.mark.parametrize("form", ["urlencoded", "multipart"])
def test_one_click_needs_no_cookie_no_session_and_is_answered_at_once(
    browser: Client, token: str, form: str
) -> None:
    answers = []
    for _ in range(2):
        if form == "multipart":
            answer = browser.post(address(token), ONE_CLICK)
        else:
            body = "List-Unsubscribe=One-Click"
            answer = browser.post(address(token), body, content_type="application/x-www-form-urlencoded")
        answers.append((answer.status_code, answer.cookies.output(), "Cookie" in answer.get("Vary", "")))
    assert answers == [(200, "", False)] * 2
    assert reasons() == [("ayse@example.org", "unsubscribed")]


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_follows_the_link_changes_nothing(browser: Client, token: str, method: str) -> None:
    answer = getattr(browser, method)(address(token))
    assert (answer.status_code, answer.cookies.output(), reasons()) == (200, "", [])


@pytest.mark.parametrize(
    "data", [{}, {"List-Unsubscribe": "Yes"}, {"list-unsubscribe": "One-Click"}, {"a": "b"}]
)
def test_any_other_form_asks_again_and_changes_nothing(browser: Client, token: str, data: Any) -> None:
    answer = browser.post(address(token), data)
    assert (answer.status_code, answer.context["is_unsubscribed"], reasons()) == (200, False, [])


@pytest.mark.parametrize("change", ["expired", "revoked"])
def test_an_old_link_still_unsubscribes(browser: Client, token: str, change: str) -> None:
    past = timezone.now() - dt.timedelta(days=400)
    PersonalLink.objects.update(**{"expires_at" if change == "expired" else "revoked_at": past})
    assert browser.post(address(token), ONE_CLICK).status_code == 200
    assert reasons() == [("ayse@example.org", "unsubscribed")]


def test_a_link_from_before_the_key_was_changed_still_unsubscribes(
    browser: Client, token: str, settings: Any
) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert browser.post(address(token), ONE_CLICK).status_code == 200
    assert reasons() == [("ayse@example.org", "unsubscribed")]


# The person's own click, and back


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_a_person_unsubscribes_with_the_page_s_button_and_takes_it_back(
    browser: Client, token: str, language: str
) -> None:
    url = address(token, language)
    states = []
    for data in (None, ONE_CLICK, {"undo": "yes"}):
        answer = browser.get(url) if data is None else browser.post(url, data)
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)">', answer.content.decode())
        states.append((answer.status_code, answer.context["is_unsubscribed"], fields, reasons()))
    assert states == [
        (200, False, [("List-Unsubscribe", "One-Click")], []),
        (200, True, [("undo", "yes")], [("ayse@example.org", "unsubscribed")]),
        (200, False, [("List-Unsubscribe", "One-Click")], []),
    ]


@pytest.mark.parametrize(
    ("before", "is_unsubscribed"), [("declined", True), ("complained", True), ("bounced", False)]
)
def test_the_page_knows_what_was_said_before(
    browser: Client, token: str, before: str, is_unsubscribed: bool, site: Conference
) -> None:
    Suppression.objects.create(conference=site, email="ayse@example.org", digest="x", reason=before)
    assert browser.get(address(token)).context["is_unsubscribed"] is is_unsubscribed
    browser.post(address(token), {"undo": "yes"})
    assert reasons() == []


def test_the_page_is_neither_kept_nor_found_nor_told_to_others(browser: Client, token: str) -> None:
    for answer in (browser.get(address(token)), browser.post(address(token), ONE_CLICK)):
        assert "no-store" in answer["Cache-Control"]
        assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
        assert "ayse@example.org" not in answer.content.decode()


def test_without_a_released_programme_it_works_all_the_same(sent: Sent, browser: Client) -> None:
    link = sent().link
    assert link is not None
    answer = browser.post(address(unsubscribe_token(link=link)), ONE_CLICK)
    assert (answer.status_code, reasons()) == (200, [("ayse@example.org", "unsubscribed")])


# What the token opens


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_every_wrong_link_gets_the_same_page(
    browser: Client, site: Conference, method: str, language: str
) -> None:
    data = ONE_CLICK if method == "post" else None
    answers = set()
    for wrong in UNKNOWN:
        answer = getattr(browser, method)(address(wrong, language), data)
        answers.add((answer.status_code, answer.content.decode().split("<main")[1]))
    assert {status for status, _ in answers} == {404}
    assert len(answers) == 1
    assert reasons() == []


def test_a_damaged_or_foreign_token_does_not_unsubscribe(browser: Client, token: str, sent: Sent) -> None:
    other = sent("other@example.org").link
    assert other is not None
    number, mac = token.split("-", 1)
    for wrong in (token[:-1], token + "A", f"{other.pk}-{mac}", f"{number}-{mac[::-1]}", mac, f"{number}-"):
        assert browser.post(address(wrong), ONE_CLICK).status_code == 404
    assert reasons() == []


def test_neither_token_does_the_other_s_work(browser: Client, sent: Sent, site: Conference) -> None:
    link = sent().link
    assert link is not None
    personal, ending = token_of(link=link), unsubscribe_token(link=link)
    for wrong in (personal, f"{link.pk}-{personal}"):
        assert browser.post(address(wrong), ONE_CLICK).status_code == 404
    for wrong in (ending, ending.split("-", 1)[1]):
        with pytest.raises(LinkUnknown):
            open_link(token=wrong)
        answer = browser.get(reverse("registration:invitation", kwargs={"token": wrong}))
        assert (answer.status_code, answer.cookies.output()) == (404, "")
    assert reasons() == []


def test_what_lies_in_the_database_unsubscribes_nobody(browser: Client, token: str) -> None:
    dump = json.loads(serializers.serialize("json", PersonalLink.objects.all()))
    assert token.split("-", 1)[1] not in json.dumps(dump)
    [row] = dump
    seed, digest = row["fields"]["seed"], row["fields"]["digest"]
    encoded = base64.urlsafe_b64encode(bytes.fromhex(seed)).decode().rstrip("=")
    for guess in (seed[:43], digest[:43], encoded):
        assert browser.post(address(f"{row['pk']}-{guess}"), ONE_CLICK).status_code == 404


def test_the_token_is_in_no_log(browser: Client, token: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        browser.post(address(token), ONE_CLICK)
        browser.post(address(token[:-1]), ONE_CLICK)
    ours = [record for record in caplog.records if not record.name.startswith("django.request")]
    assert token[:-1] not in "".join(record.getMessage() for record in ours)
    assert redact(f"Not Found: {address(token)}") == "Not Found: /de/unsubscribe/<link>"
