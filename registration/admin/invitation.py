from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from registration.admin.bulk import BulkAdmin, Step
from registration.admin.filters import InvitedFilter
from registration.admin.invite import invite_page
from registration.admin.scoping import (
    names_of_own_workshops,
    own_invitations,
    require_all_own,
    with_own_workshops,
)
from registration.admin.shown import status_mark
from registration.domain.invitation_lifecycle import (
    extend_invitation,
    revoke_invitation,
    send_invitation_again,
)
from registration.domain.invitation_lists.remind import remind
from registration.mails.times import moment_text
from registration.models import Invitation, Message
from workshops.admin.base import ScopedRelatedFilter, scope_for
from workshops.admin.clocks import on_both_clocks
from workshops.admin.rights import declare_pages
from workshops.domain.scope import Area, Level, Right, Scope
from workshops.models import Workshop

declare_pages({"registration_invitation_invite": (Area.PEOPLE, Level.CHANGE)})


def _send_again(pk: Any, request: HttpRequest) -> Invitation:
    require_all_own(scope_for(request), workshops=Workshop.objects.filter(invitations=pk))
    return send_invitation_again(invitation_id=pk)


def _revoke(pk: Any, request: HttpRequest) -> Invitation:
    require_all_own(scope_for(request), workshops=Workshop.objects.filter(invitations=pk))
    return revoke_invitation(invitation_id=pk)


def _extend(pk: Any, request: HttpRequest) -> Invitation:
    require_all_own(scope_for(request), workshops=Workshop.objects.filter(invitations=pk))
    return extend_invitation(invitation_id=pk)


def _remind(pk: Any, request: HttpRequest) -> Invitation:
    require_all_own(scope_for(request), workshops=Workshop.objects.filter(invitations=pk))
    return remind(invitation_id=pk)


@admin.register(Invitation)
class InvitationAdmin(BulkAdmin):
    area = Area.PEOPLE
    adders = Right.TEAM
    steps = (
        Step("send_again", _("Send again"), _send_again, at_once=True),
        Step("remind", _("Remind"), _remind),
        Step("extend", _("Extend by 30 days"), _extend),
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

    def state_of(self, obj: Invitation) -> str:
        """Also what extending and reminding change."""
        conference, link = obj.participant.conference, obj.link
        reminders = obj.messages.filter(kind=Message.Kind.REMINDER).count()
        parts = [str(obj.get_status_display())]
        if link.revoked_at is None:
            moment = moment_text(link.expires_at, conference.zones)
            parts.append(gettext("link valid until %(moment)s") % {"moment": moment})
        if reminders:
            parts.append(ngettext("%d reminder", "%d reminders", reminders) % reminders)
        return "; ".join(parts)

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().rows(request).select_related("participant__conference", "invited_by", "link")
        return with_own_workshops(rows, scope_for(request))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.invite_view)
        return [path("invite/", view, name="registration_invitation_invite"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:registration_invitation_invite"))

    def invite_view(self, request: HttpRequest) -> HttpResponse:
        return invite_page(request, self)

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
