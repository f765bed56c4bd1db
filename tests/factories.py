"""Small, tidy objects for tests; the real programme comes from `load_demo`."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from conference.models import User
from registration.models import AccessCode, AccessDetails, Participant, PrivacyVersion, Registration
from workshops.models import (
    Conference,
    DraftImport,
    Material,
    Membership,
    Organisation,
    Platform,
    Session,
    Speaker,
    Workshop,
    WorkshopDay,
)

_numbers = itertools.count(1)
# Secrets no log, no task and no column may hold in the clear, whatever test makes them: see tests/canary.py.
CANARIES = ("canary-room", "canary-passcode", "canary-code")


def in_days(days: int) -> dt.date:
    return timezone.now().date() + dt.timedelta(days=days)


def make_conference(**values: Any) -> Conference:
    defaults: dict[str, Any] = {
        "slug": f"conference-{next(_numbers)}",
        "name_de": "Testkonferenz",
        "name_tr": "Deneme konferansı",
        "name_en": "Test conference",
        "starts_on": in_days(30),
        "ends_on": in_days(33),
        "home_zone_name_de": "deutsche Zeit",
        "home_zone_name_tr": "Almanya saati",
        "home_zone_name_en": "German time",
        "partner_zone_name_de": "türkische Zeit",
        "partner_zone_name_tr": "Türkiye saati",
        "partner_zone_name_en": "Turkish time",
        "contact_email": "hosts@example.org",
        "sender_name_de": "Konferenzbüro",
        "sender_name_tr": "Konferans Bürosu",
        "sender_name_en": "Conference Office",
    }
    return Conference.objects.create(**{**defaults, **values})


def make_workshop(conference: Conference, *, with_day: bool = True, **values: Any) -> Workshop:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "slug": f"workshop-{number}",
        "position": number % 30_000,
        "title_de": f"Fachworkshop {number}",
        "title_tr": f"Çalıştay {number}",
        "title_en": f"Workshop {number}",
        "interpreted_languages": ["de", "tr"],
        "capacity_active": 30,
    }
    workshop = Workshop.objects.create(conference=conference, **{**defaults, **values})
    if with_day:
        make_day(workshop)
    return workshop


def make_day(workshop: Workshop, **values: Any) -> WorkshopDay:
    defaults = {"date": workshop.conference.starts_on, "opens": dt.time(9, 30), "closes": dt.time(11, 30)}
    return WorkshopDay.objects.create(workshop=workshop, **{**defaults, **values})


def make_session(day: WorkshopDay, **values: Any) -> Session:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "title_de": f"Programmpunkt {number}",
        "title_tr": f"Oturum {number}",
        "title_en": f"Session {number}",
        "position": number % 30_000,
        "duration_minutes": 15,
    }
    return Session.objects.create(day=day, **{**defaults, **values})


def make_material(session: Session, **values: Any) -> Material:
    """A link for everybody, where nothing else is said."""
    defaults = {"kind": "website", "audience": "everybody", "url": f"https://example.org/{next(_numbers)}"}
    return Material.objects.create(session=session, **{**defaults, **values})


def make_organisation(conference: Conference, **values: Any) -> Organisation:
    number = next(_numbers)
    defaults = {
        "slug": f"organisation-{number}",
        "name_de": f"Stadt {number}",
        "name_tr": f"{number} Belediyesi",
    }
    return Organisation.objects.create(conference=conference, **{**defaults, **values})


def make_speaker(conference: Conference, **values: Any) -> Speaker:
    number = next(_numbers)
    defaults = {"slug": f"speaker-{number}", "first_name": "Ada", "last_name": f"Yılmaz {number}"}
    return Speaker.objects.create(conference=conference, **{**defaults, **values})


def make_draft_import(conference: Conference | None, **values: Any) -> DraftImport:
    """An upload that waits to be read."""
    defaults: dict[str, Any] = {"file_name": "Entwurf.txt", "file": b"VORKONFERENZ 15.-18. JUNI 2020"}
    return DraftImport.objects.create(conference=conference, **{**defaults, **values})


def make_platform(conference: Conference, **values: Any) -> Platform:
    return Platform.objects.create(conference=conference, **{"name": f"Platform {next(_numbers)}", **values})


def make_participant(conference: Conference, **values: Any) -> Participant:
    number = next(_numbers)
    defaults = {
        "email": f"person{number}@example.org",
        "first_name": "Çiğdem",
        "last_name": f"Işık {number}",
        "organisation": "Bursa",
        "country": "TR",
        "language": "tr",
    }
    return Participant.objects.create(conference=conference, **{**defaults, **values})


def make_privacy_version(conference: Conference, **values: Any) -> PrivacyVersion:
    defaults = {
        "number": 1,
        "notice_de": "Hinweise zum Datenschutz",
        "notice_tr": "Aydınlatma metni",
        "consent_de": "Ich willige ein.",
        "consent_tr": "Rıza gösteriyorum.",
    }
    return PrivacyVersion.objects.create(conference=conference, **{**defaults, **values})


def make_access(day: WorkshopDay, **values: Any) -> AccessDetails:
    defaults = {
        "role": Registration.Role.ACTIVE,
        "url": "https://kudo.example/canary-room",
        "meeting_number": "123 456 789",
        "passcode": "canary-passcode",
        "version": 1,
    }
    return AccessDetails.objects.create(day=day, **{**defaults, **values})


def make_code(day: WorkshopDay, **values: Any) -> AccessCode:
    number = next(_numbers)
    defaults = {
        "role": Registration.Role.ACTIVE,
        "code": f"canary-code-{number}",
        "digest": f"digest-{number}",
    }
    return AccessCode.objects.create(day=day, **{**defaults, **values})


def make_organiser(
    *workshops: Workshop, conference: Conference | None = None, role: str = "lead", **values: Any
) -> User:
    """A member of the named workshops' teams; of the whole conference's where one is given instead."""
    number = next(_numbers)
    defaults = {"username": f"organiser{number}", "email": f"organiser{number}@example.org", "is_staff": True}
    user = User.objects.create_user(**{**defaults, "password": "a long enough password", **values})
    for workshop in workshops:
        Membership.objects.create(user=user, conference=workshop.conference, workshop=workshop, role=role)
    if conference is not None:
        Membership.objects.create(user=user, conference=conference, role=role)
    return user
