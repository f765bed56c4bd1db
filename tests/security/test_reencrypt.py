"""Keys rotate: after `manage.py reencrypt` the old key opens nothing any more, and nothing was lost."""

from __future__ import annotations

import io
import json
import threading

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from registration.domain import reencrypt
from registration.domain.access import save_access_details
from registration.models import AccessDetails
from tests import factories
from workshops.models import Workshop

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SECRETS = ["https://kudo.example/canary-room", "123 456 789", "canary-passcode", "", ""]


@pytest.fixture
def details(workshop: Workshop, settings) -> AccessDetails:  # type: ignore[no-untyped-def]
    settings.FIELD_KEYS = [OLD]
    return factories.make_access(workshop.days.get())


def run() -> dict[str, object]:
    out = io.StringIO()
    call_command("reencrypt", "--json", stdout=out)
    return json.loads(out.getvalue())


def columns(details: AccessDetails) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT url, meeting_number, passcode, dial_in, interpreter_channel "
            "FROM registration_accessdetails WHERE id = %s",
            [details.pk],
        )
        return list(cursor.fetchone())


def secrets(details: AccessDetails) -> list[str]:
    found = AccessDetails.objects.get(pk=details.pk)
    return [getattr(found, name) for name in AccessDetails.SECRETS]


def opens(key: str, tokens: list[str]) -> list[bool]:
    def opened(token: str) -> bool:
        try:
            Fernet(key).decrypt(token)
        except InvalidToken:
            return False
        return True

    return [opened(token) for token in tokens if token]


def test_afterwards_the_old_key_can_be_dropped(details: AccessDetails, settings) -> None:  # type: ignore[no-untyped-def]
    before = AccessDetails.objects.values("version", "changed_at").get(pk=details.pk)
    settings.FIELD_KEYS = [NEW, OLD]
    assert opens(NEW, columns(details)) == [False] * 3

    assert run() == {"rows": 1, "changed": 1, "unreadable": []}

    assert (opens(OLD, columns(details)), opens(NEW, columns(details))) == ([False] * 3, [True] * 3)
    settings.FIELD_KEYS = [NEW]
    assert secrets(details) == SECRETS
    assert AccessDetails.objects.values("version", "changed_at").get(pk=details.pk) == before


def test_a_second_run_finds_nothing_to_do(details: AccessDetails, settings) -> None:  # type: ignore[no-untyped-def]
    settings.FIELD_KEYS = [NEW, OLD]
    run()
    kept = columns(details)

    assert run() == {"rows": 1, "changed": 0, "unreadable": []}
    assert columns(details) == kept


def test_a_row_that_no_key_opens_is_named_and_the_others_go_on(details: AccessDetails, settings) -> None:  # type: ignore[no-untyped-def]
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    lost = factories.make_access(details.day, role="listener")
    kept = columns(lost)
    settings.FIELD_KEYS = [NEW, OLD]
    out = io.StringIO()

    with pytest.raises(CommandError) as failure:
        call_command("reencrypt", stdout=out)

    assert str(failure.value) == f"No key in FIELD_KEYS opens: registration.AccessDetails {lost.pk}."
    assert failure.value.returncode == 1
    assert out.getvalue() == "2 rows, 1 of them encrypted with the newest key.\n"
    assert (opens(NEW, columns(details)), columns(lost)) == ([True] * 3, kept)


def test_many_rows_are_done_in_batches(details: AccessDetails, settings, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    workshop = details.day.workshop
    for number in range(4):
        factories.make_access(factories.make_day(workshop, date=factories.in_days(31 + number)))
    settings.FIELD_KEYS = [NEW, OLD]
    monkeypatch.setattr(reencrypt, "BATCH", 2)

    assert run() == {"rows": 5, "changed": 5, "unreadable": []}
    assert [opens(NEW, columns(row)) for row in AccessDetails.objects.all()] == [[True] * 3] * 5


@pytest.mark.django_db(transaction=True)
def test_what_an_organiser_saves_meanwhile_is_not_overwritten(details: AccessDetails, settings) -> None:  # type: ignore[no-untyped-def]
    settings.FIELD_KEYS = [NEW, OLD]
    saved, reported = threading.Event(), []

    def other_process() -> None:
        saved.wait(60)
        try:
            reported.append(reencrypt.reencrypt_secrets())
        finally:
            connection.close()

    thread = threading.Thread(target=other_process)
    thread.start()
    with transaction.atomic():
        changed = AccessDetails.objects.get(pk=details.pk)
        changed.passcode = "a newer passcode"
        save_access_details(details=changed, by=None)
        saved.set()
        thread.join(0.3)  # it comes as far as it can while this transaction is open
    thread.join(60)

    assert secrets(details) == [*SECRETS[:2], "a newer passcode", *SECRETS[3:]]
    assert [row.unreadable for row in reported] == [[]]
    assert opens(NEW, columns(details)) == [True] * 3


def test_second_factors_are_encrypted_and_rotate_as_well(db: None, settings) -> None:  # type: ignore[no-untyped-def]
    settings.FIELD_KEYS = [OLD]
    user, secret = factories.make_organiser(), generate_totp_secret()
    totp = TOTP.activate(user, secret).instance
    codes = RecoveryCodes.activate(user)
    unused, seed = codes.get_unused_codes(), codes.instance.data["seed"]
    never_encrypted = Authenticator.objects.create(
        user=factories.make_organiser(), type=Authenticator.Type.TOTP, data={"secret": secret}
    )
    assert never_encrypted.wrap().validate_code("no code") is False
    assert [secret in repr(totp.data), opens(OLD, [totp.data["secret"], seed])] == [False, [True, True]]
    settings.FIELD_KEYS = [NEW, OLD]

    assert run() == {"rows": 3, "changed": 3, "unreadable": []}

    settings.FIELD_KEYS = [NEW]
    kept = Authenticator.objects.order_by("pk")
    assert [Fernet(NEW).decrypt(row.data["secret"]).decode() for row in kept if "secret" in row.data] == [
        secret,
        secret,
    ]
    assert RecoveryCodes(Authenticator.objects.get(pk=codes.instance.pk)).get_unused_codes() == unused
