"""The release page asks whom to write to, and does it in the same transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registration.admin.release import ReleaseWithNoticesAdmin
from registration.domain.addresses import InvalidAddress
from registration.models import Message, Participant, Registration
from tests import factories
from tests.registration_pages.helpers import fields_of
from tests.workshops.html import parse, text, with_class
from workshops.domain.release import release_programme
from workshops.models import Conference, Release, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db

ADD = "/admin/workshops/release/add/"
JUNE = dt.date(2020, 6, 15)
MOVED = (
    "Date and time: until now Monday, 15 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT, "
    "now Tuesday, 16 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT."
)


@pytest.fixture
def events(conference: Conference) -> list[Workshop]:
    """Three workshops, released: two people are registered for the first, one for the second, nobody for the last."""
    workshops = [
        factories.make_workshop(conference, with_day=False, number=number, title_en=title)
        for number, title in enumerate(["City", "Youth", "Water"], 1)
    ]
    for workshop in workshops:
        factories.make_day(workshop, date=JUNE)
    for workshop, people in zip(workshops, (2, 1, 0), strict=True):
        for _ in range(people):
            register(workshop)
    release_programme(conference=conference)
    return workshops


@pytest.fixture
def lead(events: list[Workshop]) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.make_organiser(conference=events[0].conference))
    return client


def register(workshop: Workshop, status: str = "confirmed") -> Registration:
    person = factories.make_participant(workshop.conference)
    return Registration.objects.create(participant=person, workshop=workshop, role="active", status=status)


def move(*workshops: Workshop, days: int = 1) -> None:
    WorkshopDay.objects.filter(workshop__in=workshops).update(date=JUNE + dt.timedelta(days=days))


def speak(workshop: Workshop) -> None:
    """Somebody new speaks; nothing else changes."""
    session = workshop.days.get().sessions.get()
    session.appearances.create(speaker=factories.make_speaker(workshop.conference, last_name="Lovelace"))


def choices(answer: Any) -> list[tuple[str, bool]]:
    """What stands below each box, the box's own words first, and whether it is ticked."""
    found = []
    for part in with_class(parse(answer.content), "notice-choices"):
        for item in part.findall("li"):
            box = next(element for element in item.iter("input"))
            found.append((text(item), "checked" in box.attrib))
    return found


def publish(lead: Client, *chosen: Workshop, **sent: Any) -> Any:
    """As a browser would, after the page was opened."""
    fields = fields_of(lead.get(ADD))
    fields.pop("notice-workshops", None)
    return lead.post(ADD, {**fields, "notice-workshops": [each.pk for each in chosen], **sent})


def people_told() -> dict[str, tuple[int, ...]]:
    rows = Message.objects.filter(kind=Message.Kind.PROGRAMME_CHANGED)
    return {row.recipient: tuple(row.facts["workshops"]) for row in rows}


def test_this_is_the_release_page() -> None:
    assert type(admin.site._registry[Release]) is ReleaseWithNoticesAdmin


def test_each_changed_event_is_offered_with_who_would_be_told_what(
    lead: Client, events: list[Workshop]
) -> None:
    move(events[0])

    page = lead.get(ADD)

    assert choices(page) == [(f"Workshop 1: City 2 people would be told: {MOVED}", True)]


def test_a_new_speaker_is_told_to_nobody_unless_it_is_chosen(lead: Client, events: list[Workshop]) -> None:
    factories.make_session(events[1].days.get(), title_en="Opening")
    release_programme(conference=events[1].conference)
    speak(events[1])

    assert choices(lead.get(ADD)) == [
        ("Workshop 2: Youth 1 person would be told: New at “Opening”: Ada Lovelace.", False)
    ]


def test_what_nobody_is_registered_for_is_named_and_not_offered(lead: Client, events: list[Workshop]) -> None:
    move(events[2])

    page = lead.get(ADD)

    assert choices(page) == []
    assert "Nobody is registered for: Workshop 3: Water" in text(parse(page.content))


def test_without_a_changed_event_nothing_is_asked(lead: Client, events: list[Workshop]) -> None:
    Conference.objects.update(tagline_en="Two cities, one bridge")

    assert "notice-" not in lead.get(ADD).content.decode()
    assert publish(lead).status_code == 303
    assert Message.objects.count() == 0


def test_the_first_release_is_told_to_nobody(conference: Conference) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.make_organiser(conference=conference))
    register(factories.make_workshop(conference))

    assert choices(client.get(ADD)) == []
    assert (publish(client).status_code, Release.objects.count(), Message.objects.count()) == (303, 1, 0)


def test_the_number_leads_to_the_list_of_those_people(lead: Client, events: list[Workshop]) -> None:
    for status in ("cancelled", "declined"):
        register(events[0], status=status)
    move(events[0])
    (row,) = with_class(parse(lead.get(ADD).content), "notice-choices")

    answer = lead.get(str(next(row.iter("a")).get("href")))

    assert answer.status_code == 200
    assert {entry.status for entry in answer.context["cl"].result_list} == {"confirmed"}
    assert answer.context["cl"].result_count == 2


def test_the_chosen_people_are_owed_their_mail_with_the_release(lead: Client, events: list[Workshop]) -> None:
    first, second = (
        [row.participant.email for row in Registration.objects.filter(workshop=event)] for event in events[:2]
    )
    move(*events)

    answer = publish(lead, events[0])

    assert (answer.status_code, Release.objects.count()) == (303, 2)
    assert people_told() == dict.fromkeys(first, (events[0].pk,))
    assert not set(second) & set(people_told())
    said = text(parse(lead.get(answer["Location"]).content))
    assert "Release 2 is published. 2 people are written to." in said


def test_who_chooses_nobody_writes_to_nobody(lead: Client, events: list[Workshop]) -> None:
    move(events[0])

    answer = publish(lead)

    assert (Release.objects.count(), Message.objects.count()) == (2, 0)
    assert "Nobody is written to." in text(parse(lead.get(answer["Location"]).content))


def test_a_double_click_releases_once_and_writes_once(lead: Client, events: list[Workshop]) -> None:
    move(events[0])
    fields = {**fields_of(lead.get(ADD)), "notice-workshops": [events[0].pk]}

    answers = [lead.post(ADD, fields).status_code for _ in range(2)]

    assert answers == [303, 409]
    assert (Release.objects.count(), Message.objects.count()) == (2, 2)


@pytest.mark.parametrize("sent", ["", "0", "x", "999999"])
def test_what_was_never_offered_is_not_written_about(lead: Client, events: list[Workshop], sent: str) -> None:
    move(events[0])

    answer = publish(lead, **{"notice-workshops": [sent, str(events[1].pk)]})

    assert (answer.status_code, Message.objects.count()) == (303, 0)


def test_what_changed_since_the_page_was_opened_is_asked_anew(lead: Client, events: list[Workshop]) -> None:
    move(events[0])
    fields = fields_of(lead.get(ADD))
    fields.pop("notice-workshops")
    move(events[1])

    answer = lead.post(ADD, {**fields, "note_en": "Typed before"})

    assert (answer.status_code, Release.objects.count(), Message.objects.count()) == (409, 1, 0)
    assert [is_ticked for _text, is_ticked in choices(answer)] == [False, True]
    again = fields_of(answer)
    assert again["note_en"] == "Typed before"
    assert lead.post(ADD, again).status_code == 303
    assert set(people_told().values()) == {(events[1].pk,)}


def test_where_the_mails_cannot_be_written_nothing_is_released(lead: Client, events: list[Workshop]) -> None:
    person = events[0].registrations.all()[1].participant
    Participant.objects.filter(pk=person.pk).update(email="no address\r\nBcc: eve@example.org")
    move(events[0])

    with pytest.raises(InvalidAddress):
        publish(lead, events[0])

    assert (Release.objects.count(), Message.objects.count()) == (1, 0)


def test_where_nothing_can_be_released_nobody_is_written_to(lead: Client, events: list[Workshop]) -> None:
    move(events[0])
    fields = {**fields_of(lead.get(ADD)), "notice-workshops": [events[0].pk]}
    # Skipped by the clocks: the programme names no instant any more.
    WorkshopDay.objects.filter(workshop=events[1]).update(date="2020-03-29", opens="02:30", closes="04:00")

    answer = lead.post(ADD, fields)

    assert (answer.status_code, Release.objects.count(), Message.objects.count()) == (422, 1, 0)


def test_three_events_cost_the_same_queries_as_one(lead: Client, events: list[Workshop]) -> None:
    counted = []
    for moved in (events[:1], events):
        move(*moved, days=1)
        lead.get(ADD)
        with CaptureQueriesContext(connection) as captured:
            lead.get(ADD)
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_a_member_of_one_workshop_s_team_releases_nothing(events: list[Workshop]) -> None:
    client = Client()
    client.force_login(factories.make_organiser(events[0]))
    move(events[0])

    assert client.get(reverse("admin:workshops_release_add")).status_code == 403
    assert client.post(ADD, {"notice-workshops": [events[0].pk]}).status_code == 403


def test_the_outbox_is_filtered_by_the_events_a_mail_is_about(lead: Client, events: list[Workshop]) -> None:
    move(*events)
    publish(lead, events[0])

    found = [
        lead.get("/admin/registration/message/", {"workshop": event.pk}).context["cl"].result_count
        for event in events[:2]
    ]

    assert found == [2, 0]
