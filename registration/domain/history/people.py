"""What is said of registrations: what became of somebody, not which columns say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.domain.history.entries import CREATE, DELETE, Entry
from registration.domain.history.values import Reader, is_empty
from workshops.domain.differences.times import moment_text

_REGISTRATION, _INVITATION = "registration.registration", "registration.invitation"
PEOPLE = {_REGISTRATION, _INVITATION}
# Stamps of the clock and of the queue; what they stand for is said as a whole.
UNSAID = {
    *((_REGISTRATION, name) for name in ("status", "role", "decided_at", "waiting_since", "place")),
    *((_REGISTRATION, name) for name in ("offered_until", "listens_meanwhile", "decision_note")),
    (_INVITATION, "status"),
    (_INVITATION, "participant"),
    (_INVITATION, "invited_by"),
}
_STATES: Mapping[tuple[str, str], Promise] = {
    ("confirmed", "active"): gettext_lazy("Confirmed as active participant."),
    ("confirmed", "listener"): gettext_lazy("Confirmed as listener."),
    ("waitlisted", "active"): gettext_lazy("Put on the waiting list for an active place."),
    ("waitlisted", "listener"): gettext_lazy("Put on the waiting list for listening."),
    ("declined", "active"): gettext_lazy("Declined as active participant."),
    ("declined", "listener"): gettext_lazy("Declined as listener."),
    ("cancelled", "active"): gettext_lazy("The registration as active participant was cancelled."),
    ("cancelled", "listener"): gettext_lazy("The registration as listener was cancelled."),
    ("requested", "active"): gettext_lazy("Now a request for an active place, to be decided."),
    ("requested", "listener"): gettext_lazy("Now a request to listen, to be decided."),
}
_ROLES: Mapping[str, Promise] = {
    "active": gettext_lazy("Takes part actively instead of listening."),
    "listener": gettext_lazy("Listens instead of taking part actively."),
}
_INVITED: Mapping[str, Promise] = {
    "draft": gettext_lazy("The invitation is a draft."),
    "queued": gettext_lazy("The invitation goes out."),
    "sent": gettext_lazy("The invitation was sent."),
    "accepted": gettext_lazy("The invitation was accepted."),
    "declined": gettext_lazy("The invitation was declined."),
    "expired": gettext_lazy("The invitation has expired."),
    "revoked": gettext_lazy("The invitation was withdrawn."),
    "failed": gettext_lazy("The invitation could not be delivered."),
}


def person_sentences(entry: Entry, reader: Reader) -> Iterator[str]:
    if entry.action == DELETE:
        return
    if entry.label == _INVITATION:
        status = entry.after("status")
        if status in _INVITED:
            yield str(_INVITED[status])
        return
    yield from _state(entry)
    yield from _waiting(entry, reader)
    if note := entry.after("decision_note"):
        yield _("The reason told to this person: “%(text)s”") % {"text": note}


def _state(entry: Entry) -> Iterator[str]:
    status, role = entry.after("status"), entry.after("role") or entry.data.get("role")
    if status is not None:
        yield from (str(text) for key, text in _STATES.items() if key == (status, role))
    elif status is None and entry.after("role") in _ROLES:
        yield str(_ROLES[entry.after("role")])


def _waiting(entry: Entry, reader: Reader) -> Iterator[str]:
    if "place" in entry.changes:
        before, after = entry.changes["place"]
        yield _("Moved up on the waiting list from number %(before)s to number %(after)s.") % {
            "before": before,
            "after": after,
        }
    if "listens_meanwhile" in entry.changes and (entry.action != CREATE or entry.after("listens_meanwhile")):
        is_on = entry.after("listens_meanwhile")
        yield _("Listens until then.") if is_on else _("No longer listens meanwhile.")
    if "offered_until" in entry.changes:
        yield from _offer(*entry.changes["offered_until"], reader)


def _offer(before: Any, after: Any, reader: Reader) -> Iterator[str]:
    moment = parse_datetime(str(after)) if after else None
    if moment is not None and reader.zones:
        moment = moment.replace(tzinfo=moment.tzinfo or dt.UTC)
        yield _("A free place is offered until %(time)s.") % {"time": moment_text(moment, reader.zones)}
    elif is_empty(after) and not is_empty(before):
        yield _("The offer of a free place is over.")
