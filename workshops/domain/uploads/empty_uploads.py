"""What was read of a draft names people, line by line; it goes when what is known about people goes."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from workshops.models import Conference, DraftImport

# For drafts of which no conference was made, or whose conference went again.
DAYS_WITHOUT_CONFERENCE = 30
_HOLDS = Q(draft__isnull=False) | Q(report__isnull=False) | Q(before__isnull=False)


def uploads_to_empty(*, conference: Conference, older_than: dt.datetime) -> QuerySet[DraftImport]:
    """Those that hold something still. What waits to be read, or is being read, is left to its reader."""
    return _full(older_than).filter(conference=conference)


def empty_uploads(*, conference: Conference, older_than: dt.datetime) -> int:
    """Erases what was read, applied and changed; the row itself stays in the history. Returns how many there were."""
    return _empty(uploads_to_empty(conference=conference, older_than=older_than))


def empty_uploads_without_conference(*, at: dt.datetime) -> int:
    older_than = at - dt.timedelta(days=DAYS_WITHOUT_CONFERENCE)
    return _empty(_full(older_than).filter(conference=None))


def _full(older_than: dt.datetime) -> QuerySet[DraftImport]:
    unread = [DraftImport.Status.WAITING, DraftImport.Status.READING]
    return DraftImport.objects.filter(_HOLDS, created_at__lte=older_than).exclude(status__in=unread)


def _empty(uploads: QuerySet[DraftImport]) -> int:
    return uploads.update(draft=None, report=None, before=None)
