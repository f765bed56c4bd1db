"""Opening the personal link: it is exchanged for a session, and does nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from registration.domain.tokens import issue_link, token_of
from registration.participant_session import LASTS
from tests import factories
from tests.registration_pages.helpers import PERSON, Visitor, everything, fields_of, says, visit
from workshops.models import Conference, Workshop

PERSONAL_PAGES = ["register/", "my/", "invitation/decline/", "my/cancel/digitale-stadt/"]


def _address(participant, language="de"):
    return f"/{language}/invitation/{token_of(link=issue_link(participant=participant))}/"


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_the_link_leads_to_the_form_in_its_language_and_leaves_the_address_bar_clean(released, language):
    response = Client().get(_address(factories.make_participant(released), language))

    assert (response.status_code, response["Location"]) == (303, f"/{language}/register/")
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


def test_opening_the_link_changes_nothing_but_the_session(released):
    address = _address(factories.make_participant(released))
    before = everything()

    Client().get(address)

    assert everything() == before


def test_head_is_answered_alike_but_starts_no_session(released):
    client = Client()

    response = client.head(_address(factories.make_participant(released)))

    assert (response.status_code, response["Location"], response.cookies) == (303, "/de/register/", {})
    assert client.get("/de/register/").status_code == 403


def test_the_session_has_a_new_key_and_no_token(released):
    client = Client()
    client.session.save()
    planted = client.session.session_key
    link = issue_link(participant=factories.make_participant(released))
    client.get(f"/de/invitation/{token_of(link=link)}/")

    assert client.session.session_key != planted
    assert token_of(link=link) not in str(dict(client.session.items()))


@pytest.mark.parametrize("token", ["", "abc/", "x" * 43 + "/", "%C3%A7/", "a/b/c/", "x" * 2000 + "/", "=>/"])
@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_an_unknown_or_mangled_link_says_so_and_shows_the_way_to_a_new_one(released, token, language):
    response = Client().get(f"/{language}/invitation/{token}")

    assert response.status_code == 404
    assert says(response, "We do not know this link", language)
    assert f'href="/{language}/link/"' in response.content.decode()
    assert response["Referrer-Policy"] == "no-referrer"


def test_a_truncated_link_opens_nothing(released):
    client = Client()

    response = client.get(_address(factories.make_participant(released))[:-10] + "/")

    assert response.status_code == 404
    assert client.get("/de/my/").status_code == 403


def test_a_null_byte_in_the_link_is_refused(released):
    assert Client().get("/de/invitation/abc%00def/").status_code == 400


def test_posting_to_the_link_is_refused(released):
    assert Client().post(_address(factories.make_participant(released))).status_code == 405


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"revoked_at": timezone.now()}, "This link has been withdrawn."),
        ({"expires_at": timezone.now() - dt.timedelta(seconds=1)}, "This link has expired."),
    ],
)
class TestALinkThatHoldsNoLonger:
    def test_is_not_opened(self, released: Conference, change, sentence):
        link = issue_link(participant=factories.make_participant(released))
        type(link).objects.update(**change)

        response = Client().get(f"/tr/invitation/{token_of(link=link)}/")

        assert response.status_code == 410
        assert says(response, sentence, "tr")

    @pytest.mark.parametrize("path", PERSONAL_PAGES)
    def test_ends_the_session_it_was_exchanged_for(self, visitor: Visitor, change, sentence, path):
        visitor.register(**{"workshop-digitale-stadt": "active"})
        type(visitor.link).objects.update(**change)

        response = visitor.get(path)

        assert response.status_code == 410
        assert says(response, sentence)
        assert visitor.get(path).status_code == 403

    def test_keeps_nothing_that_is_sent(self, visitor: Visitor, change, sentence):
        type(visitor.link).objects.update(**change)
        before = everything()

        response = visitor.register(**{"workshop-digitale-stadt": "active"})

        assert response.status_code == 410
        assert everything() == before
        assert fields_of(response)["organisation"] == PERSON["organisation"]


@pytest.mark.parametrize("path", PERSONAL_PAGES)
@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_without_a_link_a_personal_page_explains_how_to_get_one(released, path, language):
    response = Client().get(f"/{language}/{path}")

    assert response.status_code == 403
    assert says(response, "Please open your personal link", language)
    assert f'href="/{language}/link/"' in response.content.decode()


def test_a_form_sent_without_a_session_is_kept_on_the_page_and_can_be_sent_again(released: Conference):
    client = Client()
    sent = {**PERSON, "workshop-digitale-stadt": "active", "organisation": 'Stadt "Köln" <b>'}

    refused = client.post("/en/register/", sent)
    visitor = visit(factories.make_participant(released), client)
    kept = fields_of(refused)

    assert refused.status_code == 403
    assert kept == sent
    assert client.post("/en/register/", kept).status_code == 303
    assert visitor.registration("digitale-stadt").role == "active"


def test_the_session_ends_some_hours_after_the_link_was_opened(visitor: Visitor, monkeypatch):
    later = timezone.now() + LASTS + dt.timedelta(minutes=1)
    monkeypatch.setattr("registration.participant_session.timezone.now", lambda: later)

    assert visitor.get("my/").status_code == 403


@pytest.mark.parametrize("path", PERSONAL_PAGES)
def test_personal_pages_are_never_stored_or_indexed(visitor: Visitor, path):
    visitor.register(**{"workshop-digitale-stadt": "active"})

    response = visitor.get(path)

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [*PERSONAL_PAGES, "link/", "link/sent/", "my/left/"])
def test_reading_a_page_changes_nothing(visitor: Visitor, path):
    visitor.register(**{"workshop-digitale-stadt": "active"})
    before = everything()

    assert visitor.get(path).status_code == 200
    assert visitor.client.head(f"/en/{path}").status_code == 200
    assert everything() == before


def test_leaving_forgets_the_person(visitor: Visitor):
    response = visitor.post("my/leave/")

    assert (response.status_code, response["Location"]) == (303, "/en/my/left/")
    assert visitor.get("my/").status_code == 403


def test_leaving_and_opening_a_link_keep_an_organiser_signed_in(released: Conference, workshop: Workshop):
    organiser = factories.make_organiser(workshop)
    client = Client()
    client.force_login(organiser)
    visitor = visit(factories.make_participant(released), client)
    assert client.session["_auth_user_id"] == str(organiser.pk)

    visitor.post("my/leave/")

    assert client.session["_auth_user_id"] == str(organiser.pk)
    assert visitor.get("my/").status_code == 403


def test_a_link_of_an_earlier_conference_opens_no_page(visitor: Visitor, released: Conference):
    type(released).objects.update(is_current=False)
    later = factories.make_conference()
    release_of(later)

    response = visitor.get("register/")

    assert response.status_code == 410
    assert says(response, "This link belongs to an earlier conference.")


def release_of(conference: Conference) -> None:
    from workshops.domain.release import release_programme

    release_programme(conference=conference)


def test_before_the_first_release_the_pages_say_so(conference: Conference):
    response = Client().get("/de/link/")

    assert response.status_code == 503
    assert says(response, "The programme follows", "de")
