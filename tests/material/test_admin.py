"""Organisers give, change and take away what goes with a session, on its page."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conference.models import AuditEntry
from tests import factories
from tests.admin.test_programme import change_url, form_of
from tests.material.files import PDF, make_file, office
from tests.world import World
from workshops.models import Material, Session

FILE_OR_LINK = "Give either a file or a link."


def send(client: Any, session: Session, **row: Any) -> Any:
    """Saves the session's page with one row of material more."""
    url = change_url(session)
    data = form_of(client.get(url))
    number = data["material-TOTAL_FORMS"]
    blank = {
        "kind": "slides",
        "audience": "participants",
        "position": "0",
        "language": "",
        "title": "",
        "url": "",
    }
    new = {f"material-{number}-{name}": value for name, value in {**blank, **row}.items()}
    return client.post(url, {**data, **new, "material-TOTAL_FORMS": number + 1})


def errors_of(page: Any) -> list[dict[str, Any]]:
    [formset] = [i.formset for i in page.context["inline_admin_formsets"] if i.formset.model is Material]
    return [dict(form.errors) for form in formset.forms if form.errors]


@pytest.fixture
def session(world: World) -> Session:
    Material.objects.all().delete()
    return Session.objects.filter(day__workshop=world.own, parent=None).order_by("pk")[0]


def test_organisers_give_replace_and_remove_a_file(world: World, sign_in: Any, session: Session) -> None:
    client = sign_in(factories.make_organiser(world.own, role="programme"), "en")

    given = send(client, session, upload=SimpleUploadedFile("Vortrag.PDF", PDF), title="Stadt", language="de")
    assert given.status_code == 302
    row = Material.objects.values("title", "language", "audience", "file_name", "content_type", "size").get()
    assert row == {
        "title": "Stadt",
        "language": "de",
        "audience": "participants",
        "file_name": "Vortrag.pdf",
        "content_type": "application/pdf",
        "size": 48,
    }

    page = client.get(change_url(session))
    address = reverse("admin:workshops_session_material", args=[Material.objects.get().pk])
    assert f'<a href="{address}">Vortrag.pdf</a>' in page.content.decode()
    sent = client.get(address)
    assert (sent.content, sent["Content-Disposition"]) == (PDF, 'attachment; filename="Vortrag.pdf"')
    assert "no-store" in sent["Cache-Control"]

    slides = SimpleUploadedFile("Neu.pptx", office("ppt/presentation.xml"))
    data = form_of(page)
    assert client.post(change_url(session), {**data, "material-0-upload": slides}).status_code == 302
    assert Material.objects.values_list("title", "file_name").get() == ("Stadt", "Neu.pptx")
    assert client.post(change_url(session), form_of(client.get(change_url(session)))).status_code == 302
    assert Material.objects.values_list("file_name").get() == ("Neu.pptx",)

    assert client.post(change_url(session), {**data, "material-0-DELETE": "on"}).status_code == 302
    assert Material.objects.count() == 0
    entries = AuditEntry.objects.filter(content_type__model="material", actor__isnull=False).order_by("pk")
    assert [(entry.get_action_display(), sorted(entry.changes)) for entry in entries][1:] == [
        ("update", ["file_name"]),
        ("delete", ["audience", "file_name", "kind", "language", "position", "session", "title", "url"]),
    ]
    assert "PDF-1.7" not in "".join(str(entry.changes) for entry in entries)


def test_what_cannot_be_kept_is_refused_with_the_field(world: World, sign_in: Any, session: Session) -> None:
    client = sign_in(world.lead, "en")
    neither = "This is none of the files that can go with a session: PDF, PPTX, DOCX, XLSX, ODP, ODT."
    cases: list[tuple[dict[str, Any], dict[str, list[str]]]] = [
        ({"title": "x"}, {"url": [FILE_OR_LINK]}),
        (
            {"url": "https://example.org", "upload": SimpleUploadedFile("x.pdf", PDF)},
            {"url": [FILE_OR_LINK]},
        ),
        ({"upload": SimpleUploadedFile("x.pdf", b"<html>")}, {"upload": [neither]}),
        (
            {"upload": SimpleUploadedFile("x.pdf", PDF + b"0" * (20 << 20))},
            {"upload": ["The file is larger than 20 MB."]},
        ),
        ({"url": "ftp://example.org/x"}, {"url": ["Enter a valid URL."]}),
        ({"url": "javascript:alert(1)"}, {"url": ["Enter a valid URL."]}),
    ]
    for row, errors in cases:
        page = send(client, session, **row)
        assert (page.status_code, errors_of(page)) == (422, [errors])
    assert Material.objects.count() == 0
    assert send(client, session, url="https://example.org/film").status_code == 302
    assert Material.objects.get().url == "https://example.org/film"


def test_only_the_sessions_own_team_gets_a_file_and_only_those_who_write_change_it(
    world: World, sign_in: Any, session: Session
) -> None:
    material = make_file(session, audience="organisers")
    theirs = make_file(Session.objects.filter(day__workshop=world.other)[0])

    def code(user: Any, row: Material) -> int:
        url = reverse("admin:workshops_session_material", args=[row.pk])
        return int(sign_in(user).get(url).status_code)

    reader = factories.make_organiser(world.own, role="reader")
    assert [code(user, material) for user in (world.boss, world.lead, world.member, reader)] == [200] * 4
    assert code(world.member, theirs) == 404
    assert code(factories.make_organiser(world.other), material) == 404
    assert sign_in(reader).post(change_url(session), {}).status_code == 403
    assert Material.objects.count() == 2
