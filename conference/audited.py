"""Which rows are audited, which of their fields, and to whose workshop an entry belongs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from auditlog.signals import pre_log
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Field, Model
from django.db.models.signals import pre_save
from modeltranslation.translator import translator

from conference.audit import complete

HIDDEN = "•"


@dataclass(frozen=True, slots=True)
class Tracked:
    """A model; the ways from a row to its conference and its workshop; `only` these fields, `masked` ones unseen.

    `also` is kept with each entry: what its sentences need, and the row on whose page it is told, too.

    Without a conference only the operator reads its entries. Rows that are deleted because a person is
    `forgotten` leave no entry: it would keep what was to go.
    """

    model: str
    conference: str = ""
    workshop: str = ""
    only: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    forgotten: bool = False
    also: tuple[tuple[str, str], ...] = ()


_OF_A_DAY = ("day.workshop.conference_id", "day.workshop_id")
_OF_A_WORKSHOP = ("workshop.conference_id", "workshop_id")
_ACCOUNT = ("email", "first_name", "last_name", "is_active", "is_staff", "is_superuser")
_OF_A_PERSON = (("participant", "participant_id"),)
_OF_A_REGISTRATION = (("registration", "registration_id"),)
_SECRETS = ("url", "meeting_number", "passcode", "dial_in", "interpreter_channel")

TRACKED = (
    Tracked("workshops.Conference", "pk"),
    Tracked("workshops.Logo", "conference_id", only=("conference", "file_name")),
    Tracked("workshops.Organisation", "conference_id"),
    Tracked("workshops.Platform", "conference_id"),
    Tracked("workshops.Speaker", "conference_id"),
    Tracked("workshops.Workshop", "conference_id", "pk"),
    Tracked("workshops.WorkshopHost", *_OF_A_WORKSHOP),
    Tracked("workshops.WorkshopDay", *_OF_A_WORKSHOP, also=(("date", "date"),)),
    Tracked("workshops.Session", *_OF_A_DAY, also=(("day", "day_id"),)),
    Tracked(
        "workshops.Appearance",
        "session.day.workshop.conference_id",
        "session.day.workshop_id",
        also=(("session", "session_id"), ("speaker", "speaker_id"), ("organisation", "organisation_id")),
    ),
    Tracked(
        "workshops.Material",
        "session.day.workshop.conference_id",
        "session.day.workshop_id",
        only=("session", "position", "kind", "title", "language", "audience", "url", "file_name"),
        also=(("session", "session_id"),),
    ),
    Tracked(
        "workshops.Release", "conference_id", only=("conference", "number", "note_de", "note_tr", "note_en")
    ),
    Tracked("workshops.Membership", "conference_id"),
    Tracked("accounts.User", only=_ACCOUNT),
    Tracked("registration.Participant", "conference_id", forgotten=True),
    Tracked(
        "registration.Registration",
        *_OF_A_WORKSHOP,
        forgotten=True,
        also=(*_OF_A_PERSON, ("role", "role")),
    ),
    Tracked(
        "registration.Invitation",
        "participant.conference_id",
        only=("participant", "status", "invited_by"),
        forgotten=True,
        also=_OF_A_PERSON,
    ),
    Tracked(
        "registration.InvitationList",
        "conference_id",
        only=("name", "status", "language", "remind_after_days", "sent_by"),
    ),
    Tracked("registration.Suppression", "conference_id", forgotten=True),
    Tracked(
        "registration.Document",
        "conference_id",
        "workshop_id",
        only=("conference", "workshop", "day", "kind", "format", "language"),
    ),
    Tracked(
        "registration.Certificate",
        "registration.workshop.conference_id",
        "registration.workshop_id",
        only=("registration", "revoked_at", "replaced_at"),
        forgotten=True,
        also=_OF_A_REGISTRATION,
    ),
    Tracked("registration.Attendance", *_OF_A_DAY, forgotten=True, also=_OF_A_REGISTRATION),
    Tracked("registration.AccessCode", *_OF_A_DAY, only=("day", "role"), forgotten=True),
    Tracked("registration.AccessDetails", *_OF_A_DAY, masked=_SECRETS),
    Tracked("registration.PrivacyVersion", "conference_id"),
    Tracked("registration.MailText", "conference_id"),
    Tracked(
        "registration.Announcement",
        "conference_id",
        only=(*(f"{name}_{code}" for name in ("subject", "text") for code in ("de", "tr", "en")), "sent_at"),
    ),
)


def start_recording() -> None:
    """Once, when every model is there, with the columns of its languages."""
    for tracked in TRACKED:
        model = apps.get_model(tracked.model)
        auditlog.register(
            model,
            include_fields=[field.name for field in fields_of(model, tracked.only)],
            mask_fields=list(tracked.masked),
            mask_callable="conference.audited.hide",
        )
        # The name under which django-auditlog asks a row what else to keep.
        model.get_additional_data = _place(tracked)
        if tracked.forgotten:
            pre_log.connect(_forget, sender=model, dispatch_uid=tracked.model)
    pre_save.connect(complete, sender=LogEntry, dispatch_uid="conference.audit")


def audited_models() -> list[type[Model]]:
    return [apps.get_model(tracked.model) for tracked in TRACKED]


def fields_of(model: type[Model], only: tuple[str, ...] = ()) -> list[Field[Any, Any]]:
    """What organisers themselves enter or decide: no keys, no stamps of the clock, no counters.

    Of a text in several languages each language, not the column that repeats one of them.
    """
    unseen = {*_texts_of(model), *getattr(model, "COUNTERS", ())}
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and field.name not in unseen
        and (field.name in only if only else field.editable)
    ]


def _texts_of(model: type[Model]) -> list[str]:
    if model not in translator.get_registered_models():
        return []
    options: Any = translator.get_options_for_model(model)
    return list(options.fields)


def hide(value: str) -> str:
    """That there is a value, and not which."""
    return "" if value in {"", "None"} else HIDDEN


def _place(tracked: Tracked) -> Callable[[Any], dict[str, Any]]:
    ways = {"conference": tracked.conference, "workshop": tracked.workshop, **dict(tracked.also)}

    def place_of(row: Any) -> dict[str, Any]:
        try:
            return {name: _plain(_follow(row, way)) for name, way in ways.items() if way}
        except ObjectDoesNotExist:
            return {}

    return place_of


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, dt.date) else value


def _follow(row: Any, way: str) -> Any:
    for name in way.split("."):
        row = getattr(row, name)
    return row


def _forget(action: int, **_kwargs: Any) -> bool:
    return bool(action != LogEntry.Action.DELETE)
