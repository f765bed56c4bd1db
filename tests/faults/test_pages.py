"""No page is slow or broken because the broker or the mail server is away."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import pytest
from django.core.management import call_command

from registration.domain.outbox import nudge
from registration.models import Message, Registration
from tests import factories
from tests.faults.processes import Broker, sender
from tests.places.people import carry_out_step, crowd
from tests.servers import (
    Answer,
    Browser,
    WebServer,
    signed_in_organiser,
    wait_until,
    web_server,
)
from tests.waited import waiting
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db(transaction=True)
LIMIT_SECONDS = 2.0


@dataclass(frozen=True)
class Site:
    """The product in production's settings. Its mail server takes connections and never says a word."""

    broker: Broker
    web: WebServer


@pytest.fixture(scope="module")
def _site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    directory = tmp_path_factory.mktemp("site")
    broker = Broker(directory)
    broker.start()
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with web_server(directory, redis_url=broker.url, processes=1, EMAIL_URL=url) as web:
            yield Site(broker, web)
    broker.stop()


@pytest.fixture
def site(_site: Site, transactional_db: None) -> Site:
    """With a new process: the tables were emptied since, and the old one remembers rows of theirs."""
    before = _site.web.processes
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: set(_site.web.processes) and not set(_site.web.processes) & set(before))
    wait_until(_site.web.is_ready, what="gunicorn")
    _site.broker.flush()
    return _site


@pytest.fixture(params=["broker stopped", "broker silent", "only the mail server silent"])
def away(request: pytest.FixtureRequest, site: Site) -> Callable[[], AbstractContextManager[None]]:
    faults: dict[str, Callable[[], AbstractContextManager[None]]] = {
        "broker stopped": site.broker.stopped,
        "broker silent": site.broker.silent,
        "only the mail server silent": nullcontext,
    }
    return faults[request.param]


@pytest.fixture
def programme(conference: Conference, manual_workshop: Workshop) -> Workshop:
    factories.make_privacy_version(conference)
    release_programme(conference=conference)
    return manual_workshop


def _timed(site: Site, act: Callable[[], Answer | int]) -> tuple[int, bool]:
    """The status, and whether it came in time; what the machine takes to compute it is another matter."""
    with waiting(*site.web.processes) as waited:
        answer = act()
    return answer if isinstance(answer, int) else answer.status, waited.seconds < LIMIT_SECONDS


def test_pages_and_forms_answer_in_time_and_owe_their_mail(
    site: Site, programme: Workshop, away: Callable[[], AbstractContextManager[None]]
) -> None:
    organiser = signed_in_organiser(site.web)
    other = Browser(site.web)
    person = crowd(site.web, programme.conference, 1)[0]
    person.open_link()
    address = factories.make_participant(programme.conference).email
    for path in ("/en/", "/en/programme/"):  # a new process has its first pages to prepare
        other.get(path)
    person.browser.get("/en/register/")
    with away():
        answers = [
            _timed(site, lambda: other.get("/en/")),
            _timed(site, lambda: other.get("/en/programme/")),
            _timed(site, lambda: person.browser.get("/en/register/")),
            _timed(site, lambda: person.register(jugendaustausch="active")),
        ]
        requested = Registration.objects.get(participant=person.participant)
        answers += [
            _timed(site, lambda: person.browser.get("/en/my/")),
            _timed(site, lambda: other.post("/en/link/", {"email": address})),
            _timed(site, lambda: organiser.get("/admin/")),
            _timed(site, lambda: carry_out_step(organiser, "confirm", [requested.pk])),
        ]

    assert answers == [(status, True) for status in (200, 200, 200, 303, 200, 303, 200, 200)]
    requested.refresh_from_db()
    assert requested.status == "confirmed"
    owed = Message.objects.order_by("created_at").values_list("kind", "status")
    assert list(owed) == [("received", "queued"), ("link", "queued"), ("confirmed", "queued")]


def test_a_forgotten_password_waits_for_no_mail_server(site: Site, conference: Conference) -> None:
    organiser = factories.make_organiser(conference=conference)
    browser = Browser(site.web)

    answer = _timed(site, lambda: browser.post("/accounts/password/reset/", {"email": organiser.email}))

    assert answer == (302, True)


@pytest.mark.parametrize("fault", ["stopped", "silent"])
def test_the_command_that_invites_ends_in_time(
    site: Site, programme: Workshop, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """From its first line to the end of its process, which waits for the nudge a little."""
    monkeypatch.setattr("conference.publishing.app", sender(site.broker))
    # A thread of its own: one that has settled pauses no more between two nudges.
    monkeypatch.setattr(nudge, "_current", None)
    with getattr(site.broker, fault)(), waiting() as waited:
        call_command("invite", "new@example.org", "--workshop", programme.slug, verbosity=0)
        nudge._settle()

    assert waited.seconds < LIMIT_SECONDS
    assert list(Message.objects.values_list("kind", "status")) == [("invitation", "queued")]
