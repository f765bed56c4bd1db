from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from auditlog.models import LogEntry as AuditEntry
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext_lazy

from conference.audit import record_step, recorded
from registration.domain.invite import invite
from registration.domain.move_up import move_up
from registration.domain.report_barrier import report_barrier
from registration.domain.suppress import suppress
from registration.domain.tokens import issue_link, token_of
from registration.models import (
    AccessCode,
    AccessDetails,
    AccessTold,
    BarrierReport,
    DeliveryEvent,
    InvitationList,
    Message,
    Notice,
    Participant,
    Registration,
)
from tests import factories
from tests.registration_pages.conftest import factories_blank
from tests.registration_pages.helpers import Visitor, everything, fields_of, says, visit
from tests.sending import send_what_is_due
from tests.world import register
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

PAGES = ("my/data/", "my/data/download/", "my/data/erase/")


@pytest.fixture
def released(conference: Conference, workshop: Workshop, manual_workshop: Workshop) -> Conference:
    factories.make_privacy_version(conference)
    factories.make_access(workshop.days.get())
    release_programme(conference=conference)
    return conference


@pytest.fixture
def visitor(released: Conference, workshop: Workshop) -> Visitor:
    """Somebody about whom everything is known that can be."""
    boss = factories.make_organiser(email="boss@example.org", first_name="Nurcan", last_name="Chefin")
    person = invite(
        conference=released, email="ada@example.org", workshops=[workshop], language="tr", by=boss
    ).participant
    given = InvitationList.objects.create(conference=released, name="Liste")
    given.rows.create(position=1, line=1, typed="Ada <ada@example.org>", email=person.email, state="new")
    Participant.objects.filter(pk=person.pk).update(**factories_blank())
    person.refresh_from_db()
    visitor = visit(person)
    visitor.register(**{"workshop-digitale-stadt": "active"})
    visitor.register(**{"workshop-jugendaustausch": "active"})
    visitor.post("my/calendar/", {"action": "subscribe"})
    send_what_is_due()
    message = Message.objects.filter(participant=person, status="sent").order_by("created_at").first()
    DeliveryEvent.objects.create(
        message=message, provider="x", event_id="1", kind="delivered", occurred_at=timezone.now()
    )
    suppress(conference=released, email=person.email, reason="unsubscribed")
    report_barrier(
        conference=released, description="Kontrast", page="/de/", email=person.email, language="de"
    )
    BarrierReport.objects.update(answer="Ist behoben.", answered_at=timezone.now())
    return visitor


@pytest.fixture
def guest(released: Conference) -> Visitor:
    """Somebody who has just opened their link, about whom little is known."""
    return visit(factories.make_participant(released, email="ada@example.org"))


def download(visitor: Visitor, language: str = "en") -> Any:
    return json.loads(visitor.get("my/data/download/", language).content)


def test_the_file_has_everything_that_is_known(visitor: Visitor, workshop: Workshop) -> None:
    data = download(visitor)
    assert list(data) == [
        "conference",
        "exported_at",
        "erased_from",
        "person",
        "consents",
        "registrations",
        "invitations",
        "invitation_lists",
        "personal_links",
        "calendar_addresses",
        "messages",
        "not_written_to",
        "barrier_reports",
        "recorded_changes",
    ]
    known_since = data["person"].pop("known_since")
    assert data["person"] == {
        "email": "ada@example.org",
        "first_name": "Çiğdem",
        "last_name": "Işık",
        "organisation": "Bursa Büyükşehir Belediyesi",
        "position": "",
        "city": "",
        "country": "TR",
        "language": "tr",
        "joining_recorded_since": None,
    }
    assert [clock["label"] for clock in known_since["clocks"]] == ["CET", "TRT"]
    [consent] = data["consents"]
    assert (consent["version"], consent["language"], consent["wording"]["tr"]) == (
        1,
        "en",
        "Rıza gösteriyorum.",
    )
    assert [(row["workshop"]["slug"], row["role"], row["status"]) for row in data["registrations"]] == [
        ("digitale-stadt", "active", "confirmed"),
        ("jugendaustausch", "active", "requested"),
    ]
    assert [row["status"] for row in data["invitations"]] == ["accepted"]
    assert sorted(row["kind"] for row in data["messages"]) == ["confirmed", "invitation", "received"]
    reports = [event["kind"] for row in data["messages"] for event in row["delivery_reports"]]
    assert reports == ["delivered"]
    assert [(row["email"], row["reason"]) for row in data["not_written_to"]] == [
        ("ada@example.org", "unsubscribed")
    ]
    assert [row["description"] for row in data["barrier_reports"]] == ["Kontrast"]


def test_times_are_told_in_utc_and_on_both_clocks(guest: Visitor) -> None:
    moment = dt.datetime(2020, 6, 30, 22, 30, tzinfo=dt.UTC)
    Participant.objects.update(created_at=moment)
    assert download(guest)["person"]["known_since"] == {
        "utc": "2020-06-30T22:30:00+00:00",
        "clocks": [
            {"label": "CET", "date": "2020-07-01", "time": "00:30"},
            {"label": "TRT", "date": "2020-07-01", "time": "01:30"},
        ],
    }
    assert "1 July 2020, 00:30\N{NO-BREAK SPACE}CET / 01:30\N{NO-BREAK SPACE}TRT" in (
        guest.get("my/data/").content.decode()
    )
    Participant.objects.update(created_at=moment - dt.timedelta(hours=1))
    assert "30 June 2020, 23:30\N{NO-BREAK SPACE}CET / 1 July 2020, 00:30\N{NO-BREAK SPACE}TRT" in (
        guest.get("my/data/").content.decode()
    )


def test_neither_secrets_nor_other_people_are_in_it(visitor: Visitor, workshop: Workshop) -> None:
    other = factories.make_participant(workshop.conference, email="other@example.org", last_name="Fremd")
    issue_link(participant=other)
    shown = "".join(visitor.get(path).content.decode() for path in PAGES)
    links = visitor.participant.links.all()
    secrets = [secret for link in links for secret in (token_of(link=link), link.seed, link.digest)]
    own_page = visitor.get("my/").content.decode()
    assert "canary-room" in own_page
    for secret in (*secrets, "canary-room", "canary-passcode", "other@", "Fremd", "boss@", "Chefin"):
        assert secret not in shown


def test_what_organisers_changed_is_told_with_the_reason_and_without_their_name(
    guest: Visitor, workshop: Workshop
) -> None:
    Registration.objects.filter(participant=guest.participant).delete()
    AuditEntry.objects.all().delete()
    boss = factories.make_organiser(email="boss2@example.org", last_name="Chefin")
    waiting = [
        Registration.objects.create(
            participant=person,
            workshop=workshop,
            role="active",
            status="waitlisted",
            waiting_since=timezone.now() + dt.timedelta(seconds=number),
        )
        for number, person in enumerate((factories.make_participant(workshop.conference), guest.participant))
    ]
    AuditEntry.objects.all().delete()
    move_up(registration_id=waiting[1].pk, reason="Moderiert den Workshop", by=boss)
    [change] = download(guest)["recorded_changes"]
    assert (change["what"], change["action"], change["more"], change["changes"]["place"]) == (
        "registration",
        "update",
        {"reason": "Moderiert den Workshop"},
        ["2", "1"],
    )
    response = guest.get("my/data/")
    [entry] = {part.name: part for part in response.context["parts"]}["recorded_changes"].entries
    told = {line.label: line.value for line in entry}
    assert told["What"] == "Registration"
    assert told["Action"] == "changed"
    place, since = told["Changes"].split("; ")
    assert place == "Number on the waiting list: 2 → 1"
    assert re.fullmatch(r"Waiting since: (.+\sCET / .+\sTRT) → (.+\sCET / .+\sTRT)", since)
    assert told["Besides"] == "Reason: Moderiert den Workshop"
    assert "Chefin" not in response.content.decode()


def test_the_step_an_organiser_took_is_told(guest: Visitor, manual_workshop: Workshop) -> None:
    """By what it changed; by its name, in the reader's language, where it changed nothing that is recorded."""
    row = register(manual_workshop, participant=guest.participant)
    client = Client()
    client.force_login(factories.make_organiser(manual_workshop, last_name="Chefin"))
    AuditEntry.objects.all().delete()
    client.post("/admin/registration/registration/step/confirm/", {"ids": row.pk, "sure": "yes"})
    with recorded(actor=factories.make_organiser(manual_workshop, last_name="Chefin")):
        record_step(guest.participant, gettext_lazy("Confirm as requested"))
    told = download(guest)["recorded_changes"]
    [(before, after)] = [change["changes"]["status"] for change in told if "status" in change["changes"]]
    assert (before, after) == ("requested", "confirmed")
    assert [change["more"] for change in told if change["more"]] == [{"note": "Confirm as requested"}]
    page = guest.get("my/data/").content.decode()
    assert "Note: Confirm as requested" in page
    assert "Chefin" not in page


def test_a_change_of_details_is_told_in_words(guest: Visitor) -> None:
    AuditEntry.objects.all().delete()
    guest.participant.refresh_from_db()
    guest.participant.city, guest.participant.language = "Bursa", "de"
    guest.participant.save()
    [entry] = {part.name: part for part in guest.get("my/data/").context["parts"]}["recorded_changes"].entries
    assert {line.label: line.value for line in entry}[
        "Changes"
    ] == "City: – → Bursa; Language: Turkish → German"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Rolle: zuhörend", "Art: am Tag zuvor")),
        ("tr", ("Rol: dinleyici", "Tür: bir gün önce")),
        ("en", ("Role: listening", "Kind: the day before")),
    ],
)
def test_what_was_written_about_a_day_is_told_in_the_words_of_the_other_pages(
    guest: Visitor, workshop: Workshop, language: str, words: tuple[str, str]
) -> None:
    role, kind = words
    row = register(workshop, participant=guest.participant, role="listener", status="confirmed")
    day = workshop.days.get()
    details = AccessDetails.objects.create(day=day, role="listener", url="https://example.org/", version=1)
    message = Message.objects.create(
        participant=guest.participant,
        registration=row,
        kind=Message.Kind.ACCESS,
    )
    AccessTold.objects.create(registration=row, details=details, version=1, message=message)
    code = factories.make_code(day, role="listener")
    AccessCode.objects.filter(pk=code.pk).update(registration=row, assigned_at=timezone.now())
    Notice.objects.create(registration=row, day=day, kind="day_before")

    response = guest.get("my/data/", language)

    [entry] = {part.name: part for part in response.context["parts"]}["registrations"].entries
    told = [line.value for line in entry]
    assert [sum(word in value for value in told) for word in (role, kind)] == [2, 1]
    assert not any("listener" in value or "day_before" in value for value in told)


def test_the_page_says_all_that_the_file_has(visitor: Visitor) -> None:
    for language in ("de", "tr", "en"):
        response = visitor.get("my/data/", language)
        parts = response.context["parts"]
        assert [part.name for part in parts if not part.entries] == []
        assert all(line.label and line.value for part in parts for entry in part.entries for line in entry)
        page = response.content.decode()
        known = (
            "ada@example.org",
            "Çiğdem",
            "Bursa Büyükşehir Belediyesi",
            "Ich willige ein.",
            "Kontrast",
            "Ist behoben.",
        )
        assert [value for value in known if value not in page] == []


def test_the_page_of_somebody_hardly_known(released: Conference) -> None:
    visitor = visit(factories.make_participant(released, **factories_blank()))
    assert visitor.get("my/data/").status_code == 200
    assert download(visitor)["registrations"] == []


def test_the_pages_are_private_and_change_nothing(guest: Visitor) -> None:
    before = everything()
    for path in PAGES:
        response = guest.get(path)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert guest.client.head(f"/en/{path}").status_code == 200
        assert Client().get(f"/en/{path}").status_code == 403
    assert everything() == before


def test_the_file_is_one_to_keep(released: Conference) -> None:
    visitor = visit(factories.make_participant(released))
    response = visitor.get("my/data/download/")
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"].startswith('attachment; filename="koepru-')
    assert visitor.post("my/data/download/").status_code == 405


def test_one_and_three_registrations_take_the_same_number_of_queries(
    visitor: Visitor, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    Registration.objects.filter(workshop__slug="jugendaustausch").delete()
    visitor.get("my/data/")
    with django_assert_max_num_queries(41) as counted:
        visitor.get("my/data/")
    for _ in range(2):
        extra = factories.make_workshop(visitor.participant.conference)
        Registration.objects.create(
            participant=visitor.participant, workshop=extra, role="active", status="requested"
        )
        invite(conference=extra.conference, email="x@example.org", workshops=[extra])
    with django_assert_num_queries(len(counted)):
        visitor.get("my/data/")


def test_the_own_page_leads_there(guest: Visitor) -> None:
    assert 'href="/en/my/data/"' in guest.get("my/").content.decode()
    assert 'href="/en/my/data/erase/"' in guest.get("my/data/").content.decode()


def erasing(visitor: Visitor, **changes: str) -> dict[str, str]:
    return {**fields_of(visitor.get("my/data/erase/")), "sure": "on", **changes}


def test_erasing_takes_a_tick_and_a_button(guest: Visitor) -> None:
    before = everything()
    sent = erasing(guest)
    del sent["sure"]
    refused = guest.post("my/data/erase/", sent)
    assert refused.status_code == 422
    assert says(refused, "Please tick this if you are sure.")
    assert everything() == before

    done = guest.post("my/data/erase/", erasing(guest))
    assert (done.status_code, done["Location"]) == (303, "/en/my/data/erased/")
    assert not Participant.objects.filter(pk=guest.participant.pk).exists()
    assert guest.client.cookies["sessionid"].value == ""
    after = guest.get("my/data/erased/")
    assert says(after, "Your data have been erased")
    assert "ada@example.org" not in after.content.decode()


def test_nothing_is_sent_to_who_was_erased(visitor: Visitor) -> None:
    send_what_is_due()
    mail.outbox.clear()
    visitor.post("my/data/erase/", erasing(visitor))
    send_what_is_due()
    assert mail.outbox == []


def test_a_second_click_is_told_the_same(guest: Visitor) -> None:
    sent = erasing(guest)
    answers = [guest.post("my/data/erase/", sent) for _ in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (303, "/en/my/data/erased/")
    ] * 2


def test_a_page_that_was_opened_for_somebody_else_erases_nobody(guest: Visitor, released: Conference) -> None:
    sent = erasing(guest)
    other = visit(factories.make_participant(released, email="other@example.org"), guest.client)
    before = everything()
    answer = other.post("my/data/erase/", sent)
    assert answer.status_code == 409
    assert says(answer, "Nothing was erased")
    assert "other@example.org" in answer.content.decode()
    assert everything() == before
    assert other.post("my/data/erase/", fields_of(answer) | {"sure": "on"}).status_code == 303
    assert Participant.objects.filter(pk=guest.participant.pk).exists()


def test_a_form_that_is_none_of_ours_erases_nobody(guest: Visitor) -> None:
    before = everything()
    for whose in ("", "1", "1:abc:def", "\0"):
        assert guest.post("my/data/erase/", erasing(guest, whose=whose)).status_code == 409
    assert everything() == before


def test_erasing_needs_the_csrf_token(guest: Visitor) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = guest.client.cookies
    sent = erasing(guest)
    assert strict.post("/en/my/data/erase/", sent).status_code == 403
    assert Participant.objects.filter(pk=guest.participant.pk).exists()
