"""The organiser's pages beside access details: sending, who has which version, personal codes, lists for platforms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.models import User
from registration.domain.access_codes.read import GivenCode
from registration.domain.access_codes.upload import upload_codes
from registration.domain.platform_lists import LAYOUTS, platform_csv
from registration.models import AccessCode, AccessDetails, AccessTold, Message, Participant
from tests import factories
from tests.access.conftest import owed, register
from workshops.domain.checks.findings_for import findings_for
from workshops.domain.release import release_programme
from workshops.models import Workshop, WorkshopDay

pytestmark = pytest.mark.django_db
SECRETS = {"url": "", "meeting_number": "", "passcode": "", "dial_in": "", "interpreter_channel": ""}


@pytest.fixture
def member(workshop: Workshop) -> User:
    return factories.make_organiser(workshop, email="desk@example.org")


@pytest.fixture
def client(member: User) -> Client:
    signed_in = Client(headers={"accept-language": "en"})
    signed_in.force_login(member)
    return signed_in


@pytest.fixture
def details(day: WorkshopDay) -> AccessDetails:
    return factories.make_access(day, version=0, send_at=timezone.now() + dt.timedelta(days=1))


@pytest.fixture
def page(details: AccessDetails) -> Callable[[str], str]:
    return lambda name: reverse(f"admin:registration_accessdetails_{name}", args=[details.pk])


def looks() -> list[tuple[str, Any]]:
    entries = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).order_by("pk")
    return [(entry.content_type.model, entry.actor) for entry in entries]


def test_saving_with_a_time_to_come_asks_nothing_and_mails_nobody(
    client: Client, workshop: Workshop, details: AccessDetails, page: Any
) -> None:
    register(workshop)
    later = timezone.localtime(timezone.now() + dt.timedelta(days=2))
    typed = {"send_at_0": f"{later:%Y-%m-%d}", "send_at_1": "09:00", "hours_before": ""}
    answer = client.post(page("change"), {**SECRETS, **typed, "passcode": "canary-passcode"}, follow=True)
    assert (answer.status_code, owed()) == (200, [])
    assert "The details go out by themselves" in answer.content.decode()


def test_taking_the_time_away_asks_first(
    client: Client, workshop: Workshop, details: AccessDetails, page: Any
) -> None:
    person = register(workshop)
    typed = {**SECRETS, "send_at_0": "", "send_at_1": "", "hours_before": ""}
    refused = client.post(page("change"), typed)
    assert (refused.status_code, list(refused.context["adminform"].form.errors)) == (422, ["announce"])
    client.post(page("change"), {**typed, "announce": "on"})
    assert owed() == [("access", person.pk)]


def test_a_time_and_hours_together_are_refused(client: Client, details: AccessDetails, page: Any) -> None:
    typed = {"send_at_0": "2030-06-15", "send_at_1": "09:00", "hours_before": "2"}
    answer = client.post(page("change"), {**SECRETS, **typed})
    assert answer.status_code == 422
    assert "Choose a time or a number of hours, not both." in answer.content.decode()


@pytest.mark.parametrize("hours", ["-1", "1441", "x"])
def test_hours_out_of_reach_are_refused(client: Client, page: Any, hours: str) -> None:
    answer = client.post(page("change"), {**SECRETS, "hours_before": hours})
    assert list(answer.context["adminform"].form.errors) == ["hours_before"]


def test_send_now_sends_once(client: Client, workshop: Workshop, page: Any) -> None:
    person = register(workshop)
    for _ in range(2):
        assert client.post(page("send")).status_code == 303
    assert owed() == [("access", person.pk)]


def test_a_test_goes_to_oneself_is_marked_and_is_recorded(
    client: Client, member: User, workshop: Workshop, details: AccessDetails, page: Any
) -> None:
    release_programme(conference=workshop.conference)
    register(workshop)
    assert client.post(page("test")).status_code == 303
    [sent] = mail.outbox
    assert (sent.to, sent.subject.startswith("Test: ")) == (["desk@example.org"], True)
    assert "https://kudo.example/canary-room" in str(sent.body)
    assert (Message.objects.count(), Participant.objects.count()) == (0, 1)
    assert looks() == [("accessdetails", member)]


def test_a_test_shows_nobodys_own_code(
    client: Client, workshop: Workshop, details: AccessDetails, page: Any
) -> None:
    release_programme(conference=workshop.conference)
    upload_codes(details_id=details.pk, codes=[GivenCode(1, "canary-code-a")], by=None)
    client.post(page("test"))
    [sent] = mail.outbox
    assert ("canary-code-a" in str(sent.body), "••••••" in str(sent.body)) == (False, True)
    assert AccessCode.objects.count() == 1


def test_the_list_says_who_has_which_version(
    client: Client, workshop: Workshop, details: AccessDetails, page: Any
) -> None:
    reached, other = register(workshop, last_name="Reached"), register(workshop, last_name="Other")
    client.post(page("send"))
    Message.objects.filter(registration=reached).update(status="sent", sent_at=timezone.now())
    everybody = client.get(page("people")).context["rows"]
    assert [(row.name.split()[1], row.received) for row in everybody] == [
        ("Other", "none"),
        ("Reached", "1 (the present one)"),
    ]
    [_other, row] = everybody
    sent = Message.objects.get(registration=reached)
    assert row.message_url == reverse("admin:registration_message_change", args=[sent.pk])
    assert "CET" in row.sent
    missing = client.get(page("people"), {"reached": "no"}).context["rows"]
    assert [row.url for row in missing] == [
        reverse("admin:registration_registration_change", args=[other.pk])
    ]


def test_the_list_costs_the_same_for_more_people(client: Client, workshop: Workshop, page: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page("people")).status_code == 200
        return len(captured)

    register(workshop)
    client.post(page("send"))
    queries()
    few = queries()
    for _ in range(3):
        AccessTold.objects.all()
        register(workshop)
    assert queries() == few
    assert few <= 15


def test_codes_are_uploaded_from_lines_and_from_a_file(
    client: Client, details: AccessDetails, page: Any
) -> None:
    assert client.post(page("upload"), {"lines": "canary-code-a\ncanary-code-b"}).status_code == 303
    file = SimpleUploadedFile("codes.csv", b"Code;E-mail\ncanary-code-c;ada@example.org\n")
    assert client.post(page("upload"), {"file": file}).status_code == 303
    assert [(code.code, code.email) for code in AccessCode.objects.all()] == [
        ("canary-code-a", ""),
        ("canary-code-b", ""),
        ("canary-code-c", "ada@example.org"),
    ]
    html = client.get(page("codes")).content.decode()
    assert "0 given, 3 free" in html
    assert "canary-code" not in html


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"lines": ""}, "lines"), ({"lines": "a\na"}, "lines"), ({"lines": "a", "file": "x"}, "file")],
)
def test_a_list_with_mistakes_is_refused_whole(
    client: Client, page: Any, sent: dict[str, str], field: str
) -> None:
    given: dict[str, Any] = dict(sent)
    if "file" in given:
        given["file"] = SimpleUploadedFile("codes.csv", b"b")
    answer = client.post(page("upload"), given)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert AccessCode.objects.count() == 0


def test_a_code_is_masked_until_it_is_shown_and_that_is_recorded(
    client: Client, member: User, day: WorkshopDay
) -> None:
    code = factories.make_code(day, code="canary-code-z")
    change = reverse("admin:registration_accesscode_change", args=[code.pk])
    show = reverse("admin:registration_accesscode_show", args=[code.pk])
    pages = [change, reverse("admin:registration_accesscode_changelist"), show]
    assert [url for url in pages if "canary-code-z" in client.get(url, follow=True).content.decode()] == []
    assert looks() == []
    assert "canary-code-z" in client.post(show).content.decode()
    assert looks() == [("accesscode", member)]


def test_others_codes_and_details_look_like_none(client: Client, workshop: Workshop) -> None:
    other = factories.make_workshop(workshop.conference).days.get()
    code, details = factories.make_code(other), factories.make_access(other)
    names = ("people", "codes", "upload", "discard", "send", "test", "export")
    urls = [reverse(f"admin:registration_accessdetails_{name}", args=[details.pk]) for name in names]
    urls.append(reverse("admin:registration_accesscode_show", args=[code.pk]))
    assert {client.post(url).status_code for url in urls} == {404}
    assert {client.get(url).status_code for url in urls} == {404}


def test_a_get_changes_nothing(client: Client, workshop: Workshop, page: Any) -> None:
    register(workshop)
    steps = ("upload", "discard", "send", "test", "export")
    assert {client.get(page(name)).status_code for name in steps} == {405}
    assert (owed(), looks()) == ([], [])


def test_who_opens_the_address_of_a_button_gets_a_page_to_read(client: Client, page: Any) -> None:
    refused = client.get(page("send"))
    assert (refused.status_code, refused.headers["Allow"]) == (405, "POST")
    assert "Nothing has been changed." in refused.content.decode()


def test_when_codes_run_out_the_start_page_and_the_check_say_so(
    client: Client, workshop: Workshop, day: WorkshopDay
) -> None:
    factories.make_access(day, personal_codes=True)
    codes = reverse("admin:registration_accessdetails_codes", args=[AccessDetails.objects.get().pk])
    for _ in range(2):
        register(workshop)
    number = client.get(reverse("admin:index")).context["overview"].codes_short
    assert (number.value, number.url) == (2, codes)
    [finding] = [
        found
        for found in findings_for(conference=workshop.conference)
        if found.code == "access-codes-missing"
    ]
    assert (str(finding.severity), finding.places[-1].page) == ("warning", codes)
    assert "2" in finding.message["en"]


# Lists for the platforms


def test_each_layout_has_the_columns_its_platform_takes(workshop: Workshop) -> None:
    people = [
        factories.make_participant(
            workshop.conference, email="ada@example.org", first_name="Ada", last_name="Işık, MSc"
        ),
        factories.make_participant(
            workshop.conference, email="x@example.org", first_name="=1+1", last_name=""
        ),
        factories.make_participant(
            workshop.conference, email="nameless@example.org", first_name="", last_name=""
        ),
    ]
    files = {name: platform_csv(layout=layout, people=people) for name, layout in LAYOUTS.items()}
    assert files == {
        "zoom-registrants": (
            'Email,First Name,Last Name\r\nada@example.org,Ada,"Işık, MSc"\r\n'
            "x@example.org,'=1+1,\r\nnameless@example.org,nameless,\r\n"
        ),
        "zoom-panelists": (
            'Name,Email\r\n"Ada Işık, MSc",ada@example.org\r\n'
            "'=1+1,x@example.org\r\nnameless,nameless@example.org\r\n"
        ),
        "kudo": (
            'First-Name,Last-Name,Email,Role\r\nAda,"Işık, MSc",ada@example.org,Participant\r\n'
            "'=1+1,,x@example.org,Participant\r\nnameless,,nameless@example.org,Participant\r\n"
        ),
    }


def test_a_list_holds_this_days_people_and_is_recorded(
    client: Client, member: User, workshop: Workshop, page: Any
) -> None:
    register(workshop, email="ada@example.org", first_name="Ada", last_name="Işık")
    register(workshop, role="listener")
    register(workshop, status="requested")
    answer = client.post(page("export"), {"layout": "zoom-registrants"})
    assert answer.content.decode() == "Email,First Name,Last Name\r\nada@example.org,Ada,Işık\r\n"
    assert answer["Content-Disposition"].startswith('attachment; filename="zoom-registrants-')
    [entry] = LogEntry.objects.filter(action=LogEntry.Action.ACCESS)
    assert (entry.actor, entry.content_type.model, entry.additional_data["export"]) == (
        member,
        "workshop",
        {"model": "registration.Participant", "format": "zoom-registrants", "rows": 1},
    )


def test_an_unknown_layout_is_none(client: Client, page: Any) -> None:
    assert client.post(page("export"), {"layout": "teams"}).status_code == 404


def test_the_filter_by_personal_codes_reads_as_a_phrase(client: Client, details: AccessDetails) -> None:
    page = client.get(
        reverse("admin:registration_accessdetails_changelist"), headers={"accept-language": "de"}
    ).content.decode()
    assert "Nach persönlichem Code" in page
