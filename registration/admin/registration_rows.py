from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from registration.admin.addresses import searched, sees_all_addresses, withhold_addresses
from registration.admin.bulk import Step
from registration.admin.export import REGISTRATION_COLUMNS, ExportAdmin
from registration.admin.move_up import MoveUpAdmin
from registration.admin.shown import status_mark
from registration.domain.cancel import cancel_registration
from registration.domain.confirm import confirm_registration
from registration.domain.decline import LONGEST_NOTE, decline_registration
from registration.domain.undo_decision import can_be_undone, undo_decision
from registration.domain.waitlist import put_on_waiting_list
from registration.models import Registration
from registration.templatetags.moments import both_clocks
from workshops.admin.clocks import on_both_clocks
from workshops.domain.scope import Area, Scope

_Status = Registration.Status


def _confirm(pk: Any, request: HttpRequest) -> Registration:
    return confirm_registration(registration_id=pk, undoable=True)


def _confirm_as_listener(pk: Any, request: HttpRequest) -> Registration:
    return confirm_registration(registration_id=pk, role=Registration.Role.LISTENER, undoable=True)


def _wait(pk: Any, request: HttpRequest) -> Registration:
    return put_on_waiting_list(registration_id=pk, undoable=True)


def _decline(pk: Any, request: HttpRequest) -> Registration:
    form = DeclineForm(request.POST)
    # A reason that cannot be taken is shown again, and keeps nobody from seeing what would happen.
    note = form.cleaned_data["note"] if form.is_valid() else ""
    return decline_registration(registration_id=pk, note=note, undoable=True)


def _cancel(pk: Any, request: HttpRequest) -> Registration:
    return cancel_registration(registration_id=pk, undoable=True)


def _undo(pk: Any, request: HttpRequest) -> Registration:
    return undo_decision(registration_id=pk)


def _can_be_undone(row: Registration) -> bool:
    return can_be_undone(registration=row)


class DeclineForm(forms.Form):
    note = forms.CharField(
        label=_("Reason (may be left empty)"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "class": "vLargeTextField"}),
        help_text=_(
            "Stands in the e-mail and on the person’s own page, just as you write it: in a language these people read."
        ),
    )


class RegistrationRows(ExportAdmin, MoveUpAdmin):
    """What the lists of registrations have in common: columns, scope, the steps that lead on."""

    area = Area.REGISTRATIONS
    columns = REGISTRATION_COLUMNS
    exported_from = "workshop"
    to_conference = "workshop__conference"
    exported_with = ("workshop", "participant")
    steps = (
        Step("confirm", _("Confirm as requested"), _confirm, at_once=True),
        Step("confirm_as_listener", _("Confirm as listener"), _confirm_as_listener),
        Step("put_on_waiting_list", _("Put on the waiting list"), _wait),
        Step("decline", _("Decline"), _decline, form=DeclineForm),
        Step("cancel", pgettext_lazy("registration", "Cancel"), _cancel),
        Step("undo", _("Undo the decision"), _undo, fits=_can_be_undone),
    )
    undo = "undo"
    # The preview shows the last place going to who asked first. Workshops come in the order in which everybody
    # takes their places, so that nobody waits for each other.
    acting_order = ("workshop_id", "created_at", "pk")
    list_display = ("person", "workshop", "role", "state", "organisation", "country", "registered")
    search_fields = (
        "participant__first_name",
        "participant__last_name",
        "participant__email",
        "participant__organisation",
        "participant__city",
    )
    fields = (
        "participant",
        "organisation",
        "country",
        "workshop",
        "role",
        "state",
        "registered",
        "decided",
        "decision_note",
    )
    readonly_fields = ("organisation", "country", "state", "registered", "decided")

    def in_scope(self, scope: Scope) -> Q:
        return scope.own_workshops("workshop")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        ahead = (
            Registration.objects.filter(
                workshop=OuterRef("workshop"),
                role=OuterRef("role"),
                status=_Status.WAITLISTED,
                offered_until__isnull=True,
            )
            .filter(
                Q(waiting_since__lt=OuterRef("waiting_since"))
                | Q(waiting_since=OuterRef("waiting_since"), pk__lte=OuterRef("pk"))
            )
            .order_by()
            .values("workshop")
            .annotate(count=Count("pk"))
            .values("count")
        )
        rows = super().rows(request).select_related("participant", "workshop__conference")
        # Who has an offer stands in no queue any more.
        in_queue = Case(When(offered_until__isnull=True, then=Subquery(ahead)))
        place = Coalesce(in_queue, Value(0), output_field=IntegerField())
        placed: QuerySet[Any] = rows.annotate(waiting_place=place)
        return placed

    def get_search_fields(self, request: HttpRequest) -> Any:
        return searched(request, self.search_fields)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        withhold_addresses(request, changelist.result_list)
        return changelist

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found: Any = super().get_object(request, object_id, from_field)
        if found is not None:
            withhold_addresses(request, [found])
        return found

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A participant’s page is no place to be led to for those who may not open it."""
        names: Any = super().get_fields(request, obj)
        if sees_all_addresses(request):
            return names
        return ["person" if name == "participant" else name for name in names]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("person", *super().get_readonly_fields(request, obj))

    def get_ordering(self, request: HttpRequest) -> Any:
        """Who waits for a decision comes first, then who waits for a place; among them who came first."""
        first = Case(
            When(status=_Status.REQUESTED, then=0), When(status=_Status.WAITLISTED, then=1), default=2
        )
        return [first.asc(), F("created_at").asc(), "pk"]

    def state_of(self, obj: Registration) -> str:
        parts = [obj.get_status_display(), obj.get_role_display()]
        if obj.offered_until is not None:
            parts.append(_offered(obj))
        if obj.listens_meanwhile:
            parts.append(gettext("listens meanwhile"))
        return ", ".join(str(part) for part in parts)

    def name_of(self, obj: Registration) -> str:
        return f"{obj.participant} – {obj.workshop}"

    @admin.display(description=_("participant"), ordering="participant__last_name")
    def person(self, obj: Registration) -> SafeString:
        person = obj.participant
        return format_html('{}<br><span class="quiet">{}</span>', person.full_name or "–", person.email)

    @admin.display(description=_("organisation"), ordering="participant__organisation")
    def organisation(self, obj: Registration) -> str:
        person = obj.participant
        return ", ".join(part for part in (person.organisation, person.city) if part) or "–"

    @admin.display(description=_("country"), ordering="participant__country")
    def country(self, obj: Registration) -> str:
        return obj.participant.country.name or "–"

    @admin.display(description=_("status"), ordering="status")
    def state(self, obj: Registration) -> SafeString:
        text = str(obj.get_status_display())
        if obj.status == _Status.WAITLISTED:
            place = {"status": text, "place": obj.waiting_place}  # type: ignore[attr-defined]
            text = _offered(obj) if obj.offered_until else gettext("%(status)s, place %(place)d") % place
            if obj.listens_meanwhile:
                text = f"{text}, {gettext('listens meanwhile')}"
        return status_mark(obj.status, text)

    @admin.display(description=_("registered"), ordering="created_at")
    def registered(self, obj: Registration) -> str | SafeString:
        return on_both_clocks(obj.created_at, obj.workshop.conference)

    @admin.display(description=_("decided"), ordering="decided_at")
    def decided(self, obj: Registration) -> str | SafeString:
        return on_both_clocks(obj.decided_at, obj.workshop.conference)


def _offered(registration: Registration) -> str:
    if registration.offered_until is None:
        return ""
    zones = registration.workshop.conference.zones
    return gettext("place offered until %(moment)s") % {
        "moment": both_clocks(registration.offered_until, zones)
    }
