"""What is known about people goes a number of days after their conference."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import structlog
from auditlog.models import LogEntry as AuditEntry
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, Field, IntegerField, Model, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from conference.audit import unrecorded
from conference.former_log import FormerEntry
from registration.domain import traces
from registration.domain.end_sessions import SessionsByLink, sessions_by_link
from registration.domain.erase import erase_participant
from registration.models import (
    AccessCode,
    Announcement,
    BarrierReport,
    Document,
    Invitation,
    InvitationList,
    InvitationRow,
    Message,
    Participant,
    Registration,
    Suppression,
)
from workshops.domain.kept_until import kept_until
from workshops.domain.uploads.empty_uploads import empty_uploads, uploads_to_empty
from workshops.models import Conference, DraftImport, Speaker, WorkshopDay

log = structlog.get_logger(__name__)
_PEOPLE_AT_ONCE = 200
_UPLOADS = DraftImport._meta.db_table


@dataclass(slots=True)
class Purged:
    """What went in one conference, or would go: rows by table, and how many people could not be erased."""

    conference: Conference
    rows: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    is_finished: bool = True


def purge_expired(*, at: dt.datetime, dry_run: bool, seconds: float | None = None) -> list[Purged]:
    """Erases people, barrier reports and suppressed addresses of every conference whose time has come, and empties
    the drafts it was imported from.

    Each person is a transaction of its own; whatever ends it early, the next run goes on. Nobody is written to.
    With `dry_run` it only counts. After `seconds` it stops, and says so in `is_finished`.
    """
    ends = None if seconds is None else time.monotonic() + seconds
    due = [
        conference
        for conference in Conference.objects.filter(retention_days__isnull=False).order_by("pk")
        if (until := kept_until(conference=conference)) is not None and until <= at
    ]
    if dry_run:
        return [_would_go(conference, at) for conference in due]
    # Every session is read for it: once for all people, and not where there is nobody to erase.
    sessions = cache(sessions_by_link)
    return [_purge(conference, at, ends, sessions) for conference in due]


def goes_at(*, participant: Participant) -> dt.datetime | None:
    """From when on this person's data go; None where they are kept for good."""
    conference = participant.conference
    until = kept_until(conference=conference)
    if until is None:
        return None
    news = [participant.created_at]
    news += participant.registrations.values_list("changed_at", flat=True)
    news += participant.invitations.values_list("created_at", flat=True)
    return max(until, max(news) + dt.timedelta(days=conference.retention_days or 0))


def _purge(
    conference: Conference, at: dt.datetime, ends: float | None, sessions: Callable[[], SessionsByLink]
) -> Purged:
    purged = Purged(conference)
    for pk in list(_in_order(_people(conference, at)).values_list("pk", flat=True)):
        if ends is not None and time.monotonic() >= ends:
            purged.is_finished = False
            return purged
        try:
            purged.rows += _erase(conference, pk, at, sessions())
        except (OperationalError, InterfaceError):  # the database is away: the next run goes on
            raise
        except Exception as error:  # the others' data must go nevertheless
            purged.failed += 1
            log.error("personal data not erased", participant=pk, reason=type(error).__name__)  # noqa: TRY400
    purged.rows += _purge_the_rest(conference, at)
    if purged.rows:
        log.info("expired personal data erased", conference=conference.pk, rows=purged.rows.total())
    return purged


def _erase(conference: Conference, pk: int, at: dt.datetime, sessions: SessionsByLink) -> Counter[str]:
    return erase_participant(
        participant_id=pk, places_go_on=False, among=_people(conference, at), sessions=sessions
    )


def _purge_the_rest(conference: Conference, at: dt.datetime) -> Counter[str]:
    with transaction.atomic(), unrecorded():
        rows = _beside_people(conference, at)
        _blank_notes(conference)
        history = [*traces.history_about(traces.keys_of(rows)), *_old_history(conference, at)]
        uploads = empty_uploads(conference=conference, older_than=_cutoff(conference, at))
        return traces.delete([*rows, *history]) + Counter({_UPLOADS: uploads})


def _blank_notes(conference: Conference) -> None:
    """How speakers are reached, and who interprets: only run sheets need it."""
    Speaker.objects.filter(conference=conference).exclude(contact="").update(contact="")
    days = WorkshopDay.objects.filter(workshop__conference=conference)
    days.exclude(interpreters="").update(interpreters="")


def _would_go(conference: Conference, at: dt.datetime) -> Purged:
    people = _people(conference, at)
    beside = _beside_people(conference, at)
    rows = traces.count([*traces.rows_of(people), *beside])
    lines: dict[type[Model], set[int]] = {AuditEntry: set(), FormerEntry: set()}
    for found in _history(people, beside, conference, at):
        lines[found.model] |= set(found.values_list("pk", flat=True))
    rows += Counter({model._meta.db_table: len(found) for model, found in lines.items()})
    rows[_UPLOADS] = uploads_to_empty(conference=conference, older_than=_cutoff(conference, at)).count()
    return Purged(conference, +rows)


def _history(
    people: QuerySet[Participant], beside: list[QuerySet[Any]], conference: Conference, at: dt.datetime
) -> Iterator[QuerySet[Any]]:
    """Every line that would go; some of these overlap."""
    keys = list(people.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), _PEOPLE_AT_ONCE):
        some = Participant.objects.filter(pk__in=keys[start : start + _PEOPLE_AT_ONCE])
        yield from traces.history_about(traces.keys_of(traces.rows_of(some)))
    yield from traces.history_about(traces.keys_of(beside))
    yield from traces.history_naming(set(people.values_list("email", flat=True)), conference)
    yield from _old_history(conference, at)


def _cutoff(conference: Conference, at: dt.datetime) -> dt.datetime:
    return at - dt.timedelta(days=conference.retention_days or 0)


def _people(conference: Conference, at: dt.datetime) -> QuerySet[Participant]:
    """Those about whom nothing is new: somebody who registers today in a conference dated in the past stays."""
    cutoff = _cutoff(conference, at)
    own = {"participant": OuterRef("pk")}
    return Participant.objects.filter(
        ~Exists(Registration.objects.filter(**own, changed_at__gt=cutoff)),
        ~Exists(Invitation.objects.filter(**own, created_at__gt=cutoff)),
        conference=conference,
        created_at__lte=cutoff,
    )


def _in_order(people: QuerySet[Participant]) -> QuerySet[Participant]:
    """Who waits goes first: else the sweep gives them a place that has just become free, and writes to them."""
    waiting = Registration.objects.filter(participant=OuterRef("pk"), status=Registration.Status.WAITLISTED)
    return people.order_by(Exists(waiting).desc(), "pk")


def _beside_people(conference: Conference, at: dt.datetime) -> list[QuerySet[Any]]:
    """Reports of barriers with the mails about them, addresses nobody wrote to, their digests included, lists of
    people to be invited, messages to groups, and personal access codes.
    """
    old = {"conference": conference, "created_at__lte": _cutoff(conference, at)}
    reports = BarrierReport.objects.filter(**old)
    mails = Message.objects.filter(
        kind__in=[Message.Kind.BARRIER_REPORT, Message.Kind.BARRIER_ANSWER],
        facts__barrier_report__in=list(reports.values_list("pk", flat=True)),
    )
    lists = InvitationList.objects.filter(**old)
    given = InvitationRow.objects.filter(invitation_list__in=list(lists.values_list("pk", flat=True)))
    told = Message.objects.filter(
        kind__in=[Message.Kind.DOCUMENT, Message.Kind.DIGEST, Message.Kind.TEAM],
        facts__conference=conference.pk,
        created_at__lte=_cutoff(conference, at),
    )
    documents = Document.objects.filter(conference=conference, requested_at__lte=_cutoff(conference, at))
    announced = Announcement.objects.filter(**old)
    codes = AccessCode.objects.filter(
        day__workshop__conference=conference, uploaded_at__lte=_cutoff(conference, at)
    )
    return [
        mails,
        told,
        documents,
        reports,
        Suppression.objects.filter(**old),
        given,
        lists,
        announced,
        codes,
    ]


def _old_history(conference: Conference, at: dt.datetime) -> list[QuerySet[Any]]:
    """Lines older than that about anything else of the conference, and about people's rows that are no more."""
    cutoff = _cutoff(conference, at)
    return [
        AuditEntry.objects.filter(_about_own("object_pk", conference), timestamp__lte=cutoff),
        FormerEntry.objects.filter(_about_own("object_id", conference), action_time__lte=cutoff),
    ]


def _about_own(key: str, conference: Conference) -> Q:
    about = Q(pk__in=[])
    for model, path in _paths().items():
        kind = ContentType.objects.get_for_model(model)
        rows = model._base_manager.annotate(key=Cast("pk", TextField()))
        about |= Q(**{"content_type": kind, f"{key}__in": rows.filter(**{path: conference.pk}).values("key")})
        if model._meta.app_label == "registration":
            about |= Q(content_type=kind) & ~Q(**{f"{key}__in": rows.values("key")})
    return about


@cache
def _paths() -> dict[type[Model], str]:
    """Every table with numbered rows that lead to a conference, and how they do."""
    models = [
        *apps.get_app_config("workshops").get_models(),
        *apps.get_app_config("registration").get_models(),
    ]
    found = {model: _path_from(model) for model in models if isinstance(model._meta.pk, IntegerField)}
    return {model: path for model, path in found.items() if path}


def _path_from(model: type[Model]) -> str:
    if model is Conference:
        return "pk"
    for own in model._meta.fields:
        onwards = _path_from(related) if (related := _leads_to(own, model)) else ""
        if onwards:
            return own.name if onwards == "pk" else f"{own.name}__{onwards}"
    return ""


def _leads_to(own: Field[Any, Any], model: type[Model]) -> type[Model] | None:
    """The table of ours that a column refers to, if it is another one."""
    related = own.related_model
    if related is None or related is model or isinstance(related, str):
        return None
    return related if related._meta.app_label in {"workshops", "registration"} else None
