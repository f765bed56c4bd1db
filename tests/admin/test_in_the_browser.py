"""The organisers' pages in a real Chromium: no barrier axe can find, nothing the CSP refuses, no sideways scrolling."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

from conference.models import AuditEntry
from registration.models import InvitationList, Registration
from tests import factories
from tests.browser.barriers import barriers
from tests.browser.waiting import SECONDS
from tests.world import World, access_of, day_of, session_of
from workshops.models import Appearance

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing; CI must not skip this.")
        pytest.skip("Chromium is missing (Debian's package “chromium”)")
    # Playwright keeps an event loop running in this thread, in which Django would refuse to ask the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"], timeout=SECONDS * 1000
        )
        yield browser
        browser.close()


def pages_of(world: World) -> list[str]:
    house = factories.make_organisation(
        world.conference, name_de="Bundesministerium für wirtschaftliche Zusammenarbeit und " * 2
    )
    Appearance.objects.create(session=session_of(world.own), organisation=house, role="greeting")
    registration = Registration.objects.filter(workshop=world.own)[0]
    entry = AuditEntry.objects.filter(content_type__model="workshop")[0]
    given = InvitationList.objects.filter(workshops=world.own)[0]
    under_way = InvitationList.objects.create(
        conference=world.conference, name="Unterwegs", status="sending", started_at=given.created_at
    )
    release = world.conference.releases.get()
    world.own.title_de = "Umbenannt"
    world.own.save()
    rows = [
        given,
        under_way,
        world.own,
        day_of(world.own),
        session_of(world.own),
        registration,
        registration.participant,
        entry,
    ]
    lists = [
        "registration_registration",
        "registration_message",
        "registration_invitation",
        "registration_invitationlist",
        "workshops_workshop",
        "workshops_draftimport",
        "accounts_auditentry",
    ]
    return [
        reverse("admin:index"),
        reverse("admin:registration_invitation_invite"),
        reverse("admin:registration_invitationlist_mail", args=[given.pk]),
        reverse("admin:workshops_release_add"),
        reverse("admin:workshops_release_compare"),
        *(reverse(f"admin:workshops_release_{page}", args=[release.pk]) for page in ("look", "restore")),
        reverse("admin:workshops_conference_check"),
        f"{reverse('admin:workshops_conference_translations')}?state=all",
        reverse("admin:workshops_conference_translation_exchange"),
        reverse("admin:workshops_draftimport_add"),
        reverse("admin:registration_accessdetails_change", args=[access_of(world.own).pk]),
        *(reverse(f"admin:{name}_changelist") for name in lists),
        reverse("admin:workshops_workshop_history", args=[world.own.pk]),
        reverse("admin:workshops_session_history", args=[session_of(world.own).pk]),
        *(
            reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
            for row in rows
        ),
    ]


def refused(page: Page) -> list[str]:
    """Keeps what the CSP of the pages themselves refuses; axe, run afterwards, brings styles of its own."""
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if "Security Policy" in message.text else None
    )
    return said


@pytest.mark.parametrize("screen", [("de-DE", 1280, "light"), ("tr-TR", 320, "dark")])
def test_organisers_pages_have_no_barriers(
    world: World, sign_in: Any, live_server: Any, chromium: Browser, screen: tuple[str, int, Any]
) -> None:
    language, width, scheme = screen
    addresses = pages_of(world)
    context = chromium.new_context(
        locale=language, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    cookie = sign_in(world.boss).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    for address in addresses:
        page = context.new_page()
        complaints = refused(page)
        answer = page.goto(f"{live_server.url}{address}")
        assert answer is not None
        assert answer.status == 200, address
        assert complaints == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert barriers(page) == [], address
        page.close()
    context.close()
