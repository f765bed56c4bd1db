from __future__ import annotations

import re
import time
from pathlib import Path

import allauth
import polib
import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from pytest_django import Settings

from conference.allauth_wording import PHRASES
from conference.models import User
from tests.conference.conftest import PASSWORD

LOGIN = "/accounts/login/"


def test_the_admins_login_leads_to_the_accounts_login(client: Client, db: None) -> None:
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1] == ("/accounts/login/?next=%2Fadmin%2F", 302)


def test_an_organiser_signs_in_by_e_mail_and_returns_where_they_wanted(
    client: Client, organiser: User
) -> None:
    response = client.post(
        LOGIN, {"login": "Organiser@Example.org", "password": PASSWORD, "next": "/admin/workshops/"}
    )

    assert (response.status_code, response["Location"]) == (302, "/admin/workshops/")


def test_who_signs_in_is_greeted_by_name(client: Client, organiser: User) -> None:
    """The user name is made up for most accounts and means nothing to anybody."""
    User.objects.filter(pk=organiser.pk).update(
        username="68ecdcb2bf934b90", first_name="Ayşe", last_name="Demir"
    )
    page = client.post(LOGIN, {"login": organiser.email, "password": PASSWORD}, follow=True)
    said = [str(message) for message in page.context["messages"]]
    assert [("Ayşe Demir" in text, "68ecdcb2bf934b90" in text) for text in said] == [(True, False)]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(client: Client, organiser: User, target: str) -> None:
    response = client.post(LOGIN, {"login": organiser.email, "password": PASSWORD, "next": target})

    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_a_wrong_password_says_no_more_than_an_unknown_address(client: Client, organiser: User) -> None:
    answers = [
        re.sub(
            r"csrfmiddlewaretoken\" value=\"\w+|value=\"[^\"]+@[^\"]+",
            "",
            client.post(LOGIN, data).content.decode(),
        )
        for data in (
            {"login": organiser.email, "password": "wrong"},
            {"login": "nobody@example.org", "password": "wrong"},
        )
    ]

    assert answers[0] == answers[1]


def test_guessing_passwords_is_stopped(client: Client, organiser: User) -> None:
    for _attempt in range(6):
        client.post(LOGIN, {"login": organiser.email, "password": "wrong"})

    response = client.post(LOGIN, {"login": organiser.email, "password": PASSWORD})

    assert response.status_code in {200, 429}
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client: Client, db: None) -> None:
    data = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}

    response = client.post("/accounts/signup/", data)

    assert response.status_code == 200
    assert "Nobody signs up here" in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/password/change/", "/accounts/2fa/", "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/", "/accounts/2fa/totp/activate/",
        "/accounts/logout/", "/accounts/reauthenticate/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_account_pages_open_in_the_browsers_language_without_inline_scripts(
    signed_in: Client, address: str, language: str
) -> None:
    response = signed_in.get(address, headers={"accept-language": language})

    page = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in page
    assert page.count("<h1>") == 1
    for attributes in re.findall(r"<script([^>]*)>", page):
        assert 'src="' in attributes or 'type="application/json"' in attributes
    assert not re.search(r"\son\w+=|<style|style=\"", page)


def test_changing_ones_protection_asks_for_the_password_again(client: Client, organiser: User) -> None:
    client.post(LOGIN, {"login": organiser.email, "password": PASSWORD})

    answer = client.get("/accounts/2fa/webauthn/add/")

    assert answer["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2F2fa%2Fwebauthn%2Fadd%2F"


def test_the_account_address_leads_on(client: Client, organiser: User) -> None:
    before = client.get("/accounts/")["Location"]
    client.post(LOGIN, {"login": organiser.email, "password": PASSWORD})

    assert (before, client.get("/accounts/")["Location"]) == (LOGIN, "/accounts/2fa/")


def test_after_setting_up_the_app_the_password_alone_does_not_let_in(
    signed_in: Client, organiser: User, settings: Settings
) -> None:
    # A code counts for half a minute, which may end on its way.
    settings.MFA_TOTP_TOLERANCE = 1
    secret = signed_in.get("/accounts/2fa/totp/activate/").context["form"].secret
    answer = signed_in.post("/accounts/2fa/totp/activate/", {"code": _code(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/recovery-codes/")

    fresh = Client()
    halfway = fresh.post(LOGIN, {"login": organiser.email, "password": PASSWORD})
    assert halfway["Location"].startswith("/accounts/2fa/authenticate/")
    assert fresh.get("/admin/").status_code == 302

    recovery = signed_in.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    done = fresh.post("/accounts/2fa/authenticate/", {"code": recovery})
    assert (done.status_code, fresh.get("/admin/").status_code) == (302, 200)


def _code(secret: str) -> str:
    counter = int(time.time()) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_a_forgotten_password_is_replaced_through_the_mailed_link(client: Client, organiser: User) -> None:
    client.post("/accounts/password/reset/", {"email": organiser.email})
    [message] = mail.outbox
    link = re.search(r"http://testserver(\S+)", message.body)
    assert link
    page = client.get(link.group(1), follow=True)
    new = "Köprü altında çay 99"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})

    organiser.refresh_from_db()
    assert organiser.check_password(new)


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: Client, organiser: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": organiser.email}, follow=True)
    mail.outbox.clear()

    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)

    assert (unknown.content, unknown.redirect_chain) == (known.content, known.redirect_chain)
    assert mail.outbox == []


def test_under_a_former_address_nobody_signs_in_or_gets_a_link(client: Client, organiser: User) -> None:
    former = organiser.email
    client.post("/accounts/password/reset/", {"email": former})
    mail.outbox.clear()
    organiser.email = "corrected@example.org"
    organiser.save()

    client.post("/accounts/password/reset/", {"email": former})
    client.post("/accounts/password/reset/", {"email": organiser.email})
    answer = client.post(LOGIN, {"login": former, "password": PASSWORD})

    assert [message.to for message in mail.outbox] == [[organiser.email]]
    assert answer.status_code == 200


def test_an_organisers_address_is_not_changed_here(signed_in: Client) -> None:
    assert signed_in.get("/accounts/email/")["Location"] == "/accounts/2fa/"


def test_an_account_without_staff_rights_does_not_enter_the_admin(client: Client, db: None) -> None:
    User.objects.create_user(username="p", email="p@example.org", password=PASSWORD)
    client.post(LOGIN, {"login": "p@example.org", "password": PASSWORD})

    assert client.get("/admin/", follow=True).status_code == 403


def test_the_sentences_we_say_anew_are_still_allauths() -> None:
    catalogue = polib.pofile(str(Path(allauth.__file__).parent / "locale/de/LC_MESSAGES/django.po"))

    assert set(PHRASES) - {entry.msgid for entry in catalogue} == set()
