from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registration.admin.filters import CountryFilter
from registration.admin.scoping import (
    names_of_own_workshops,
    own_invitations,
    own_participants,
    with_own_workshops,
)
from registration.admin.shown import status_mark
from registration.models import Consent, Invitation, Participant, Registration
from workshops.admin.base import ReadOnlyTabular, ScopedAdmin, scope_for
from workshops.admin.clocks import on_both_clocks
from workshops.domain.scope import Right, Scope


class RegistrationInline(ReadOnlyTabular):
    """Only the organiser's own workshops: what else this person attends is others' business."""

    model = Registration
    fields = ("workshop", "role", "state", "registered")
    readonly_fields = ("workshop", "role", "state", "registered")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(scope_for(request).own_workshops("workshop")).select_related(
            "workshop__conference"
        )

    @admin.display(description=_("status"))
    def state(self, obj: Registration) -> SafeString:
        return status_mark(obj.status, obj.get_status_display())

    @admin.display(description=_("registered"))
    def registered(self, obj: Registration) -> str | SafeString:
        return on_both_clocks(obj.created_at, obj.workshop.conference)


class InvitationInline(ReadOnlyTabular):
    model = Invitation
    fields = ("workshops_named", "state", "sent")
    readonly_fields = ("workshops_named", "state", "sent")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        scope = scope_for(request)
        return with_own_workshops(
            rows.filter(own_invitations(scope)).select_related("participant__conference"), scope
        )

    @admin.display(description=_("workshops"))
    def workshops_named(self, obj: Invitation) -> str:
        return names_of_own_workshops(obj)

    @admin.display(description=_("status"))
    def state(self, obj: Invitation) -> SafeString:
        return status_mark(obj.status, obj.get_status_display())

    @admin.display(description=_("sent"))
    def sent(self, obj: Invitation) -> str | SafeString:
        return on_both_clocks(obj.sent_at, obj.participant.conference)


class ConsentInline(ReadOnlyTabular):
    model = Consent
    fields = ("version", "language", "given")
    readonly_fields = ("version", "language", "given")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("version", "participant__conference")

    @admin.display(description=_("given"))
    def given(self, obj: Consent) -> str | SafeString:
        return on_both_clocks(obj.given_at, obj.participant.conference)


@admin.register(Participant)
class ParticipantAdmin(ScopedAdmin):
    """People come in through an invitation or the site; links were sent to their address, so it stays."""

    adders = deleters = Right.NOBODY
    list_display = ("full_name", "email", "organisation", "city", "country", "language", "known_since")
    list_display_links = ("full_name", "email")
    list_filter = (CountryFilter, "language")
    list_select_related = ("conference",)
    search_fields = ("first_name", "last_name", "email", "organisation", "city")
    readonly_fields = ("email", "known_since")
    inlines = (RegistrationInline, InvitationInline, ConsentInline)
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "email",
                    ("first_name", "last_name"),
                    ("organisation", "position"),
                    ("city", "country"),
                    "language",
                    "known_since",
                ]
            },
        ),
    )

    def in_scope(self, scope: Scope) -> Q:
        return own_participants(scope)

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, obj: Participant) -> str:
        return obj.full_name or "–"

    @admin.display(description=_("known since"), ordering="created_at")
    def known_since(self, obj: Participant) -> str | SafeString:
        return on_both_clocks(obj.created_at, obj.conference)
