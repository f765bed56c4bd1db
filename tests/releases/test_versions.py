"""Looking at a version, comparing two, restoring one: the organisers' pages."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from tests import factories
from tests.world import World, day_of, register
from workshops.domain.release import release_programme
from workshops.models import Conference, Release, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db
COMPARE = "/admin/workshops/release/compare/"


def words(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def page(name: str, release: Release) -> str:
    return reverse(f"admin:workshops_release_{name}", args=[release.pk])


@pytest.fixture
def two(world: World) -> tuple[Release, Release]:
    """The second is called otherwise; by now it has more places as well."""
    Workshop.objects.filter(pk=world.own.pk).update(title_en="Night Buses")
    second = release_programme(conference=world.conference)
    Workshop.objects.filter(pk=world.own.pk).update(capacity_active=99)
    return Release.objects.get(number=1), second


def first_title(world: World) -> str:
    return Release.objects.get(number=1).snapshot["workshops"][0]["title"]["en"]


def test_the_page_of_a_release_says_of_which_conference_it_is(world: World, sign_in: Any) -> None:
    release = Release.objects.get(number=1)
    said = sign_in(world.lead, "en").get(page("change", release)).content.decode()
    heading = f"Release 1 of {release.conference}"
    assert re.findall(r"<h2>(.*?)</h2>", said)[:1] == [heading]
    assert f"<title>{heading} |" in " ".join(said.split())


# Looking


def test_a_version_looks_as_the_public_saw_it(
    world: World, two: tuple[Release, Release], sign_in: Any
) -> None:
    client = sign_in(world.lead, "en")
    old, new = (client.get(page("look", release)) for release in two)
    titles = (first_title(world), "Night Buses")
    headings = [re.findall(r"<h3[^>]*>\s*(.*?)\s*</h3>", each.content.decode()) for each in (old, new)]
    assert [[title in found for title in titles] for found in headings] == [[True, False], [False, True]]
    assert "09:30 CET" in words(old) or "CET 09:30" in words(old)
    assert "Release 1 ," in words(old)
    assert re.search(r"\d\d:\d\d CET / \d\d:\d\d TRT", words(old))


@pytest.mark.parametrize(
    ("language", "word"), [("de", "Programmpunkt"), ("tr", "dk."), ("en", "Programme item")]
)
def test_in_each_language(world: World, sign_in: Any, language: str, word: str) -> None:
    answer = sign_in(world.lead, "en").get(page("look", Release.objects.get()), {"language": language})
    assert f'<html lang="{language}">' in answer.content.decode()
    assert answer["Content-Language"] == language
    assert word in words(answer)


def test_no_search_engine_and_no_cache_keeps_it(world: World, sign_in: Any) -> None:
    answer = sign_in(world.lead).get(page("look", Release.objects.get()), {"language": "xx"})
    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_version_keeps_what_is_no_longer_there(
    world: World, two: tuple[Release, Release], sign_in: Any
) -> None:
    Workshop.objects.filter(pk=world.own.pk).update(slug="renamed-since")
    answer = sign_in(world.lead, "en").get(page("look", two[0]))
    assert first_title(world) in words(answer)


# Comparing


def compared(response: Any) -> list[str]:
    return [
        row.sentences[0][1] for section in response.context["differences"].sections for row in section.rows
    ]


def test_any_two_versions_are_compared(world: World, two: tuple[Release, Release], sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    old, new = (str(release.pk) for release in two)
    title, places = first_title(world), "Places for active participants: until now 30, now 99."
    renamed = f"Title: until now “{title}”, now “Night Buses”."
    back = f"Title: until now “Night Buses”, now “{title}”."
    asked = [
        {},
        {"before": old, "after": new},
        {"before": new, "after": old},
        {"before": old, "after": "now"},
    ]
    assert [compared(client.get(COMPARE, query)) for query in asked] == [
        [places],
        [renamed],
        [back],
        [renamed, places],
    ]
    assert "Nothing differs between these two." in words(client.get(COMPARE, {"before": old, "after": old}))


def test_each_choice_names_its_time_on_both_clocks(
    world: World, two: tuple[Release, Release], sign_in: Any
) -> None:
    answer = sign_in(world.lead, "en").get(COMPARE).content.decode()
    options = re.findall(r"<option[^>]*>(.*?)</option>", answer)
    assert len(options) == 6
    assert all("CET / " in option and "TRT" in option for option in options if option.startswith("Release"))


def test_what_cannot_be_compared_is_said(world: World, sign_in: Any) -> None:
    WorkshopDay.objects.filter(workshop=world.own).update(date="2027-03-28", opens="02:30", closes="04:00")
    assert "cannot be compared" in words(sign_in(world.lead, "en").get(COMPARE))


# Restoring


def test_first_it_is_said_what_restoring_would_change(
    world: World, two: tuple[Release, Release], sign_in: Any
) -> None:
    client = sign_in(world.lead, "en")
    said = words(client.get(page("restore", two[0])))
    assert f"Title: until now “Night Buses”, now “{first_title(world)}”." in said
    assert "Places for active participants: until now 99, now 30." in said
    world.own.refresh_from_db()
    assert world.own.title_en == "Night Buses"


def test_then_it_is_done_and_the_release_page_follows(
    world: World, two: tuple[Release, Release], sign_in: Any
) -> None:
    client = sign_in(world.lead, "en")
    shown = client.get(page("restore", two[0]))
    answer = client.post(page("restore", two[0]), {"seen": shown.context["seen"]})
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"{reverse('admin:workshops_release_add')}?conference={world.conference.pk}",
    )
    world.own.refresh_from_db()
    assert (world.own.title_en, world.own.capacity_active) == (first_title(world), 30)
    assert Release.objects.count() == 2
    said = words(client.get(answer["Location"]))
    assert "The programme stands as it was in release 1. The public sees it when you release it." in said
    assert f"Title: until now “Night Buses”, now “{first_title(world)}”." in said
    ways = {(entry.additional_data or {}).get("way", {}).get("name") for entry in of(world.own)}
    [entry] = of(two[0])
    assert ("restore" in ways, entry.additional_data["step"]) == (True, "Restored")


def of(row: Any) -> list[LogEntry]:
    return list(LogEntry.objects.get_for_object(row).filter(action=LogEntry.Action.UPDATE))


def test_what_stays_is_said_before_and_after(world: World, sign_in: Any) -> None:
    new = factories.make_workshop(world.conference, title_en="Night Buses")
    register(new)
    client = sign_in(world.lead, "en")
    release = Release.objects.get()
    shown = client.get(page("restore", release))
    reason = "Night Buses: It stays, because there are data of people with it: Registrations."
    assert reason in words(shown)
    answer = client.post(page("restore", release), {"seen": shown.context["seen"]})
    assert reason in words(client.get(answer["Location"]))
    assert Workshop.objects.filter(pk=new.pk).exists()


def test_nothing_is_restored_over_what_the_page_did_not_show(
    world: World, two: tuple[Release, Release], sign_in: Any
) -> None:
    client = sign_in(world.lead, "en")
    seen = client.get(page("restore", two[0])).context["seen"]
    Workshop.objects.filter(pk=world.own.pk).update(capacity_active=77)
    answer = client.post(page("restore", two[0]), {"seen": seen})
    assert answer.status_code == 409
    assert "now 30" in words(answer)
    world.own.refresh_from_db()
    assert world.own.capacity_active == 77


def test_where_nothing_differs_there_is_nothing_to_click(world: World, sign_in: Any) -> None:
    answer = sign_in(world.lead, "en").get(page("restore", Release.objects.get()))
    assert "There is nothing to restore." in words(answer)
    assert "Restore release 1" not in answer.content.decode()


def test_a_programme_with_an_impossible_time_can_be_restored(world: World, sign_in: Any) -> None:
    WorkshopDay.objects.filter(workshop=world.own).update(date="2027-03-28", opens="02:30", closes="04:00")
    client = sign_in(world.lead, "en")
    release = Release.objects.get()
    shown = client.get(page("restore", release))
    assert client.post(page("restore", release), {"seen": shown.context["seen"]}).status_code == 303
    assert f"{day_of(world.own).opens:%H:%M}" == "09:30"


# Who may


def test_only_who_leads_the_conference(world: World, conference: Conference, sign_in: Any) -> None:
    release = Release.objects.get()
    elsewhere = factories.make_organiser(conference=factories.make_conference(is_current=False))
    pages = [page("look", release), page("restore", release), f"{COMPARE}?before={release.pk}"]
    seen = {
        name: [sign_in(user).get(each).status_code for each in pages]
        for name, user in (("member", world.member), ("elsewhere", elsewhere), ("lead", world.lead))
    }
    assert seen == {"member": [403] * 3, "elsewhere": [404] * 3, "lead": [200] * 3}
    assert sign_in(elsewhere).post(page("restore", release), {"seen": ""}).status_code == 404


@pytest.mark.parametrize("key", ["abc", "-1", "9" * 30])
def test_strange_keys_are_not_found(world: World, sign_in: Any, key: str) -> None:
    client = sign_in(world.lead)
    found = [
        client.get(f"/admin/workshops/release/{key}/{name}/").status_code for name in ("look", "restore")
    ]
    found += [client.get(COMPARE, {name: key}).status_code for name in ("before", "after", "conference")]
    assert found == [404] * 5


def test_the_page_of_a_release_leads_to_all_of_it(world: World, sign_in: Any) -> None:
    release = Release.objects.get()
    answer = sign_in(world.lead, "en").get(page("change", release)).content.decode()
    hrefs = [page("look", release), page("restore", release), f"{COMPARE}?before={release.pk}&amp;after=now"]
    assert [f'href="{href}"' in answer for href in hrefs] == [True] * 3
