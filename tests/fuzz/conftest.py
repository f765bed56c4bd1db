from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.utils import timezone

from registration.domain.calendar.subscribe import subscribe
from registration.domain.calendar.token import token_of as calendar_token
from registration.domain.invite import invite
from registration.domain.register import PersonDetails, submit_registration
from registration.domain.tokens import issue_link, token_of
from registration.domain.unsubscribe import unsubscribe_token
from registration.models import Invitation, PersonalLink
from tests import factories
from workshops.domain.release import release_programme
from workshops.models import Appearance, Workshop

_addresses = itertools.count(1)


@contextmanager
def kept_connection() -> Iterator[None]:
    """A request closes the connections it leaves behind; here that would be the test's own, in mid-transaction."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in ends:
            signal.connect(close_old_connections)


@dataclass
class Visitor:
    """Whose browser a request comes from; each request from an address of its own, so that no limit is met."""

    cookies: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)

    def options(self) -> dict[str, Any]:
        number = next(_addresses)
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        return {
            "cookies": self.cookies,
            "headers": self.headers,
            "environ_overrides": {"REMOTE_ADDR": address},
        }


@dataclass
class Site:
    """`known` are the names and tokens that exist, by a part of the address they stand in."""

    workshops: list[str]
    whose: str
    known: dict[str, list[str]]
    visitors: dict[str, Visitor]


@pytest.fixture
def site(db: None) -> Site:
    """A released conference with people in it."""
    conference = factories.make_conference()
    workshop = factories.make_workshop(
        conference, slug="digitale-stadt", capacity_active=1, confirmation=Workshop.Confirmation.AUTOMATIC
    )
    offering = factories.make_workshop(
        conference, slug="jugendaustausch", promotion=Workshop.Promotion.OFFER, taken_active=1
    )
    factories.make_access(workshop.days.get())
    session = factories.make_session(workshop.days.get())
    speaker = factories.make_speaker(conference, slug="ada-yilmaz")
    Appearance.objects.create(session=session, speaker=speaker)
    privacy = factories.make_privacy_version(conference)
    release_programme(conference=conference)
    invitation = invite(conference=conference, email="guest@example.org", workshops=[workshop])
    person = invitation.participant
    submit_registration(
        participant=person,
        details=PersonDetails("Ada", "Yılmaz", "Bursa", "", "", "TR", "tr"),
        choices={"digitale-stadt": "active", "jugendaustausch": "active"},
        listens={},
        consent=privacy,
        language="tr",
    )
    in_a_day = timezone.now() + dt.timedelta(days=1)
    person.registrations.filter(workshop=offering).update(
        status="waitlisted", waiting_since=timezone.now(), offered_until=in_a_day
    )
    assert invitation.link is not None
    workshops = [workshop.slug, offering.slug]
    return Site(
        workshops,
        signing.dumps(person.pk, salt="registration.erase"),
        {
            "/speakers/": ["ada-yilmaz"],
            "/workshops/": workshops,
            "/my/": workshops,
            "/invitation/": [token_of(link=link) for link in _links(invitation)],
            "/calendar/": [calendar_token(subscription=subscribe(link=invitation.link))],
            "/unsubscribe/": [unsubscribe_token(link=invitation.link)],
        },
        {
            "anonymous": _visitor({}),
            "participant": _visitor(_session(invitation.link)),
            "organiser": _visitor(_signed_in(workshop)),
        },
    )


def _links(invitation: Invitation) -> list[PersonalLink]:
    """One that works, one that has expired, one that was withdrawn."""
    assert invitation.link is not None
    past = timezone.now() - dt.timedelta(days=1)
    expired = issue_link(participant=invitation.participant, expires_at=past)
    revoked = issue_link(participant=invitation.participant)
    revoked.revoked_at = past
    revoked.save()
    return [invitation.link, expired, revoked]


def _session(link: PersonalLink) -> dict[str, str]:
    client = Client()
    assert client.get(f"/en/invitation/{token_of(link=link)}/").status_code == 303
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def _signed_in(workshop: Workshop) -> dict[str, str]:
    client = Client()
    client.force_login(factories.make_organiser(workshop))
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def _visitor(cookies: dict[str, str]) -> Visitor:
    request = RequestFactory().get("/")
    token = get_token(request)
    return Visitor(
        {**cookies, settings.CSRF_COOKIE_NAME: request.META["CSRF_COOKIE"]}, {"X-CSRFToken": token}
    )
