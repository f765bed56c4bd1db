"""The page "Check the programme" in the admin."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.world import World, day_of, fill, session_of
from workshops.models import Appearance, Conference, Membership

pytestmark = pytest.mark.django_db
URL = "/admin/workshops/conference/check/"


def words(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def short_day(world: World) -> str:
    """Makes the own workshop's agenda shorter than its day; what the button then sends."""
    session_of(world.own).parts.all().delete()
    day = day_of(world.own)
    day.sessions.update(duration_minutes=100)
    return f"close-day:{day.pk}:11:10"


def test_findings_are_grouped_counted_and_linked(world: World, sign_in: Any) -> None:
    key = short_day(world)
    response = sign_in(world.lead, "en").get(URL)
    assert response.status_code == 200
    said = words(response)
    assert "Warnings: this would mislead people" in said
    assert "Notes: this may well be meant" in said
    assert re.search(r"\d+ warnings", said)
    assert "the agenda fills 100 minutes, the day has 120 minutes" in said
    page = response.content.decode()
    assert f'href="{reverse("admin:workshops_workshopday_change", args=[day_of(world.own).pk])}"' in page
    assert f'name="proposal" value="{key}"' in page


def test_one_click_does_it_says_so_and_leaves_a_trace(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    proposal = short_day(world)
    LogEntry.objects.all().delete()
    response = client.post(f"{URL}?conference={world.conference.pk}", {"proposal": proposal})
    assert (response.status_code, response["Location"]) == (303, f"{URL}?conference={world.conference.pk}")
    said = words(client.get(response["Location"]))
    assert "Done: Let the day end with its agenda, at 11:10 CET" in said
    assert "the agenda fills 100 minutes" not in said
    entry = LogEntry.objects.get()
    assert (entry.actor, entry.object_id) == (world.lead, day_of(world.own).pk)
    assert (list(entry.changes), entry.additional_data["way"]) == (["closes"], {"name": "check"})


def test_looking_changes_nothing(world: World, sign_in: Any) -> None:
    key = short_day(world)
    before = day_of(world.own).closes
    sign_in(world.lead).get(URL, {"proposal": key})
    assert day_of(world.own).closes == before


def test_an_old_button_says_that_it_is_old(world: World, sign_in: Any) -> None:
    key = short_day(world)
    client = sign_in(world.lead, "en")
    day_of(world.own).sessions.update(duration_minutes=90)
    said = words(client.post(URL, {"proposal": key}, follow=True))
    assert "This is not proposed any more" in said


def test_a_member_sees_what_concerns_their_workshop_only(world: World, sign_in: Any) -> None:
    key = short_day(world)
    said = words(sign_in(world.member).get(URL))
    assert "Eigener Workshop" in said
    assert "Fremder Workshop" not in said
    stranger = factories.make_organiser(world.other)
    response = sign_in(stranger, "en").post(URL, {"proposal": key}, follow=True)
    assert "This is not proposed any more" in words(response)
    assert f"{day_of(world.own).closes:%H:%M}" == "11:30"


def test_no_link_leads_where_a_member_may_not_go(world: World, sign_in: Any) -> None:
    """Somebody who is needed in two workshops at once concerns both; the other one's pages are not for them."""
    shared = factories.make_speaker(world.conference)
    for workshop in (world.own, world.other):
        session = session_of(workshop)
        Appearance.objects.create(session=session, speaker=shared)
    response = sign_in(world.member).get(URL)
    pages = [
        reverse("admin:workshops_session_change", args=[session_of(w).pk]) for w in (world.own, world.other)
    ]
    assert [f'href="{page}"' in response.content.decode() for page in pages] == [True, False]


def test_other_conferences_look_like_none(world: World, sign_in: Any) -> None:
    other = factories.make_conference(is_current=False)
    client = sign_in(world.lead)
    assert [client.get(URL, {"conference": value}).status_code for value in (other.pk, "x", "9" * 40)] == [
        404
    ] * 3
    assert sign_in(world.boss).get(URL, {"conference": other.pk}).status_code == 200


def test_who_is_in_no_team_is_refused_and_who_is_not_signed_in_is_asked_to(
    world: World, sign_in: Any
) -> None:
    assert sign_in(factories.make_organiser()).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302


def test_without_a_conference_the_page_says_so(db: None, sign_in: Any) -> None:
    boss = factories.make_organiser(is_superuser=True)
    assert "There is no conference yet" in words(sign_in(boss, "en").get(URL))


def test_a_programme_in_order_is_praised(conference: Conference, sign_in: Any) -> None:
    boss = factories.make_organiser(is_superuser=True)
    assert "the programme is in order" in words(sign_in(boss, "en").get(URL))


def test_the_start_page_leads_there(world: World, sign_in: Any) -> None:
    assert f'href="{URL}"' in sign_in(world.member).get("/admin/").content.decode()


def test_the_page_costs_the_same_for_one_workshop_and_for_many(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead)
    before = queries(client)
    for number in (3, 4, 5):
        fill(factories.make_workshop(world.conference, number=number))
        factories.make_platform(world.conference)
    assert queries(client) == before
    assert before < 25


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(URL).status_code == 200
    return len(captured)


def test_the_page_leads_to_another_conference_of_the_same_people(world: World, sign_in: Any) -> None:
    assert "Another conference:" not in words(sign_in(world.lead, "en").get(URL))
    other = factories.make_conference(slug="next", name_en="The next", is_current=False)
    factories.make_conference(slug="foreign", name_en="Not theirs", is_current=False)
    Membership.objects.create(user=world.lead, conference=other)
    page = sign_in(world.lead, "en").get(URL).content.decode()
    assert f'<p>Another conference: <a href="?conference={other.pk}">The next</a></p>' in page
    there = sign_in(world.lead, "en").get(f"{URL}?conference={other.pk}").content.decode()
    assert f'<p>Another conference: <a href="?conference={world.conference.pk}">' in there
