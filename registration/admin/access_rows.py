"""The people a day's access details are for, as the organiser's list shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from registration.admin.shown import status_mark
from registration.models import AccessCode, AccessDetails, Message, Registration
from workshops.admin.clocks import on_both_clocks


@dataclass(frozen=True, slots=True)
class PersonRow:
    """`received` is the newest version that left for this person; `state` that of the newest mail about them."""

    name: str
    email: str
    url: str
    received: str
    sent: str | SafeString
    state: SafeString
    message_url: str
    code_url: str


def person_rows(details: AccessDetails, people: Iterable[Registration]) -> list[PersonRow]:
    """With two queries, however many people they are."""
    found: list[Any] = list(people)
    mails = Message.objects.in_bulk([row.told_with for row in found if row.told_with])
    codes = dict(
        AccessCode.objects.filter(day=details.day_id, role=details.role, registration__in=found).values_list(
            "registration", "pk"
        )
    )
    return [_row(details, row, mails.get(row.told_with), codes.get(row.pk)) for row in found]


def _row(details: AccessDetails, row: Any, mail: Message | None, code: int | None) -> PersonRow:
    return PersonRow(
        name=row.participant.full_name,
        email=row.participant.email,
        url=reverse("admin:registration_registration_change", args=[row.pk]),
        received=_version(details, row.received),
        sent=on_both_clocks(mail.sent_at if mail else None, details.day.workshop.conference),
        state=_state(details, mail, code),
        message_url=reverse("admin:registration_message_change", args=[mail.pk]) if mail else "",
        code_url=reverse("admin:registration_accesscode_change", args=[code]) if code else "",
    )


def _version(details: AccessDetails, received: int | None) -> str:
    if received is None:
        return gettext("none")
    if received == details.version:
        return gettext("%(number)d (the present one)") % {"number": received}
    return str(received)


def _state(details: AccessDetails, mail: Message | None, code: int | None) -> SafeString:
    if mail is not None:
        return status_mark(mail.status, mail.get_status_display())
    if details.personal_codes and code is None:
        return status_mark("requested", gettext("no code left"))
    return status_mark("draft", gettext("not written to yet"))
