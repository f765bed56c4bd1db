"""Personal codes: who has one and who does not, not shown unless asked for."""

from __future__ import annotations

from typing import Any

from auditlog.signals import accessed
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.admin.filters import HappenedFilter
from registration.admin.shown import status_mark
from registration.models import AccessCode
from workshops.admin.base import OfOneWorkshopAdmin, ScopedRelatedFilter
from workshops.admin.clocks import on_both_clocks
from workshops.domain.scope import Area, Right
from workshops.templatetags.texts import weekday_date

MASKED = "••••••••"


@admin.register(AccessCode)
class AccessCodeAdmin(OfOneWorkshopAdmin):
    area = Area.ACCESS
    to_workshop = "day__workshop"
    # They are uploaded on the page of the day's access details, and what was given is given for good.
    adders = changers = deleters = Right.NOBODY
    secrets = ("code", "digest")
    actions = None
    list_display = ("number", "date", "workshop", "role", "person", "email", "state", "given")
    list_filter = (
        ("day__workshop", ScopedRelatedFilter),
        ("day", ScopedRelatedFilter),
        "role",
        ("assigned_at", HappenedFilter),
    )
    search_fields = (
        "email",
        "registration__participant__first_name",
        "registration__participant__last_name",
        "registration__participant__email",
    )
    fields = ("date", "workshop", "role", "code_unseen", "email", "person", "given", "uploaded")
    readonly_fields = fields

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return super().rows(request).select_related("registration__participant")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.show_view)
        return [
            path("<path:object_id>/show/", view, name="registration_accesscode_show"),
            *super().get_urls(),
        ]

    def show_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page with the code in it, for a button only; that it was asked for is recorded."""
        code = self.get_object(request, unquote(object_id))
        if code is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:registration_accesscode_change", args=[code.pk]))
        accessed.send(AccessCode, instance=code)
        request._koprue_shown = True  # type: ignore[attr-defined]
        # What follows is the page as one reads it, not a form that was sent.
        request.method = "GET"
        response: HttpResponse = self.change_view(request, object_id)
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        extra = {
            "is_shown": _is_shown(request),
            "show_url": reverse("admin:registration_accesscode_show", args=[object_id]),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, extra)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found: Any = super().get_object(request, object_id, from_field)
        if found is not None:
            found.is_shown = _is_shown(request)
        return found

    @admin.display(description=_("code"), ordering="pk")
    def number(self, obj: AccessCode) -> SafeString:
        return format_html('<span aria-hidden="true">{}</span> {}', MASKED, obj.pk)

    @admin.display(description=_("code or link"))
    def code_unseen(self, obj: Any) -> str:
        return obj.code if getattr(obj, "is_shown", False) else MASKED

    @admin.display(description=_("day"), ordering="day__date")
    def date(self, obj: AccessCode) -> SafeString | str:
        return weekday_date(obj.day.date)

    @admin.display(description=_("workshop"), ordering="day__workshop__position")
    def workshop(self, obj: AccessCode) -> str:
        return str(obj.day.workshop)

    @admin.display(description=_("given to"), ordering="registration__participant__last_name")
    def person(self, obj: AccessCode) -> SafeString | str:
        if obj.registration is None:
            return "–"
        url = reverse("admin:registration_registration_change", args=[obj.registration_id])
        return format_html('<a href="{}">{}</a>', url, obj.registration.participant)

    @admin.display(description=_("status"), ordering="assigned_at")
    def state(self, obj: AccessCode) -> SafeString:
        if obj.assigned_at is None:
            return status_mark("draft", _("free"))
        if obj.registration is None:
            return status_mark("declined", _("given; the person is gone"))
        return status_mark("confirmed", pgettext_lazy("access code", "given"))

    @admin.display(description=_("given on"), ordering="assigned_at")
    def given(self, obj: AccessCode) -> str | SafeString:
        return on_both_clocks(obj.assigned_at, obj.day.workshop.conference)

    @admin.display(description=_("uploaded"), ordering="uploaded_at")
    def uploaded(self, obj: AccessCode) -> str | SafeString:
        return on_both_clocks(obj.uploaded_at, obj.day.workshop.conference)


def _is_shown(request: HttpRequest) -> bool:
    return getattr(request, "_koprue_shown", False)
