"""A person with a browser, and what they read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape
from django.utils.translation import gettext, override

from registration.domain.tokens import issue_link, token_of
from registration.models import Participant, PersonalLink, Registration
from tests.canary import row_as_text

PERSON = {
    "first_name": "Çiğdem",
    "last_name": "Işık",
    "organisation": "Bursa Büyükşehir Belediyesi",
    "position": "",
    "city": "",
    "country": "TR",
    "language": "tr",
    "consent_privacy": "on",
}


@dataclass
class Visitor:
    """A participant whose link was opened in `client`."""

    participant: Participant
    link: PersonalLink
    client: Client = field(default_factory=Client)

    def get(self, path: str, language: str = "en") -> HttpResponse:
        return self.client.get(f"/{language}/{path}")

    def post(self, path: str, data: dict[str, Any] | None = None, language: str = "en") -> HttpResponse:
        return self.client.post(f"/{language}/{path}", data or {})

    def register(self, language: str = "en", **data: Any) -> HttpResponse:
        """The form with everything filled in; `data` adds and replaces, None leaves a field out."""
        sent = {**PERSON, **{name.replace("__", "-"): value for name, value in data.items()}}
        return self.post("register/", {k: v for k, v in sent.items() if v is not None}, language)

    def registration(self, slug: str) -> Registration:
        return Registration.objects.get(participant=self.participant, workshop__slug=slug)


def visit(participant: Participant, client: Client | None = None) -> Visitor:
    link = issue_link(participant=participant)
    visitor = Visitor(participant, link, client or Client())
    response = visitor.get(f"invitation/{token_of(link=link)}/")
    assert (response.status_code, response["Location"]) == (303, "/en/register/")
    return visitor


def says(response: HttpResponse, sentence: str, language: str = "en") -> bool:
    """Whether the page has a sentence in a language (as the catalogues translate it)."""
    with override(language):
        return escape(gettext(sentence)) in response.content.decode()


def everything() -> dict[str, str]:
    """A digest of each table but the sessions': what a GET must not change."""
    digests = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if (table := model._meta.db_table) != "django_session":
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
                rows = sorted(map(row_as_text, cursor.fetchall()))
                digests[table] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return digests


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.disabled: set[tuple[str, str]] = set()
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea = name
        elif tag == "option" and "selected" in given:
            self.values[self._select] = given.get("value", "")
        elif tag == "input":
            self._input(name, given)

    def _input(self, name: str, given: dict[str, str]) -> None:
        if "disabled" in given:
            self.disabled.add((name, given.get("value", "")))
        if given.get("type") in {"radio", "checkbox"}:
            if "checked" in given and "disabled" not in given:
                self.values[name] = given.get("value", "on")
        else:
            self.values[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] = data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""


def fields_of(response: HttpResponse) -> dict[str, str]:
    """What the page's form would send now, as a browser would."""
    values = _parse(response).values
    return {name: value for name, value in values.items() if name != "csrfmiddlewaretoken"}


def disabled_of(response: HttpResponse) -> set[tuple[str, str]]:
    return _parse(response).disabled


def _parse(response: HttpResponse) -> _Fields:
    parser = _Fields()
    parser.feed(response.content.decode())
    return parser
