"""What is known about a person, as they read it: the same values as in the file, with words for keys and states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import BooleanField
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from registration.models import (
    Attendance,
    DeliveryEvent,
    Invitation,
    InvitationRow,
    Message,
    Notice,
    Registration,
    Suppression,
)
from workshops.languages import CODES, active_language, choose
from workshops.templatetags.texts import short_date

Entry = Mapping[str, Any]
_SINGLE = {"person"}
_PARTS: dict[str, Promise] = {
    "person": _("Who you are"),
    "registrations": _("Your registrations"),
    "consents": _("What you have consented to"),
    "invitations": _("Your invitations"),
    "invitation_lists": _("What organisers gave about you when they invited many"),
    "personal_links": _("Your personal links"),
    "calendar_addresses": _("Addresses of your calendar"),
    "messages": _("E-mails to you"),
    "not_written_to": _("Addresses to which we send no more invitations"),
    "barrier_reports": _("Barriers you have reported"),
    "recorded_changes": _("What organisers have changed"),
}
_LABELS: dict[str, Promise] = {
    "email": _("E-mail address"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "organisation": _("Organisation"),
    "position": _("Position"),
    "city": _("City"),
    "country": _("Country"),
    "language": _("Language"),
    "known_since": _("Known since"),
    "version": _("Version"),
    "given_at": _("Given"),
    "wording": _("Wording"),
    "workshop": _("Event"),
    "workshops": _("Events"),
    "role": _("Role"),
    "status": _("State"),
    "listens_meanwhile": _("Listens meanwhile"),
    "place_on_waiting_list": _("Number on the waiting list"),
    "waiting_since": _("Waiting since"),
    "offered_until": _("Place offered until"),
    "registered_at": _("Registered"),
    "decided_at": _("Decided"),
    "changed_at": _("Changed"),
    "created_at": _("Created"),
    "sent_at": _("Sent"),
    "answered_at": _("Answered"),
    "expires_at": _("Expires"),
    "revoked_at": _("Withdrawn"),
    "kind": _("Kind"),
    "recipient": _("Recipient"),
    "message_id": _("Number of the e-mail"),
    "attempts": _("Attempts"),
    "reason": _("Reason"),
    "written_at": _("Written"),
    "delivery_reports": _("What the mail provider reported"),
    "note": _("Note"),
    "since": _("Since"),
    "as_given": _("As given"),
    "found": _("Found"),
    "outcome": _("Result"),
    "page": _("Page"),
    "description": _("Description"),
    "reported_at": _("Reported"),
    "answer": _("Answer"),
    "command": _("Command"),
    "attendance": _("When you were there"),
    "joining_recorded_since": _("Agreed that joining is recorded"),
    "access_codes": _("Personal access codes"),
    "access_details_written": _("Access details sent to you"),
    "reminders": _("Reminders"),
    "certificates": _("Certificates of attendance"),
    "number": _("Number"),
    "name": _("Name"),
    "issued_at": _("Issued"),
    "withdrawn_at": _("Withdrawn"),
    "replaced_at": _("Replaced"),
    "date": _("Date"),
    "source": _("Source"),
    "joined_at": _("Joined"),
    "left_at": _("Left"),
    "minutes": _("Minutes"),
    "place": _("Number on the waiting list"),
    "at": _("When"),
    "what": _("What"),
    "action": _("Action"),
    "changes": _("Changes"),
    "more": _("Besides"),
}
_LANGUAGES = dict(settings.LANGUAGES)
_WORDS: dict[tuple[str, str], Mapping[str, Any]] = {
    ("registrations", "status"): dict(Registration.Status.choices),
    ("registrations", "role"): dict(Registration.Role.choices),
    ("invitations", "status"): dict(Invitation.Status.choices),
    ("invitation_lists", "found"): dict(InvitationRow.State.choices),
    ("invitation_lists", "outcome"): dict(InvitationRow.Outcome.choices),
    ("messages", "status"): dict(Message.Status.choices),
    ("messages", "kind"): dict(Message.Kind.choices),
    ("not_written_to", "reason"): dict(Suppression.Reason.choices),
    ("recorded_changes", "action"): {
        "create": pgettext_lazy("what was done", "entered"),
        "update": pgettext_lazy("what was done", "changed"),
        "delete": pgettext_lazy("what was done", "deleted"),
        "access": pgettext_lazy("what was done", "looked at"),
    },
}
# Of what stands within a registration: days, codes, reminders.
_WITHIN: dict[str, Mapping[str, Any]] = {
    "source": dict(Attendance.Source.choices),
    "role": dict(Registration.Role.choices),
    "kind": dict(Notice.Kind.choices),
}
_REPORTS = dict(DeliveryEvent.Kind.choices)
_YES_OR_NO: dict[Any, Any] = {"True": _("yes"), "False": _("no")}


@dataclass(frozen=True, slots=True)
class Line:
    """`lang` is set where the value is not in the page's language."""

    label: str
    value: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    title: str
    entries: list[list[Line]]


def sheet_of(data: Entry) -> list[Part]:
    """The parts of `export_data`'s result, in the active language; empty values are left out."""
    return [_part(name, title, data[name]) for name, title in _PARTS.items()]


def _part(name: str, title: Promise, value: Any) -> Part:
    rows = [value] if name in _SINGLE else value
    return Part(name, str(title), [list(_lines(name, row)) for row in rows])


def _lines(part: str, row: Entry) -> Iterator[Line]:
    for key, value in {**row, "changes": _changes(row)}.items() if "changes" in row else row.items():
        if value in (None, "", [], {}, False):
            continue
        label = str(_LABELS[key])
        if _is_text(value):
            # A consent is worth the words it was given to.
            chosen, code = choose(value, row["language"] if part == "consents" else active_language())
            if chosen:
                yield Line(label, chosen, "" if code == active_language() else code)
        else:
            yield Line(label, _told(part, key, value))


def _told(part: str, key: str, value: Any) -> str:
    if is_moment(value):
        return moment_text(value)
    if tell := _TELLERS.get(key):
        return tell(value)
    if isinstance(value, Mapping):
        return _pairs(value)
    return gettext("yes") if value is True else str(_WORDS.get((part, key), {}).get(value, value))


def is_moment(value: Any) -> bool:
    return isinstance(value, Mapping) and "clocks" in value


def moment_text(moment: Entry) -> str:
    """As in "1 June 2020, 12:00 CET / 13:00 TRT"; the partner's date is said where it is another."""
    shown: list[str] = []
    first = moment["clocks"][0]["date"]
    for clock in moment["clocks"]:
        date = short_date(dt.date.fromisoformat(clock["date"]))
        before = f"{date}, " if not shown or clock["date"] != first else ""
        shown.append(f"{before}{clock['time']}\N{NO-BREAK SPACE}{clock['label']}")
    return " / ".join(shown)


def _is_text(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == set(CODES)


def _titles(workshops: Iterable[Entry]) -> str:
    return ", ".join(choose(workshop["title"], active_language())[0] for workshop in workshops)


def _reports(events: Iterable[Entry]) -> str:
    told = (
        ", ".join(
            filter(None, [str(_REPORTS[event["kind"]]), moment_text(event["occurred_at"]), event["reason"]])
        )
        for event in events
    )
    return "; ".join(told)


def _named(row: Entry) -> str:
    """Each value behind its name, without those that are empty."""
    told = ((key, _said(key, value)) for key, value in row.items() if value not in (None, ""))
    return ", ".join(f"{_LABELS[key]}: {value}" for key, value in told)


def _said(key: str, value: Any) -> str:
    if is_moment(value):
        return moment_text(value)
    if key == "date":
        return short_date(dt.date.fromisoformat(value))
    return str(_WITHIN.get(key, {}).get(value, value))


def _pairs(said: Entry) -> str:
    return "; ".join(f"{_LABELS.get(name, name)}: {value}" for name, value in said.items())


def _changes(row: Entry) -> str:
    """In words of the forms. What was and stays empty, and numbers of other rows, say nothing to anybody."""
    model = apps.get_model("registration", row["what"])
    told = []
    for name, change in sorted(row["changes"].items()):
        found = next((own for own in model._meta.fields if own.name == name), None)
        if not isinstance(change, list | tuple) or (found is not None and found.is_relation):
            continue
        values = [_value(found, value) for value in change]
        if any(values):
            told.append(f"{_name(found, name)}: {' → '.join(value or '–' for value in values)}")
    return "; ".join(told)


def _name(found: Any, name: str) -> str:
    return capfirst(str(found.verbose_name if found is not None else _LABELS.get(name, name)))


def _value(found: Any, value: Any) -> str:
    if is_moment(value):
        return moment_text(value)
    text = "" if value in (None, "None") else str(value)
    choices = dict(found.flatchoices) if found is not None else {}
    return str((_YES_OR_NO if isinstance(found, BooleanField) else choices).get(text, text))


_TELLERS: dict[str, Callable[[Any], str]] = {
    "language": lambda code: str(_LANGUAGES.get(code, code)),
    "country": lambda code: str(countries.name(code) or code),
    "workshop": lambda workshop: _titles([workshop]),
    "workshops": _titles,
    "delivery_reports": _reports,
    "attendance": lambda rows: "; ".join(_named(row) for row in rows),
    "access_codes": lambda rows: "; ".join(_named(row) for row in rows),
    "access_details_written": lambda rows: "; ".join(_named(row) for row in rows),
    "reminders": lambda rows: "; ".join(_named(row) for row in rows),
    "certificates": lambda rows: "; ".join(_named(row) for row in rows),
    "what": lambda name: capfirst(str(apps.get_model("registration", name)._meta.verbose_name)),
}
