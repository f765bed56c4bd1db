from __future__ import annotations

import pytest
from django.test import Client

from conference.models import User
from registration.models import Announcement, Registration
from tests import factories
from tests.outbox.conftest import announce
from tests.world import register
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop


@pytest.fixture
def event(conference: Conference) -> Workshop:
    workshop = factories.make_workshop(
        conference, number=1, title_de="Digitale Stadt", title_tr="Dijital Şehir", title_en="Digital city"
    )
    release_programme(conference=conference)
    return workshop


@pytest.fixture
def other(event: Workshop) -> Workshop:
    return factories.make_workshop(event.conference, number=2, title_de="Jugend", title_en="Youth")


def person_in(
    workshop: Workshop, *, status: str = "confirmed", role: str = "active", **values: object
) -> Registration:
    participant = factories.make_participant(workshop.conference, **values)
    return register(workshop, status=status, role=role, participant=participant)


@pytest.fixture
def member(event: Workshop) -> User:
    return factories.make_organiser(event)


@pytest.fixture
def client_of(member: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    return client


@pytest.fixture
def note(event: Workshop) -> Announcement:
    """To everybody who is confirmed."""
    return announce(event)
