"""The page "Translation office" in the admin: a file out, a file back, a look at it, and what was chosen."""

from __future__ import annotations

import html
import io
import re
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import factories
from tests.world import World, fill, session_of
from workshops.domain.translations.exchange.read_returned import LARGEST
from workshops.models import Conference, Session

pytestmark = pytest.mark.django_db
URL = "/admin/workshops/conference/translations/exchange/"
FILE = f"{URL}file/"
CHOICE = {"source": "de", "target": "tr", "which": "missing", "format": "xlf"}


@pytest.fixture
def missing(world: World) -> Session:
    """The own workshop's session, without a Turkish title."""
    session = session_of(world.own)
    session.title_de, session.title_tr = "Begrüßung", ""
    session.save()
    return session


def words(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def download(client: Client, **choice: Any) -> bytes:
    response = client.get(FILE, {**CHOICE, **choice})
    assert response.status_code == 200
    return bytes(response.content)


def translated(data: bytes, session: Session, text: str) -> bytes:
    """The XLIFF file, with a translation of the session's title."""
    empty = f'id="workshops.session.{session.pk}.title"'
    head, rest = data.decode().split(empty)
    target = '<target xml:lang="tr" state="needs-translation" />'
    assert target in rest
    return (head + empty + rest.replace(target, f'<target state="translated">{text}</target>', 1)).encode()


def upload(client: Client, data: bytes, name: str = "back.xlf") -> Any:
    return client.post(URL, {"file": SimpleUploadedFile(name, data)})


def take_over(client: Client, page: Any, *rows: str) -> Any:
    (packed,) = re.findall(r'name="packed" value="([^"]+)"', page.content.decode())
    return client.post(URL, {"packed": html.unescape(packed), "row": rows})


def boxes(page: Any) -> list[tuple[str, bool]]:
    """Each row's number, and whether it is chosen beforehand."""
    found = re.findall(r'name="row" value="(\d+)"( checked)?', page.content.decode())
    return [(number, bool(checked)) for number, checked in found]


def test_a_file_is_sent_with_its_name(missing: Session, world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    today = f"{timezone.localdate(timezone=ZoneInfo(world.conference.home_zone)):%Y-%m-%d}"
    response = client.get(FILE, CHOICE)
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "application/xliff+xml",
        f'attachment; filename="koprue-de-tr-{today}.xlf"',
    )
    response = client.get(FILE, {**CHOICE, "format": "xlsx", "workshops": [world.own.pk]})
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        f'attachment; filename="koprue-own-de-tr-{today}.xlsx"',
    )
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.values)
    assert [row[0] for row in rows] == ["id", f"workshops.session.{missing.pk}.title"]


def test_a_choice_that_makes_no_file_says_why(missing: Session, world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    response = client.get(FILE, {**CHOICE, "target": "de"})
    assert response.status_code == 422
    assert "Choose another language than the one to translate from." in words(response)
    response = client.get(FILE, {**CHOICE, "workshops": [world.other.pk]})
    assert response.status_code == 422
    assert "There is nothing to translate among the texts that you chose." in words(response)
    assert client.get(FILE).status_code == 422


def test_nothing_is_kept_before_it_is_chosen_and_then_it_is(
    missing: Session, world: World, sign_in: Any
) -> None:
    client = sign_in(world.lead, "en")
    data = translated(download(client), missing, "Açılış")
    LogEntry.objects.all().delete()
    page = upload(client, data)
    said = words(page)
    assert "1 text to take over" in said
    assert "Source text (Deutsch) Begrüßung Here now nothing yet In the file Açılış" in said
    assert boxes(page) == [("0", True)]
    missing.refresh_from_db()
    assert missing.title_tr == ""
    assert "1 text taken over" in words(take_over(client, page, "0"))
    missing.refresh_from_db()
    assert missing.title_tr == "Açılış"
    kept, entry = LogEntry.objects.order_by("pk")
    assert (kept.actor, kept.object_id, kept.changes) == (
        world.lead,
        missing.pk,
        {"title_tr": ["", "Açılış"]},
    )
    assert (entry.actor, entry.object_id, entry.additional_data["facts"]) == (
        world.lead,
        world.conference.pk,
        {"count": 1, "language": "Türkçe"},
    )
    assert "Nothing to do: there is nothing in this file that could be taken over." in words(
        upload(client, data)
    )


def test_what_is_not_chosen_is_not_kept(missing: Session, world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    LogEntry.objects.all().delete()
    page = upload(client, translated(download(client), missing, "Açılış"))
    assert "You chose no text, so nothing was changed." in words(take_over(client, page))
    missing.refresh_from_db()
    assert (missing.title_tr, LogEntry.objects.count()) == ("", 0)


def test_what_needs_a_second_look_is_not_chosen_beforehand(
    missing: Session, world: World, sign_in: Any
) -> None:
    client = sign_in(world.lead, "en")
    data = translated(download(client), missing, "Açılış")
    missing.title_de = "Eröffnung"
    missing.save()
    page = upload(client, data)
    assert "The source has changed since the file was made." in words(page)
    assert boxes(page) == [("0", False)]


def test_what_changed_after_the_preview_is_refused_and_shown(
    missing: Session, world: World, sign_in: Any
) -> None:
    client = sign_in(world.lead, "en")
    page = upload(client, translated(download(client), missing, "Açılış"))
    missing.title_tr = "Selamlama"
    missing.save()
    said = words(take_over(client, page, "0"))
    assert "1 text was not taken over" in said
    assert "Session: title: Somebody else has changed this text meanwhile. Açılış" in said


def test_a_member_sends_and_takes_back_their_workshops_texts_only(
    missing: Session, world: World, sign_in: Any
) -> None:
    foreign = session_of(world.other)
    foreign.title_de, foreign.title_tr = "Fremdes", ""
    foreign.save()
    lead, member = sign_in(world.lead, "en"), sign_in(world.member, "en")
    everything = download(lead)
    assert (b"Fremdes" in everything, b"Fremdes" in download(member)) == (True, False)
    assert member.get(FILE, {**CHOICE, "workshops": [world.other.pk]}).status_code == 422
    page = upload(member, translated(everything, foreign, "Yabancı"))
    said = words(page)
    assert "This text belongs to none of your workshops." in said
    assert "Fremdes" not in said
    theirs = upload(lead, translated(everything, foreign, "Yabancı"))
    assert take_over(member, theirs, "0").status_code == 422
    foreign.refresh_from_db()
    assert foreign.title_tr == ""


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlf", b"", "The file is empty."),
        ("a.xlf", b"<html/>", "This is an XML file, but no XLIFF file."),
        ("a.xlf", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "declares a document type or entities"),
        ("a.xlsx", b"PK\x03\x04", "The file is damaged and cannot be opened."),
        ("a.xlf", b"<" * (LARGEST + 1), "The file has 6 MB; at most 5 MB can be read."),
    ],
)
def test_a_bad_file_is_answered_with_its_reason(
    world: World, sign_in: Any, name: str, data: bytes, said: str
) -> None:
    response = upload(sign_in(world.lead, "en"), data, name)
    assert response.status_code == 422
    assert said in words(response)


def test_no_file_and_a_forged_preview_are_answered_with_their_reasons(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    response = client.post(URL)
    assert (response.status_code, "Choose the file first." in words(response)) == (422, True)
    response = client.post(URL, {"packed": "x", "row": "0"})
    assert (response.status_code, "too old, or not yours" in words(response)) == (422, True)


def test_markup_in_a_file_is_shown_as_text(missing: Session, world: World, sign_in: Any) -> None:
    client = sign_in(world.lead, "en")
    data = translated(download(client), missing, "&lt;script&gt;alert(1)&lt;/script&gt;")
    page = upload(client, data).content.decode()
    assert ("<script>alert" in page, "&lt;script&gt;alert(1)" in page) == (False, True)


@pytest.mark.parametrize("url", [URL, FILE])
def test_who_is_in_no_team_is_refused_and_other_conferences_look_like_none(
    world: World, sign_in: Any, url: str
) -> None:
    other = factories.make_conference(is_current=False)
    assert sign_in(factories.make_organiser()).get(url, CHOICE).status_code == 403
    assert sign_in(factories.make_organiser()).post(url, CHOICE).status_code == 403
    assert Client().get(url).status_code == 302
    client = sign_in(world.lead)
    found = [
        client.get(url, {**CHOICE, "conference": value}).status_code for value in (other.pk, "x", "9" * 40)
    ]
    assert found == [404, 404, 404]


def test_without_a_conference_the_page_says_so(db: None, sign_in: Any) -> None:
    client = sign_in(factories.make_organiser(is_superuser=True), "en")
    assert "There is no conference yet" in words(client.get(URL))
    assert client.post(URL).status_code == 200
    assert client.get(FILE).status_code == 404


def test_the_pages_cost_the_same_for_one_workshop_and_for_many(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead)
    before = queries(client)
    for number in (3, 4, 5):
        fill(factories.make_workshop(world.conference, number=number))
    assert queries(client) == before


def queries(client: Client) -> list[int]:
    counts = []
    for url in (URL, FILE):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url, {**CHOICE, "which": "all"}).status_code == 200
        counts.append(len(captured))
    return counts


def test_a_conference_named_is_the_one_that_is_sent(conference: Conference, sign_in: Any) -> None:
    other = factories.make_conference(is_current=False, name_de="Andere", name_tr="")
    client = sign_in(factories.make_organiser(is_superuser=True), "en")
    found = re.findall(r'unit id="([^"]+)"', download(client, conference=other.pk).decode())
    assert found == [f"workshops.conference.{other.pk}.name"]


def test_a_file_of_something_else_is_not_shown_to_its_end(world: World, sign_in: Any) -> None:
    units = "".join(f'<trans-unit id="x{n}"><target>t</target></trans-unit>' for n in range(300))
    file = f"<xliff version='1.2'><file source-language='de' target-language='tr'>{units}</file></xliff>"
    page = upload(sign_in(world.lead, "en"), file.encode())
    said = words(page)
    assert ("300 texts cannot be taken over" in said, "These are the first 200." in said) == (True, True)
    assert page.content.decode().count("There is no such text, or not any more.") == 200
