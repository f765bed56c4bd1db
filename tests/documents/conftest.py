from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from conference.encryption import cipher
from conference.models import User
from registration.domain.documents.make import make_documents
from registration.domain.documents.request import request_document
from registration.models import Document, Registration
from tests import factories
from tests.world import register
from workshops.models import Appearance, Conference, Session, Workshop

SUMMER = dt.date(2020, 6, 15)


@pytest.fixture
def event(conference: Conference) -> Workshop:
    """A day in June 2020, long over: three items, a speaker of each country, notes, interpreters, two people."""
    platform = factories.make_platform(
        conference,
        name="Kudo",
        instructions_de="Wählen Sie **Deutsch**.",
        instructions_tr="**Türkçeyi** seçin.",
    )
    workshop = factories.make_workshop(
        conference,
        with_day=False,
        slug="digitale-stadt",
        number=1,
        platform=platform,
        title_de="Digitale Stadt",
        title_tr="Dijital Şehir",
        title_en="",
        capacity_active=None,
        certificates=Workshop.Certificates.CONFIRMED,
    )
    day = factories.make_day(workshop, date=SUMMER, interpreters="İpek Çağlar\nJörg Weiß\n")
    city = factories.make_organisation(conference, name_de="Stadt Köln", name_tr="Köln Belediyesi")
    ada = factories.make_speaker(
        conference, first_name="Şule", last_name="Işık", organisation=city, contact="+90 212 000"
    )
    jan = factories.make_speaker(conference, first_name="Jan", last_name="Öztürk", organisation=city)
    opening = factories.make_session(
        day, position=1, title_de="Begrüßung", title_tr="Açılış", title_en="", duration_minutes=15
    )
    talks = factories.make_session(
        day, position=2, title_de="Beiträge", title_tr="Katkılar", title_en="", duration_minutes=None
    )
    talk = factories.make_session(
        day,
        parent=talks,
        position=3,
        title_de="Praxisbeispiel",
        title_tr="Uygulama örneği",
        title_en="",
        duration_minutes=45,
        technical_notes="Film 2 min\n=Folien",
    )
    Appearance.objects.create(session=opening, speaker=jan, role=Appearance.Role.MODERATOR)
    Appearance.objects.create(session=talk, speaker=ada)
    Appearance.objects.create(session=talks, speaker=jan, role=Appearance.Role.MODERATOR, position=1)
    register(workshop, status="confirmed", participant=person(conference, "İnci", "Ağaoğlu"))
    register(workshop, status="confirmed", role="listener", participant=person(conference, "Änne", "Zöller"))
    return workshop


def person(conference: Conference, first_name: str, last_name: str, **values: Any) -> Any:
    return factories.make_participant(
        conference, first_name=first_name, last_name=last_name, **{"city": "Bursa", **values}
    )


@pytest.fixture
def member(event: Workshop) -> User:
    return factories.make_organiser(event)


Ask = Callable[..., Document]


@pytest.fixture
def ask(event: Workshop, member: User, django_capture_on_commit_callbacks: Any) -> Ask:
    """Asks for a document about the event, without telling any worker."""

    def _ask(kind: str, format: str = "pdf", **values: Any) -> Document:  # noqa: A002
        asked: dict[str, Any] = {"workshop": event, "language": "de", "reader_language": "de", "by": member}
        with django_capture_on_commit_callbacks():
            return request_document(
                kind=kind, format=format, conference=event.conference, **{**asked, **values}
            )

    return _ask


@pytest.fixture
def made(ask: Ask) -> Callable[..., Document]:
    def _made(*args: Any, **values: Any) -> Document:
        document = ask(*args, **values)
        while make_documents():
            pass
        document.refresh_from_db()
        assert (document.status, document.problem) == ("ready", "")
        return document

    return _made


@pytest.fixture
def sign_in(sign_in: Any) -> Any:
    return partial(sign_in, language="en")


def content(document: Document) -> bytes:
    return cipher().decrypt(bytes(document.file or b""))


def pdf(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def sheets(document: Document) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(content(document)))
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.rows] for sheet in book}


def files(document: Document) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content(document))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def registration_of(last_name: str) -> Registration:
    return Registration.objects.select_related("participant", "workshop__conference").get(
        participant__last_name=last_name
    )


def session_of(title: str) -> Session:
    return Session.objects.get(title_de=title)
