"""Doing one thing to many rows: first what would happen to each, then what happened to each.

What would happen is not guessed by rules of its own: the use case is carried out for every row and rolled
back, so that the preview also knows when the last place goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from registration.domain.errors import DomainError
from registration.models import Message
from workshops.admin.base import ScopedAdmin
from workshops.domain.scope import Right


@dataclass(frozen=True, slots=True)
class Step:
    """One use case an organiser can start; `act` gets the row’s key and returns the row as it is then."""

    name: str
    label: Promise
    act: Callable[[Any, HttpRequest], Any]
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: `done`, `unchanged` or `refused`, and why."""

    row: str
    before: str
    kind: str
    after: str


class BulkAdmin(ScopedAdmin):
    """A list whose rows are changed by use cases only, singly and in bulk."""

    steps: Sequence[Step] = ()
    actors = Right.TEAM
    adders = changers = deleters = Right.NOBODY
    change_form_template = "admin/steps_change_form.html"

    def state_of(self, obj: Any) -> str:
        """A row’s state in words, as it is compared and shown."""
        return str(obj.get_status_display())

    def has_act_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request, self.actors, None)

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
        steps = [(step.label, self._step_url(step), step.at_once) for step in self.steps]
        extra = {"steps": steps if self.has_act_permission(request) else [], **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    def _step_url(self, step: Step) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_step", args=[step.name])

    def step_view(self, request: HttpRequest, name: str) -> HttpResponse:
        step = next((step for step in self.steps if step.name == name), None)
        if step is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_act_permission(request):
            raise PermissionDenied
        rows = self._rows(request, request.POST.get("ids", ""))
        if "sure" not in request.POST:
            return self.preview(request, step, rows)
        outcomes = self.carry_out(request, step, rows)
        if "back" in request.POST and len(rows) == 1:
            return self._back_to_row(request, rows[0], outcomes[0])
        return self._page(request, step, rows, outcomes, is_done=True)

    def _rows(self, request: HttpRequest, ids: str) -> list[Any]:
        """The rows named, in the list's order; somebody else's look like none."""
        wanted = self.keys(part for part in ids.split(",") if part)
        rows = list(self.get_queryset(request).filter(pk__in=wanted).order_by(*self.acting_order))
        if not rows or len(rows) != len(set(wanted)):
            raise Http404
        return rows

    acting_order: Sequence[str] = ("pk",)

    def carry_out(self, request: HttpRequest, step: Step, rows: Sequence[Any]) -> list[Outcome]:
        """Carries out a step for each row, each in a transaction of its own."""
        outcomes = []
        for row in rows:
            outcomes.append(outcome := self._one(request, step, row))
            if outcome.kind == "done":
                self.log_change(request, row, str(step.label))
        return outcomes

    def _one(self, request: HttpRequest, step: Step, row: Any) -> Outcome:
        before = self.state_of(row)
        try:
            after = self.state_of(step.act(row.pk, request))
        except DomainError as error:
            return Outcome(self.name_of(row), before, "refused", str(error.message))
        except IntegrityError:
            said = gettext("Somebody else changed this at the same time; please try again.")
            return Outcome(self.name_of(row), before, "refused", said)
        return Outcome(self.name_of(row), before, "unchanged" if after == before else "done", after)

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
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": step.label,
            "step_url": self._step_url(step),
            "ids": ",".join(str(row.pk) for row in rows),
            "outcomes": outcomes,
            "counts": {
                kind: sum(o.kind == kind for o in outcomes) for kind in ("done", "unchanged", "refused")
            },
            "media": self.media,
            **extra,
        }
        return TemplateResponse(request, "admin/bulk.html", context)

    def _back_to_row(self, request: HttpRequest, row: Any, outcome: Outcome) -> HttpResponse:
        level = messages.WARNING if outcome.kind == "refused" else messages.SUCCESS
        self.message_user(request, f"{outcome.row}: {outcome.after}", level)
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        )


def _previewing(step: Step) -> Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse]:
    def action(modeladmin: BulkAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        return modeladmin.preview(request, step, list(queryset.order_by(*modeladmin.acting_order)))

    return action
