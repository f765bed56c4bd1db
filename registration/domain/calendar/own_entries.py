"""A person's registrations as calendar entries: one a day, with their role and state, and never an access detail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from registration.models import Participant, Registration
from workshops.domain.calendar.entries import Source, calendar_of, day_cancelled, day_entry, days_gone, uid_of
from workshops.domain.calendar.source import source_of_conference
from workshops.domain.calendar.values import Calendar, Entry, Said, Status

REGISTERED = (
    Registration.Status.REQUESTED,
    Registration.Status.WAITLISTED,
    Registration.Status.CONFIRMED,
)


def own_calendar(*, participant: Participant) -> Calendar | None:
    """In the active language; None while nothing is released."""
    source = source_of_conference(conference=participant.conference)
    if source is None:
        return None
    rows = participant.registrations.filter(status__in=REGISTERED).select_related("workshop")
    registrations = rows.order_by("workshop__position", "workshop")
    entries = [entry for row in registrations for _day, entry in own_entries(registration=row, source=source)]
    return calendar_of(source=source, entries=tuple(entries))


def own_entries(*, registration: Registration, source: Source) -> Iterator[tuple[int, Entry]]:
    """Every day (its key) of the workshop as released, then those taken out since this person registered."""
    said = own_words(registration)
    for workshop in source.programme.workshops:
        for day in workshop.days if workshop.id == registration.workshop_id else ():
            entry = day_entry(source=source, workshop=workshop, day=day, own=said)
            yield day.id, _standing(_of(registration, day.id, entry), registration)
    for day_id in days_gone(source=source, slug=registration.workshop.slug):
        if source.sequences.of("day", day_id).modified > registration.created_at:
            yield day_id, _of(registration, day_id, day_cancelled(source=source, day_id=day_id))


def _of(registration: Registration, day_id: int, entry: Entry) -> Entry:
    """Under a name of its own: two people may share a calendar. It rises with the programme and with the person."""
    changed_at = registration.changed_at
    return replace(
        entry,
        uid=uid_of("registration", registration.pk, "day", day_id),
        sequence=entry.sequence + registration.calendar_revision,
        created=max(entry.created, registration.created_at),
        modified=max(entry.modified, changed_at),
        stamped=max(entry.stamped, changed_at),
    )


def _standing(entry: Entry, registration: Registration) -> Entry:
    """What is not confirmed, or listened to only, is told from the rest at a glance."""
    role = registration.admitted_role
    if role is None:
        is_over = registration.status not in REGISTERED
        status = Status.CANCELLED if is_over else Status.TENTATIVE
        summary = _marked(entry.summary, registration.get_status_display())
        return replace(entry, status=status, is_busy=False, summary=entry.summary if is_over else summary)
    if role == Registration.Role.LISTENER:
        return replace(entry, summary=_marked(entry.summary, Registration.Role.LISTENER.label))
    return entry


def _marked(summary: Said, mark: object) -> Said:
    return replace(summary, text=f"{summary.text} ({mark})")


def own_words(registration: Registration) -> tuple[str, ...]:
    """Role and state, and where everything else stands; no number on a waiting list, which changes every day."""
    values = {"state": registration.get_status_display(), "role": registration.get_role_display()}
    said = [_("Your registration: %(state)s (%(role)s)") % values]
    if registration.listens_meanwhile:
        said.append(_("Until then you listen."))
    address = settings.BASE_URL + reverse("registration:my")
    said.append(_("Access details and changes: %(address)s") % {"address": address})
    return tuple(said)
