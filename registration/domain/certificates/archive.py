"""All certificates of a workshop as one ZIP file, which grows from slice to slice."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from registration.domain.certificates.due import issued_to
from registration.domain.certificates.issue import issue_certificate
from registration.domain.certificates.printing import certificate_pdf, file_name
from registration.domain.certificates.rule import who_gets_one
from registration.domain.errors import DomainError
from registration.models import Document, Registration
from workshops.models import Workshop

# The file grows in memory, and is encrypted and written anew after each slice.
MOST = 2_000


class TooMany(Exception):  # noqa: N818 (told to the organiser)
    """More than one archive should hold."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The file so far, and how many of all certificates are in it."""

    file: bytes
    done: int
    total: int


def add_certificates(*, document: Document, before: bytes, seconds: float) -> Archive:
    """Goes on with what is there (`before`) for about so long; at least one more is added.

    Which ones are in it is read from the file itself: nobody is in it twice, and nobody is left out, however often
    it is begun again. Raises TooMany.
    """
    people = [row for workshop in _workshops(document) for row in _entitled(workshop)]
    if len(people) > MOST:
        raise TooMany
    inside = _numbers_in(before)
    if not inside <= {_number(row) for row in people}:
        # Withdrawn, replaced or erased since: nothing can be taken out of the file, so it is begun anew.
        before, inside = b"", set()
    file = io.BytesIO(before)
    ends = time.monotonic() + seconds
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        done = added = 0
        for row in people:
            if _number(row) not in inside:
                if added and time.monotonic() >= ends:
                    break
                _add(archive, row)
                added += 1
            done += 1
    return Archive(file.getvalue(), done, len(people))


def _numbers_in(file: bytes) -> set[str]:
    if not file:
        return set()
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name.rpartition("-")[2].removesuffix(".pdf") for name in archive.namelist()}


def _workshops(document: Document) -> list[Workshop]:
    if document.workshop is not None:
        return [document.workshop]
    return list(document.conference.workshops.all())


def _entitled(workshop: Workshop) -> Iterator[Registration]:
    """Without those whose certificate was withdrawn."""
    for row in who_gets_one(workshop=workshop, at=timezone.now()):
        issued = issued_to(row)
        if issued is None or issued.revoked_at is None:
            yield row


def _add(archive: zipfile.ZipFile, row: Registration) -> None:
    try:
        certificate = issue_certificate(registration_id=row.pk)
    except DomainError:  # cancelled, or withdrawn, since the list was read
        return
    archive.writestr(file_name(certificate=certificate), certificate_pdf(certificate=certificate))


def _number(row: Registration) -> str:
    issued = issued_to(row)
    return issued.number if issued else ""
