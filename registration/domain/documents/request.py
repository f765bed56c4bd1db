from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conference.models import User
from registration.domain.documents.claim import TASK
from registration.domain.documents.rights import own_documents
from registration.domain.documents.size import TOO_LONG, is_too_long, languages_of, rows_asked_for
from registration.domain.outbox.nudge import nudge_after_commit
from registration.domain.transitions import NotPossible
from registration.models import Document
from workshops.domain.scope import scope_of
from workshops.models import Conference, Workshop, WorkshopDay

_Kind, _Format = Document.Kind, Document.Format
FORMATS: dict[str, tuple[str, ...]] = {
    _Kind.PARTICIPANTS: (_Format.PDF, _Format.XLSX),
    _Kind.RUN_SHEET: (_Format.PDF, _Format.XLSX),
    _Kind.SIGN_IN: (_Format.PDF, _Format.XLSX),
    _Kind.BRIEFING: (_Format.PDF, _Format.XLSX),
    _Kind.CERTIFICATES: (_Format.ZIP,),
}
UNFINISHED = (Document.Status.WAITING, Document.Status.MAKING)
AT_ONCE = 10


def request_document(  # noqa: PLR0913 (what the form asks)
    *,
    kind: str,
    format: str,  # noqa: A002 (the field's name)
    conference: Conference,
    workshop: Workshop | None,
    day: WorkshopDay | None = None,
    language: str = "",
    reader_language: str = "",
    by: User,
) -> Document:
    """Owes an organiser a file, which the worker makes. Without a workshop it is about all of the conference's.

    An empty `language` means both. What they are waiting for already is not made twice. Raises NotPossible.
    """
    _check(kind, format, workshop, day)
    with transaction.atomic():
        # Their requests come one after the other: the second of two clicks finds the first one's document.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        unfinished = Document.objects.filter(requested_by=by, status__in=UNFINISHED)
        same = {"kind": kind, "format": format, "workshop": workshop, "day": day, "language": language}
        if (waiting := unfinished.filter(conference=conference, **same).first()) is not None:
            return waiting
        if unfinished.count() >= AT_ONCE:
            raise NotPossible(
                _("You are waiting for several documents already. Please ask again when one is ready.")
            )
        document = Document.objects.create(
            conference=conference,
            **same,
            reader_language=reader_language,
            requested_by=by,
        )
        if not Document.objects.filter(own_documents(scope_of(by)), pk=document.pk).exists():
            raise NotPossible(_("This also concerns a workshop that you do not look after."))
        _check_length(document)
        nudge_after_commit(TASK)
    return document


def _check_length(document: Document) -> None:
    rows, languages = rows_asked_for(document=document), len(languages_of(document))
    if is_too_long(format=document.format, rows=rows, languages=languages):
        raise NotPossible(_(TOO_LONG[document.format]))


def _check(kind: str, format: str, workshop: Workshop | None, day: WorkshopDay | None) -> None:  # noqa: A002
    if format not in FORMATS[kind]:
        raise NotPossible(_("This document does not exist in that format."))
    if day is not None and (workshop is None or day.workshop_id != workshop.pk):
        raise NotPossible(_("This day belongs to another workshop."))
