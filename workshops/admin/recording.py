"""One history: what Django would write into a log of its own is recorded in the audit log, where it is not already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise

from conference.audit import record_step

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = object


class OneHistory(_ModelAdmin):
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        record_step(obj, action=LogEntry.Action.CREATE)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A step by its name, best as a text that is translated later, with the facts it names, if it names any.

        That a form was saved is Django's own way of a message: the changes say so.
        """
        if isinstance(message, tuple):
            text, facts = message
            record_step(obj, text, facts=facts)
        elif isinstance(message, str | Promise):
            record_step(obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any] | list[Any]) -> Any:
        """Of tracked tables the deletion itself is recorded, but for rows that are to be forgotten."""
        for obj in queryset:
            if not hasattr(obj, "get_additional_data"):
                record_step(obj, action=LogEntry.Action.DELETE)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        site: Any = self.admin_site
        answer: HttpResponse = site.history(request, self, obj, extra_context or {})
        return answer
