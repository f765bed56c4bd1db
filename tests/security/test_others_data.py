"""One person's session never shows or changes what is another's."""

from __future__ import annotations

import pytest
from django.test import Client

from registration.domain.tokens import issue_link
from registration.models import Registration
from registration.offers import form_state
from tests import factories
from tests.registration_pages.helpers import Visitor, visit
from tests.security.addresses import changed, dump, every_address
from tests.world import World, register


@pytest.fixture
def two(whole: World) -> tuple[Visitor, Visitor]:
    """Two people; the second one has a registration, and details, which the first has not."""
    first = register(whole.own, status="confirmed").participant
    second = factories.make_participant(
        whole.conference, first_name="Canarina", last_name="Zwei", organisation="Canaria", city="Canarstadt"
    )
    register(whole.other, participant=second, status="confirmed")
    return visit(first), visit(second)


def of_the_second(second: Visitor) -> list[str]:
    person = second.participant
    return [person.email, person.first_name, person.last_name, person.organisation, person.city]


def test_no_address_shows_another_person(whole: World, two: tuple[Visitor, Visitor]) -> None:
    first, second = two
    addresses = [a for a in every_address(whole, language="en") if "/programme.pdf" not in a]
    addresses += [
        "/en/my/cancel/other/",
        f"/en/my/?participant={second.participant.pk}&link={second.link.pk}",
    ]

    shown = {
        address: [word for word in of_the_second(second) if word in said]
        for address in addresses
        if (said := first.client.get(address).content.decode(errors="replace"))
    }

    assert {address: words for address, words in shown.items() if words} == {}
    assert second.get("my/data/").content.decode().count(second.participant.email) > 0


def test_no_form_reaches_another_person(whole: World, two: tuple[Visitor, Visitor]) -> None:
    first, second = two
    theirs = Registration.objects.get(participant=second.participant)
    named = {
        "participant": second.participant.pk, "link": second.link.pk, "registration": theirs.pk,
        "id": theirs.pk, "slug": "other", "email": second.participant.email, "sure": "on", "confirm": "on",
    }  # fmt: skip
    before = dump()

    answers = [
        first.post("my/cancel/other/", named).status_code,
        first.post("register/", {**named, "state": form_state(participant=second.participant)}).status_code,
    ]

    assert answers == [404, 422]
    assert changed(before, dump()) == []


def test_a_session_is_told_apart_by_its_cookie_alone(two: tuple[Visitor, Visitor]) -> None:
    first, second = two
    stranger = Client(headers={"x-participant": str(second.participant.pk)})

    assert stranger.get("/en/my/").status_code == 403
    assert first.get("my/").headers["Vary"].count("Cookie") == 1


def test_a_forged_session_is_none(two: tuple[Visitor, Visitor], settings) -> None:  # type: ignore[no-untyped-def]
    from importlib import import_module

    link = issue_link(participant=two[1].participant)
    settings.SECRET_KEY = "x" * 60
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["participant_link"], store["participant_link_opened"] = link.pk, 9_999_999_999
    store.save()
    settings.SECRET_KEY = "y" * 60

    client = Client()
    client.cookies["sessionid"] = store.session_key
    assert client.get("/en/my/").status_code == 403
