from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.admin.bulk import BulkAdmin, Step
from registration.admin.shown import status_mark
from registration.domain.answer_barrier_report import mark_barrier_report_answered
from registration.models import BarrierReport
from workshops.admin.clocks import on_both_clocks
from workshops.domain.scope import Right, Scope


def _answered(pk: Any, request: HttpRequest) -> BarrierReport:
    return mark_barrier_report_answered(report_id=pk)


@admin.register(BarrierReport)
class BarrierReportAdmin(BulkAdmin):
    viewers = actors = Right.CONFERENCE
    steps = (Step("answered", _("Mark as answered"), _answered, at_once=True),)
    list_display = ("reported", "summary", "email", "state")
    list_filter = (("answered_at", admin.EmptyFieldListFilter),)
    list_select_related = ("conference",)
    search_fields = ("description", "page", "email")
    fields = ("reported", "page", "description", "email", "language", "state", "answered")
    readonly_fields = ("reported", "state", "answered")

    def in_scope(self, scope: Scope) -> Q:
        return scope.whole_conferences("conference")

    def get_ordering(self, request: HttpRequest) -> Any:
        return [F("answered_at").asc(nulls_first=True), F("created_at").asc(), "pk"]

    def state_of(self, obj: BarrierReport) -> str:
        return gettext("answered") if obj.answered_at else gettext("not answered")

    @admin.display(description=_("status"))
    def state(self, obj: BarrierReport) -> SafeString:
        return status_mark("confirmed" if obj.answered_at else "requested", self.state_of(obj))

    @admin.display(description=_("what does not work"))
    def summary(self, obj: BarrierReport) -> str:
        return Truncator(obj.description).words(15)

    @admin.display(description=_("reported"), ordering="created_at")
    def reported(self, obj: BarrierReport) -> str | SafeString:
        return on_both_clocks(obj.created_at, obj.conference)

    @admin.display(description=_("answered"), ordering="answered_at")
    def answered(self, obj: BarrierReport) -> str | SafeString:
        return on_both_clocks(obj.answered_at, obj.conference)
