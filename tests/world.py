"""A conference with one of everything, for tests of who may see and do what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from conference.models import User
from registration.domain.invite import invite
from registration.models import (
    AccessDetails,
    Announcement,
    Attendance,
    BarrierReport,
    Certificate,
    Document,
    Invitation,
    InvitationList,
    Registration,
)
from tests import factories
from workshops.domain.release import release_programme
from workshops.models import Appearance, Conference, Session, Workshop, WorkshopDay, WorkshopHost


def register(workshop: Workshop, **values: Any) -> Registration:
    """A registration as it lies in the table, its place counted."""
    participant = values.pop("participant", None) or factories.make_participant(workshop.conference)
    row = {"role": "active", "status": "requested", **values}
    if row["status"] == "waitlisted":
        row.setdefault("waiting_since", timezone.now())
    registration = Registration.objects.create(participant=participant, workshop=workshop, **row)
    if registration.admitted_role:
        counter = f"taken_{registration.admitted_role}"
        Workshop.objects.filter(pk=workshop.pk).update(**{counter: getattr(workshop, counter) + 1})
        workshop.refresh_from_db()
    return registration


FACTS = {
    "name": "Ada",
    "organisation": "",
    "conference": {"de": "Testkonferenz", "tr": "", "en": ""},
    "title": {"de": "Digitale Stadt", "tr": "", "en": ""},
    "hosts": [],
    "zones": [],
    "days": [],
    "issued_on": "2020-06-15",
}


def fill(workshop: Workshop) -> None:
    """One of everything around a workshop."""
    conference = workshop.conference
    organisation = factories.make_organisation(conference)
    speaker = factories.make_speaker(conference, organisation=organisation)
    WorkshopHost.objects.create(workshop=workshop, organisation=organisation)
    day = workshop.days.first() or factories.make_day(workshop)
    session = factories.make_session(day)
    part = factories.make_session(day, parent=session)
    factories.make_material(session)
    Appearance.objects.create(session=part, speaker=speaker)
    Appearance.objects.create(session=session, organisation=organisation, status="tbc")
    factories.make_access(day)
    registration = register(workshop)
    factories.make_code(day)
    Attendance.objects.create(registration=registration, day=day, source="joined")
    Certificate.objects.create(registration=registration, number=f"NO{registration.pk}", facts=FACTS)
    asker = User.objects.filter(is_superuser=True).first() or factories.make_organiser(is_superuser=True)
    Document.objects.create(
        conference=conference, workshop=workshop, kind="participants", format="xlsx", requested_by=asker
    )
    with transaction.atomic():
        invite(conference=conference, email=f"guest-of-{workshop.slug}@example.org", workshops=[workshop])
    BarrierReport.objects.create(conference=conference, description="Kontrast", language="de")
    announcement = Announcement.objects.create(
        conference=conference,
        subject_de=f"Hinweis {workshop.slug}",
        text_de="x",
        chosen={"statuses": ["requested"]},
    )
    announcement.workshops.add(workshop)
    given = InvitationList.objects.create(conference=conference, name=f"Liste {workshop.slug}")
    given.workshops.add(workshop)
    given.rows.create(position=1, line=1, typed="x", email=f"row-of-{workshop.slug}@example.org", state="new")


@dataclass
class World:
    conference: Conference
    own: Workshop
    other: Workshop
    member: User
    lead: User
    boss: User


def make_world() -> World:
    """Two workshops, full of people; a member of the first one's team, a lead of the whole, the operator."""
    conference = factories.make_conference()
    boss = factories.make_organiser(is_superuser=True)
    own = factories.make_workshop(conference, slug="own", title_de="Eigener Workshop", number=1)
    other = factories.make_workshop(conference, slug="other", title_de="Fremder Workshop", number=2)
    factories.make_platform(conference)
    factories.make_privacy_version(conference)
    factories.make_draft_import(conference)
    fill(own)
    fill(other)
    release_programme(conference=conference, note="Erste Fassung", by=boss)
    lead = factories.make_organiser(conference=conference)
    return World(conference, own, other, factories.make_organiser(own), lead, boss)


@pytest.fixture(scope="module")
def made_world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[World | None]:
    """Made once for a file, each of whose tests runs in a savepoint; None if one commits or wants an empty database."""
    if not all(map(takes_it_back, (item for item in request.session.items if item.path == request.path))):
        yield None
        return
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(made_world: World | None, db: None) -> World:
    """As somebody finds it who reads it anew."""
    if made_world is None:
        return make_world()
    rows = {field.name: getattr(made_world, field.name) for field in fields(World)}
    return World(**{name: type(row)._default_manager.get(pk=row.pk) for name, row in rows.items()})


def takes_it_back(item: pytest.Item) -> bool:
    names, mark = set(getattr(item, "fixturenames", ())), item.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & names or (mark and mark.kwargs.get("transaction"))
    return "world" in names and not commits


@pytest.fixture
def sign_in() -> Any:
    def signed_in(user: User, language: str = "de") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(user)
        return client

    return signed_in


def access_of(workshop: Workshop) -> AccessDetails:
    return AccessDetails.objects.get(day__workshop=workshop)


def invitation_of(workshop: Workshop) -> Invitation:
    return Invitation.objects.get(workshops=workshop)


def day_of(workshop: Workshop) -> WorkshopDay:
    return workshop.days.get()


def session_of(workshop: Workshop) -> Session:
    return Session.objects.get(day__workshop=workshop, parent=None)
