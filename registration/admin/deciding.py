"""One list of all who wait: for a decision, for a place, or with an offer to answer."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from registration.admin.deciding_filters import (
    LanguageFilter,
    OrganisationFilter,
    OriginFilter,
    SinceFilter,
    WaitsForFilter,
)
from registration.admin.registration_rows import RegistrationRows
from registration.domain.figures.standing import waiting
from workshops.admin.base import ScopedRelatedFilter

LIST = "admin:registration_registration_deciding"
OFFERED_STEPS = ("confirm", "confirm_as_listener", "put_on_waiting_list", "decline")


class DecidingAdmin(RegistrationRows):
    """Not registered: a second list of the registrations, at an address of its own."""

    change_list_template = "admin/registration/registration/deciding.html"
    list_display = ("person", "workshop", "role", "state", "organisation", "country", "registered")
    list_filter = (
        WaitsForFilter,
        ("workshop", ScopedRelatedFilter),
        "role",
        SinceFilter,
        OriginFilter,
        OrganisationFilter,
        LanguageFilter,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Of the conference that is on the site: nobody waits for a former one any more."""
        return super().get_queryset(request).filter(waiting(), workshop__conference__is_current=True)

    def acting_on(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        return {name: actions[name] for name in OFFERED_STEPS if name in actions}

    def step_url(self, name: str) -> str:
        return reverse("admin:registration_registration_deciding_step", args=[name])

    def list_url(self) -> str:
        return reverse(LIST)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        steps = [step for step in self.steps if step.name in OFFERED_STEPS]
        extra = {
            "title": _("Who waits"),
            "steps": steps if self.has_act_permission(request) else [],
            **(extra_context or {}),
        }
        response: HttpResponse = super().changelist_view(request, extra)
        return response


def deciding_url(**query: Any) -> str:
    return reverse(LIST) + (f"?{urlencode(query)}" if query else "")
