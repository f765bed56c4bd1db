"""Our files in ical.js, which Thunderbird reads with; and one’s calendar on the own page, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from registration.domain.confirm import confirm_registration
from registration.mails.render import render
from registration.models import CalendarSubscription, Message, Registration
from tests import factories
from tests.admin.test_in_the_browser import chromium
from tests.browser.barriers import barriers
from tests.calendar.readers import with_ical_js, with_vobject
from tests.calendar.test_mails import calendars
from tests.registration_pages.helpers import visit
from workshops.domain.release import release_programme
from workshops.models import Session, Workshop

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
__all__ = ["chromium"]


@pytest.fixture
def page(event: Workshop, live_server: Any, chromium: Browser, settings: Any) -> Iterator[Page]:
    """Of somebody whose place is confirmed."""
    settings.BASE_URL = live_server.url
    visitor = visit(factories.make_participant(event.conference))
    row = Registration.objects.create(
        participant=visitor.participant, workshop=event, role="active", status="requested"
    )
    confirm_registration(registration_id=row.pk, role="active")
    context = chromium.new_context(
        locale="en-GB", viewport={"width": 390, "height": 844}, base_url=live_server.url
    )
    cookie = visitor.client.cookies[_cookie()].value
    context.add_cookies([{"name": _cookie(), "value": cookie, "url": live_server.url}])
    yield context.new_page()
    context.close()


def _cookie() -> str:
    return settings.SESSION_COOKIE_NAME


def test_two_readers_that_share_nothing_understand_the_same(page: Page, event: Workshop) -> None:
    session = Session.objects.get().pk
    paths = ["programme.ics?lang=tr", "workshops/eins.ics?lang=de", f"sessions/{session}.ics?lang=tr"]
    files = [page.request.get(f"/{path}").body() for path in paths]
    files += calendars(render(message=Message.objects.get()))
    page.goto("about:blank")

    read = [with_ical_js(content, page) for content in files]

    assert read == [with_vobject(content) for content in files]
    assert [(method, len(events)) for method, events in read] == [
        ("PUBLISH", 3),
        ("PUBLISH", 3),
        ("PUBLISH", 1),
        ("REQUEST", 1),
        ("REQUEST", 1),
        ("REQUEST", 1),
    ]


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def test_the_address_is_made_copied_renewed_and_switched_off(page: Page, event: Workshop) -> None:
    ahead = factories.make_workshop(event.conference)
    person = Registration.objects.get().participant
    Registration.objects.create(participant=person, workshop=ahead, role="active", status="confirmed")
    release_programme(conference=event.conference)
    page.goto("/en/my/")
    press(page, "Make my calendar address")
    first = page.get_by_label("Address of my calendar").input_value()
    assert barriers(page) == []
    webcal = page.get_by_role("link", name="Open in my calendar program").get_attribute("href")
    assert page.request.get(first).status == 200
    press(page, "Make a new address")
    second = page.get_by_label("Address of my calendar").input_value()
    press(page, "Switch the address off")

    assert webcal == f"webcal:{first.partition(':')[2]}"
    assert [page.request.get(address).status for address in (first, second)] == [410, 410]
    assert page.get_by_role("button", name="Make my calendar address").is_visible()
    assert CalendarSubscription.objects.filter(revoked_at=None).count() == 0
