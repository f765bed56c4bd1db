"""What happened: who changed what, for the organisers to read; nobody adds, changes or deletes an entry here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditlog.models import LogEntry
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext_lazy as _

from conference.models import AuditEntry
from conference.portions import in_portions
from conference.spreadsheet import Cell
from registration.admin.audit_filters import (
    ActionFilter,
    ActorFilter,
    ConferenceFilter,
    KindFilter,
    PeriodFilter,
    WorkshopFilter,
    conferences,
)
from registration.admin.audit_rows import Happened, by_day, conference_of, happened
from registration.admin.audit_scope import own_entries
from registration.admin.audit_search import entries_about
from registration.admin.audit_words import changes_of
from registration.admin.export import Column, ExportAdmin
from workshops.admin.base import scope_for
from workshops.admin.clocks import NONE, on_both_clocks
from workshops.domain.scope import Area, Right, Scope
from workshops.models import Conference

# Its own page knows no scope.
admin.site.unregister(LogEntry)


@admin.register(AuditEntry)
class AuditEntryAdmin(ExportAdmin):
    area = Area.HISTORY
    adders = changers = deleters = Right.NOBODY
    change_list_template = "admin/accounts/auditentry/change_list.html"
    list_display = ("row",)
    list_display_links = None
    # Counting each choice would read all of the log for each of them.
    show_facets = admin.ShowFacets.NEVER
    # So would the number of all entries, beside the number of those found.
    show_full_result_count = False
    list_select_related = ("actor", "content_type")
    list_filter = (PeriodFilter, WorkshopFilter, ActorFilter, KindFilter, ActionFilter, ConferenceFilter)
    search_fields = ("object_repr", "actor__email", "actor__first_name", "actor__last_name")
    readonly_fields = ("time", "who", "row", "told", "changes_in_full")
    columns = (
        Column(_("when"), lambda row: row.at, moment=True),
        Column(_("who"), lambda row: row.who),
        Column(_("by what"), lambda row: row.way),
        Column(_("kind"), lambda row: row.kind),
        Column(_("object"), lambda row: row.subject),
        Column(_("what was changed"), lambda row: " ".join(row.sentences)),
    )

    def scope(self, request: HttpRequest) -> Scope:
        """Taking a file of it changes nothing."""
        return scope_for(request, Area.HISTORY)

    def in_scope(self, scope: Scope) -> Q:
        return own_entries(scope)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return entries_about(queryset, search_term), False

    # The list

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {"title": _("What happened"), **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, extra)
        return response

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist: Any = super().get_changelist_instance(request)
        changelist.days = by_day(happened(changelist.result_list, conferences(request)))
        return changelist

    # One entry

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            known = conferences(request)
            entry.shown_for = conference_of(entry.additional_data, known)
            [entry.happened] = happened([entry], known)
        return entry

    @admin.display(description=_("when"))
    def time(self, obj: Any) -> str | SafeString:
        return on_both_clocks(obj.timestamp, obj.shown_for) if obj.shown_for else NONE

    @admin.display(description=_("who"))
    def who(self, obj: Any) -> str:
        return ", ".join(part for part in (obj.happened.who, obj.happened.way) if part) or NONE

    @admin.display(description=_("object"))
    def row(self, obj: Any) -> str | SafeString:
        row: Happened = obj.happened
        name = f"{row.kind}: {row.subject}"
        return format_html('<a href="{}">{}</a>', row.url, name) if row.url else name

    @admin.display(description=_("what was changed"))
    def told(self, obj: Any) -> str | SafeString:
        lines = ((line,) for line in obj.happened.sentences)
        return format_html_join(SafeString("<br>"), "{}", lines) or NONE

    @admin.display(description=_("changes"))
    def changes_in_full(self, obj: Any) -> str | SafeString:
        changes = changes_of(obj, obj.shown_for)
        return (
            _table([(change.label, change.before, change.after) for change in changes]) if changes else NONE
        )

    # As a file

    def _record(self, rows: QuerySet[Any], kind: str) -> None:
        """One entry for each conference; accounts belong to none, and only the operator reads of them."""
        counts = rows.order_by().values_list("additional_data__conference").annotate(count=Count("pk"))
        by_key = dict(counts)
        for obj in Conference.objects.filter(pk__in=[key for key in by_key if key is not None]):
            export = {"model": self.opts.label, "format": kind, "rows": by_key[obj.pk]}
            LogEntry.objects.log_create(
                obj,
                force_log=True,
                action=LogEntry.Action.ACCESS,
                additional_data={**obj.get_additional_data(), "export": export},  # type: ignore[attr-defined]
            )

    def _conferences(self, rows: QuerySet[Any]) -> dict[int, Conference]:
        keys = rows.order_by().values_list("additional_data__conference", flat=True).distinct()
        return Conference.objects.in_bulk({key for key in keys if key is not None})

    def _cells(self, rows: QuerySet[Any], of: dict[int, Conference]) -> Iterator[list[Cell]]:
        language = get_language() or "en"
        clocks = [*of.values()] or list(Conference.objects.order_by("-is_current")[:1])
        for some in in_portions(rows):
            # The file is still being written when the request's own language is no longer set.
            with override(language):
                found = [list(self._row(row, row.conference)) for row in happened(some, clocks)]  # type: ignore[arg-type]
            yield from found


def _table(rows: list[tuple[str, Any, Any]]) -> SafeString:
    head = format_html_join(
        "",
        '<th scope="col">{}</th>',
        (
            (capfirst(str(name)),)
            for name in (_("field"), pgettext("change", "before"), pgettext("change", "after"))
        ),
    )
    body = format_html_join("", '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>', rows)
    return format_html(
        '<table class="bulk-table audit-changes"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        head,
        body,
    )
