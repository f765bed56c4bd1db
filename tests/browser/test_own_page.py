"""One's own page in a browser: a waiting room that opens by itself, a form that warns, no state that is a barrier."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from registration.models import Registration
from tests import factories
from tests.admin.test_in_the_browser import chromium
from tests.browser.barriers import barriers
from tests.browser.waiting import SECONDS
from tests.registration_pages.helpers import Visitor, visit
from tests.registration_pages.test_waiting_room import day, visitor
from workshops.domain.release import release_programme
from workshops.models import Workshop, WorkshopDay

__all__ = ["chromium", "day", "visitor"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
NOW = timezone.now()
STATES: list[dict[str, Any]] = [
    {"status": "confirmed", "role": "active"},
    {"status": "requested", "role": "active"},
    {"status": "waitlisted", "role": "active", "waiting_since": NOW, "listens_meanwhile": True},
    {
        "status": "waitlisted",
        "role": "active",
        "waiting_since": NOW,
        "offered_until": NOW + dt.timedelta(days=1),
    },
    {"status": "declined", "role": "active", "decision_note": "Alle Plätze sind vergeben."},
    {"status": "cancelled", "role": "listener"},
]


def browse(browser: Browser, server: Any, visitor: Visitor, **screen: Any) -> Page:
    context = browser.new_context(base_url=server.url, **screen)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": visitor.client.cookies[name].value, "url": server.url}])
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    return page


def every_state(visitor: Visitor, day: WorkshopDay) -> None:
    """Today and soon, running, over, time open, each answer; most of them at the same time."""
    conference, opens = day.workshop.conference, day.opens
    assert opens is not None
    for number, state in enumerate(STATES):
        workshop = factories.make_workshop(
            conference, with_day=False, slug=f"w{number}", platform=day.workshop.platform
        )
        times = {"opens": None, "closes": None} if number == 1 else {"opens": opens, "closes": day.closes}
        factories.make_day(workshop, **{"date": factories.in_days(number), **times})
        Registration.objects.create(participant=visitor.participant, workshop=workshop, **state)
    over = factories.make_workshop(conference, with_day=False, slug="over")
    factories.make_day(over, date=factories.in_days(-2), results_de="Ein **gutes** Gespräch.")
    Registration.objects.create(
        participant=visitor.participant, workshop=over, role="active", status="confirmed"
    )
    release_programme(conference=conference)


@pytest.mark.parametrize("screen", [("de", 1280, "light"), ("tr", 320, "dark")])
def test_no_state_is_a_barrier(
    visitor: Visitor, day: WorkshopDay, live_server: Any, chromium: Browser, screen: tuple[str, int, Any]
) -> None:
    language, width, scheme = screen
    every_state(visitor, day)
    nobody = visit(factories.make_participant(day.workshop.conference, first_name="", last_name=""))
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    page, empty = (browse(chromium, live_server, one, **options) for one in (visitor, nobody))
    paths = ["my/", f"my/join/{day.pk}/", "my/switch/w0/", "my/switch/w4/", "my/details/", "register/"]
    for shown, path in [(empty, "my/"), *((page, path) for path in paths)]:
        shown.goto(f"/{language}/{path}")
        assert (path, barriers(shown)) == (path, [])
        assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_the_waiting_room_counts_down_and_opens_by_itself(
    visitor: Visitor, day: WorkshopDay, live_server: Any, chromium: Browser
) -> None:
    page = browse(chromium, live_server, visitor)
    assert day.opens is not None
    begins = dt.datetime.combine(day.date, day.opens, ZoneInfo(day.workshop.conference.home_zone))
    page.clock.install(time=begins - dt.timedelta(hours=1))
    page.goto(f"/en/my/join/{day.pk}/")
    expect(page.locator("[data-countdown]")).to_contain_text("in 30 minutes")
    page.clock.fast_forward(2 * 60_000)
    expect(page.locator("[data-countdown]")).to_contain_text("in 28 minutes")
    assert "canary" not in page.content()

    Workshop.objects.update(join_minutes=90)
    page.clock.fast_forward(6 * 60_000)

    heading = page.get_by_role("heading", level=1, name="You can join now")
    expect(heading).to_be_focused()
    expect(page.get_by_role("button", name="Join on Kudo")).to_be_visible()
    assert barriers(page) == []


def test_the_form_warns_while_one_chooses_and_lets_one_choose(
    visitor: Visitor, day: WorkshopDay, live_server: Any, chromium: Browser
) -> None:
    other = factories.make_workshop(day.workshop.conference, with_day=False, slug="other", title_en="Energy")
    factories.make_day(other, date=day.date, opens=day.opens, closes=day.closes)
    release_programme(conference=day.workshop.conference)
    page = browse(chromium, live_server, visitor)
    page.goto("/en/register/")
    warning, said = page.locator("#event-other .clash"), page.locator("[data-clash-announce]")

    page.locator("input[name=workshop-other][value=none]").focus()
    page.keyboard.press("ArrowUp")
    expect(warning).to_be_visible()
    expect(said).to_contain_text("overlaps with")
    page.keyboard.press("ArrowDown")
    expect(warning).to_be_hidden()
    expect(said).to_have_text("")
    page.keyboard.press("ArrowUp")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator(".clash")).to_have_count(2)
    assert Registration.objects.get(workshop=other).status == "requested"
