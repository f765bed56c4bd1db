"""How many rows a document would have: what is too long is said when it is asked for, not after it has waited."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_noop

from registration.domain.access_known import ADMITTED
from registration.domain.documents.participant_list import GONE
from registration.models import Document, Registration
from workshops.models import Appearance, Session, Workshop, WorkshopDay

# Over all of its languages. A PDF of so many rows takes about a minute, a spreadsheet about half a minute.
LONGEST: dict[str, int] = {Document.Format.PDF: 1_000, Document.Format.XLSX: 100_000}
TOO_LONG: dict[str, str] = {
    Document.Format.PDF: gettext_noop(
        "It has too many rows for a PDF. Please ask for the spreadsheet (XLSX)."
    ),
    Document.Format.XLSX: gettext_noop(
        "It has too many rows for one spreadsheet. Please ask for it in one language, or workshop by workshop."
    ),
}


BOTH = ("de", "tr")


def languages_of(document: Document) -> tuple[str, ...]:
    return (document.language,) if document.language else BOTH


def is_too_long(*, format: str, rows: int, languages: int) -> bool:  # noqa: A002 (the field's name)
    """Archives are counted where they are made: the rule says whose certificates are in them."""
    return format in LONGEST and rows * languages > LONGEST[format]


def rows_asked_for(*, document: Document) -> int:
    """About as many as there will be; with one or two queries, whatever their number. 0 for archives."""
    counted = _COUNTED.get(document.kind)
    return counted(_days(document)) if counted else 0


Days = QuerySet[WorkshopDay]


def _days(document: Document) -> Days:
    rows = WorkshopDay.objects.filter(workshop__conference=document.conference_id)
    if document.workshop_id is not None:
        rows = rows.filter(workshop=document.workshop_id)
    return rows.filter(pk=document.day_id) if document.day_id is not None else rows


def _participants(days: Days) -> int:
    return Registration.objects.filter(workshop__in=_workshops(days)).exclude(status__in=GONE).count()


def _signing(days: Days) -> int:
    """On each day everybody who is let in."""
    per_workshop = dict(days.order_by().values_list("workshop").annotate(count=Count("pk")))
    people = Registration.objects.filter(ADMITTED, workshop__in=per_workshop)
    counted = people.order_by().values_list("workshop").annotate(count=Count("pk"))
    return sum(per_workshop[workshop] * count for workshop, count in counted)


def _sessions(days: Days) -> int:
    return Session.objects.filter(day__in=days).count()


def _appearances(days: Days) -> int:
    return Appearance.objects.filter(Q(speaker__isnull=False), session__day__in=days).count()


def _workshops(days: Days) -> QuerySet[Workshop]:
    return Workshop.objects.filter(days__in=days)


_COUNTED: dict[str, Callable[[Days], int]] = {
    Document.Kind.PARTICIPANTS: _participants,
    Document.Kind.SIGN_IN: _signing,
    Document.Kind.RUN_SHEET: _sessions,
    Document.Kind.BRIEFING: _appearances,
}
