"""When registration opens, everybody comes at once: how often each step asks the database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registration.domain.tokens import issue_link, token_of
from tests import factories
from tests.registration_pages.conftest import factories_blank
from tests.registration_pages.helpers import PERSON
from workshops.models import Conference

pytestmark = pytest.mark.django_db(transaction=True)


def _asked(client: Client, path: str) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as captured:
        response: HttpResponse = client.get(path)
    return response.status_code, len(captured)


def _walk(conference: Conference) -> dict[str, tuple[int, int]]:
    """Status and number of statements of what one person reads on their way."""
    participant = factories.make_participant(conference, **factories_blank())
    token = token_of(link=issue_link(participant=participant))
    client = Client()
    asked = {
        "link": _asked(client, f"/en/invitation/{token}/"),
        "form": _asked(client, "/en/register/"),
        "own page, empty": _asked(client, "/en/my/"),
    }
    client.post("/en/register/", {**PERSON, "workshop-digitale-stadt": "active"})
    return {
        **asked,
        "own page with a message": _asked(client, "/en/my/"),
        "own page": _asked(client, "/en/my/"),
        "form again": _asked(client, "/en/register/"),
    }


def test_each_step_asks_little_and_the_second_person_costs_no_more(released: Conference) -> None:
    _walk(released)  # reads the release, once in each process
    expected = {
        "link": (303, 2),
        "form": (200, 7),
        "own page, empty": (200, 6),
        "own page with a message": (200, 9),
        "own page": (200, 8),
        "form again": (200, 6),
    }

    assert (_walk(released), _walk(released)) == (expected, expected)


def test_what_a_flood_asks_for_costs_one_question_or_two(released: Conference) -> None:
    client = Client()
    client.get("/en/link/")

    assert {
        "wrong link": _asked(client, f"/en/invitation/{'A' * 43}/"),
        "no link at all": _asked(client, "/en/invitation/nonsense/"),
        "own page without a session": _asked(client, "/en/my/"),
        "form without a session": _asked(client, "/en/register/"),
        "ask for the link": _asked(client, "/en/link/"),
    } == {
        "wrong link": (404, 2),
        "no link at all": (404, 1),
        "own page without a session": (403, 1),
        "form without a session": (403, 1),
        "ask for the link": (200, 1),
    }
