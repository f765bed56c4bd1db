from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registration.admin.bulk import BulkAdmin, Step
from registration.admin.filters import InvitedFilter
from registration.admin.invite import InviteForm, Row, invite_all, rehearse_invitations
from registration.admin.scoping import (
    names_of_own_workshops,
    own_invitations,
    require_all_own,
    with_own_workshops,
)
from registration.admin.shown import status_mark
from registration.domain.invitation_lifecycle import revoke_invitation, send_invitation_again
from registration.models import Invitation
from workshops.admin.base import ScopedRelatedFilter, scope_for
from workshops.admin.clocks import on_both_clocks
from workshops.domain.scope import Right, Scope
from workshops.models import Workshop


def _send_again(pk: Any, request: HttpRequest) -> Invitation:
    require_all_own(scope_for(request), workshops=Workshop.objects.filter(invitations=pk))
    return send_invitation_again(invitation_id=pk)


def _revoke(pk: Any, request: HttpRequest) -> Invitation:
    require_all_own(scope_for(request), workshops=Workshop.objects.filter(invitations=pk))
    return revoke_invitation(invitation_id=pk)


@admin.register(Invitation)
class InvitationAdmin(BulkAdmin):
    adders = Right.TEAM
    steps = (
        Step("send_again", _("Send again"), _send_again, at_once=True),
        Step("revoke", _("Withdraw"), _revoke),
    )
    acting_order = ("created_at", "pk")
    change_list_template = "admin/registration/invitation/change_list.html"
    list_display = ("participant", "address", "workshops_named", "state", "sent", "answered", "invited_by")
    list_filter = (("workshops", ScopedRelatedFilter), "status", InvitedFilter)
    search_fields = ("participant__email", "participant__first_name", "participant__last_name")
    fields = ("participant", "address", "workshops_named", "state", "sent", "answered", "invited_by")
    readonly_fields = ("address", "workshops_named", "state", "sent", "answered")

    def in_scope(self, scope: Scope) -> Q:
        return own_invitations(scope)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("participant__conference", "invited_by")
        return with_own_workshops(rows, scope_for(request))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.invite_view)
        return [path("invite/", view, name="registration_invitation_invite"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:registration_invitation_invite"))

    def invite_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        chosen = [key for key in request.GET.getlist("workshop") if key.isdecimal()]
        form = InviteForm(request, request.POST or None, initial={"workshops": chosen, "language": ""})
        rows: list[Row] = []
        sent = "send" in request.POST
        if request.method == "POST" and form.is_valid():
            rows = (invite_all if sent else rehearse_invitations)(request=request, form=form)
            if sent:
                form = InviteForm(request, initial=_what_failed(form, rows))
        return self._invite_page(request, form, rows, sent)

    def _invite_page(
        self, request: HttpRequest, form: InviteForm, rows: list[Row], sent: bool
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Invite"),
            "form": form,
            "rows": rows,
            "counts": {
                kind: sum(row.kind == kind for row in rows) for kind in ("done", "unchanged", "refused")
            },
            "is_done": sent and bool(rows),
            "media": self.media,
        }
        nothing_possible = rows and not any(row.kind == "done" for row in rows)
        invalid = (form.is_bound and (not form.is_valid() or nothing_possible)) or (sent and nothing_possible)
        return TemplateResponse(
            request, "admin/registration/invitation/invite.html", context, status=422 if invalid else 200
        )

    @admin.display(description=_("e-mail address"), ordering="participant__email")
    def address(self, obj: Invitation) -> str:
        return obj.participant.email

    @admin.display(description=_("workshops"))
    def workshops_named(self, obj: Invitation) -> str:
        return names_of_own_workshops(obj)

    @admin.display(description=_("status"), ordering="status")
    def state(self, obj: Invitation) -> SafeString:
        return status_mark(obj.status, obj.get_status_display())

    @admin.display(description=_("sent"), ordering="sent_at")
    def sent(self, obj: Invitation) -> str | SafeString:
        return on_both_clocks(obj.sent_at, obj.participant.conference)

    @admin.display(description=_("answered"), ordering="answered_at")
    def answered(self, obj: Invitation) -> str | SafeString:
        return on_both_clocks(obj.answered_at, obj.participant.conference)


def _what_failed(form: InviteForm, rows: list[Row]) -> dict[str, Any]:
    """What could not be sent stays in the form, to be put right."""
    return {
        "addresses": "\n".join(row.typed for row in rows if row.kind == "refused"),
        "workshops": form.cleaned_data["workshops"],
        "language": form.cleaned_data["language"],
    }
