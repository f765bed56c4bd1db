"""Forgetting a person: places go to others, then every row and every line about them goes."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from auditlog.models import LogEntry as AuditEntry
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from conference.audit import unrecorded
from conference.mailbox import store
from conference.models import User
from registration.domain import traces
from registration.domain.documents.expire import forget_documents
from registration.domain.end_sessions import SessionsByLink, end_sessions, sessions_of
from registration.domain.promote import promote_after_commit
from registration.domain.transitions import Target, move
from registration.models import (
    AccessCode,
    BarrierReport,
    Message,
    Participant,
    PersonalLink,
    Registration,
    Suppression,
)
from workshops.models import Speaker

log = structlog.get_logger(__name__)
# A line carries the time at which it was written, and is seen by others only after its transaction.
_COMMITTED_LATER = dt.timedelta(minutes=5)
_OVER = (Registration.Status.CANCELLED, Registration.Status.DECLINED)


@dataclass(frozen=True, slots=True)
class _Found:
    """What takes long to find, looked up before anything is locked."""

    address: str
    at: dt.datetime
    history: list[QuerySet[Any]]
    sessions: list[str]


def erase_participant(
    *,
    participant_id: int,
    by: User | None = None,
    places_go_on: bool = True,
    among: QuerySet[Participant] | None = None,
    sessions: SessionsByLink | None = None,
) -> Counter[str]:
    """Removes all that is known about one person in one conference, and returns how many rows, by table.

    Nobody is written to about it but those who get a place that becomes free, and not even they where
    `places_go_on` is False. Empty where there is no such person (any more, or `among` these), so that a second click
    does no harm. Who erases many reads the `sessions` once for all.
    """
    found = _look_up(participant_id, sessions)
    if found is None:
        return Counter()
    with transaction.atomic(), unrecorded():
        participant = _lock(participant_id)
        # Meanwhile this person may have registered anew: asked by a statement of its own, after the lock.
        if participant is None or (among is not None and not among.filter(pk=participant_id).exists()):
            return Counter()
        _give_places_back(participant, places_go_on=places_go_on)
        documents = _documents_naming(participant)
        gone = _delete(participant, found)
        _blank_address(participant)
        forget_documents(about=documents)
        # Once more for what the worker began to make before all this was committed.
        transaction.on_commit(partial(forget_documents, about=documents), robust=True)
        end_sessions(rows=found.sessions)
        if by is not None:
            _record(participant, by)
        transaction.on_commit(
            partial(_after_commit, participant.pk, participant.email, by.pk if by else None), robust=True
        )
    return gone


def _look_up(participant_id: int, sessions: SessionsByLink | None) -> _Found | None:
    person = Participant.objects.select_related("conference").filter(pk=participant_id).first()
    if person is None:
        return None
    links = PersonalLink.objects.filter(participant=person).values_list("pk", flat=True)
    return _Found(
        address=person.email,
        at=timezone.now(),
        history=traces.history_naming({person.email}, person.conference),
        sessions=sessions_of(link_ids=list(links), known=sessions),
    )


def _lock(participant_id: int) -> Participant | None:
    people = Participant.objects.select_for_update(of=("self",), no_key=True)
    return people.select_related("conference").filter(pk=participant_id).first()


def _give_places_back(participant: Participant, *, places_go_on: bool) -> None:
    rows = (
        Registration.objects.select_for_update(of=("self",), no_key=True)
        .filter(participant=participant)
        .select_related("workshop")
        .order_by("workshop_id")
    )
    for registration in rows:
        if registration.status in _OVER:
            continue
        registration.participant = participant
        if places_go_on:
            promote_after_commit(workshop_id=registration.workshop_id)
        move(registration, Target(Registration.Status.CANCELLED, registration.role), notice=None)


def _delete(participant: Participant, found: _Found) -> Counter[str]:
    """The places are traded and the workshops locked by now. Only then the full lock, under which nobody can owe this
    person another message: earlier it would wait for somebody who waits for one of those workshops.
    """
    people = Participant.objects.filter(pk=participant.pk)
    list(people.select_for_update(of=("self",)).values_list("pk"))
    messages = Message.objects.filter(participant=participant).order_by("pk")
    list(messages.select_for_update(of=("self",)).values_list("pk"))
    rows = traces.rows_of(people)
    about = traces.history_about(traces.keys_of(rows))
    # What was written since; from the beginning where the address itself has been changed meanwhile.
    since = found.at - _COMMITTED_LATER if participant.email == found.address else None
    newer = traces.history_naming({participant.email}, participant.conference, since=since)
    rows += traces.answers_to(participant)
    return traces.delete([*rows, *about, *found.history, *newer])


def _blank_address(participant: Participant) -> None:
    """Who did not want to be written to stays known by a digest only; what does not work on a page stays reported."""
    own = {"conference": participant.conference_id, "email": participant.email}
    Suppression.objects.filter(**own).update(email="", note="")
    BarrierReport.objects.filter(**own).update(email="", answer="")
    # Codes meant for this person stay spent: nobody else may come in with them.
    meant = AccessCode.objects.filter(
        day__workshop__conference=participant.conference_id, email=participant.email
    )
    meant.filter(assigned_at__isnull=True).update(assigned_at=timezone.now())
    meant.update(email="")


def _documents_naming(participant: Participant) -> Q:
    """Files about the workshops somebody was in, or about all; every one where a speaker's contact was this address."""
    own = {"conference": participant.conference_id}
    if Speaker.objects.filter(**own, contact__icontains=participant.email).update(contact=""):
        return Q(**own)
    workshops = list(participant.registrations.values_list("workshop_id", flat=True))
    return Q(**own) & (Q(workshop__isnull=True) | Q(workshop__in=workshops))


def _record(participant: Participant, by: User) -> None:
    """That an organiser erased somebody, by number: who it was is nobody's business any more."""
    AuditEntry.objects.create(
        content_type=ContentType.objects.get_for_model(Participant),
        object_pk=str(participant.pk),
        object_id=participant.pk,
        object_repr=f"{participant.pk}",
        action=AuditEntry.Action.DELETE,
        actor=by,
        actor_email=by.email,
        additional_data={"conference": participant.conference_id},
    )


def _after_commit(participant_id: int, address: str, by: int | None) -> None:
    if settings.DEMO_MAILBOX_DIR is not None:
        store.remove_naming(directory=settings.DEMO_MAILBOX_DIR, address=address)
    if connection.vendor == "sqlite":
        _empty_journal()
    log.info("personal data erased", participant=participant_id, by=by)


def _empty_journal() -> None:
    """SQLite's write-ahead log still holds the deleted rows. Whoever reads at this moment is not waited for long:
    the next erasure, or the last process to end, empties it as well.
    """
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        [waits] = cursor.fetchone()
        cursor.execute("PRAGMA busy_timeout = 500")
        with contextlib.suppress(OperationalError):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
        cursor.execute(f"PRAGMA busy_timeout = {waits}")
