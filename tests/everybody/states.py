"""Every page that somebody without an account can see, in every state it has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page

from registration.domain.tokens import issue_link
from registration.domain.unsubscribe import unsubscribe_token
from tests import factories
from tests.browser.test_own_page import every_state
from tests.registration_pages.helpers import Visitor
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop, WorkshopDay

HOUR = dt.timedelta(hours=1)
ERRORS = ("400", "403", "403_csrf", "404", "405", "413", "429", "500")


@dataclass(frozen=True)
class State:
    """A page as it is after `then` was sent from it: the form as it stands, without what a browser would insist on."""

    name: str
    path: str
    status: int = 200
    then: str = ""
    values: dict[str, str] = field(default_factory=dict)

    def open(self, page: Page, language: str) -> int:
        """The status with which the page itself was answered."""
        response = page.goto(f"/{language}/{self.path}")
        assert response is not None
        for name, value in self.values.items():
            page.fill(f"[name={name}]", value)
        if self.then:
            with page.expect_navigation():
                page.locator(self.then).first.click()
        return response.status


def prepare(conference: Conference, visitor: Visitor, day: WorkshopDay) -> None:
    """A conference in which each state of an event and of a registration is to be found."""
    every_state(visitor, day)
    factories.make_privacy_version(conference)
    events: dict[str, dict[str, Any]] = {
        "full": {"capacity_active": 1, "taken_active": 1, "capacity_listener": 1, "taken_listener": 1},
        "closed": {"registration_closes_at": timezone.now() - HOUR},
        "opens-later": {"registration_opens_at": timezone.now() + HOUR},
        "invited": {"admission": Workshop.Admission.INVITED},
        "announced": {},
        "dateless": {},
    }
    for slug, values in events.items():
        workshop = factories.make_workshop(conference, with_day=False, slug=slug, **values)
        if slug != "dateless":
            times = {"opens": None, "closes": None} if slug == "announced" else {}
            held = factories.make_day(workshop, **{"date": factories.in_days(10), **times})
            speaker = factories.make_speaker(conference, slug=f"speaker-{slug}")
            session = factories.make_session(held, guiding_questions_de="- Warum?", description_tr="Açıklama")
            session.appearances.create(speaker=speaker, status="tbc")
            factories.make_material(session)
    conference.imprint_de = "Ein **Impressum**."
    conference.easy_language_de = "# Worum geht es?\n\nEin Satz.\nNoch ein Satz."
    conference.sign_video_tr = "https://videos.example.org/tid"
    conference.save()
    release_programme(conference=conference)


PUBLIC = (
    State("home", ""),
    State("programme", "programme/"),
    State("both languages", "programme/?view=both"),
    State("found nothing", "programme/?q=xyzxyz"),
    State("another clock", "programme/?clock=Asia/Tokyo"),
    State("now", "now/"),
    State("clock", "clock/"),
    State("offline", "offline/"),
    *(
        State(slug, f"workshops/{slug}/")
        for slug in ("full", "closed", "opens-later", "announced", "dateless")
    ),
    State("past", "workshops/over/"),
    State("running", "workshops/own/"),
    State("by invitation", "workshops/invited/"),
    State("changes", "changes/"),
    State("speakers", "speakers/"),
    State("by organisation", "speakers/?by=organisation"),
    State("speaker", "speakers/speaker-full/"),
    State("statement", "accessibility/"),
    State("easy language", "easy/"),
    State("imprint", "imprint/"),
    State("privacy", "privacy/"),
    State("no session", "my/", 403),
    State("link that opens nothing", "invitation/nonsense/", 404),
    State("certificate that is none", "certificates/nonsense/", 404),
    State("link", "link/"),
    State("link without an address", "link/", then="main form [type=submit]"),
    State("link on its way", "link/sent/"),
    State("barrier", "accessibility/report/"),
    State("barrier without words", "accessibility/report/", then="main form [type=submit]"),
    State("barrier reported", "accessibility/report/sent/"),
    *(State(f"error {page}", f"trouble/{page}/", int(page[:3])) for page in ERRORS),
)
NOTHING_RELEASED = (
    State("nothing released", ""),
    State("no programme", "programme/"),
    State("no registration", "my/"),
)


def personal(visitor: Visitor, day: WorkshopDay) -> Iterator[State]:
    yield from (
        State("own page", "my/"),
        State("waiting room", f"my/join/{day.pk}/"),
        State("to active", "my/switch/w0/"),
        State("cancel", "my/cancel/w0/"),
        State("details", "my/details/"),
        State(
            "details with an error", "my/details/", then="main form [type=submit]", values={"first_name": ""}
        ),
        State("my data", "my/data/"),
        State("erase", "my/data/erase/"),
        State("erase without a tick", "my/data/erase/", then="main form [type=submit]"),
        State("changing", "register/"),
        State(
            "changing with an error", "register/", then="form.form [type=submit]", values={"first_name": ""}
        ),
        State("left", "my/left/"),
    )
    token = unsubscribe_token(link=issue_link(participant=visitor.participant))
    yield State("unsubscribe", f"unsubscribe/{token}/")
