from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conference.models import User
from registration.domain.documents.claim import TASK
from registration.domain.documents.rights import own_documents
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

    An empty `language` means both. Raises NotPossible.
    """
    _check(kind, format, workshop, day)
    with transaction.atomic():
        if Document.objects.filter(requested_by=by, status__in=UNFINISHED).count() >= AT_ONCE:
            raise NotPossible(
                _("You are waiting for several documents already. Please ask again when one is ready.")
            )
        document = Document.objects.create(
            conference=conference,
            workshop=workshop,
            day=day,
            kind=kind,
            format=format,
            language=language,
            reader_language=reader_language,
            requested_by=by,
        )
        if not Document.objects.filter(own_documents(scope_of(by)), pk=document.pk).exists():
            raise NotPossible(_("This also concerns a workshop that you do not look after."))
        nudge_after_commit(TASK)
    return document


def _check(kind: str, format: str, workshop: Workshop | None, day: WorkshopDay | None) -> None:  # noqa: A002
    if format not in FORMATS[kind]:
        raise NotPossible(_("This document does not exist in that format."))
    if day is not None and (workshop is None or day.workshop_id != workshop.pk):
        raise NotPossible(_("This day belongs to another workshop."))
