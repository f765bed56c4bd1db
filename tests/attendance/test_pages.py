"""The organiser's pages of who was there: a report is looked at before it is applied; each team sees its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registration.models import Attendance
from tests import factories
from tests.attendance.conftest import register
from workshops.models import Workshop, WorkshopDay

pytestmark = pytest.mark.django_db
REPORT = """Name,Email,Join Time,Leave Time
Ada,ada@example.org,15.06.2020 09:30,15.06.2020 10:30
Eve Işık,,15.06.2020 09:30,15.06.2020 11:30
Stranger,stranger@example.com,15.06.2020 09:30,15.06.2020 11:30
"""


@pytest.fixture
def client(workshop: Workshop) -> Client:
    signed_in = Client(headers={"accept-language": "en"})
    signed_in.force_login(factories.make_organiser(workshop))
    return signed_in


def url(name: str, key: int) -> str:
    return reverse(f"admin:attendance_{name}", args=[key])


def upload(client: Client, day: WorkshopDay, text: str = REPORT) -> Any:
    file = SimpleUploadedFile("report.csv", text.encode())
    return client.post(url("report", day.pk), {"file": file, "zone": "Europe/Berlin"})


def kept() -> list[tuple[str, int | None]]:
    rows = Attendance.objects.order_by("registration__participant__email")
    return list(rows.values_list("registration__participant__email", "minutes"))


@pytest.fixture
def people(workshop: Workshop) -> None:
    register(workshop, email="ada@example.org")
    register(workshop, email="eve@example.org", first_name="Eve", last_name="Işık")


def test_a_report_is_shown_first_and_then_applied(client: Client, day: WorkshopDay, people: None) -> None:
    preview = upload(client, day)
    shown = {
        name: [(row.name, row.minutes) for row in preview.context[name]]
        for name in ("matched", "suggested", "unmatched")
    }
    assert shown == {
        "matched": [("Ada", 60)],
        "suggested": [("Eve Işık", 120)],
        "unmatched": [("Stranger", 120)],
    }
    assert kept() == []

    applied = client.post(url("apply", day.pk), {"report": preview.context["sealed"]})

    assert (applied.status_code, kept()) == (303, [("ada@example.org", 60)])


def test_a_suggestion_counts_when_it_is_ticked(client: Client, day: WorkshopDay, people: None) -> None:
    preview = upload(client, day)
    [suggested] = preview.context["suggested"]
    sent = {"report": preview.context["sealed"], "same": [str(suggested.number), "x", "99"]}
    for _ in range(2):
        client.post(url("apply", day.pk), sent)
    assert kept() == [("ada@example.org", 60), ("eve@example.org", 120)]


def test_what_the_page_carries_cannot_be_read_or_used_elsewhere(
    client: Client, workshop: Workshop, day: WorkshopDay, people: None
) -> None:
    sealed = upload(client, day).context["sealed"]
    assert ("ada" in sealed, "stranger" in sealed) == (False, False)
    colleague = Client()
    colleague.force_login(factories.make_organiser(workshop))
    other_day = factories.make_day(workshop, date=day.date.replace(day=16))
    tries = [
        (client, day, sealed[:-9] + "AAAAAAAA="),
        (client, day, ""),
        (client, other_day, sealed),
        (colleague, day, sealed),
    ]
    for who, which, text in tries:
        assert who.post(url("apply", which.pk), {"report": text}).status_code == 404
    assert kept() == []


@pytest.mark.parametrize("text", ["", "nothing to read"])
def test_what_cannot_be_read_is_said_beside_the_file(client: Client, day: WorkshopDay, text: str) -> None:
    answer = upload(client, day, text)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])


def test_an_organiser_says_who_was_there_and_takes_it_back(
    client: Client, workshop: Workshop, day: WorkshopDay
) -> None:
    ada = register(workshop)
    for _ in range(2):
        client.post(url("mark", day.pk), {"registration": ada.pk, "present": "yes"})
    assert list(Attendance.objects.values_list("source", "minutes")) == [("organiser", None)]
    client.post(url("mark", day.pk), {"registration": ada.pk, "present": "no"})
    assert Attendance.objects.count() == 0


def test_the_page_says_how_long_and_who_gets_a_certificate(
    client: Client, workshop: Workshop, day: WorkshopDay
) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(certificates="present", certificate_percent=75)
    long = register(workshop, first_name="Ada", last_name="A")
    short = register(workshop, first_name="Eve", last_name="B")
    register(workshop, first_name="Zoe", last_name="C")
    for row, minutes in ((long, 90), (short, 30)):
        Attendance.objects.create(registration=row, day=day, source="report", minutes=minutes)
    context = client.get(url("workshop", workshop.pk)).context
    rows = [(row["person"].first_name, row["percent"], row["against"] is None) for row in context["rows"]]
    assert rows == [("Ada", 75, True), ("Eve", 25, False), ("Zoe", 0, False)]
    assert context["certificates"] == 1
    there = client.get(url("workshop", workshop.pk), {"there": "yes"}).context["rows"]
    assert [row["person"].first_name for row in there] == ["Ada", "Eve"]


def test_the_page_costs_the_same_for_more_people(
    client: Client, workshop: Workshop, day: WorkshopDay
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url("workshop", workshop.pk)).status_code == 200
        return len(captured)

    def add() -> None:
        Attendance.objects.create(registration=register(workshop), day=day, source="joined")

    add()
    queries()
    few = queries()
    for _ in range(3):
        add()
    assert queries() == few


def test_others_workshops_look_like_none(client: Client, workshop: Workshop, day: WorkshopDay) -> None:
    other = factories.make_workshop(workshop.conference)
    theirs = other.days.get()
    stranger = register(other)
    assert client.get(url("workshop", other.pk)).status_code == 404
    for name in ("report", "apply", "mark"):
        assert client.post(url(name, theirs.pk)).status_code == 404
    assert (
        client.post(url("mark", day.pk), {"registration": stranger.pk, "present": "yes"}).status_code == 404
    )
    assert client.get(url("workshop", 10**30)).status_code == 404
    assert Client().get(url("workshop", workshop.pk)).status_code == 302


def test_a_get_changes_nothing(client: Client, day: WorkshopDay) -> None:
    assert {client.get(url(name, day.pk)).status_code for name in ("apply", "mark")} == {405}
