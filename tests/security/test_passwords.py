"""Organisers' passwords: any characters, long ones too, but not what everybody would try first."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from tests import factories


@pytest.mark.parametrize(
    "password",
    ["short 7", "password1", "12345678901", "Konferenz2020", "KÖPRÜ-2026", "conference", "WORKSHOP admin 1"],
)
def test_what_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "çay ve simit",
        "onlysmallletters",
        "Konferenz mit Blick auf den Bosporus",
        "ş" * 64,
        "x y" * 40,
        "😀 🌉 🕰 ⛴ 🐈 🍵",
    ],
)
def test_any_characters_and_long_ones_are_good(password: str) -> None:
    validate_password(password)


def test_a_password_counts_exactly_as_it_was_typed(db: None) -> None:
    password = " Köprü altında ÇAY " + "x" * 80
    organiser = factories.make_organiser(password=password)

    def signs_in(typed: str) -> bool:
        client = Client()
        client.post("/accounts/login/", {"login": organiser.email, "password": typed})
        return "_auth_user_id" in client.session

    wrong = [password.lower(), password.strip(), password[:72], password + "x"]
    assert ([signs_in(typed) for typed in wrong], signs_in(password)) == ([False] * 4, True)


def test_changing_it_asks_for_the_old_one_and_ends_all_other_sessions(db: None) -> None:
    organiser = factories.make_organiser()
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.force_login(organiser)
    new = {"password1": "Simit und Sonne 12", "password2": "Simit und Sonne 12"}

    here.post("/accounts/password/change/", {**new, "oldpassword": "wrong"})
    assert elsewhere.get("/admin/").status_code == 200
    here.post("/accounts/password/change/", {**new, "oldpassword": "a long enough password"})

    assert (here.get("/admin/").status_code, elsewhere.get("/admin/").status_code) == (200, 302)


def test_an_account_that_is_switched_off_is_out_at_once(db: None) -> None:
    organiser = factories.make_organiser()
    client = Client()
    client.force_login(organiser)
    assert client.get("/admin/").status_code == 200

    organiser.is_active = False
    organiser.save()

    assert client.get("/admin/").status_code == 302


def test_there_is_no_account_before_one_is_made(db: None) -> None:
    from conference.models import User

    assert list(User.objects.all()) == []
