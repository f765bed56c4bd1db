"""Changing roles takes a page that says what it will do, and a button."""

from __future__ import annotations

import pytest
from django.utils import timezone

from registration.models import Registration
from tests import factories
from tests.registration_pages.helpers import Visitor, everything, says, visit
from workshops.models import Workshop

PATH = "my/switch/digitale-stadt/"
DIGITAL = "workshop-digitale-stadt"


def now(visitor: Visitor) -> tuple[str, str]:
    row = visitor.registration("digitale-stadt")
    return row.status, row.role


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_the_page_says_what_it_will_do_and_does_nothing_yet(visitor: Visitor, language: str) -> None:
    visitor.register(**{DIGITAL: "active"})
    before = everything()

    page = visitor.get(PATH, language)

    assert says(page, "You are registered as a listener at once.", language)
    assert says(page, "Your active place goes to somebody else; you may not get it back.", language)
    assert everything() == before


def test_the_button_does_it_once_and_leads_back(visitor: Visitor) -> None:
    visitor.register(**{DIGITAL: "active"})

    for _ in range(2):
        response = visitor.post(PATH, {"role": "listener"})
        assert (response.status_code, response["Location"]) == (303, "/en/my/#digitale-stadt")
    assert now(visitor) == ("confirmed", "listener")
    assert visitor.registration("digitale-stadt").messages.count() == 2
    assert says(visitor.get("my/"), "You take part as a listener.")


@pytest.mark.parametrize(
    ("confirmation", "capacity", "sentence"),
    [
        ("automatic", 3, "An active place is free: it is yours at once."),
        (
            "automatic",
            0,
            "All active places are taken, or others wait for them: you are put on the waiting list.",
        ),
        ("manual", 3, "The organisers decide on it and write to you."),
    ],
)
def test_stepping_up_is_what_the_workshop_makes_of_it(
    visitor: Visitor, confirmation: str, capacity: int, sentence: str
) -> None:
    visitor.register(**{DIGITAL: "listener"})
    Workshop.objects.update(confirmation=confirmation, capacity_active=capacity)

    page = visitor.get(PATH, "tr")

    assert says(page, sentence, "tr")
    assert says(page, "Until then you go on listening.", "tr") is (capacity == 0 or confirmation == "manual")


def test_without_a_place_there_is_no_button(visitor: Visitor) -> None:
    visitor.register(**{DIGITAL: "active"})
    Workshop.objects.update(capacity_listener=0)

    page = visitor.get(PATH)

    assert says(page, "All listeners’ places are taken. You stay as you are.")
    assert 'name="role"' not in page.content.decode()
    visitor.post(PATH, {"role": "listener"})
    assert now(visitor) == ("confirmed", "active")
    assert says(visitor.get("my/"), "All listeners’ places of this workshop are taken. Nothing has changed.")


@pytest.mark.parametrize("role", ["", "none", "organiser"])
def test_what_is_no_role_changes_nothing(visitor: Visitor, role: str) -> None:
    visitor.register(**{DIGITAL: "active"})
    before = now(visitor)

    assert visitor.post(PATH, {"role": role}).status_code == 303
    assert now(visitor) == before


def test_what_is_cancelled_has_nothing_to_change(visitor: Visitor) -> None:
    visitor.register(**{DIGITAL: "active"})
    visitor.post("my/cancel/digitale-stadt/")

    assert says(visitor.get(PATH), "There is nothing to change here")
    visitor.post(PATH, {"role": "listener"})
    assert now(visitor) == ("cancelled", "active")


def test_nobody_changes_somebody_elses_role(visitor: Visitor) -> None:
    visitor.register(**{DIGITAL: "active"})
    other = visit(factories.make_participant(visitor.participant.conference))

    assert other.get(PATH).status_code == 404
    assert other.post(PATH, {"role": "listener"}).status_code == 404
    assert now(visitor) == ("confirmed", "active")
    visitor.client.logout()
    assert visitor.post(PATH, {"role": "listener"}).status_code == 403
    assert Registration.objects.count() == 1


def test_own_page_offers_the_other_role_where_there_is_one(visitor: Visitor) -> None:
    def offered() -> bool:
        return f'href="/en/{PATH}"' in visitor.get("my/").content.decode()

    visitor.register(**{DIGITAL: "listener"})
    assert offered()
    Workshop.objects.update(registration_closes_at=timezone.now())
    assert not offered()
    Registration.objects.update(role="active")
    assert offered()
