from __future__ import annotations

import datetime as dt

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from workshops.domain.draft.child import read_in_child
from workshops.domain.draft.errors import DraftFileError
from workshops.domain.draft.serialise import as_json
from workshops.domain.draft.values import Draft
from workshops.models import DraftImport

log = structlog.get_logger(__name__)
SECONDS, MEGABYTES = 60, 600
# Longer than any reading lasts: whoever has not come back by then is dead.
LEASE = dt.timedelta(seconds=SECONDS + 60)
MOST_TRIES = 3
_GIVEN_UP = _(
    "Reading this file broke off %(tries)d times, so it was given up. "
    "Please save it once more, or as plain text, and upload it again."
)
_Status = DraftImport.Status


def read_next_upload() -> bool:
    """Reads the draft that has waited longest, in a process of its own; False where none waits.

    A draft whose reader died is taken again once its lease has run out, and given up after MOST_TRIES.
    """
    upload = _claim()
    if upload is None:
        return False
    try:
        draft = _read(upload)
    except DraftFileError as error:
        _settle(upload, status=_Status.FAILED, problem=error.message, report={"values": error.values})
    except Exception as error:  # not log.exception: its text may quote the draft
        # The claim stands: it is tried again once the lease has run out, as after a death.
        log.error("draft not read", draft_import=str(upload.pk), reason=type(error).__name__)  # noqa: TRY400
    else:
        _settle(upload, status=_Status.READ, draft=as_json(draft))
    return True


def uploads_to_read() -> QuerySet[DraftImport]:
    """Those that wait, and those whose claim ran out or, where a clock was put back, lies in the future."""
    now = timezone.now()
    ran_out = Q(claimed_at__lt=now - LEASE) | Q(claimed_at__gt=now + LEASE)
    return DraftImport.objects.filter(
        Q(status=_Status.WAITING) | Q(ran_out, status=_Status.READING)
    ).order_by("created_at", "pk")


def _claim() -> DraftImport | None:
    with transaction.atomic():
        while (upload := uploads_to_read().select_for_update(skip_locked=True).first()) is not None:
            row = DraftImport.objects.filter(pk=upload.pk)
            if upload.attempts < MOST_TRIES:
                upload.claimed_at = timezone.now()
                row.update(status=_Status.READING, claimed_at=upload.claimed_at, attempts=F("attempts") + 1)
                return upload
            report = {"values": {"tries": MOST_TRIES}}
            row.update(status=_Status.FAILED, problem=_GIVEN_UP, report=report, file=None, claimed_at=None)
    return None


def _read(upload: DraftImport) -> Draft:
    data = bytes(upload.file or b"")
    draft = read_in_child(
        name=upload.file_name, data=data, year=upload.year, seconds=SECONDS, megabytes=MEGABYTES
    )
    draft.language = upload.language or draft.language
    log.info("draft read", draft_import=str(upload.pk), lines=len(draft.readings), unread=len(draft.unread))
    return draft


def _settle(upload: DraftImport, **values: object) -> None:
    """The file has done its work. Nothing happens where another process has taken the row by now."""
    own = DraftImport.objects.filter(pk=upload.pk, status=_Status.READING, claimed_at=upload.claimed_at)
    own.update(file=None, claimed_at=None, **values)
