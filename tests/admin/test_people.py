"""What organisers do with people, singly and in bulk: first shown, then done, row by row."""

from __future__ import annotations

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from registration.domain.outbox.owe import owe_message
from registration.domain.transitions import owe_to_participant
from registration.models import BarrierReport, Invitation, Message, PrivacyVersion, Registration
from tests.world import World, access_of, invitation_of, register
from workshops.models import Workshop

REGISTRATIONS = reverse("admin:registration_registration_changelist")


def step(model: str, name: str) -> str:
    return reverse(f"admin:registration_{model}_step", args=[name])


def choose(client: Any, url: str, action: str, rows: list[Any]) -> Any:
    return client.post(url, {"action": action, "_selected_action": [row.pk for row in rows]})


def outcomes(page: Any) -> list[tuple[str, str, str]]:
    return [(outcome.before, outcome.kind, outcome.after) for outcome in page.context["outcomes"]]


def sure(client: Any, page: Any) -> Any:
    return client.post(page.context["step_url"], {"ids": page.context["ids"], "sure": "yes"})


def test_confirming_in_bulk_first_shows_and_then_reports_every_row(world: World, sign_in: Any) -> None:
    Workshop.objects.filter(pk=world.own.pk).update(capacity_active=2)
    world.own.refresh_from_db()
    rows = [
        register(world.own, status="confirmed"),
        *(register(world.own) for _ in range(2)),
        register(world.own, status="cancelled"),
    ]
    client = sign_in(world.member, "en")
    expected = [
        ("confirmed, active", "unchanged", "confirmed, active"),
        ("to decide, active", "done", "confirmed, active"),
        ("to decide, active", "refused", "All active places of this workshop are taken."),
        ("cancelled, active", "refused", "This registration has been cancelled."),
    ]
    messages = Message.objects.count()
    page = choose(client, REGISTRATIONS, "confirm", rows)
    assert outcomes(page) == expected
    assert "1 e-mail goes out." in page.content.decode()
    assert [
        row.status for row in Registration.objects.filter(pk__in=[r.pk for r in rows]).order_by("pk")
    ] == [
        "confirmed",
        "requested",
        "requested",
        "cancelled",
    ]
    assert Message.objects.count() == messages
    done = sure(client, page)
    assert outcomes(done) == expected
    assert Registration.objects.get(pk=rows[1].pk).status == "confirmed"
    assert Message.objects.filter(kind="confirmed").count() == 1
    world.own.refresh_from_db()
    assert world.own.taken_active == 2


@pytest.mark.parametrize(
    ("name", "status", "role"),
    [
        ("confirm", "confirmed", "active"),
        ("confirm_as_listener", "confirmed", "listener"),
        ("put_on_waiting_list", "waitlisted", "active"),
        ("decline", "declined", "active"),
        ("cancel", "cancelled", "active"),
    ],
)
def test_each_step_is_carried_out_by_its_use_case(
    world: World, sign_in: Any, name: str, status: str, role: str
) -> None:
    row = register(world.own)
    client = sign_in(world.member)
    LogEntry.objects.all().delete()
    assert client.post(step("registration", name), {"ids": row.pk}).status_code == 200
    row.refresh_from_db()
    assert row.status == "requested"
    client.post(step("registration", name), {"ids": row.pk, "sure": "yes"})
    row.refresh_from_db()
    assert (row.status, row.role) == (status, role)
    assert LogEntry.objects.get_for_object(row).count() == 1


def test_confirming_from_the_persons_page_leads_back_to_it(world: World, sign_in: Any) -> None:
    row = register(world.own)
    client = sign_in(world.member, "en")
    page = reverse("admin:registration_registration_change", args=[row.pk])
    assert step("registration", "confirm") in client.get(page).content.decode()
    answer = client.post(
        step("registration", "confirm"), {"ids": row.pk, "sure": "yes", "back": "yes"}, follow=True
    )
    assert answer.redirect_chain == [(page, 302)]
    assert "confirmed, active" in answer.content.decode()


def test_a_step_is_taken_by_a_button_only(world: World, sign_in: Any) -> None:
    row = register(world.own)
    answer = sign_in(world.boss).get(step("registration", "confirm"), {"ids": row.pk, "sure": "yes"})
    assert answer.status_code == 405
    row.refresh_from_db()
    assert row.status == "requested"


@pytest.mark.parametrize("ids", ["", "abc", "999999", "1,abc", "99999999999999999999999"])
def test_a_step_for_rows_that_do_not_exist_is_not_found(world: World, sign_in: Any, ids: str) -> None:
    assert (
        sign_in(world.boss).post(step("registration", "confirm"), {"ids": ids, "sure": "1"}).status_code
        == 404
    )


@pytest.mark.parametrize("key", ["abc", "99999999999999999999999"])
def test_an_action_for_a_row_that_cannot_exist_is_not_found(world: World, sign_in: Any, key: str) -> None:
    answer = sign_in(world.boss).post(REGISTRATIONS, {"action": "confirm", "_selected_action": [key]})
    assert answer.status_code == 404


def test_an_unknown_step_is_not_found(world: World, sign_in: Any) -> None:
    assert sign_in(world.boss).post(step("registration", "delete"), {"ids": "1"}).status_code == 404


def test_registrations_are_neither_added_nor_edited_nor_deleted_by_hand(world: World, sign_in: Any) -> None:
    client = sign_in(world.boss)
    row = register(world.own)
    for page, args in (("add", []), ("delete", [row.pk])):
        assert (
            client.post(
                reverse(f"admin:registration_registration_{page}", args=args), {"post": "yes"}
            ).status_code
            == 403
        )
    change = reverse("admin:registration_registration_change", args=[row.pk])
    assert client.post(change, {"status": "confirmed"}).status_code == 403
    assert choose(client, REGISTRATIONS, "delete_selected", [row]).status_code in {200, 302}
    assert Registration.objects.filter(pk=row.pk, status="requested").exists()


def test_who_waits_for_a_decision_comes_first(world: World, sign_in: Any) -> None:
    Registration.objects.all().delete()
    confirmed = register(world.own, status="confirmed")
    second = register(world.own, status="waitlisted")
    first = register(world.own)
    third = register(world.own, status="waitlisted", listens_meanwhile=True)
    page = sign_in(world.member, "en").get(REGISTRATIONS)
    assert [row.pk for row in page.context["cl"].result_list] == [first.pk, second.pk, third.pk, confirmed.pk]
    html = page.content.decode()
    assert "Waiting list, place 1" in html
    assert "Waiting list, place 2, listens meanwhile" in html


def test_lists_find_people_whatever_the_letters(world: World, sign_in: Any) -> None:
    row = register(world.own)
    row.participant.first_name, row.participant.last_name = "İpek", "Çağlayan-Müller"
    row.participant.save()
    for words in ("ipek caglayan", "IPEK", "ÇAĞLAYAN-MÜLLER", "muller ıpek"):
        page = sign_in(world.member).get(REGISTRATIONS, {"q": words})
        assert [found.pk for found in page.context["cl"].result_list] == [row.pk], words


def test_filters_lead_where_the_start_page_points(world: World, sign_in: Any) -> None:
    register(world.own, status="confirmed")
    register(world.own, status="confirmed", role="listener")
    register(world.own, status="waitlisted", listens_meanwhile=True)
    client = sign_in(world.member)
    line = client.get(reverse("admin:index")).context["overview"].workshops[0]
    numbers = {
        name: getattr(line, name)
        for name in ("active", "listening", "waiting", "to_decide", "invited", "answered")
    }
    assert {name: number.value for name, number in numbers.items()} == {
        "active": 1,
        "listening": 2,
        "waiting": 1,
        "to_decide": 1,
        "invited": 0,
        "answered": 0,
    }
    for name, number in numbers.items():
        page = client.get(number.url)
        assert page.status_code == 200
        assert len(page.context["cl"].result_list) == number.value, name


def test_the_start_page_shows_failed_mail_and_leads_to_it(world: World, sign_in: Any) -> None:
    Message.objects.filter(invitation=invitation_of(world.own)).update(
        status="failed", last_error="550 unknown"
    )
    client = sign_in(world.member, "en")
    page = client.get(reverse("admin:index"))
    assert "1 mail failed" in page.content.decode()
    [line] = page.context["overview"].workshops
    assert line.failed.value == 1
    for number in (page.context["overview"].failed, line.failed):
        assert [m.last_error for m in client.get(number.url).context["cl"].result_list] == ["550 unknown"]


def test_failed_mail_is_counted_for_the_workshop_it_is_about(world: World, sign_in: Any) -> None:
    registration = register(world.other)
    with transaction.atomic():
        owe_to_participant(registration=registration, kind=Message.Kind.RECEIVED)
    Message.objects.filter(registration=registration).update(status="failed")
    client = sign_in(world.boss)
    lines = client.get(reverse("admin:index")).context["overview"].workshops
    assert {line.workshop: line.failed.value for line in lines if line.failed.value} == {world.other: 1}
    for line in lines:
        assert len(client.get(line.failed.url).context["cl"].result_list) == line.failed.value


def test_a_failed_message_is_sent_again(world: World, sign_in: Any) -> None:
    message = Message.objects.get(invitation=invitation_of(world.own))
    Message.objects.filter(pk=message.pk).update(status="failed", attempts=10, last_error="550 unknown")
    client = sign_in(world.member)
    page = choose(client, reverse("admin:registration_message_changelist"), "send_again", [message])
    assert sure(client, page).status_code == 200
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("queued", 0)
    client.post(step("message", "stop"), {"ids": message.pk, "sure": "yes"})
    message.refresh_from_db()
    assert message.status == "cancelled"


def test_an_invitation_is_withdrawn(world: World, sign_in: Any) -> None:
    invitation = invitation_of(world.own)
    client = sign_in(world.member)
    client.post(step("invitation", "revoke"), {"ids": invitation.pk, "sure": "yes"})
    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.REVOKED


def test_a_barrier_report_is_marked_as_answered(world: World, sign_in: Any) -> None:
    report = BarrierReport.objects.all()[0]
    client = sign_in(world.lead)
    client.post(step("barrierreport", "answered"), {"ids": report.pk, "sure": "yes"})
    report.refresh_from_db()
    assert report.answered_at is not None
    first = report.answered_at
    page = client.post(step("barrierreport", "answered"), {"ids": report.pk, "sure": "yes"})
    assert [kind for _, kind, _ in outcomes(page)] == ["unchanged"]
    report.refresh_from_db()
    assert report.answered_at == first


def test_a_privacy_notice_is_published_as_a_new_version_and_never_changed(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead)
    data = {
        "conference": world.conference.pk,
        "notice_de": "Neuer Hinweis",
        "consent_de": "Ich willige ein.",
        "notice_tr": "Yeni metin",
    }
    answer = client.post(reverse("admin:registration_privacyversion_add"), data)
    assert answer.status_code == 302
    assert PrivacyVersion.objects.order_by("-number").values_list("number", "notice_tr").first() == (
        2,
        "Yeni metin",
    )
    old = PrivacyVersion.objects.get(number=1)
    change = reverse("admin:registration_privacyversion_change", args=[old.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"notice_de": "x"}).status_code == 403


def test_a_participants_details_can_be_put_right_but_not_the_address(world: World, sign_in: Any) -> None:
    row = register(world.own)
    person = row.participant
    url = reverse("admin:registration_participant_change", args=[person.pk])
    data = {
        "first_name": "Işıl",
        "last_name": "Öz",
        "country": "TR",
        "language": "tr",
        "email": "other@example.org",
    }
    for prefix in ("registrations", "invitations", "consents"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    assert sign_in(world.member).post(url, data).status_code == 302
    email, person.email = person.email, ""
    person.refresh_from_db()
    assert (person.full_name, person.email) == ("Işıl Öz", email)


SECRETS = {
    "url": "https://kudo.example/new-canary",
    "meeting_number": "canary-number",
    "passcode": "canary-code",
    "dial_in": "canary-dial",
    "interpreter_channel": "canary-channel",
}


@pytest.mark.django_db(transaction=True)
def test_access_details_are_mailed_only_after_the_organiser_has_seen_to_how_many(
    world: World, sign_in: Any
) -> None:
    for _ in range(2):
        register(world.own, status="confirmed")
    register(world.own, status="confirmed", role="listener")
    details = access_of(world.own)
    client = sign_in(world.member, "en")
    url = reverse("admin:registration_accessdetails_change", args=[details.pk])
    assert "Saving mails these details to 2 people." in client.get(url).content.decode()
    refused = client.post(url, SECRETS)
    assert refused.status_code == 422
    assert "Saving mails these details to 2 people. Please tick this to go on." in refused.content.decode()
    assert "canary-dial" in refused.content.decode()
    assert Message.objects.filter(kind__startswith="access").count() == 0
    done = client.post(url, {**SECRETS, "announce": "on"}, follow=True)
    assert "The details go out to 2 people." in done.content.decode()
    assert Message.objects.filter(kind="access_changed").count() == 2
    details.refresh_from_db()
    assert {name: getattr(details, name) for name in SECRETS} == SECRETS


def test_new_access_details_for_which_nobody_is_confirmed_are_kept_at_once(
    world: World, sign_in: Any
) -> None:
    data = {"day": access_of(world.own).day.pk, "role": "listener", **SECRETS}
    client = sign_in(world.member, "en")
    answer = client.post(reverse("admin:registration_accessdetails_add"), data, follow=True)
    assert answer.redirect_chain
    assert "nobody is mailed when you save" in answer.content.decode()
    again = client.post(reverse("admin:registration_accessdetails_add"), data)
    assert again.status_code == 422


def test_no_secret_comes_into_the_history_or_a_list(world: World, sign_in: Any) -> None:
    client = sign_in(world.member)
    details = access_of(world.own)
    LogEntry.objects.all().delete()
    url = reverse("admin:registration_accessdetails_change", args=[details.pk])
    assert client.post(url, SECRETS).status_code == 302
    shown = client.post(reverse("admin:registration_accessdetails_show", args=[details.pk]))
    assert "canary" in shown.content.decode()
    entries = list(LogEntry.objects.get_for_object(details).order_by("pk").values_list("action", "changes"))
    assert [action for action, _changes in entries] == [LogEntry.Action.UPDATE, LogEntry.Action.ACCESS]
    assert "passcode" in entries[0][1]
    pages = [
        url,
        reverse("admin:accounts_auditentry_changelist"),
        reverse("admin:registration_accessdetails_history", args=[details.pk]),
        reverse("admin:registration_accessdetails_changelist"),
        reverse("admin:registration_message_changelist"),
        reverse("admin:index"),
    ]
    said = str(entries) + "".join(client.get(page).content.decode() for page in pages)
    assert "canary" not in said


def test_a_message_about_nobody_is_shown_on_both_clocks(world: World, sign_in: Any) -> None:
    with transaction.atomic():
        owe_message(kind="barrier_report", recipient="hosts@example.org", facts={"barrier_report": 1})
    html = sign_in(world.lead, "en").get(reverse("admin:registration_message_changelist")).content.decode()
    assert "hosts@example.org" in html
    assert "None" not in html
    assert timezone.now().strftime("%Y") in html
