"""The translation desk in the admin."""

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
from workshops.domain.translations.read import entries
from workshops.domain.translations.values import digest_of
from workshops.models import Conference, Membership, Session, Speaker, TextState, Workshop

pytestmark = pytest.mark.django_db
URL = "/admin/workshops/conference/translations/"


def words(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def key_of(row: Any, field: str = "title") -> str:
    return f"workshops.{row._meta.model_name}.{row.pk}.{field}"


def keys(response: Any) -> list[str]:
    """The texts that can be written on this page."""
    return re.findall(r'name="key" value="([^"]+)"', response.content.decode())


def sent(*typed: tuple[Any, str, str, str], **buttons: str) -> dict[str, Any]:
    """A form as the browser sends it: of each text the row, the field, what stood there, what was typed."""
    form: dict[str, Any] = {"key": [key_of(row, field) for row, field, _seen, _text in typed], **buttons}
    for row, field, seen, text in typed:
        key = key_of(row, field)
        form |= {
            f"text-{key}": text,
            f"seen-{key}": digest_of(seen),
            f"from-{key}": "de",
            f"source-{key}": digest_of(getattr(row, f"{field}_de") or ""),
        }
    return form


@pytest.fixture
def open_texts(world: World) -> list[Session]:
    """Two sessions of the own workshop without a Turkish title, and one of the other workshop."""
    day = day_of(world.own)
    made = [factories.make_session(day, title_de=f"Vortrag {n}", title_tr="") for n in (1, 2)]
    return [*made, factories.make_session(day_of(world.other), title_de="Fremder Vortrag", title_tr="")]


def turkish(workshop: Workshop | str = "", state: str = "open", conference: Conference | None = None) -> str:
    group = workshop if isinstance(workshop, str) else workshop.pk
    named = f"conference={conference.pk}&" if conference else ""
    return f"{URL}?{named}language=tr&workshop={group}&state={state}"


def test_what_is_missing_stands_beside_its_source(
    world: World, sign_in: Any, open_texts: list[Session]
) -> None:
    response = sign_in(world.lead, "en").get(turkish())
    assert response.status_code == 200
    page = response.content.decode()
    assert [key_of(session) in keys(response) for session in open_texts] == [True] * 3
    assert '<div class="translation-text" lang="de">Vortrag 1</div>' in page
    session = open_texts[0]
    assert re.search(rf'<textarea id="workshops-session-{session.pk}-title"[^>]* lang="tr"', page)
    assert f'href="{reverse("admin:workshops_session_change", args=[session.pk])}"' in page
    assert "Workshop 1 · Day 1 · 2" in words(response)
    assert "At most 300 characters" in words(response)


def test_the_list_can_be_narrowed(world: World, sign_in: Any, open_texts: list[Session]) -> None:
    client = sign_in(world.lead)
    late = open_texts[0]
    late.title_tr = "Sunum"
    late.save()
    late.title_de = "Abendvortrag"
    late.save()
    one, two, other = (key_of(session) for session in open_texts)
    assert keys(client.get(turkish(world.own))) == [one, two]
    assert keys(client.get(turkish(world.own, "outdated"))) == [one]
    assert keys(client.get(turkish(world.own, "missing"))) == [two]
    assert set(keys(client.get(turkish(world.own, "all")))) > {one, two}
    assert keys(client.get(turkish("", "missing"))) == [two, other]
    assert keys(client.get(turkish("shared"))) == []
    assert keys(client.get(f"{URL}?language=de")) == []


def test_without_a_language_named_the_one_with_most_to_do_is_shown(
    world: World, sign_in: Any, open_texts: list[Session]
) -> None:
    Session.objects.update(title_en="Something")
    Workshop.objects.update(title_en="Something")
    response = sign_in(world.lead).get(URL)
    shown = response.context["asked"]
    states = [entry.state for entry in entries(conference=world.conference)]
    to_do = {code: sum(state[code] == "missing" for state in states) for code in ("tr", "de", "en")}
    assert shown.language == max(to_do, key=lambda code: to_do[code])


def test_all_of_a_page_is_saved_at_once(world: World, sign_in: Any, open_texts: list[Session]) -> None:
    client = sign_in(world.lead, "en")
    one, two, _other = open_texts
    LogEntry.objects.all().delete()
    form = sent((one, "title", "", "Sunum 1\r\n"), (two, "title", "", "  Sunum 2 "), save="all")
    url = turkish(world.own, conference=world.conference)
    response = client.post(url, form)
    assert (response.status_code, response["Location"]) == (303, url)
    assert "2 texts were saved." in words(client.get(response["Location"]))
    assert titles(one, two) == ["Sunum 1", "Sunum 2"]
    assert keys(client.get(url)) == []
    assert {(entry.actor, entry.object_id) for entry in LogEntry.objects.all()} == {
        (world.lead, one.pk),
        (world.lead, two.pk),
    }


def titles(*sessions: Session, language: str = "tr") -> list[str]:
    return [str(getattr(Session.objects.get(pk=each.pk), f"title_{language}") or "") for each in sessions]


def test_one_text_is_saved_and_what_was_typed_for_others_stays(
    world: World, sign_in: Any, open_texts: list[Session]
) -> None:
    one, two, _other = open_texts
    form = sent((one, "title", "", "Sunum 1"), (two, "title", "", "Sunum 2"), save=key_of(one))
    response = sign_in(world.lead, "en").post(turkish(world.own), form)
    assert response.status_code == 200
    assert titles(one, two) == ["Sunum 1", ""]
    assert "1 text was saved." in words(response)
    page = response.content.decode()
    assert re.search(r">\nSunum 2</textarea>", page)
    assert 'data-unsaved="typed"' in page
    again = sent((two, "title", "", "Sunum 2"), save="all")
    assert sign_in(world.lead).post(turkish(world.own), again).status_code == 303
    assert titles(two) == ["Sunum 2"]


def test_of_two_people_nobody_loses_what_they_typed(
    world: World, sign_in: Any, open_texts: list[Session]
) -> None:
    one, two, _other = open_texts
    form = sent((one, "title", "", "Benim"), (two, "title", "", "Sunum 2"), save="all")
    Session.objects.filter(pk=one.pk).update(title_tr="Onların")
    client = sign_in(world.lead, "en")
    response = client.post(turkish(world.own), form)
    assert response.status_code == 422
    assert titles(one, two) == ["Onların", "Sunum 2"]
    said = words(response)
    assert "1 text was not saved" in said
    assert "Somebody else has changed this text meanwhile." in said
    assert "What somebody else has written: Onların" in said
    page = response.content.decode()
    assert re.search(r">\nBenim</textarea>", page)
    assert f'name="seen-{key_of(one)}" value="{digest_of("Onların")}"' in page
    client.post(turkish(world.own), sent((one, "title", "Onların", "Benim"), save="all"))
    assert titles(one) == ["Benim"]


def test_a_text_that_is_too_long_is_said_to_be_and_stays(
    world: World, sign_in: Any, open_texts: list[Session]
) -> None:
    one, _two, _other = open_texts
    response = sign_in(world.lead, "en").post(
        turkish(world.own), sent((one, "title", "", "x" * 301), save="all")
    )
    assert response.status_code == 422
    assert "This text may have at most 300 characters; it has 301." in words(response)
    assert "x" * 301 in response.content.decode()
    assert titles(one) == [""]


def test_nothing_typed_is_nothing_saved(world: World, sign_in: Any, open_texts: list[Session]) -> None:
    one, _two, _other = open_texts
    LogEntry.objects.all().delete()
    response = sign_in(world.lead, "en").post(
        turkish(world.own), sent((one, "title", "", "  "), save="all"), follow=True
    )
    assert "Nothing was changed, so nothing was saved." in words(response)
    assert LogEntry.objects.count() == 0


@pytest.fixture
def late(world: World) -> Session:
    """Its German title was written by an organiser, and changed after it was translated."""
    session = session_of(world.own)
    session.title_de, session.title_tr = "Ein alter Titel", "Eski başlık"
    session.save()
    session.title_de = "Ein neuer Titel"
    session.save()
    return session


def test_of_an_outdated_text_it_is_shown_what_has_changed(world: World, sign_in: Any, late: Session) -> None:
    page = sign_in(world.lead, "en").get(turkish(world.own, "outdated")).content.decode()
    assert "Outdated: the text has changed since (German)" in page
    assert "Ein <del>alter</del><ins>neuer</ins> Titel" in page


def test_it_can_be_said_that_a_translation_is_still_right(world: World, sign_in: Any, late: Session) -> None:
    client = sign_in(world.lead, "en")
    form = sent((late, "title", "Eski başlık", "Eski başlık"), right=key_of(late))
    response = client.post(turkish(world.own, "outdated"), form, follow=True)
    assert "Kept: this translation is still right." in words(response)
    assert keys(response) == []
    assert titles(late) == ["Eski başlık"]


def test_nobody_says_so_of_a_source_they_have_not_seen(world: World, sign_in: Any, late: Session) -> None:
    form = sent((late, "title", "Eski başlık", "Eski başlık"), right=key_of(late))
    late.title_de = "Noch ein Titel"
    late.save()
    response = sign_in(world.lead, "en").post(turkish(world.own, "outdated"), form)
    assert response.status_code == 422
    assert keys(response) == [key_of(late)]


def test_a_translation_of_a_source_that_changed_meanwhile_is_kept_and_shown_as_outdated(
    world: World, sign_in: Any, open_texts: list[Session]
) -> None:
    one, _two, _other = open_texts
    form = sent((one, "title", "", "Sunum"), save="all")
    one.title_de = "Festvortrag"
    one.save()
    client = sign_in(world.lead)
    client.post(turkish(world.own), form)
    assert titles(one) == ["Sunum"]
    assert keys(client.get(turkish(world.own, "outdated"))) == [key_of(one)]


def test_progress_is_counted_for_each_workshop_and_language(
    world: World, sign_in: Any, open_texts: list[Session]
) -> None:
    response = sign_in(world.lead, "en").get(URL)
    found = entries(conference=world.conference, workshops=[world.own.pk])
    there = [entry for entry in found if any(entry.texts.values())]
    own = next(line for line in response.context["lines"] if line.name == str(world.own))
    assert [(cell.language, cell.progress.total, cell.progress.missing) for cell in own.cells] == [
        (code, len(there), sum(not entry.texts[code] for entry in there)) for code in ("de", "tr", "en")
    ]
    assert "2 missing" in words(response)


def test_pages_have_a_limit(world: World, sign_in: Any) -> None:
    for _number in range(30):
        factories.make_session(day_of(world.own), title_tr="")
    client = sign_in(world.lead, "en")
    assert len(keys(client.get(turkish(world.own)))) == 25
    second = client.get(f"{turkish(world.own)}&p=2")
    assert len(keys(second)) == 5
    assert "Page 2 of 2" in words(second)
    assert keys(client.get(f"{turkish(world.own)}&p=99")) == keys(second)


def test_a_member_writes_their_own_workshops_texts_and_reads_what_is_shared(
    world: World, sign_in: Any, open_texts: list[Session]
) -> None:
    one, two, other = open_texts
    speaker = Speaker.objects.all()[0]
    Speaker.objects.filter(pk=speaker.pk).update(biography_de="Leitet das Amt")
    client = sign_in(world.member, "en")
    response = client.get(turkish())
    assert keys(response) == [key_of(one), key_of(two)]
    said = words(response)
    assert "Leitet das Amt" in said
    assert "All workshops share this text" in said
    assert "Fremder" not in said
    form = sent(
        (one, "title", "", "Sunum"),
        (other, "title", "", "Yabancı"),
        (speaker, "biography", "", "Yönetir"),
        save="all",
    )
    client.post(turkish(), form)
    speaker.refresh_from_db()
    assert (titles(one, other), speaker.biography_tr or "") == (["Sunum", ""], "")


def test_a_member_says_of_nobody_elses_text_that_it_is_right(
    world: World, sign_in: Any, late: Session
) -> None:
    stranger = factories.make_organiser(world.other)
    form = sent((late, "title", "Eski başlık", "Eski başlık"), right=key_of(late))
    response = sign_in(stranger, "en").post(turkish(), form, follow=True)
    assert "There is no such text" in words(response)
    assert TextState.objects.get(object_id=late.pk, language="tr").source_digest == digest_of(
        "Ein alter Titel"
    )


def test_a_member_has_no_link_to_the_conferences_own_page(world: World, sign_in: Any) -> None:
    Conference.objects.filter(pk=world.conference.pk).update(tagline_de="Brücke")
    link = f'href="{reverse("admin:workshops_conference_change", args=[world.conference.pk])}"'
    pages = [sign_in(user).get(turkish("shared")).content.decode() for user in (world.member, world.lead)]
    assert ["Brücke" in page for page in pages] == [True, True]
    assert [link in page for page in pages] == [False, True]


def test_other_conferences_and_workshops_look_like_none(world: World, sign_in: Any) -> None:
    other = factories.make_conference(is_current=False)
    client = sign_in(world.lead)
    assert [client.get(URL, {"conference": value}).status_code for value in (other.pk, "x", "9" * 40)] == [
        404
    ] * 3
    assert client.get(URL, {"workshop": "12345"}).status_code == 404
    assert sign_in(world.member).get(URL, {"workshop": world.other.pk}).status_code == 404
    assert sign_in(world.boss).get(URL, {"conference": other.pk}).status_code == 200


@pytest.mark.parametrize("value", ["", "xx", "-1", "9" * 30, "٣", "<script>", "%00"])
def test_a_strange_address_shows_the_usual_list(world: World, sign_in: Any, value: str) -> None:
    response = sign_in(world.lead).get(URL, {"language": value, "state": value, "p": value})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "form", [{}, {"key": "workshops.session.1.title"}, {"save": "all"}, {"right": "x"}, {"key": ["", "\x00"]}]
)
def test_a_strange_form_changes_nothing(world: World, sign_in: Any, form: dict[str, Any]) -> None:
    before = [entry.texts for entry in entries(conference=world.conference)]
    assert sign_in(world.lead).post(turkish(), form).status_code in {200, 303}
    assert [entry.texts for entry in entries(conference=world.conference)] == before


def test_looking_changes_nothing(world: World, sign_in: Any, open_texts: list[Session]) -> None:
    one = open_texts[0]
    sign_in(world.lead).get(turkish(), sent((one, "title", "", "Sunum"), save="all"))
    assert titles(one) == [""]


def test_who_is_in_no_team_is_refused_and_who_is_not_signed_in_is_asked_to(
    world: World, sign_in: Any
) -> None:
    assert sign_in(factories.make_organiser()).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302


def test_without_a_conference_the_page_says_so(db: None, sign_in: Any) -> None:
    boss = factories.make_organiser(is_superuser=True)
    assert "nothing to translate" in words(sign_in(boss, "en").get(URL))


def test_a_language_that_is_complete_is_said_to_be(conference: Conference, sign_in: Any) -> None:
    boss = factories.make_organiser(is_superuser=True)
    assert "Nothing is left to do here." in words(sign_in(boss, "en").get(URL))


def test_the_start_page_and_the_conferences_own_page_lead_there(world: World, sign_in: Any) -> None:
    assert f'href="{URL}"' in sign_in(world.member).get("/admin/").content.decode()
    own = reverse("admin:workshops_conference_change", args=[world.conference.pk])
    page = sign_in(world.lead).get(own).content.decode()
    check = reverse("admin:workshops_conference_check")
    assert [f'href="{url}?conference={world.conference.pk}"' in page for url in (URL, check)] == [True] * 2


def test_the_page_has_no_inline_script_and_no_inline_style(world: World, sign_in: Any, late: Session) -> None:
    page = sign_in(world.lead).get(URL).content.decode()
    assert [text for text in ("<style", " style=", " onclick=") if text in page] == []
    assert all("src=" in tag or "application/json" in tag for tag in page.split("<script")[1:])


def test_the_page_costs_the_same_for_one_workshop_and_for_many(
    world: World, sign_in: Any, late: Session
) -> None:
    client = sign_in(world.lead)
    queries(client)
    before = queries(client)
    for number in (3, 4, 5):
        workshop = factories.make_workshop(world.conference, number=number)
        fill(workshop)
        factories.make_platform(world.conference)
        session = session_of(workshop)
        session.title_de = "Neu"
        session.save()
    assert queries(client) == before
    assert before < 25


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(turkish()).status_code == 200
    return len(captured)


def test_what_organisers_write_stays_words(world: World, sign_in: Any) -> None:
    words_of = "<script>alert(1)</script></textarea><b>"
    session = factories.make_session(day_of(world.own), title_de=words_of, title_tr="")
    client = sign_in(world.lead)
    page = client.get(turkish(world.own)).content.decode()
    form = sent((session, "title", "x", words_of), save="all")
    again = client.post(turkish(world.own), form).content.decode()
    assert [text in each for each in (page, again) for text in ("<script>alert", "<b>")] == [False] * 4


def test_the_desk_leads_to_another_conference_of_the_same_people(world: World, sign_in: Any) -> None:
    assert "Another conference:" not in words(sign_in(world.lead, "en").get(URL))
    other = factories.make_conference(slug="next", name_en="The next", is_current=False)
    factories.make_conference(slug="foreign", name_en="Not theirs", is_current=False)
    Membership.objects.create(user=world.lead, conference=other)
    page = sign_in(world.lead, "en").get(URL).content.decode()
    assert f'<p>Another conference: <a href="?conference={other.pk}">The next</a></p>' in page
    there = sign_in(world.lead, "en").get(f"{URL}?conference={other.pk}").content.decode()
    assert f'<p>Another conference: <a href="?conference={world.conference.pk}">' in there
