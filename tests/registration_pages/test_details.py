"""Who somebody is, changed on a small form of its own; the organisers' lists follow."""

from __future__ import annotations

import pytest

from registration.models import Consent, Participant, PrivacyVersion
from tests import factories
from tests.registration_pages.helpers import PERSON, Visitor, everything, fields_of, says, visit

PATH = "my/details/"
MINE = {name: value for name, value in PERSON.items() if name != "consent_privacy"}


@pytest.fixture
def registered(visitor: Visitor) -> Visitor:
    visitor.register(**{"workshop-digitale-stadt": "active"})
    return visitor


def test_the_form_shows_what_is_known_and_changes_nothing_by_being_read(registered: Visitor) -> None:
    before = everything()

    shown = fields_of(registered.get(PATH))

    assert {name: shown[name] for name in MINE} == MINE
    assert everything() == before


def test_what_is_changed_holds_everywhere_and_the_registration_stays(registered: Visitor) -> None:
    mails = registered.participant.messages.count()
    sent = {**MINE, "last_name": "Işık-Kaya", "city": "Bursa", "language": "de"}

    response = registered.post(PATH, sent, "tr")

    assert (response.status_code, response["Location"]) == (303, "/tr/my/#you")
    kept = Participant.objects.get(pk=registered.participant.pk)
    assert (kept.full_name, kept.city, kept.language) == ("Çiğdem Işık-Kaya", "Bursa", "de")
    assert registered.registration("digitale-stadt").status == "confirmed"
    assert registered.participant.messages.count() == mails
    assert "Işık-Kaya" in registered.get("my/").content.decode()


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_a_mistake_is_named_and_nothing_typed_is_lost(registered: Visitor, language: str) -> None:
    response = registered.post(PATH, {**MINE, "first_name": "", "city": "Köln"}, language)

    assert response.status_code == 422
    assert says(response, "Enter your first name.", language)
    assert fields_of(response)["city"] == "Köln"
    assert Participant.objects.get(pk=registered.participant.pk).first_name == "Çiğdem"


def test_another_persons_link_in_the_same_browser_does_not_get_these_details(registered: Visitor) -> None:
    form = fields_of(registered.get(PATH))
    other = visit(
        factories.make_participant(registered.participant.conference, first_name="Ada"), registered.client
    )
    Consent.objects.create(participant=other.participant, version=PrivacyVersion.objects.get(), language="tr")

    response = other.post(PATH, form)

    assert response.status_code == 409
    assert fields_of(response)["first_name"] == "Çiğdem"
    assert Participant.objects.get(pk=other.participant.pk).first_name == "Ada"


def test_who_has_not_consented_is_asked_first(visitor: Visitor) -> None:
    assert visitor.post(PATH, MINE).status_code == 422
    assert Participant.objects.get(pk=visitor.participant.pk).first_name == ""

    assert visitor.post(PATH, {**MINE, "consent_privacy": "on"}).status_code == 303
    assert visitor.participant.consents.count() == 1


def test_it_needs_the_session(registered: Visitor) -> None:
    registered.client.logout()

    assert registered.get(PATH).status_code == 403
    assert registered.post(PATH, {**MINE, "city": "Köln"}).status_code == 403
    assert Participant.objects.get(pk=registered.participant.pk).city == ""
