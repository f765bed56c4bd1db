"""What is known of who was there, row by row; the pages that show and fill it: attendance_pages.py."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registration.admin.addresses import searched, withhold_addresses
from registration.models import Attendance
from workshops.admin.base import OfOneWorkshopAdmin, ScopedRelatedFilter, scope_for
from workshops.admin.clocks import on_both_clocks
from workshops.domain.scope import Area, Right
from workshops.models import Workshop
from workshops.templatetags.texts import weekday_date


@admin.register(Attendance)
class AttendanceAdmin(OfOneWorkshopAdmin):
    area = Area.REGISTRATIONS
    to_workshop = "day__workshop"
    adders = changers = deleters = Right.NOBODY
    actions = None
    list_display = ("person", "workshop", "date", "source", "minutes", "came", "left")
    list_filter = (("day__workshop", ScopedRelatedFilter), ("day", ScopedRelatedFilter), "source")
    search_fields = (
        "registration__participant__first_name",
        "registration__participant__last_name",
        "registration__participant__email",
    )
    fields = ("person", "workshop", "date", "source", "minutes", "came", "left", "recorded")
    readonly_fields = fields
    change_list_template = "admin/registration/attendance/change_list.html"

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().rows(request)
        found: QuerySet[Any] = rows.select_related("registration__participant", "registration__workshop")
        return found

    def get_search_fields(self, request: HttpRequest) -> Any:
        return searched(request, self.search_fields)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        withhold_addresses(request, [row.registration for row in changelist.result_list])
        return changelist

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found: Any = super().get_object(request, object_id, from_field)
        if found is not None:
            withhold_addresses(request, [found.registration])
        return found

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        own = Workshop.objects.filter(scope_for(request).own_workshops(), conference__is_current=True)
        extra = {"own_workshops": own.order_by("position", "pk"), **(extra_context or {})}
        return super().changelist_view(request, extra)

    @admin.display(description=_("participant"), ordering="registration__participant__last_name")
    def person(self, obj: Attendance) -> str:
        return str(obj.registration.participant)

    @admin.display(description=_("workshop"), ordering="day__workshop__position")
    def workshop(self, obj: Attendance) -> str:
        return str(obj.day.workshop)

    @admin.display(description=_("day"), ordering="day__date")
    def date(self, obj: Attendance) -> SafeString | str:
        return weekday_date(obj.day.date)

    @admin.display(description=_("joined"), ordering="joined_at")
    def came(self, obj: Attendance) -> str | SafeString:
        return on_both_clocks(obj.joined_at, obj.day.workshop.conference)

    @admin.display(description=_("left"), ordering="left_at")
    def left(self, obj: Attendance) -> str | SafeString:
        return on_both_clocks(obj.left_at, obj.day.workshop.conference)

    @admin.display(description=_("recorded"), ordering="recorded_at")
    def recorded(self, obj: Attendance) -> str | SafeString:
        return on_both_clocks(obj.recorded_at, obj.day.workshop.conference)
