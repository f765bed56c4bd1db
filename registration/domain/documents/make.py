"""Makes what organisers asked for, a slice at a time: between two slices mail has its turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from conference.encryption import cipher
from registration.domain.certificates.archive import Archive, TooMany, add_certificates
from registration.domain.documents.briefing import briefing
from registration.domain.documents.claim import claim_next, fail, give_back, held, unfinished
from registration.domain.documents.content import Content
from registration.domain.documents.participant_list import participant_list
from registration.domain.documents.rights import own_documents
from registration.domain.documents.run_sheet import run_sheet
from registration.domain.documents.sign_in_list import sign_in_list
from registration.domain.documents.size import BOTH, TOO_LONG, is_too_long, languages_of
from registration.domain.documents.to_pdf import document_pdf
from registration.domain.documents.to_xlsx import document_xlsx
from registration.domain.outbox.owe import owe_message
from registration.models import Document, Message
from workshops.clocks import WallClockError
from workshops.domain.build_programme import build_programme
from workshops.domain.import_programme.slugs import slug_of
from workshops.domain.printing import PdfUnavailableError
from workshops.domain.scope import scope_of

log = structlog.get_logger(__name__)
KEPT = dt.timedelta(days=7)
SLICE_SECONDS = 5.0

NO_RIGHT = gettext_noop("You no longer look after what it is about.")
NO_PDF = gettext_noop("PDF files cannot be made on this server. Please tell whoever runs the site.")
CLOCKS = gettext_noop("A time in the programme does not exist, or exists twice. Please check the programme.")
TOO_MANY = gettext_noop(
    "There are too many certificates for one file. Please ask for them workshop by workshop; everybody also finds "
    "their own on their own page."
)
NOBODY = gettext_noop("Nobody has earned a certificate yet: see the rule of the workshop, and who was there.")

_MAKERS: dict[str, Callable[..., Content]] = {
    Document.Kind.PARTICIPANTS: participant_list,
    Document.Kind.RUN_SHEET: run_sheet,
    Document.Kind.SIGN_IN: sign_in_list,
    Document.Kind.BRIEFING: briefing,
}


class _Refused(Exception):  # noqa: N818 (told to the organiser)
    """It cannot be made, however often it is tried; the message is one of the sentences above."""


def make_documents(*, seconds: float = SLICE_SECONDS) -> bool:
    """Works on one document for about so long; True where more is to be done at once."""
    document = claim_next()
    if document is None:
        return False
    try:
        _make(document, seconds)
    except (OperationalError, InterfaceError):  # the database is away: the lease runs out
        raise
    except _Refused as refusal:
        fail(document, str(refusal))
    except Exception as error:  # not log.exception: its text may quote what stands in the document
        log.error("document not made", document=str(document.pk), reason=type(error).__name__)  # noqa: TRY400
        give_back(document)
    return unfinished().exists()


def _make(document: Document, seconds: float) -> None:
    if not Document.objects.filter(own_documents(scope_of(document.requested_by)), pk=document.pk).exists():
        raise _Refused(NO_RIGHT)
    try:
        if document.kind == Document.Kind.CERTIFICATES:
            _make_archive(document, seconds)
        else:
            _finish(document, *_write(document))
    except PdfUnavailableError:
        raise _Refused(NO_PDF) from None
    except WallClockError:
        raise _Refused(CLOCKS) from None
    except TooMany:
        raise _Refused(TOO_MANY) from None


def _write(document: Document) -> tuple[bytes, int]:
    """The file, and how many rows it has."""
    programme = build_programme(conference=document.conference)
    contents = []
    for language in languages_of(document):
        with override(language):
            made = _MAKERS[document.kind](document=document, programme=programme)
        contents.append((language, made))
    rows = sum(len(table.rows) for block in contents[0][1].blocks for table in block.tables)
    if is_too_long(format=document.format, rows=rows, languages=len(contents)):
        raise _Refused(TOO_LONG[document.format])
    write = document_xlsx if document.format == Document.Format.XLSX else document_pdf
    return write(contents=contents), rows


def _make_archive(document: Document, seconds: float) -> None:
    before = cipher().decrypt(bytes(document.file)) if document.file else b""
    archive = add_certificates(document=document, before=before, seconds=seconds)
    if not archive.total:
        raise _Refused(NOBODY)
    if archive.done >= archive.total:
        _finish(document, archive.file, archive.total)
    else:
        _keep(document, archive)


def _keep(document: Document, archive: Archive) -> None:
    """What is there so far. A slice that got on is no failed attempt."""
    held(document).update(
        file=cipher().encrypt(archive.file),
        done=archive.done,
        total=archive.total,
        attempts=0,
        claimed_at=None,
    )


def _finish(document: Document, file: bytes, rows: int) -> None:
    """Ready, and the mail that says so; nothing of both where the claim was lost meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        kept = held(document).update(
            status=Document.Status.READY,
            file=cipher().encrypt(file),
            file_name=_name(document),
            done=rows,
            total=rows,
            claimed_at=None,
            problem="",
            ready_at=now,
            expires_at=now + KEPT,
        )
        if kept:
            owe_message(
                kind=Message.Kind.DOCUMENT,
                recipient=document.requested_by.email,
                language=document.reader_language,
                facts={"document": document.pk.int, "conference": document.conference_id},
            )


def _name(document: Document) -> str:
    """In the reader's language, of letters every file system knows."""
    with override(document.reader_language or BOTH[0]):
        about = document.workshop.slug if document.workshop else document.conference.slug
        day = f"-{document.day.date:%Y-%m-%d}" if document.day else ""
        language = f"-{document.language}" if document.language else ""
        return f"{slug_of(document.get_kind_display())}-{about}{day}{language}.{document.format}"
