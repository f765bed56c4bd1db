"""The page that publishes: what has changed, in two languages; what is wrong; a note; one button."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from auditlog.models import LogEntry as AuditEntry
from django import forms
from django.contrib import admin
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registration.models import Message
from tests import factories
from tests.world import World, day_of, fill
from workshops.domain.differences import Difference
from workshops.domain.release import release_programme
from workshops.models import Conference, Release, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db
URL = "/admin/workshops/release/add/"


def words(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def rows(response: Any) -> list[tuple[bool, list[tuple[str, str]]]]:
    sections = response.context["differences"].sections
    return [(row.notify, list(row.sentences)) for section in sections for row in section.rows]


def release(client: Any, **values: Any) -> Any:
    """As from the page as it is shown now."""
    return client.post(URL, {"seen": client.get(URL).context["present"].digest, **values})


def move(world: World) -> None:
    WorkshopDay.objects.filter(pk=day_of(world.own).pk).update(
        date=dt.date(2027, 6, 15), opens="13:00", closes="15:00"
    )
    release_programme(conference=world.conference)
    WorkshopDay.objects.filter(pk=day_of(world.own).pk).update(opens="14:00")


def test_the_differences_stand_in_both_languages_with_both_clocks(world: World, sign_in: Any) -> None:
    move(world)
    response = sign_in(world.lead, "de").get(URL)
    [(notify, sentences)] = rows(response)
    assert (notify, [code for code, _ in sentences]) == (True, ["de", "tr"])
    assert all("14:00–15:00 CET / 15:00–16:00 TRT" in sentence for _, sentence in sentences)
    page = response.content.decode()
    assert all(f'<p lang="{code}">{html.escape(sentence)}' in page for code, sentence in sentences)


@pytest.mark.parametrize(("language", "columns"), [("tr", ["tr", "de"]), ("en", ["en", "de", "tr"])])
def test_the_readers_own_language_comes_first(
    world: World, sign_in: Any, language: str, columns: list[str]
) -> None:
    move(world)
    [(_notify, sentences)] = rows(sign_in(world.lead, language).get(URL))
    assert [code for code, _sentence in sentences] == columns


def test_in_english(world: World, sign_in: Any) -> None:
    move(world)
    said = words(sign_in(world.lead, "en").get(URL))
    assert (
        "Date and time: until now Tuesday, 15 June 2027, 13:00–15:00 CET / 14:00–16:00 TRT, "
        "now Tuesday, 15 June 2027, 14:00–15:00 CET / 15:00–16:00 TRT. participants need to know"
    ) in said
    assert "What has changed since release 2" in said
    assert "Note on release 3" in said


def test_the_findings_stand_beside_them_and_keep_nobody_from_releasing(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    said = words(client.get(URL))
    assert "Nothing of it keeps you from releasing." in said
    assert "Warnings: this would mislead people" in said
    assert release(client).status_code == 303


def test_a_release_keeps_its_note_in_every_language_and_leaves_a_trace(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    answer = release(client, note_de="Neuer Tag", note_tr="Yeni gün", note_en="")
    assert (answer.status_code, answer["Location"]) == (303, reverse("admin:workshops_release_changelist"))
    made = Release.objects.get(number=2)
    assert (made.note_de, made.note_tr, made.note_en, made.published_by) == (
        "Neuer Tag",
        "Yeni gün",
        "",
        world.lead,
    )
    assert "Release 2 is published." in words(client.get(answer["Location"]))
    recorded = AuditEntry.objects.get_for_object(made).get()
    notes = {name: values for name, values in recorded.changes.items() if name.startswith("note")}
    assert (recorded.actor, notes) == (
        world.lead,
        {"note_de": [None, "Neuer Tag"], "note_tr": [None, "Yeni gün"], "note_en": [None, ""]},
    )


def test_that_nothing_has_changed_is_said_and_releasing_is_possible(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    assert "Nothing has changed." in words(client.get(URL))
    assert release(client).status_code == 303
    assert Release.objects.count() == 2


def test_the_first_release_is_called_so(conference: Conference, sign_in: Any) -> None:
    lead = factories.make_organiser(conference=conference)
    client = sign_in(lead, "en")
    assert "This is the first release." in words(client.get(URL))
    assert release(client).status_code == 303


def test_what_changed_meanwhile_is_shown_before_anything_is_published(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    seen = client.get(URL).context["present"].digest
    Workshop.objects.filter(pk=world.own.pk).update(capacity_active=12)
    answer = client.post(URL, {"seen": seen, "note_de": "Meine Notiz"})
    assert answer.status_code == 409
    said = words(answer)
    assert "The programme has changed since this page was opened" in said
    assert "Places for active participants: until now 30, now 12." in said
    assert 'value="Meine Notiz"' in answer.content.decode()
    assert Release.objects.count() == 1
    again = client.post(URL, {"seen": answer.context["present"].digest, "note_de": "Meine Notiz"})
    assert (again.status_code, Release.objects.count()) == (303, 2)


def test_two_clicks_release_once(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    seen = client.get(URL).context["present"].digest
    assert [client.post(URL, {"seen": seen}).status_code for _ in range(2)] == [303, 409]
    assert Release.objects.count() == 2


def test_a_page_without_a_digest_publishes_nothing(world: World, sign_in: Any) -> None:
    assert sign_in(world.lead).post(URL, {"note_de": "x"}).status_code == 409
    assert Release.objects.count() == 1


def test_a_note_that_is_too_long_is_refused_and_kept(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    answer = release(client, note_tr="x" * 301, note_de="Notiz")
    assert (answer.status_code, Release.objects.count()) == (422, 1)
    assert "at most 300 characters" in words(answer)
    assert 'value="Notiz"' in answer.content.decode()


def test_an_impossible_time_is_named_and_nothing_can_be_released(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    seen = client.get(URL).context["present"].digest
    WorkshopDay.objects.filter(workshop=world.own).update(
        date=dt.date(2027, 3, 28), opens=dt.time(2, 30), closes=dt.time(4, 0)
    )
    page = client.get(URL)
    assert "This time does not exist on that date" in words(page)
    assert "Release now" not in page.content.decode()
    assert (client.post(URL, {"seen": seen}).status_code, Release.objects.count()) == (422, 1)


def test_looking_publishes_nothing(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead)
    client.get(URL, {"seen": client.get(URL).context["present"].digest, "_save": "x"})
    assert Release.objects.count() == 1


def test_only_who_leads_a_conference_releases_it(world: World, sign_in: Any) -> None:
    other = factories.make_conference(is_current=False)
    assert [sign_in(user).get(URL).status_code for user in (world.member, world.lead, world.boss)] == [
        403,
        200,
        200,
    ]
    answers = [
        sign_in(world.lead).get(URL, {"conference": value}).status_code for value in (other.pk, "x", "9" * 40)
    ]
    assert answers == [404] * 3
    assert sign_in(world.lead).post(URL, {"conference": other.pk, "seen": ""}).status_code == 404
    boss = sign_in(world.boss, "en")
    assert "Another conference:" in words(boss.get(URL))
    seen = boss.get(URL, {"conference": other.pk}).context["present"].digest
    boss.post(URL, {"conference": other.pk, "seen": seen})
    assert Release.objects.get(conference=other).number == 1


def test_without_a_conference_the_page_says_so(db: None, sign_in: Any) -> None:
    boss = factories.make_organiser(is_superuser=True)
    assert "nothing to release" in words(sign_in(boss, "en").get(URL))


def test_the_command_writes_to_nobody(world: World) -> None:
    from django.core.management import call_command

    move(world)
    before = Message.objects.count()
    call_command("release", verbosity=0)
    assert Message.objects.count() == before


def test_the_page_costs_the_same_for_one_workshop_and_for_many(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead)
    queries(client)
    few = queries(client)
    for number in (3, 4, 5):
        fill(factories.make_workshop(world.conference, number=number))
    release_programme(conference=world.conference)
    queries(client)
    assert queries(client) == few
    assert few < 45


def queries(client: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(URL).status_code == 200
    return len(captured)


# What other applications add


class _Question(forms.Form):
    answer = forms.CharField()


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int | None, str]]:
    """A release page that asks something more, as another application would make it."""
    told: list[tuple[int, int | None, str]] = []

    def notice_form(
        request: HttpRequest, *, conference: Conference, differences: tuple[Difference, ...]
    ) -> Any:
        return _Question(request.POST if request.method == "POST" else None)

    def announce(_request: HttpRequest, *, release: Release, since: Release | None, form: Any) -> str:
        if form.cleaned_data["answer"] == "fail":
            raise RuntimeError
        told.append((release.number, since and since.number, form.cleaned_data["answer"]))
        return "Three people are told."

    model_admin = admin.site.get_model_admin(Release)
    monkeypatch.setattr(model_admin, "notice_form", notice_form)
    monkeypatch.setattr(model_admin, "announce", announce)
    return told


def test_another_question_is_asked_and_answered_with_the_release(
    world: World, sign_in: Any, asking: list[Any]
) -> None:
    client = sign_in(world.lead, "en")
    refused = release(client, note_de="Notiz")
    assert (refused.status_code, asking) == (422, [])
    assert 'value="Notiz"' in refused.content.decode()
    done = release(client, answer="yes")
    assert asking == [(2, 1, "yes")]
    assert "Release 2 is published. Three people are told." in words(client.get(done["Location"]))


def test_nothing_is_released_where_announcing_it_fails(world: World, sign_in: Any, asking: list[Any]) -> None:
    client = sign_in(world.lead, "en")
    client.raise_request_exception = False
    assert release(client, answer="fail").status_code == 500
    assert Release.objects.count() == 1
