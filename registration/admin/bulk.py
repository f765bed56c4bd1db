"""Doing one thing to many rows: first what would happen to each, then what happened to each.

What would happen is not guessed by rules of its own: the use case is carried out for every row and rolled
back, so that the preview also knows when the last place goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    QueryDict,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from registration.domain.errors import DomainError
from registration.models import Message
from workshops.admin.base import ScopedAdmin, scope_for
from workshops.domain.scope import Right


@dataclass(frozen=True, slots=True)
class Step:
    """One use case an organiser can start; `act` gets the row’s key and returns the row as it is then.

    `form` asks what is to be said with it, on the page that shows what would happen. `fits` tells whether the step is
    offered on the page of a row.
    """

    name: str
    label: Promise
    act: Callable[[Any, HttpRequest], Any]
    at_once: bool = False
    form: type[forms.Form] | None = None
    fits: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: `done`, `unchanged` or `refused`, and why; `url` is the row's own page."""

    row: str
    before: str
    kind: str
    after: str
    key: Any = None
    url: str = ""


class BulkAdmin(ScopedAdmin):
    """A list whose rows are changed by use cases only, singly and in bulk."""

    steps: Sequence[Step] = ()
    # The step that takes the others back, if there is one.
    undo: str = ""
    # A preview carries the step out for each row while nobody else can touch them.
    most_at_once = 1_000
    actors = Right.TEAM
    adders = changers = deleters = Right.NOBODY
    change_form_template = "admin/steps_change_form.html"

    def state_of(self, obj: Any) -> str:
        """A row’s state in words, as it is compared and shown."""
        return str(obj.get_status_display())

    def has_act_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request, self.actors, None)

    def may_act_on(self, request: HttpRequest, key: str) -> bool:
        """Also where this organiser sees more rows than they may do something about."""
        if not self.has_act_permission(request):
            return False
        own = self.changing(request)
        if own == scope_for(request, self.area):
            return True
        rows = self.get_queryset(request).filter(self.in_scope(own))
        return bool(rows.filter(pk__in=self.keys([key])).exists())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if self.has_act_permission(request):
            actions |= {step.name: (_previewing(step), step.name, step.label) for step in self.steps}
        return actions

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.step_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        return [path("step/<str:name>/", view, name=name), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        steps = [
            (step.label, self.step_url(step.name), step.at_once)
            for step in self.steps
            if self._fits(request, step, object_id)
        ]
        extra = {"steps": steps if self.may_act_on(request, object_id) else [], **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    def _fits(self, request: HttpRequest, step: Step, key: str) -> bool:
        if step.fits is None:
            return True
        row = self.get_queryset(request).filter(pk__in=self.keys([key])).first()
        return row is not None and step.fits(row)

    def step_url(self, name: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_step", args=[name])

    def list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def step_view(self, request: HttpRequest, name: str) -> HttpResponse:
        step = next((step for step in self.steps if step.name == name), None)
        if step is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_act_permission(request):
            raise PermissionDenied
        rows = self._rows(request, request.POST.get("ids", ""))
        form = _asked(step, request)
        if "sure" not in request.POST or (form is not None and not form.is_valid()):
            return self.preview(request, step, rows)
        outcomes = self.carry_out(request, step, rows)
        if "back" in request.POST and len(rows) == 1:
            return self._back_to_row(request, rows[0], outcomes[0])
        return self._page(request, step, rows, outcomes, is_done=True)

    def _rows(self, request: HttpRequest, ids: str) -> list[Any]:
        """The rows named, in the list's order; somebody else's look like none."""
        wanted = self.keys(part for part in ids.split(",") if part)
        rows = list(self.acting_on(request).filter(pk__in=wanted).order_by(*self.acting_order))
        if not rows or len(rows) != len(set(wanted)):
            raise Http404
        return rows

    acting_order: Sequence[str] = ("pk",)

    def acting_on(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows a step may be for; also those that have left the list since it was shown."""
        return self.get_queryset(request)

    def carry_out(self, request: HttpRequest, step: Step, rows: Sequence[Any]) -> list[Outcome]:
        """Carries out a step for each row, each in a transaction of its own."""
        outcomes = []
        for row in rows:
            outcomes.append(outcome := self._one(request, step, row))
            if outcome.kind == "done":
                self.log_change(request, row, step.label)
        return outcomes

    def _one(self, request: HttpRequest, step: Step, row: Any) -> Outcome:
        before = self.state_of(row)
        try:
            after = self.state_of(step.act(row.pk, request))
        except DomainError as error:
            return self._outcome(row, before, "refused", str(error.message))
        except IntegrityError:
            said = gettext("Somebody else changed this at the same time; please try again.")
            return self._outcome(row, before, "refused", said)
        return self._outcome(row, before, "unchanged" if after == before else "done", after)

    def _outcome(self, row: Any, before: str, kind: str, after: str) -> Outcome:
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        return Outcome(self.name_of(row), before, kind, after, row.pk, url)

    def name_of(self, obj: Any) -> str:
        return str(obj)

    def preview(self, request: HttpRequest, step: Step, rows: Sequence[Any]) -> HttpResponse:
        """Carries out the step and rolls it back; counts the mails it would owe."""
        with transaction.atomic():
            self._lock(rows)
            before = Message.objects.count()
            outcomes = [self._one(request, step, row) for row in rows]
            # Erasing somebody takes their messages away, too.
            mails = max(0, Message.objects.count() - before)
            transaction.set_rollback(True)
        return self._page(request, step, rows, outcomes, is_done=False, mails=mails)

    def _lock(self, rows: Sequence[Any]) -> None:
        """Every row before the first workshop is touched: else the preview holds a workshop and waits for a row
        whose own cancellation waits for the workshop.
        """
        found = self.model._base_manager.filter(pk__in=[row.pk for row in rows])
        list(found.order_by(*self.acting_order).select_for_update(no_key=True).values_list("pk"))

    def _page(
        self, request: HttpRequest, step: Step, rows: Sequence[Any], outcomes: list[Outcome], **extra: Any
    ) -> HttpResponse:
        form = _asked(step, request)
        filters = _filters(request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": step.label,
            "step_url": self.step_url(step.name),
            "form": form,
            "list_url": self.list_url() + (f"?{filters}" if filters else ""),
            "filters": filters,
            "undo": self._undo(step, outcomes) if extra["is_done"] else None,
            "ids": ",".join(str(row.pk) for row in rows),
            "outcomes": outcomes,
            "counts": {
                kind: sum(o.kind == kind for o in outcomes) for kind in ("done", "unchanged", "refused")
            },
            "media": self.media,
            **extra,
        }
        status = 422 if form is not None and form.errors else 200
        return TemplateResponse(request, "admin/bulk.html", context, status=status)

    def _undo(self, step: Step, outcomes: Sequence[Outcome]) -> dict[str, str] | None:
        """Where what has just been done can be taken back, and for which rows."""
        done = [str(outcome.key) for outcome in outcomes if outcome.kind == "done"]
        if not self.undo or step.name == self.undo or not done:
            return None
        return {"url": self.step_url(self.undo), "ids": ",".join(done)}

    def _back_to_row(self, request: HttpRequest, row: Any, outcome: Outcome) -> HttpResponse:
        level = messages.WARNING if outcome.kind == "refused" else messages.SUCCESS
        self.message_user(request, f"{outcome.row}: {outcome.after}", level)
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        )


def _previewing(step: Step) -> Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse | None]:
    def action(modeladmin: BulkAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        ordered = queryset.order_by(*modeladmin.acting_order)
        rows = list(ordered[: modeladmin.most_at_once + 1])
        if len(rows) <= modeladmin.most_at_once:
            return modeladmin.preview(request, step, rows)
        said = gettext("Nothing was done: please choose at most %(limit)d rows at once.")
        modeladmin.message_user(request, said % {"limit": modeladmin.most_at_once}, messages.WARNING)
        return None

    return action


def _asked(step: Step, request: HttpRequest) -> forms.Form | None:
    """What is to be said with a step: empty on the first page, then what was typed."""
    return step.form(request.POST if "sure" in request.POST else None) if step.form else None


def _filters(request: HttpRequest) -> str:
    """What the list was narrowed to, so that one gets back to it."""
    chosen = QueryDict(request.POST["filters"]) if "filters" in request.POST else request.GET
    return chosen.urlencode()
