"""Importing a draft in the admin: upload, wait, look, pick, apply, undo."""

from __future__ import annotations

import datetime as dt
import html
import re
from functools import cache
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conference.models import User
from tests import factories
from tests.import_programme.drafts import KONYA, TEXT
from tests.world import World
from workshops.domain.draft.files.open import read_file
from workshops.domain.draft.read import read_draft
from workshops.domain.draft.serialise import as_json
from workshops.domain.uploads.read_next_upload import LEASE
from workshops.models import Conference, DraftImport, Speaker, Workshop

ADD = "/admin/workshops/draftimport/add/"
LIST = "/admin/workshops/draftimport/"
SMALL = (
    "VORKONFERENZ 15.-18. JUNI 2020\n\nXYZZY\n\nFachworkshop 1: Digitale Stadt\n\n"
    "15. Juni 2020, 09:30-11:30 Uhr (deutscher Zeit, CET) / 10:30-12:45 Uhr (türkischer Zeit, TRT)\n\n"
    "Zeit\tProgrammpunkt\tRedner/in\tDauer\n"
    "09:30\tAuftakt\tHarun Yiğit, Stadt Konya\t15 Min.\n"
    "09:45\tAusklang\t\t105 Min.\n"
)


def words(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def page(upload: DraftImport, name: str = "change") -> str:
    return reverse(f"admin:workshops_draftimport_{name}", args=[upload.pk])


def send(client: Client, text: str | bytes = SMALL, name: str = "Entwurf.txt", **values: Any) -> Any:
    data = text.encode() if isinstance(text, str) else text
    given = {"language": "", "year": "", "conference": "", **values}
    return client.post(ADD, {**given, "upload": SimpleUploadedFile(name, data)})


@cache
def written(text: str) -> dict[str, Any]:
    return as_json(read_draft(read_file(name="Entwurf.txt", data=text.encode())))


def read(conference: Conference | None, text: str = SMALL) -> DraftImport:
    """An upload as it is once it was read."""
    return factories.make_draft_import(conference, file=None, status="read", draft=written(text))


def boxes(response: Any) -> dict[str, bool]:
    """The keys that can be picked, and whether they are."""
    inputs = re.findall(r'<input type="checkbox" name="picked" value="([^"]+)"[^>]*?( checked)?( disabled)?>',
                        response.content.decode())  # fmt: skip
    return {html.unescape(key): bool(checked) for key, checked, disabled in inputs if not disabled}


def default_picks(response: Any) -> list[str]:
    return [key for key, is_picked in boxes(response).items() if is_picked]


@pytest.fixture
def lead(conference: Conference) -> User:
    return factories.make_organiser(conference=conference)


# Uploading


def test_an_upload_leads_to_a_page_that_says_how_far_it_is(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    client = sign_in(lead, "en")
    response = send(client, conference=conference.pk, language="de", year=2020)
    upload = DraftImport.objects.get()
    assert (response.status_code, response["Location"]) == (303, page(upload))
    assert (upload.conference, upload.created_by, upload.language, upload.year) == (
        conference,
        lead,
        "de",
        2020,
    )
    said = words(client.get(page(upload)))
    assert "The draft waits to be read" in said
    assert "You can close this page" in said
    assert client.get(page(upload, "status")).json() == {"status": "waiting", "is_late": False}


@pytest.mark.parametrize(
    "bad",
    [
        ("Entwurf.txt", b"", "The submitted file is empty."),
        ("Entwurf.exe", b"MZ text", "Files ending in “.exe” cannot be read."),
        ("Entwurf.docx", b"plain text", "The file is called .docx, but it is a txt file."),
        ("Entwurf.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "The file is protected with a password"),
        ("Entwurf.txt", b"a" * 50_000_001, "The file has 51 MB; at most 10 MB can be read."),
    ],
)
def test_a_bad_file_is_refused_at_its_field(
    conference: Conference, lead: User, sign_in: Any, bad: tuple[str, bytes, str]
) -> None:
    name, data, problem = bad
    response = send(sign_in(lead, "en"), data, name, conference=conference.pk)
    assert response.status_code == 422
    assert problem in words(response)
    assert DraftImport.objects.count() == 0


def test_nothing_chosen_and_a_strange_year_are_refused(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    given = {"conference": conference.pk, "language": "xx", "year": "1830"}
    response = sign_in(lead, "en").post(ADD, given)
    assert response.status_code == 422
    assert sorted(response.context["adminform"].form.errors) == ["language", "upload", "year"]


def test_only_the_operator_makes_a_new_conference(conference: Conference, lead: User, sign_in: Any) -> None:
    refused = send(sign_in(lead, "en"))
    assert list(refused.context["adminform"].form.errors) == ["conference"]
    boss = factories.make_organiser(is_superuser=True)
    assert send(sign_in(boss)).status_code == 303
    assert "a new conference, made from the draft" in words(sign_in(boss, "en").get(ADD))


def test_a_lead_chooses_among_their_own_conferences(conference: Conference, lead: User, sign_in: Any) -> None:
    other = factories.make_conference(name_en="Somebody else’s", is_current=False)
    client = sign_in(lead, "en")
    assert "Somebody else’s" not in words(client.get(ADD))
    assert send(client, conference=other.pk).status_code == 422


# Waiting


def test_a_name_made_to_hurt_is_only_a_name(conference: Conference, lead: User, sign_in: Any) -> None:
    upload = factories.make_draft_import(conference, file_name="<script>alert(1)</script>.txt")
    for address in (page(upload), LIST):
        content = sign_in(lead, "en").get(address).content.decode()
        assert "<script>alert" not in content
        assert "&lt;script&gt;alert(1)" in content


def test_a_reader_that_is_away_is_named_and_can_be_done_without(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    upload = factories.make_draft_import(conference)
    DraftImport.objects.update(created_at=timezone.now() - dt.timedelta(minutes=1))
    client = sign_in(lead, "en")
    assert client.get(page(upload, "status")).json() == {"status": "waiting", "is_late": True}
    response = client.get(page(upload))
    assert "the service that does it seems to be busy or away" in words(response)
    assert f'action="{page(upload, "read")}"' in response.content.decode()
    assert client.get(page(upload, "read")).status_code == 303
    upload.refresh_from_db()
    assert upload.status == "waiting", "a GET reads nothing"


@pytest.mark.django_db(transaction=True)
def test_the_site_reads_the_draft_itself_when_asked_to(sign_in: Any) -> None:
    from tests.uploads.test_nudge import settled

    conference = factories.make_conference()
    upload = factories.make_draft_import(conference, file=SMALL.encode())
    DraftImport.objects.update(created_at=timezone.now() - dt.timedelta(minutes=1))
    client = sign_in(factories.make_organiser(conference=conference))
    assert client.post(page(upload, "read"))["Location"] == page(upload)
    settled()
    upload.refresh_from_db()
    assert upload.status == "read"


def test_while_it_is_read_the_page_says_so(conference: Conference, lead: User, sign_in: Any) -> None:
    upload = factories.make_draft_import(conference, status="reading", attempts=2, claimed_at=timezone.now())
    response = sign_in(lead, "en").get(page(upload))
    assert "The draft is being read." in words(response)
    assert "this is attempt number 2" in words(response)
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in response.content.decode()


def test_a_reader_that_died_is_named_and_the_draft_can_be_read_anew(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    upload = factories.make_draft_import(
        conference, status="reading", attempts=1, claimed_at=timezone.now() - 2 * LEASE
    )
    response = sign_in(lead, "en").get(page(upload))
    assert "Reading broke off, and nobody has begun anew yet" in words(response)
    assert f'action="{page(upload, "read")}"' in response.content.decode()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "it has 20,001 lines"), ("de", "20001"), ("tr", "20001")]
)
def test_a_file_that_could_not_be_read_says_why(
    conference: Conference, lead: User, sign_in: Any, language: str, said: str
) -> None:
    upload = factories.make_draft_import(
        conference,
        status="failed",
        problem="The file is far too long for a programme: it has %(lines)d lines.",
        report={"values": {"lines": 20_001}},
    )
    response = sign_in(lead, language).get(page(upload))
    assert said.replace(",", "") in words(response)
    assert f'href="{ADD}"' in response.content.decode()


# The preview


def test_each_line_stands_beside_what_was_understood(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    said = words(sign_in(lead, "en").get(page(read(conference))))
    assert "Of 1 line nothing was understood. It stays here as text. line 3 XYZZY" in said
    assert "3 XYZZY not understood" in said
    assert (
        "10 09:30 Auftakt Harun Yiğit, Stadt Konya 15 Min. "
        "session 09:30–09:45 CET / 10:30–10:45 TRT Auftakt · 15 min · Harun Yiğit, Stadt Konya" in said
    )
    assert (
        "Language of the draft: German. What was read: 15–18 June 2020, 1 workshop, 1 day, 2 sessions" in said
    )


def test_findings_lead_to_both_lines_or_places(conference: Conference, lead: User, sign_in: Any) -> None:
    response = sign_in(lead, "en").get(page(read(conference)))
    codes = {finding.code for finding in response.context["findings"]}
    assert "clocks-disagree" in codes
    assert 'href="#line-7"' in response.content.decode()
    assert 'id="line-7"' in response.content.decode()
    assert 'name="proposal"' not in response.content.decode()


def test_differences_are_grouped_by_workshop_and_picked_but_for_removals(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    factories.make_workshop(conference, title_de="Alter Workshop", number=9)
    response = sign_in(lead, "en").get(page(read(conference)))
    names = [group.name for group in response.context["changes"]]
    assert names[:2] == ["The conference, and what its workshops share", "Digitale Stadt (1)"]
    picked = boxes(response)
    assert {key.partition(":")[0] for key, is_picked in picked.items() if is_picked} == {"added", "changed"}
    assert [key for key in picked if key.startswith("removed")] == [
        key for key, is_picked in picked.items() if not is_picked
    ]
    said = words(response)
    assert (
        "Added Session: 15.06.2020 › Auftakt 09:30–09:45 CET / 10:30–10:45 TRT · 15 min · Harun Yiğit" in said
    )


def test_of_a_file_without_a_workshop_nothing_is_picked(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    response = sign_in(lead, "en").get(page(read(conference, "Einkaufsliste\nMilch\n")))
    assert "No workshop was found in this file." in words(response)
    assert set(boxes(response).values()) == {False}


def test_looking_changes_nothing(conference: Conference, lead: User, sign_in: Any) -> None:
    upload = read(conference)
    client = sign_in(lead, "en")
    for name in ("change", "apply", "undo", "status", "read"):
        assert client.get(page(upload, name)).status_code in {200, 303}
    upload.refresh_from_db()
    assert (upload.status, Workshop.objects.count(), Speaker.objects.count()) == ("read", 0, 0)


def test_a_draft_with_very_many_lines_is_shown_in_pages(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    upload = read(conference, SMALL + "".join(f"QX{number}\n" for number in range(1500)))
    client = sign_in(lead, "en")
    first, second = client.get(page(upload)), client.get(page(upload), {"page": "2"})
    assert [len(re.findall(r'id="line-\d+"', r.content.decode())) for r in (first, second)] == [1000, 507]
    assert 'href="?page=1#line-7"' in first.content.decode()
    for strange in ("x", "-1", "0", "99", "²", "9" * 5_000):
        assert client.get(page(upload), {"page": strange}).status_code == 200


# Who may


def test_others_find_nothing(world: World, sign_in: Any) -> None:
    upload = factories.make_draft_import(world.conference)
    elsewhere = factories.make_organiser(conference=factories.make_conference(is_current=False))
    for who in (world.member, elsewhere):
        client = sign_in(who)
        for name in ("change", "status", "apply", "undo", "read"):
            assert client.get(page(upload, name)).status_code == 404, name
            assert client.post(page(upload, name)).status_code == 404, name
    assert [sign_in(world.member).get(address).status_code for address in (LIST, ADD)] == [403, 403]
    assert Client().get(page(upload)).status_code == 302
    upload.refresh_from_db()
    assert upload.status == "waiting"


def test_nobody_edits_or_deletes_an_import(world: World, sign_in: Any) -> None:
    upload = factories.make_draft_import(world.conference)
    client = sign_in(world.boss)
    assert client.post(page(upload), {"file_name": "x"}).status_code == 405
    assert client.post(page(upload, "delete"), {"post": "yes"}).status_code == 403


def test_a_draft_of_a_conference_to_be_made_is_the_operators_alone(world: World, sign_in: Any) -> None:
    upload = factories.make_draft_import(None)
    assert [sign_in(who).get(page(upload)).status_code for who in (world.lead, world.boss)] == [404, 200]


def test_the_start_page_leads_there(world: World, sign_in: Any) -> None:
    shown = [
        f'href="{ADD}"' in sign_in(who).get("/admin/").content.decode()
        for who in (world.member, world.lead, world.boss)
    ]
    assert shown == [False, True, True]


def test_the_way_from_the_draft_to_the_public_is_shown_to_whoever_may_go_it(
    world: World, sign_in: Any
) -> None:
    about = f"?conference={world.conference.pk}"
    way = [
        f"{ADD}{about}",
        f"/admin/workshops/conference/check/{about}",
        f"/admin/workshops/conference/translations/{about}",
        f"/admin/workshops/release/add/{about}",
    ]
    for address in (way[1], way[2], way[3]):
        shown = sign_in(world.lead).get(address).content.decode()
        steps = shown.partition('class="programme-steps"')[2].partition("</nav>")[0]
        assert re.findall(r'href="([^"]+)"', steps) == way
        assert re.findall(r'href="([^"]+)" aria-current="step"', steps) == [address]
    assert "programme-steps" not in sign_in(world.member).get(way[1]).content.decode()


def test_a_page_costs_the_same_for_few_imports_and_for_many(
    conference: Conference, lead: User, sign_in: Any
) -> None:
    upload = read(conference)
    client = sign_in(lead)
    before = queries(client, page(upload))
    for _ in range(3):
        read(conference)
    assert queries(client, page(upload)) == before


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_changed_line_shows_both_sides(demo: Conference, sign_in: Any) -> None:
    upload = read(demo, TEXT.replace(KONYA, KONYA.replace("Praxisbeispiel aus der Türkei", "Konya zeigt es")))
    boss = factories.make_organiser(is_superuser=True)
    said = words(sign_in(boss, "en").get(page(upload)))
    assert "Changed Session, title [de]: 15.06.2020 › Konya zeigt es" in said
    assert "Now Praxisbeispiel aus der Türkei Draft Konya zeigt es" in said
