"""Participants in the columns that a platform takes for upload; what is documented of each: docs/platforms.md.

Sources, as read in 2026: Zoom, “Importing meeting registrants by CSV upload” (KB0060782) and “Importing webinar
registrants via CSV” name e-mail, first name, last name, in this order; Zoom, “Adding panelists to a webinar”
(KB0066116), name and e-mail; Kudo, “Invite attendees to a KUDO meeting” (support.kudoway.com, 360023967413), names
First-Name and Email, which must be there, Last-Name and Role, which may.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.spreadsheet import defused
from registration.models import Participant


@dataclass(frozen=True, slots=True)
class Layout:
    """`most`: as many people as the platform takes in one file; None where that is not known."""

    name: str
    label: Promise
    heading: Sequence[str]
    cells: Callable[[Participant], Sequence[str]]
    most: int | None = None


def _first_name(person: Participant) -> str:
    """No platform takes a row without one."""
    return person.first_name or person.last_name or person.email.partition("@")[0]


LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout(
            "zoom-registrants",
            _("Zoom: registrants"),
            ("Email", "First Name", "Last Name"),
            lambda person: (person.email, _first_name(person), person.last_name),
        ),
        Layout(
            "zoom-panelists",
            _("Zoom: webinar panelists"),
            ("Name", "Email"),
            lambda person: (person.full_name or _first_name(person), person.email),
        ),
        Layout(
            "kudo",
            _("Kudo: added users"),
            ("First-Name", "Last-Name", "Email", "Role"),
            lambda person: (_first_name(person), person.last_name, person.email, "Participant"),
            most=1_000,
        ),
    )
}


def platform_csv(*, layout: Layout, people: Iterable[Participant]) -> str:
    """Commas, UTF-8 without a byte order mark: with one, the first title would not be recognised everywhere."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(layout.heading)
    writer.writerows([defused(cell) for cell in layout.cells(person)] for person in people)
    return file.getvalue()
