"""What the pages of one import show, in each of its states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import User
from workshops.admin.base import scope_for
from workshops.admin.clocks import on_both_clocks
from workshops.admin.draft_changes import grouped_changes, read_change
from workshops.admin.draft_lines import Lines, facts_of
from workshops.admin.findings import check_url, grouped
from workshops.domain.checks.draft_look import DraftLook
from workshops.domain.checks.finding import Finding, Place
from workshops.domain.draft.errors import DraftFileError
from workshops.domain.draft.values import Draft
from workshops.domain.import_programme.errors import ImportRefusedError
from workshops.domain.import_programme.in_words import in_words
from workshops.domain.import_programme.preview import preview
from workshops.domain.import_programme.take_back import Left
from workshops.domain.uploads.draft_of import draft_of
from workshops.domain.uploads.read_next_upload import LEASE, SECONDS
from workshops.languages import active_language, choose
from workshops.models import Conference, DraftImport

_Status = DraftImport.Status
# By then the worker has begun, where there is one.
_PATIENCE = dt.timedelta(seconds=20)
# With more, picking them one by one helps nobody, and no browser’s form holds them.
MOST_TO_PICK = 4_000
_LOOKS = {
    _Status.WAITING: "queued",
    _Status.READING: "sending",
    _Status.READ: "requested",
    _Status.FAILED: "failed",
    _Status.APPLIED: "confirmed",
    _Status.UNDONE: "unchanged",
}

Page = tuple[str, dict[str, Any]]
"""The name of a template, and its context."""


class SeeOther(HttpResponseRedirect):
    """After a POST: the browser asks for the page anew, so that going back sends nothing twice."""

    status_code = 303


def state(upload: DraftImport) -> SafeString:
    status = _Status(upload.status)
    return format_html('<span class="status status-{}">{}</span>', _LOOKS[status], status.label)


def done_by(upload: DraftImport, moment: dt.datetime | None, who: User | None) -> str | SafeString:
    """When, on both clocks, and by whom, where that is known."""
    when = on_both_clocks(moment, upload.conference or Conference())
    if moment is None or who is None:
        return when
    return format_html('{}<br><span class="quiet">{}</span>', when, who.get_full_name() or who.email)


def counts_in_words(report: Mapping[str, Any] | None) -> str:
    """ "3 added, 1 changed, 0 removed"; takes a report, or the counts of one."""
    counts = (report or {}).get("counts", report or {})
    added, changed, removed = (counts.get(kind, 0) for kind in ("added", "changed", "removed"))
    parts = [
        ngettext("%(number)d added", "%(number)d added", added) % {"number": added},
        ngettext("%(number)d changed", "%(number)d changed", changed) % {"number": changed},
        ngettext("%(number)d removed", "%(number)d removed", removed) % {"number": removed},
    ]
    return ", ".join(parts)


def is_late(upload: DraftImport) -> bool:
    """Nobody reads it, though somebody should by now: the worker is busy or away, or died over it."""
    now = timezone.now()
    if upload.status == _Status.READING:
        return upload.claimed_at is not None and now - upload.claimed_at > LEASE
    return upload.status == _Status.WAITING and now - upload.created_at > _PATIENCE


def page_of(
    *, request: HttpRequest, upload: DraftImport, problem: str, picked: Sequence[str] | None, page: str
) -> Page:
    """`picked` is what was picked before `problem` kept it from being applied."""
    title = _("Import: %(file)s") % {"file": upload.file_name}
    if upload.status in {_Status.WAITING, _Status.READING}:
        return "waiting", {"title": title, "is_late": is_late(upload), "seconds": SECONDS}
    if upload.status == _Status.FAILED:
        return "failed", {"title": title, "reason": _reason(upload)}
    if upload.is_emptied:
        return "emptied", {"title": title}
    try:
        draft = draft_of(draft_import=upload)
    except ImportRefusedError as error:
        return "failed", {"title": title, "reason": str(error)}
    # Anew at each look: the programme may have been edited since.
    if upload.status == _Status.READ:
        return "preview", {"title": title, **_preview(request, upload, draft, picked, page)}
    return "result", {"title": title, **_result(upload, draft, page)}


def _reason(upload: DraftImport) -> str:
    values = (upload.report or {}).get("values", {})
    return str(DraftFileError(upload.problem, **values))


def _preview(
    request: HttpRequest, upload: DraftImport, draft: Draft, picked: Sequence[str] | None, page: str
) -> dict[str, Any]:
    seen = preview(draft=draft, conference=upload.conference)
    look = DraftLook(draft, seen.programme) if seen.programme else None
    lines = _lines(upload, draft, look, page)
    findings = [_on_lines(finding, lines) for finding in seen.findings]
    conference_id = upload.conference_id or 0
    if not draft.workshops and picked is None:
        picked = ()  # perhaps the wrong file: nothing of it is meant without being asked
    return {
        **_of_draft(draft, lines),
        "findings": findings,
        "groups": grouped(findings, scope_for(request), conference_id),
        "changes": grouped_changes(seen.changes, lines=lines, language=draft.language, picked=picked),
        "changes_count": len(seen.changes),
        "is_strange": not draft.workshops,
        "pick_all": len(seen.changes) > MOST_TO_PICK,
    }


def _of_draft(draft: Draft, lines: Lines) -> dict[str, Any]:
    return {
        "draft": draft,
        "draft_language": str(dict(settings.LANGUAGES).get(draft.language, draft.language)),
        "facts": facts_of(draft),
        "lines": lines,
    }


def _lines(upload: DraftImport, draft: Draft, look: DraftLook | None, page: str) -> Lines:
    is_paged = PurePath(upload.file_name).suffix.lower() == ".pdf"
    return Lines(draft, look, page=page, has_pages=is_paged)


def _on_lines(finding: Finding, lines: Lines) -> Finding:
    """With the number of each of the draft’s lines it is about, and a way there."""
    return replace(finding, places=tuple(_on_line(place, lines) for place in finding.places))


def _on_line(place: Place, lines: Lines) -> Place:
    if not place.line:
        return place
    name, said = lines.name(place.line), choose(place.text, active_language())
    text = name if place.ref is None and said[0].endswith(str(place.line)) else f"{said[0]} ({name})"
    return replace(place, text={said[1]: text}, page=lines.url(place.line))


def _result(upload: DraftImport, draft: Draft, page: str) -> dict[str, Any]:
    report = upload.report or {}
    lines = _lines(upload, draft, None, page)
    also = set(report.get("also", ()))
    done = [read_change(written) for written in report.get("done", ())]
    return {
        **_of_draft(draft, lines),
        "done": grouped_changes(done, lines=lines, language=draft.language),
        "also": [in_words(change) for change in done if change.key in also],
        "counts": counts_in_words(report),
        "refused": [
            {
                "where": read_change(one["change"]).where,
                "reason": choose(one["reasons"], active_language())[0],
            }
            for one in report.get("refused", ())
        ],
        "undone": _undone(report.get("undone")),
        "is_undone": upload.status == _Status.UNDONE,
        "check": check_url(upload.conference) if upload.conference else "",
    }


def _undone(report: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if report is None:
        return None
    left = [Left(names=one["names"], reasons=one["reasons"]) for one in report["left"]]
    return {"restored": report["restored"], "left": left}
