"""However a place becomes free, it goes to whoever has waited longest, and everybody concerned is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registration.domain.register import PersonDetails, submit_registration
from registration.models import Message, Registration
from registration.tasks import sweep_outbox
from tests import factories
from tests.places.books import counts, mails_of_registrations, state_of
from tests.registration_pages.helpers import Visitor, fields_of, visit
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "two-places"


@dataclass
class Scene:
    """Ada and Can have the two active places; Ece and then Jan wait, and listen meanwhile."""

    workshop: Workshop
    people: dict[str, Visitor]
    organiser: Client
    seen: set[object] = field(default_factory=set)

    def look(self) -> None:
        self.seen = set(Message.objects.values_list("pk", flat=True))

    def row(self, name: str) -> Registration:
        return self.people[name].registration(SLUG)

    def step(self, step: str, name: str) -> None:
        address = reverse("admin:registration_registration_step", args=[step])
        answer = self.organiser.post(address, {"ids": str(self.row(name).pk), "sure": "1"})
        assert [outcome.kind for outcome in answer.context["outcomes"]] == ["done"]

    def set_limit(self, places: int | str) -> None:
        address = reverse("admin:workshops_workshop_change", args=[self.workshop.pk])
        form = fields_of(self.organiser.get(address))
        assert self.organiser.post(address, {**form, "capacity_active": places}).status_code == 302

    @property
    def states(self) -> dict[str, str]:
        return {name: f"{state_of(self.row(name))} {self.row(name).role}" for name in self.people}

    @property
    def mails(self) -> dict[str, list[str]]:
        """What was written to whom since the last look."""
        mails = mails_of_registrations(seen=self.seen)
        return {name: mails[self.row(name).pk] for name in self.people if mails[self.row(name).pk]}


def ask(visitor: Visitor, role: str) -> None:
    submit_registration(
        participant=visitor.participant,
        details=PersonDetails("Ada", "Yılmaz", "Bursa", "", "", "TR", "tr"),
        choices={SLUG: role},
        listens={},
        consent=None,
        language="tr",
    )


@pytest.fixture
def scene(conference: Conference) -> Scene:
    workshop = factories.make_workshop(conference, slug=SLUG, capacity_active=2, confirmation="automatic")
    factories.make_privacy_version(conference)
    release_programme(conference=conference)
    people = {name: visit(factories.make_participant(conference)) for name in ("Ada", "Can", "Ece", "Jan")}
    for visitor in people.values():
        ask(visitor, "active")
    organiser = Client()
    organiser.force_login(factories.make_organiser(is_superuser=True))
    found = Scene(workshop, people, organiser)
    assert found.states == START
    found.look()
    return found


START = {
    "Ada": "confirmed active",
    "Can": "confirmed active",
    "Ece": "waitlisted active",
    "Jan": "waitlisted active",
}
Way = Callable[[Scene], object]


def cancels_on_their_page(scene: Scene) -> None:
    scene.people["Ada"].post(f"my/cancel/{SLUG}/")


def takes_no_part_says_the_form(scene: Scene) -> None:
    scene.people["Ada"].register(**{"workshop-two-places": "none"})


def steps_back_to_listening(scene: Scene) -> None:
    scene.people["Ada"].register(**{"workshop-two-places": "listener"})


def is_cancelled_by_an_organiser(scene: Scene) -> None:
    scene.step("cancel", "Ada")


def is_made_a_listener_by_an_organiser(scene: Scene) -> None:
    scene.step("confirm_as_listener", "Ada")


WAYS: list[tuple[Way, str, str]] = [
    (cancels_on_their_page, "cancelled active", "cancelled"),
    (takes_no_part_says_the_form, "cancelled active", "cancelled"),
    (steps_back_to_listening, "confirmed listener", "confirmed"),
    (is_cancelled_by_an_organiser, "cancelled active", "cancelled"),
    (is_made_a_listener_by_an_organiser, "confirmed listener", "confirmed"),
]
ways = pytest.mark.parametrize(("way", "then", "told"), WAYS, ids=[way.__name__ for way, _, _ in WAYS])


def assert_counted() -> None:
    assert [book for book in counts() if not book.is_right or book.leaves_somebody_out] == []


@ways
def test_a_place_given_back_goes_to_the_oldest(scene: Scene, way: Way, then: str, told: str) -> None:
    way(scene)
    assert scene.states == {**START, "Ada": then, "Ece": "confirmed active"}
    assert scene.mails == {"Ada": [told], "Ece": ["promoted"]}
    assert_counted()


@ways
def test_a_place_given_back_is_offered_to_the_oldest_where_the_workshop_says_so(
    scene: Scene, way: Way, then: str, told: str
) -> None:
    Workshop.objects.update(promotion="offer")
    way(scene)
    assert scene.states == {**START, "Ada": then, "Ece": "offered active"}
    assert scene.mails == {"Ada": [told], "Ece": ["offered"]}
    assert_counted()


@pytest.mark.parametrize(
    ("limit", "let_in"),
    [(3, ["Ece"]), (4, ["Ece", "Jan"]), ("", ["Ece", "Jan"])],
    ids=["one", "two", "no limit"],
)
def test_places_that_were_added_go_to_the_oldest(scene: Scene, limit: int | str, let_in: list[str]) -> None:
    scene.set_limit(limit)
    assert scene.states == {**START, **dict.fromkeys(let_in, "confirmed active")}
    assert scene.mails == {name: ["promoted"] for name in let_in}
    assert_counted()


def test_a_listeners_place_freed_by_declining_goes_to_the_listener_who_waits(scene: Scene) -> None:
    Workshop.objects.update(capacity_listener=2)
    scene.people["Nil"] = visit(factories.make_participant(scene.workshop.conference))
    ask(scene.people["Nil"], "listener")
    assert scene.states == {**START, "Nil": "waitlisted listener"}
    scene.look()

    scene.step("decline", "Ece")

    assert scene.states == {**START, "Ece": "declined active", "Nil": "confirmed listener"}
    assert scene.mails == {"Ece": ["declined"], "Nil": ["promoted"]}
    assert_counted()


def test_who_is_moved_up_leaves_the_listeners_place_they_had_meanwhile_to_the_listener_who_waits(
    scene: Scene,
) -> None:
    Workshop.objects.update(capacity_listener=2)
    scene.people["Nil"] = visit(factories.make_participant(scene.workshop.conference))
    ask(scene.people["Nil"], "listener")
    scene.look()

    cancels_on_their_page(scene)

    assert scene.states == {
        **START,
        "Ada": "cancelled active",
        "Ece": "confirmed active",
        "Nil": "confirmed listener",
    }
    assert scene.mails == {"Ada": ["cancelled"], "Ece": ["promoted"], "Nil": ["promoted"]}
    assert_counted()


@pytest.fixture
def offered(scene: Scene) -> Scene:
    """Ada has gone; Ece is offered the place."""
    Workshop.objects.update(promotion="offer")
    cancels_on_their_page(scene)
    scene.look()
    return scene


def lets_it_pass(scene: Scene) -> None:
    scene.people["Ece"].post(f"my/pass/{SLUG}/")


def does_not_answer(scene: Scene) -> None:
    Registration.objects.filter(offered_until__isnull=False).update(
        offered_until=timezone.now() - dt.timedelta(seconds=1)
    )
    sweep_outbox()


def is_declined(scene: Scene) -> None:
    scene.step("decline", "Ece")


def cancels(scene: Scene) -> None:
    scene.people["Ece"].post(f"my/cancel/{SLUG}/")


@pytest.mark.parametrize(
    ("way", "then", "told"),
    [
        (lets_it_pass, "confirmed listener", "confirmed"),
        (does_not_answer, "confirmed listener", "offer_lapsed"),
        (is_declined, "declined active", "declined"),
        (cancels, "cancelled active", "cancelled"),
    ],
)
def test_a_place_that_was_offered_in_vain_is_offered_to_the_next(
    offered: Scene, way: Way, then: str, told: str
) -> None:
    way(offered)
    assert offered.states == {**START, "Ada": "cancelled active", "Ece": then, "Jan": "offered active"}
    assert offered.mails == {"Ece": [told], "Jan": ["offered"]}
    assert_counted()


def test_who_takes_the_place_that_was_offered_has_it(offered: Scene) -> None:
    offered.people["Ece"].post(f"my/take/{SLUG}/")
    assert offered.states == {**START, "Ada": "cancelled active", "Ece": "confirmed active"}
    assert offered.mails == {"Ece": ["promoted"]}
    assert_counted()
