"""Participants, and organisers at work, each with a browser of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import connection

from registration.domain.tokens import issue_link, token_of
from registration.models import Participant, PersonalLink
from tests import factories
from tests.registration_pages.helpers import PERSON, fields_of
from tests.servers import Answer, Browser, WebServer
from workshops.models import Conference, Workshop

T = TypeVar("T")


@dataclass
class Person:
    """Somebody with a personal link; `statuses` are the server's answers to what they sent."""

    participant: Participant
    link: PersonalLink
    browser: Browser
    statuses: list[int] = field(default_factory=list)

    def open_link(self) -> None:
        answer = self.browser.get(f"/en/invitation/{token_of(link=self.link)}/")
        assert (answer.status, answer.headers["Location"]) == (303, "/en/register/")

    def register(self, **choices: str) -> int:
        """Sends the form without having looked at it, as a form that was opened earlier."""
        return self._send("register/", {**PERSON, **_named(choices)})

    def read_and_register(self, **choices: str) -> int:
        """Opens the form and sends what it holds, with these choices."""
        page = self.browser.get("/en/register/")
        return self._send("register/", {**fields_of(page), **PERSON, **_named(choices)})  # type: ignore[arg-type]

    def click_twice(self, **choices: str) -> None:
        """The same form twice at the same moment."""
        form = {**PERSON, **_named(choices)}
        together(lambda: self._send("register/", form), lambda: self._send("register/", form))

    def cancel(self, slug: str) -> int:
        return self._send(f"my/cancel/{slug}/")

    def _send(self, path: str, data: dict[str, str] | None = None) -> int:
        answer = self.browser.post(f"/en/{path}", data)
        self.statuses.append(answer.status)
        return answer.status


def _named(choices: dict[str, str]) -> dict[str, str]:
    return {f"workshop-{slug.replace('_', '-')}": role for slug, role in choices.items()}


def crowd(web: WebServer, conference: Conference, count: int) -> list[Person]:
    people = []
    for _ in range(count):
        participant = factories.make_participant(conference)
        people.append(Person(participant, issue_link(participant=participant), Browser(web)))
    return people


def carry_out_step(organiser: Browser, step: str, registrations: Iterable[int]) -> Answer:
    """One of the bulk steps of the list of registrations, with the preview left behind."""
    ids = ",".join(map(str, registrations))
    return organiser.post(f"/admin/registration/registration/step/{step}/", {"ids": ids, "sure": "1"})


def set_capacity(organiser: Browser, workshop: Workshop, places: int) -> int:
    """The workshop's page opened and saved with another limit; 302 where it was saved, 422 where it was refused."""
    path = f"/admin/workshops/workshop/{workshop.pk}/change/"
    form = fields_of(organiser.get(path))  # type: ignore[arg-type]
    return organiser.post(path, {**form, "capacity_active": places}).status


def together(*actions: Callable[[], object]) -> None:
    """Starts them at the same moment and waits for all; the first error is raised."""
    barrier = threading.Barrier(len(actions))

    def start(action: Callable[[], object]) -> object:
        barrier.wait()
        return action()

    in_threads([lambda action=action: start(action) for action in actions], at_once=len(actions))  # type: ignore[misc]


def in_threads(actions: Sequence[Callable[[], T]], *, at_once: int) -> list[T]:
    """Their results in order; `at_once` of them run at any time."""

    def run(action: Callable[[], T]) -> T:
        try:
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(run, actions))
