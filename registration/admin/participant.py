from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from registration.admin.bulk import BulkAdmin, Outcome, Step
from registration.admin.export import PARTICIPANT_COLUMNS, ExportAdmin
from registration.admin.filters import CountryFilter
from registration.admin.scoping import (
    names_of_own_workshops,
    own_invitations,
    own_participants,
    with_own_workshops,
)
from registration.admin.shown import status_mark
from registration.domain.erase import erase_participant
from registration.domain.transitions import NotPossible
from registration.models import Consent, Invitation, Participant, Registration
from workshops.admin.base import scope_for
from workshops.admin.clocks import on_both_clocks
from workshops.admin.inlines import ReadOnlyTabular
from workshops.domain.scope import Area, Right, Scope


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


def _erase(pk: Any, request: HttpRequest) -> None:
    """Somebody is always other workshops' business, too: only who leads the whole conference erases them."""
    conference_id = Participant.objects.filter(pk=pk).values_list("conference_id", flat=True).first()
    if conference_id is not None and not scope_for(request).covers_conference(conference_id):
        raise NotPossible(_("Only somebody who leads the whole conference can erase people."))
    erase_participant(participant_id=pk, by=request.user)  # type: ignore[arg-type]


@admin.register(Participant)
class ParticipantAdmin(ExportAdmin, BulkAdmin):
    """People come in through an invitation or the site; links were sent to their address, so it stays."""

    area = Area.PEOPLE
    columns = PARTICIPANT_COLUMNS
    steps = (Step("erase", _("Erase personal data"), _erase),)
    actors = Right.CONFERENCE
    changers = Right.TEAM
    list_display = ("full_name", "email", "organisation", "city", "country_name", "language", "known_since")
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

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        person = self.get_object(request, object_id)
        own = person is not None and scope_for(request).covers_conference(person.conference_id)
        extra: dict[str, Any] = {} if own else {"steps": []}
        return super().change_view(request, object_id, form_url, {**extra, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Participant, form: Any, change: bool) -> None:
        """Somebody who was erased while the form was open, or a moment ago, must not come back by saving it."""
        if not Participant.objects.select_for_update(no_key=True).filter(pk=obj.pk).exists():
            raise Http404
        super().save_model(request, obj, form, change)

    def carry_out(self, request: HttpRequest, step: Step, rows: Sequence[Any]) -> list[Outcome]:
        """Without a line in the admin's history: it would name who was erased."""
        return [self._one(request, step, row) for row in rows]

    def _lock(self, rows: Sequence[Any]) -> None:
        super()._lock(rows)
        registrations = Registration.objects.filter(participant__in=[row.pk for row in rows])
        list(
            registrations.order_by("workshop_id", "created_at", "pk")
            .select_for_update(of=("self",), no_key=True)
            .values_list("pk")
        )

    def state_of(self, obj: Participant | None) -> str:
        if obj is None:
            return gettext("erased for good")
        count = obj.registrations.count()
        return ngettext("known, %d registration", "known, %d registrations", count) % count

    def name_of(self, obj: Participant) -> str:
        return f"{obj.full_name}, {obj.email}" if obj.full_name else obj.email

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, obj: Participant) -> str:
        return obj.full_name or "–"

    @admin.display(description=_("country"), ordering="country")
    def country_name(self, obj: Participant) -> str:
        """Named once: for the field itself Django goes through all countries for each row."""
        return obj.country.name or "–"

    @admin.display(description=_("known since"), ordering="created_at")
    def known_since(self, obj: Participant) -> str | SafeString:
        return on_both_clocks(obj.created_at, obj.conference)
