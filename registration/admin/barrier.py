from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.admin.bulk import BulkAdmin, Step
from registration.admin.filters import HappenedFilter
from registration.admin.shown import status_mark
from registration.domain.answer_barrier_report import answer_barrier_report
from registration.domain.mark_barrier_report_answered import mark_barrier_report_answered
from registration.models import BarrierReport
from workshops.admin.clocks import on_both_clocks
from workshops.domain.scope import Area, Right, Scope
from workshops.languages import OWN_NAMES


def _answered(pk: Any, request: HttpRequest) -> BarrierReport:
    return mark_barrier_report_answered(report_id=pk)


def _answer(pk: Any, request: HttpRequest) -> BarrierReport:
    form = AnswerForm(request.POST)
    # Before anything is written one sees to whom it would go.
    answer = form.cleaned_data["answer"] if form.is_valid() else "…"
    return answer_barrier_report(report_id=pk, answer=answer)


def _awaits_mail(report: BarrierReport) -> bool:
    return report.answered_at is None and bool(report.email)


def _awaits_anything(report: BarrierReport) -> bool:
    return report.answered_at is None


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off", "class": "vLargeTextField"}),
        help_text=_(
            "Goes by e-mail to whoever reported the barrier, just as you write it: in the language of the report. "
            "Say what you will do and by when, and what can be used until then. Markdown."
        ),
    )


@admin.register(BarrierReport)
class BarrierReportAdmin(BulkAdmin):
    area = Area.PEOPLE
    viewers = actors = Right.CONFERENCE
    steps = (
        Step("answer", _("Answer by e-mail"), _answer, form=AnswerForm, fits=_awaits_mail),
        Step("answered", _("Mark as answered"), _answered, at_once=True, fits=_awaits_anything),
    )
    list_display = ("reported", "summary", "email", "state")
    list_filter = (("answered_at", HappenedFilter),)
    list_select_related = ("conference",)
    search_fields = ("description", "page", "email")
    fields = ("reported", "page", "description", "email", "language", "state", "answered", "answer")
    readonly_fields = ("reported", "state", "answered")

    def in_scope(self, scope: Scope) -> Q:
        return scope.whole_conferences("conference")

    def get_ordering(self, request: HttpRequest) -> Any:
        return [F("answered_at").asc(nulls_first=True), F("created_at").asc(), "pk"]

    def name_of(self, obj: BarrierReport) -> str:
        language = OWN_NAMES.get(obj.language, obj.language)
        return f"{obj.email or gettext('no address was given')}, {language}: {self.summary(obj)}"

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
