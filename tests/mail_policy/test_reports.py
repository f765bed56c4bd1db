"""What mail providers report: signed, once, and with everything that follows from it."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registration.domain.outbox.claim import claim_next
from registration.domain.outbox.results import record_sent
from registration.domain.outbox.send_again import send_again
from registration.models import DeliveryEvent, Invitation, Message, Suppression
from tests.mail_policy import providers
from tests.mail_policy.conftest import Sent
from tests.mail_policy.providers import (
    ANYMAIL,
    brevo,
    mailgun,
    mailgun_bounce,
    mailjet,
    mailtrap,
    post,
    postmark,
    sparkpost,
    tell_mailgun,
    tell_mailtrap,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_providers(settings: Any) -> None:
    settings.ROOT_URLCONF, settings.ANYMAIL = "tests.mail_policy.provider_urls", ANYMAIL


def state() -> dict[str, list[Any]]:
    """All a report can change."""
    return {
        "messages": list(Message.objects.order_by("created_at").values_list("status", flat=True)),
        "invitations": list(Invitation.objects.order_by("pk").values_list("status", flat=True)),
        "reports": list(DeliveryEvent.objects.values_list("provider", "kind")),
        "unwanted": list(Suppression.objects.values_list("email", "reason")),
    }


def expected(
    message: str, invitation: str, reports: list[tuple[str, str]], unwanted: str | None = None
) -> dict[str, list[Any]]:
    rows = [("ayse@example.org", unwanted)] if unwanted else []
    return {"messages": [message], "invitations": [invitation], "reports": reports, "unwanted": rows}


UNTOUCHED = expected("sent", "sent", [])
BOUNCED = {
    "mailgun": lambda message: tell_mailgun(mailgun_bounce(message)),
    "postmark": lambda message: post("postmark", postmark("Bounce", message, Type="HardBounce")),
    "brevo": lambda message: post("brevo", brevo("hard_bounce", message)),
    "mailjet": lambda message: post(
        "mailjet", mailjet("bounce", message, error="user unknown", hard_bounce=True)
    ),
    "mailtrap": lambda message: tell_mailtrap(mailtrap("bounce", message)),
    "sparkpost": lambda message: post("sparkpost", sparkpost("bounce", message, bounce_class="10")),
}


@pytest.mark.parametrize("provider", BOUNCED)
def test_a_bounce_fails_message_and_invitation_and_nobody_writes_there_again(
    sent: Sent, provider: str
) -> None:
    message = sent()
    for _ in range(3):
        assert BOUNCED[provider](message).status_code == 200
    assert state() == expected("failed", "failed", [(provider, "bounced")], "bounced")


def test_the_provider_s_words_are_kept_without_addresses_and_links(sent: Sent) -> None:
    message = sent()
    tell_mailgun(mailgun_bounce(message))
    message.refresh_from_db()
    words = "550 5.1.1 <…> unknown, see …"
    assert (message.last_error, DeliveryEvent.objects.get().reason, Suppression.objects.get().note) == (
        words,
    ) * 3


SOFT = {
    "mailgun": lambda message: tell_mailgun(mailgun_bounce(message, severity="temporary")),
    "postmark": lambda message: post("postmark", postmark("Bounce", message, Type="SoftBounce")),
    "brevo": lambda message: post("brevo", brevo("soft_bounce", message)),
    "mailjet": lambda message: post(
        "mailjet", mailjet("bounce", message, error="quota exceeded", hard_bounce=False)
    ),
    "mailtrap": lambda message: tell_mailtrap(mailtrap("soft bounce", message)),
    "sparkpost": lambda message: post("sparkpost", sparkpost("bounce", message, bounce_class="22")),
}


@pytest.mark.parametrize("provider", SOFT)
def test_a_full_mailbox_is_noted_and_gives_no_address_up(sent: Sent, provider: str) -> None:
    assert SOFT[provider](sent()).status_code == 200
    assert state() == expected("sent", "sent", [(provider, "deferred")])


def test_what_a_policy_blocked_has_failed_but_the_address_is_good(sent: Sent) -> None:
    assert post("brevo", brevo("blocked", sent())).status_code == 200
    assert state() == expected("failed", "failed", [("brevo", "bounced")])


COMPLAINED = {
    "mailgun": lambda message: tell_mailgun(mailgun("complained", message)),
    "postmark": lambda message: post("postmark", postmark("SpamComplaint", message, Type="SpamComplaint")),
    "brevo": lambda message: post("brevo", brevo("spam", message)),
}


@pytest.mark.parametrize("provider", COMPLAINED)
def test_a_complaint_ends_invitations_and_leaves_the_message_sent(sent: Sent, provider: str) -> None:
    assert COMPLAINED[provider](sent()).status_code == 200
    assert state() == expected("sent", "sent", [(provider, "complained")], "complained")


def test_unsubscribing_at_the_provider_counts_as_well(sent: Sent) -> None:
    tell_mailgun(mailgun("unsubscribed", sent()))
    assert state() == expected("sent", "sent", [("mailgun", "unsubscribed")], "unsubscribed")


@pytest.mark.parametrize("event", ["opened", "clicked", "accepted"])
def test_nobody_is_watched_opening_a_mail(sent: Sent, event: str) -> None:
    assert tell_mailgun(mailgun(event, sent())).status_code == 200
    assert state() == UNTOUCHED


# Who reports


def test_a_wrong_or_missing_signature_changes_nothing(sent: Sent) -> None:
    payload = mailgun_bounce(sent())
    forged = [
        {**payload, "signature": providers.signature("t" * 50, key="another")},
        {**payload, "signature": {**payload["signature"], "token": "u" * 50}},
        {**payload, "signature": {**payload["signature"], "timestamp": "ü"}},
        {**payload, "signature": {}},
        {"event-data": payload["event-data"]},
    ]
    assert [tell_mailgun(forgery).status_code for forgery in forged] == [400] * 5
    assert state() == UNTOUCHED


@pytest.mark.parametrize("provider", ["postmark", "brevo", "mailjet", "sparkpost"])
@pytest.mark.parametrize("secret", [None, "reports:wrong", "reports", ":", "üser:wörd"])
def test_without_the_right_password_nothing_changes(sent: Sent, provider: str, secret: str | None) -> None:
    payload = {"postmark": postmark("Bounce", sent(), Type="HardBounce")}.get(provider, {})
    assert post(provider, json.dumps(payload), secret=secret).status_code == 400
    assert state() == UNTOUCHED


def test_the_former_password_is_good_while_it_is_named(sent: Sent) -> None:
    payload = postmark("Bounce", sent(), Type="HardBounce")
    assert post("postmark", payload, secret="former:password-that-was").status_code == 200


@pytest.mark.parametrize("provider", ["mailgun", "postmark", "brevo", "mailjet", "mailtrap", "sparkpost"])
@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", "1", '"x"', "{}", '{"event": 1}', '[{"msys": {"a": 1}}]', "\xff"]
)
def test_what_is_no_report_is_refused_and_no_fault_of_ours(sent: Sent, provider: str, body: str) -> None:
    sent()
    assert post(provider, body).status_code in {200, 400}
    assert state() == UNTOUCHED


SHAPELESS = [
    {},
    {"event-data": []},
    {"event-data": {"event": []}},
    {"event-data": {"event": "failed", "timestamp": "x"}},
]


@pytest.mark.parametrize("data", SHAPELESS)
def test_a_signed_report_that_says_nothing_is_refused_too(sent: Sent, data: dict[str, Any]) -> None:
    sent()
    assert tell_mailgun({"signature": providers.signature("t" * 50), **data}).status_code in {200, 400}
    assert tell_mailtrap({"events": [data]}).status_code == 400
    assert state() == UNTOUCHED


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_reports_are_taken(client: Any, method: str) -> None:
    assert getattr(client, method)("/anymail/mailgun/tracking/").status_code == 405


# Whose message it is


@pytest.mark.parametrize("known_by", ["metadata", "message-id", "provider's number"])
def test_a_message_is_found_by_our_number_its_message_id_or_the_provider_s(sent: Sent, known_by: str) -> None:
    message = sent()
    Message.objects.filter(pk=message.pk).update(provider_id="<20200615.1@mail.example>")
    payload = mailgun_bounce(message)
    about = payload["event-data"]
    about["message"]["headers"]["message-id"] = {
        "metadata": "someone@else", "message-id": message.message_id, "provider's number": "20200615.1@mail.example"
    }[known_by]  # fmt: skip
    if known_by != "metadata":
        about["user-variables"] = {}
    assert tell_mailgun(payload).status_code == 200
    assert state() == expected("failed", "failed", [("mailgun", "bounced")], "bounced")


@pytest.mark.parametrize("number", ["", "x", "0" * 32, "1" * 400, None, ["a"]])
def test_a_message_of_somebody_else_is_ignored(sent: Sent, number: Any) -> None:
    payload = mailgun_bounce(sent())
    payload["event-data"]["user-variables"] = {"message": number}
    payload["event-data"]["message"] = {"headers": {"message-id": "other@example.com"}}
    assert tell_mailgun(payload).status_code == 200
    assert state() == UNTOUCHED


@pytest.mark.parametrize("number", ["<>", "<", ""])
def test_a_report_without_a_number_is_about_no_message_that_has_none_either(sent: Sent, number: str) -> None:
    payload = mailgun_bounce(sent())
    payload["event-data"]["user-variables"] = {}
    payload["event-data"]["message"] = {"headers": {"message-id": number}}
    assert tell_mailgun(payload).status_code == 200
    assert state() == UNTOUCHED


@pytest.mark.postgresql
def test_the_provider_s_number_is_looked_up_in_its_index(sent: Sent) -> None:
    payload = mailgun_bounce(sent())
    payload["event-data"]["user-variables"] = {}
    payload["event-data"]["message"] = {"headers": {"message-id": "20200615.1@mail.example"}}
    with connection.cursor() as cursor:
        # Of the few rows of a test all ways are as short; this leaves the one through the index of what is asked.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    with CaptureQueriesContext(connection) as asked:
        tell_mailgun(payload)
    (lookup,) = [query["sql"] for query in asked if '"provider_id" IN' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {lookup}")
        plan = "\n".join(line for [line] in cursor.fetchall())
    assert "message_at_provider" in plan


def test_a_report_on_mail_to_the_hosts_suppresses_nobody(sent: Sent) -> None:
    message = sent()
    Message.objects.update(participant=None, invitation=None, kind="barrier_report")
    tell_mailgun(mailgun_bounce(message))
    assert state() == {**expected("failed", "sent", [("mailgun", "bounced")]), "unwanted": []}


# In which order


def test_another_attempt_to_tell_the_same_is_the_same_report(sent: Sent) -> None:
    message = sent()
    for token in ("t" * 50, "u" * 50):
        tell_mailgun(mailgun_bounce(message, token=token))
    assert DeliveryEvent.objects.count() == 1


def test_reports_without_number_and_time_are_told_apart_by_what_they_say(sent: Sent) -> None:
    message = sent()
    for event in ("delivered", "hard_bounce", "delivered", "spam"):
        payload = brevo(event, message)
        del payload["ts_epoch"]
        post("brevo", payload)
    assert sorted(DeliveryEvent.objects.values_list("kind", flat=True)) == [
        "bounced",
        "complained",
        "delivered",
    ]


def test_delivered_after_bounced_revives_nothing(sent: Sent) -> None:
    message = sent()
    tell_mailgun(mailgun_bounce(message))
    tell_mailgun(mailgun("delivered", message, token="u" * 50, at=providers.AT + 5))
    assert state() == expected(
        "failed", "failed", [("mailgun", "bounced"), ("mailgun", "delivered")], "bounced"
    )


@pytest.mark.parametrize("answer", ["accepted", "declined", "revoked"])
def test_a_late_bounce_undoes_no_answer(sent: Sent, answer: str) -> None:
    message = sent()
    Invitation.objects.update(status=answer, answered_at=timezone.now())
    tell_mailgun(mailgun_bounce(message))
    assert state() == expected("failed", answer, [("mailgun", "bounced")], "bounced")


def test_a_person_s_own_no_outweighs_the_bounce_that_follows(sent: Sent) -> None:
    message = sent()
    tell_mailgun(mailgun("complained", message))
    tell_mailgun(mailgun_bounce(message, token="u" * 50))
    assert state()["unwanted"] == [("ayse@example.org", "complained")]


def test_a_bounce_that_overtakes_our_own_note_of_sending_is_the_last_word(sent: Sent) -> None:
    message = sent()
    Message.objects.update(status="queued", sent_at=None, due_at=timezone.now())
    Invitation.objects.update(status="queued", sent_at=None)
    claimed = claim_next()
    assert claimed is not None
    tell_mailgun(mailgun_bounce(message))
    assert record_sent(message=claimed) is False
    assert state() == expected("failed", "failed", [("mailgun", "bounced")], "bounced")


def test_a_message_sent_again_can_bounce_again(sent: Sent) -> None:
    message = sent()
    tell_mailgun(mailgun_bounce(message))
    send_again(message_id=message.pk)
    Message.objects.update(status="sent", sent_at=timezone.now())
    tell_mailgun(mailgun_bounce(message, token="u" * 50, at=providers.AT + 3600))
    assert state() == expected("failed", "failed", [("mailgun", "bounced")] * 2, "bounced")


def test_mail_about_a_registration_that_bounces_fails_and_ends_invitations_only(sent: Sent) -> None:
    message = sent()
    Message.objects.update(kind="link", invitation=None)
    tell_mailgun(mailgun_bounce(message))
    assert state() == expected("failed", "sent", [("mailgun", "bounced")], "bounced")


def test_the_log_names_the_message_and_nobody(sent: Sent, capsys: pytest.CaptureFixture[str]) -> None:
    message = sent()
    tell_mailgun(mailgun_bounce(message))
    stray = mailgun_bounce(message, token="u" * 50)
    stray["event-data"] |= {"user-variables": {}, "message": {"headers": {}}}
    tell_mailgun(stray)
    out = capsys.readouterr().out
    assert str(message.pk) in out
    assert "delivery report about no message of ours" in out
    assert "ayse" not in out


@pytest.mark.django_db(transaction=True)
def test_the_same_report_twice_at_once_is_kept_once(sent: Sent) -> None:
    message = sent()
    start, answers = threading.Barrier(2), []

    def tell() -> None:
        start.wait(timeout=60)
        try:
            answers.append(tell_mailgun(mailgun_bounce(message)).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=tell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200, 200]
    assert state() == expected("failed", "failed", [("mailgun", "bounced")], "bounced")
