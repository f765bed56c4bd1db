"""Everything that is known about one person, for themselves (GDPR, Articles 15 and 20; KVKK, Article 11).

The keys are English in every language, so that a machine can read the file. Every time stands there three times: as
ISO 8601 in UTC, and as each of the conference's clocks shows it. Neither tokens nor access details are in it, and no
organiser's name.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from auditlog.models import LogEntry as AuditEntry
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from conference import former_log
from registration.domain import traces
from registration.domain.retention import goes_at
from registration.domain.suppress import suppressed
from registration.domain.waitlist import waiting_positions
from registration.models import (
    AccessCode,
    AccessTold,
    Attendance,
    BarrierReport,
    CalendarSubscription,
    Certificate,
    Consent,
    Invitation,
    InvitationRow,
    Message,
    Notice,
    Participant,
    PersonalLink,
    Registration,
    Suppression,
)
from workshops.clocks import Zone, faces
from workshops.languages import text_of
from workshops.models import Workshop

Entry = dict[str, Any]
PERSON = ("email", "first_name", "last_name", "organisation", "position", "city", "country", "language")

_ACTIONS = {
    AuditEntry.Action.CREATE: "create",
    AuditEntry.Action.UPDATE: "update",
    AuditEntry.Action.DELETE: "delete",
    AuditEntry.Action.ACCESS: "access",
}
# Other people's names, and what a link could be made from.
_NOT_TOLD = {"invited_by", "seed", "digest"}
_TOLD = {"reason", "command"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d)?")


def export_data(*, participant: Participant) -> Entry:
    """Plain values only, ready for JSON. The texts of the programme and of consents stand in all their languages."""
    told = _Clocks(participant.conference.zones)
    return {
        "conference": {
            "name": text_of(participant.conference, "name"),
            "contact": participant.conference.contact_email,
        },
        "exported_at": told(timezone.now()),
        "erased_from": told(goes_at(participant=participant)),
        "person": {
            **{name: str(getattr(participant, name)) for name in PERSON},
            "known_since": told(participant.created_at),
            "joining_recorded_since": told(participant.joining_recorded_since),
        },
        "consents": [_consent(row, told) for row in participant.consents.select_related("version")],
        "registrations": _registrations(participant, told),
        "invitations": [_invitation(row, told) for row in _invitations(participant)],
        "invitation_lists": [_given(row, told) for row in _given_rows(participant)],
        "personal_links": [_link(row, told) for row in participant.links.all()],
        "calendar_addresses": [_calendar(row, told) for row in participant.calendar_subscriptions.all()],
        "messages": [_message(row, told) for row in _messages(participant)],
        "not_written_to": [_suppression(row, told) for row in _suppressions(participant)],
        "barrier_reports": [_report(row, told) for row in _reports(participant)],
        "recorded_changes": _changes(participant, told),
    }


class _Clocks:
    """Tells a moment in UTC and on both clocks."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        self.zones = tuple(zones)

    def __call__(self, moment: dt.datetime | None) -> Entry | None:
        if moment is None:
            return None
        home_date = moment.astimezone(ZoneInfo(self.zones[0].name)).date()
        shown = faces(start=moment, end=None, zones=self.zones, home_date=home_date)
        clocks = [
            {"label": face.label, "date": face.date.isoformat(), "time": face.start_text} for face in shown
        ]
        return {"utc": moment.astimezone(dt.UTC).isoformat(timespec="seconds"), "clocks": clocks}


def _workshop(workshop: Workshop) -> Entry:
    return {"slug": workshop.slug, "title": text_of(workshop, "title")}


def _consent(consent: Consent, told: _Clocks) -> Entry:
    return {
        "version": consent.version.number,
        "wording": text_of(consent.version, "consent"),
        "language": consent.language,
        "given_at": told(consent.given_at),
    }


def _registrations(participant: Participant, told: _Clocks) -> list[Entry]:
    rows = list(
        participant.registrations.select_related("workshop").prefetch_related(
            "certificates",
            Prefetch("attendances", Attendance.objects.select_related("day")),
            Prefetch("notices", Notice.objects.select_related("day")),
            Prefetch("access_codes", AccessCode.objects.select_related("day")),
            Prefetch("access_told", AccessTold.objects.select_related("details__day", "message")),
        )
    )
    positions = waiting_positions(registrations=rows)
    return [_registration(row, positions.get(row.pk) or None, told) for row in rows]


def _registration(registration: Registration, position: int | None, told: _Clocks) -> Entry:
    return {
        "workshop": _workshop(registration.workshop),
        "role": registration.role,
        "status": registration.status,
        "listens_meanwhile": registration.listens_meanwhile,
        "place_on_waiting_list": position,
        "waiting_since": told(registration.waiting_since),
        "offered_until": told(registration.offered_until),
        "registered_at": told(registration.created_at),
        "decided_at": told(registration.decided_at),
        "reason": registration.decision_note,
        "changed_at": told(registration.changed_at),
        "access_codes": [_code(row, told) for row in _codes(registration)],
        "access_details_written": [_access_told(row, told) for row in registration.access_told.all()],
        "attendance": [_attendance(row, told) for row in registration.attendances.all()],
        "reminders": [_notice(row, told) for row in registration.notices.all()],
        "certificates": [_certificate(row, told) for row in registration.certificates.all()],
    }


def _codes(registration: Any) -> Iterable[AccessCode]:
    """As they were read beforehand, for all registrations at once."""
    found: Iterable[AccessCode] = registration.access_codes.all()
    return found


def _code(code: AccessCode, told: _Clocks) -> Entry:
    """That there is one: the code itself stands on the person's own page."""
    return {"date": code.day.date.isoformat(), "role": code.role, "given_at": told(code.assigned_at)}


def _access_told(row: AccessTold, told: _Clocks) -> Entry:
    return {
        "date": row.details.day.date.isoformat(),
        "role": row.details.role,
        "version": row.version,
        "sent_at": told(row.message.sent_at),
    }


def _attendance(attendance: Attendance, told: _Clocks) -> Entry:
    return {
        "date": attendance.day.date.isoformat(),
        "source": attendance.source,
        "joined_at": told(attendance.joined_at),
        "left_at": told(attendance.left_at),
        "minutes": attendance.minutes,
    }


def _notice(notice: Notice, told: _Clocks) -> Entry:
    return {
        "kind": notice.kind,
        "date": notice.day.date.isoformat(),
        "written_at": told(notice.written_at),
    }


def _certificate(issued: Certificate, told: _Clocks) -> Entry:
    return {
        "number": issued.number,
        "name": issued.facts["name"],
        "organisation": issued.facts["organisation"],
        "issued_at": told(issued.issued_at),
        "withdrawn_at": told(issued.revoked_at),
        "replaced_at": told(issued.replaced_at),
    }


def _invitations(participant: Participant) -> QuerySet[Invitation]:
    return participant.invitations.prefetch_related("workshops")


def _invitation(invitation: Invitation, told: _Clocks) -> Entry:
    return {
        "workshops": [_workshop(workshop) for workshop in invitation.workshops.all()],
        "status": invitation.status,
        "created_at": told(invitation.created_at),
        "sent_at": told(invitation.sent_at),
        "answered_at": told(invitation.answered_at),
    }


def _given_rows(participant: Participant) -> QuerySet[InvitationRow]:
    """What organisers gave when they invited many at once; kept for some weeks."""
    rows = traces.given_rows_of(Participant.objects.filter(pk=participant.pk))
    return rows.select_related("invitation_list").order_by("invitation_list", "position")


def _given(row: InvitationRow, told: _Clocks) -> Entry:
    return {
        "as_given": row.typed,
        "email": row.email,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "organisation": row.organisation,
        "language": row.language,
        "found": row.state,
        "outcome": row.outcome,
        "given_at": told(row.invitation_list.created_at),
    }


def _link(link: PersonalLink, told: _Clocks) -> Entry:
    return {
        "created_at": told(link.created_at),
        "expires_at": told(link.expires_at),
        "revoked_at": told(link.revoked_at),
    }


def _calendar(subscription: CalendarSubscription, told: _Clocks) -> Entry:
    """That there is an address: who reads it reads this person's events."""
    return {"created_at": told(subscription.created_at), "revoked_at": told(subscription.revoked_at)}


def _messages(participant: Participant) -> QuerySet[Message]:
    return participant.messages.select_related("registration__workshop").prefetch_related("delivery_events")


def _message(message: Message, told: _Clocks) -> Entry:
    about = message.registration
    return {
        "kind": message.kind,
        "status": message.status,
        "recipient": message.recipient,
        "language": message.language,
        "workshop": _workshop(about.workshop) if about else None,
        "message_id": message.message_id,
        "attempts": message.attempts,
        "reason": message.last_error,
        "written_at": told(message.created_at),
        "sent_at": told(message.sent_at),
        "delivery_reports": [
            {"kind": event.kind, "reason": event.reason, "occurred_at": told(event.occurred_at)}
            for event in message.delivery_events.all()
        ],
    }


def _suppressions(participant: Participant) -> list[Suppression]:
    found = suppressed(conference=participant.conference, email=participant.email)
    return [found] if found else []


def _reports(participant: Participant) -> QuerySet[BarrierReport]:
    return BarrierReport.objects.filter(conference=participant.conference_id, email=participant.email)


def _suppression(suppression: Suppression, told: _Clocks) -> Entry:
    return {
        "email": suppression.email,
        "reason": suppression.reason,
        "note": suppression.note,
        "since": told(suppression.created_at),
    }


def _report(report: BarrierReport, told: _Clocks) -> Entry:
    return {
        "page": report.page,
        "description": report.description,
        "email": report.email,
        "language": report.language,
        "reported_at": told(report.created_at),
        "answered_at": told(report.answered_at),
        "answer": report.answer,
    }


def _changes(participant: Participant, told: _Clocks) -> list[Entry]:
    """From both histories: the audit log knows the values, the former one the step that was taken."""
    rows = traces.rows_of(Participant.objects.filter(pk=participant.pk))
    audit, former = traces.history_about(traces.keys_of(rows))
    found = [(entry.timestamp, _change(entry, told)) for entry in audit.select_related("content_type")]
    found += [(entry.action_time, _step(entry, told)) for entry in former.select_related("content_type")]
    return [change for _moment, change in sorted(found, key=lambda pair: pair[0])]


def _change(entry: AuditEntry, told: _Clocks) -> Entry:
    return {
        "at": told(entry.timestamp),
        "what": entry.content_type.model,
        "action": _ACTIONS[entry.action],
        "changes": {
            name: [_was_or_is(value, told) for value in change]
            for name, change in entry.changes_dict.items()
            if name not in _NOT_TOLD and isinstance(change, list)
        },
        "more": _besides(entry.additional_data or {}),
    }


def _besides(kept: dict[str, Any]) -> dict[str, Any]:
    """A step is kept as its source, and told in the reader's language."""
    told = {name: said for name, said in kept.items() if name in _TOLD}
    if "step" in kept:
        facts = kept.get("facts")
        told["note"] = gettext(kept["step"]) % facts if facts else gettext(kept["step"])
    return told


def _was_or_is(value: Any, told: _Clocks) -> Any:
    """The audit log keeps moments as text, in UTC."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return value
    moment = dt.datetime.fromisoformat(value)
    return told(moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))


def _step(entry: former_log.FormerEntry, told: _Clocks) -> Entry:
    return {
        "at": told(entry.action_time),
        "what": entry.content_type.model if entry.content_type else "",
        "action": former_log.ACTIONS[entry.action_flag],
        "changes": {},
        "more": {"note": entry.get_change_message()},
    }
