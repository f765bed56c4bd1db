"""Nobody learns here whether an address is known: neither from what is answered nor from how long it takes."""

from __future__ import annotations

import re
import threading
import time

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from registration.models import Message
from tests.outbox.smtp import MailServer
from tests.registration_pages.helpers import Visitor
from tests.waited import waiting
from tests.world import World
from workshops.models import Workshop

FORMS = {
    "link": ("/en/link/", "email", {}),
    "password-reset": ("/accounts/password/reset/", "email", {}),
    "sign-in": ("/accounts/login/", "login", {"password": "wrong"}),
}


class Slow(PBKDF2PasswordHasher):
    """Slow enough to be seen on the clock, unlike the one of the other tests."""

    iterations = 60_000


def said(answer: HttpResponse, typed: str) -> str:
    """The answer without the form's own token and the address that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return text.replace(typed, "<typed>")


def ask(form: str, address: str) -> tuple[int, str, str, set[str], float]:
    """What a new browser is answered, what it is kept from, and how long that took."""
    path, field, more = FORMS[form]
    client = Client(headers={"accept-language": "en"})
    started = time.perf_counter()
    answer = client.post(path, {field: address, **more})
    seconds = time.perf_counter() - started
    headers = set(answer.headers) - {"X-Request-ID"}
    return answer.status_code, answer.headers.get("Location", ""), said(answer, address), headers, seconds


@pytest.mark.parametrize("form", list(FORMS))
def test_a_known_and_an_unknown_address_are_answered_alike(
    whole: World, participant: Visitor, settings, form: str
) -> None:  # type: ignore[no-untyped-def]
    settings.SAME_ANSWER_SECONDS = 0.12
    settings.PASSWORD_HASHERS = ["tests.security.test_same_answers.Slow"]
    Workshop.objects.update(admission=Workshop.Admission.INVITED)
    whole.boss.set_password("a long enough password")
    whole.boss.save()
    known = participant.participant.email if form == "link" else whole.boss.email
    ask(form, "warm@example.org")

    answers = [(ask(form, known), ask(form, f"nobody{number}@example.org")) for number in range(3)]

    assert [one[:4] for one, _ in answers] == [other[:4] for _, other in answers]
    # A busy machine only ever adds to it.
    ratio = min(one[4] for one, _ in answers) / min(other[4] for _, other in answers)
    assert 0.5 < ratio < 2, ratio
    assert Message.objects.filter(kind="link").count() == (3 if form == "link" else 0)
    assert {tuple(message.to) for message in mail.outbox} == (
        {(known,)} if form == "password-reset" else set()
    )


def test_the_page_does_not_wait_for_a_mail_server_that_is_silent(whole: World, settings) -> None:  # type: ignore[no-untyped-def]
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.address
        settings.EMAIL_TIMEOUT = 2
        settings.ACCOUNT_MAIL_IN_BACKGROUND = True
        server.answers.append("stall")

        with waiting() as waited:
            status = ask("password-reset", whole.boss.email)[0]

        for thread in threading.enumerate():
            if thread.name == "account-mail":
                thread.join(60)
    assert (status, waited.seconds < 1.5) == (302, True)


def test_a_mail_server_that_is_away_is_no_error(whole: World, settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    assert ask("password-reset", whole.boss.email)[0] == 302
