from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntry
from cryptography.fernet import InvalidToken
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.encryption import cipher
from conference.models import User
from registration.domain.documents.rights import own_documents
from registration.domain.errors import DomainError
from registration.models import Certificate, Document, Registration
from workshops.domain.scope import scope_of
from workshops.models import Session, Speaker

# What the rows of each document are, for the log of changes.
_ROWS: dict[str, type[Model]] = {
    Document.Kind.PARTICIPANTS: Registration,
    Document.Kind.SIGN_IN: Registration,
    Document.Kind.RUN_SHEET: Session,
    Document.Kind.BRIEFING: Speaker,
    Document.Kind.CERTIFICATES: Certificate,
}
CONTENT_TYPES = {
    Document.Format.PDF: "application/pdf",
    Document.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Document.Format.ZIP: "application/zip",
}


class DocumentGone(DomainError):  # noqa: N818 (named after what the person is told)
    """Expired, not ready, or closed under a key that was dropped."""


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    name: str
    content_type: str
    content: bytes


def open_document(*, document_id: Any, by: User) -> OpenedDocument:
    """The file, for the organiser who asked for it, as long as they look after what it is about; recorded.

    Raises Document.DoesNotExist where it is not theirs (any more), DocumentGone.
    """
    document = Document.objects.select_related("conference", "workshop").get(
        own_documents(scope_of(by)), pk=document_id, requested_by=by
    )
    if not is_ready(document):
        raise DocumentGone(_("This document is no longer kept. Please ask for it anew."))
    try:
        content = cipher().decrypt(bytes(document.file or b""))
    except InvalidToken:
        raise DocumentGone(_("This document cannot be opened any more. Please ask for it anew.")) from None
    _record(document, by)
    return OpenedDocument(document.file_name, CONTENT_TYPES[Document.Format(document.format)], content)


def is_ready(document: Document) -> bool:
    """Also between the end of its time and the next sweep."""
    return (
        document.status == Document.Status.READY
        and document.expires_at is not None
        and document.expires_at > timezone.now()
    )


def _record(document: Document, by: User) -> None:
    """In the name of the workshop, so that its team reads it; of the conference where it is about all of them."""
    owner: Any = document.workshop or document.conference
    model = _ROWS[document.kind]
    taken = {"model": model._meta.label, "format": document.format, "rows": document.total}
    LogEntry.objects.log_create(
        owner,
        force_log=True,
        action=LogEntry.Action.ACCESS,
        actor=by,
        additional_data={**owner.get_additional_data(), "export": taken},
    )
