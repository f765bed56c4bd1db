"""What Celery runs. No task takes an argument: nothing about a person ever lies in the queue."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from conference.database_away import unless_database_is_away
from conference.in_turn import in_turn
from conference.publishing import publish
from registration.domain import access, invitation_lifecycle
from registration.domain.by_the_clock import digest, remind, thank
from registration.domain.documents import expire, make
from registration.domain.invitation_lists import send_list
from registration.domain.invitation_lists.forget import forget_rows
from registration.domain.invitation_lists.remind import remind_planned
from registration.domain.invitation_lists.write_lists import write_lists
from registration.domain.lapse_offers import lapse_offers
from registration.domain.outbox import deliver
from registration.domain.outbox.lanes import Lane
from registration.domain.outbox.nudge import follow
from registration.domain.outbox.sweep import sweep
from registration.domain.promote import promote_all_waiting
from registration.domain.retention import purge_expired
from registration.mails.render import render
from workshops.domain.uploads.empty_uploads import empty_uploads_without_conference

log = structlog.get_logger(__name__)


@shared_task  # type: ignore[untyped-decorator]
def drain_outbox() -> None:
    """Sends what is due of the mail that its reader waits for; what does not fit in is left to the next task."""
    unless_database_is_away(_drain_urgent)


@shared_task  # type: ignore[untyped-decorator]
def drain_mail_to_many() -> None:
    """Sends what is due of the mail to many at once. What is urgent comes first here, too, should any be waiting."""
    unless_database_is_away(_drain)


@shared_task  # type: ignore[untyped-decorator]
def sweep_outbox() -> None:
    """Makes good what was left undone: lost claims, lost nudges, freed places that nobody was given.

    Also ends the offers that nobody answered in time.
    """
    unless_database_is_away(_sweep)


@shared_task  # type: ignore[untyped-decorator]
def expire_invitations() -> None:
    unless_database_is_away(invitation_lifecycle.expire_invitations)


@shared_task  # type: ignore[untyped-decorator]
def write_invitations() -> None:
    """Turns rows of the lists that are being sent into invitations; what does not fit is left to the next task."""
    unless_database_is_away(_write_invitations)


@shared_task  # type: ignore[untyped-decorator]
def remind_invited() -> None:
    """Writes the reminders that lists have planned until now."""
    unless_database_is_away(
        lambda: remind_planned(at=timezone.now(), seconds=deliver.BATCH_SECONDS),
    )


@shared_task  # type: ignore[untyped-decorator]
def announce_access() -> None:
    """Announces the access details whose time of sending has come."""
    unless_database_is_away(access.announce_due)


@shared_task  # type: ignore[untyped-decorator]
@in_turn
def make_documents() -> bool | None:
    """Makes what organisers asked for; what takes long goes on after others had their turn."""
    return unless_database_is_away(make.make_documents)


@shared_task  # type: ignore[untyped-decorator]
def expire_documents() -> None:
    unless_database_is_away(expire.expire_documents)


@shared_task  # type: ignore[untyped-decorator]
def write_by_the_clock() -> None:
    """Writes the reminders, thanks and overviews whose time has come; what does not fit is left to the next task."""
    unless_database_is_away(_write_by_the_clock)


def _write_by_the_clock() -> None:
    for step in (_remind, _thank, _write_digests):
        _on_its_own(step)


def _remind() -> None:
    remind.remind_admitted(at=timezone.now(), seconds=deliver.BATCH_SECONDS)


def _thank() -> None:
    thank.thank_participants(at=timezone.now(), seconds=deliver.BATCH_SECONDS)


def _write_digests() -> None:
    digest.write_digests(at=timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def erase_expired_data() -> None:
    """Erases what is known about people whose time has come; mail is not kept waiting for it."""
    unless_database_is_away(_erase)


def _write_invitations() -> None:
    if write_lists(seconds=deliver.BATCH_SECONDS):
        publish(send_list.TASK)


def _erase() -> None:
    forget_rows(at=timezone.now())
    empty_uploads_without_conference(at=timezone.now())
    purged = purge_expired(at=timezone.now(), dry_run=False, seconds=deliver.BATCH_SECONDS)
    if not all(conference.is_finished for conference in purged):
        erase_expired_data.apply_async(countdown=1)


def _drain_urgent() -> None:
    if deliver.drain(render=lambda message: render(message=message), lane=Lane.URGENT):
        publish(Lane.URGENT.task)


def _drain() -> None:
    """Where there is a pile, another process is called to it; and somebody goes on where this one's time is up."""
    more = deliver.drain(
        render=lambda message: render(message=message), on_pile=lambda: follow(Lane.MANY.task)
    )
    if more:
        follow(Lane.MANY.task)


def _sweep() -> None:
    for step in (_take_back, lapse_offers, promote_all_waiting, _drain):
        _on_its_own(step)


def _take_back() -> None:
    if swept := sweep():
        log.warning("messages taken back from a dead worker", count=swept)


def _on_its_own(step: Callable[[], object]) -> None:
    """One row that nobody foresaw must not keep everybody's mail."""
    try:
        step()
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # not log.exception: its text may quote what is known about somebody
        log.error("step of the sweep failed", step=step.__name__, reason=type(error).__name__)  # noqa: TRY400
