"""Who changed what, for the organisers to read; nobody adds, changes or deletes an entry here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from auditlog.models import LogEntry
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from conference.audited import audited_models
from conference.models import AuditEntry
from registration.admin.audit_words import ACTIONS, action_of, brief_changes, changes_of, kind_of
from registration.admin.scoping import own_invitations, own_participants
from registration.models import Invitation, Participant
from workshops.admin.base import ScopedAdmin
from workshops.admin.clocks import NONE, on_both_clocks
from workshops.domain.scope import Right, Scope
from workshops.models import Conference
from workshops.names import name_key

# Its own page knows no scope.
admin.site.unregister(LogEntry)
SHOWN_IN_A_ROW = 4


def own_entries(scope: Scope) -> Q:
    """Of a whole conference everything about it; of one workshop its rows and its people."""
    if scope.everything:
        return Q()
    people = Participant.objects.filter(own_participants(scope)).values("pk")
    invitations = Invitation.objects.filter(own_invitations(scope)).values("pk")
    return (
        Q(additional_data__conference__in=list(scope.conferences))
        | Q(additional_data__workshop__in=list(scope.workshops))
        | Q(content_type=ContentType.objects.get_for_model(Participant), object_id__in=people)
        | Q(content_type=ContentType.objects.get_for_model(Invitation), object_id__in=invitations)
    )


class ActorFilter(admin.SimpleListFilter):
    """The organisers whose work this reader sees: the team's, not everybody who has an account."""

    title = _("person")
    parameter_name = "who"
    NOBODY = "nobody"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        keys = model_admin.get_queryset(request).order_by().values("actor").distinct()
        users = get_user_model()._default_manager.filter(pk__in=keys)
        named = sorted(((str(user.pk), str(user)) for user in users), key=lambda choice: name_key(choice[1]))
        return [*named, (self.NOBODY, _("a command"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        if chosen == self.NOBODY:
            return queryset.filter(actor=None)
        known = {key for key, _name in self.lookup_choices}
        return queryset.filter(actor=int(chosen)) if chosen in known else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        named = [
            (model._meta.label_lower, capfirst(str(model._meta.verbose_name))) for model in audited_models()
        ]
        return sorted(named, key=lambda choice: name_key(choice[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = next((model for model in audited_models() if model._meta.label_lower == self.value()), None)
        if chosen is None:
            return queryset
        return queryset.filter(content_type=ContentType.objects.get_for_model(chosen))


class ActionFilter(admin.SimpleListFilter):
    title = _("what was done")
    parameter_name = "done"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(action), capfirst(str(name))) for action, name in ACTIONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {key for key, _name in self.lookup_choices}
        return queryset.filter(action=int(self.value() or 0)) if self.value() in known else queryset


class SinceFilter(admin.SimpleListFilter):
    title = _("time")
    parameter_name = "since"
    DAYS = {"1": _("in the last 24 hours"), "7": _("in the last 7 days"), "30": _("in the last 30 days")}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.DAYS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in self.DAYS:
            return queryset
        return queryset.filter(timestamp__gte=timezone.now() - dt.timedelta(days=int(self.value() or 0)))


@admin.register(AuditEntry)
class AuditEntryAdmin(ScopedAdmin):
    adders = changers = deleters = Right.NOBODY
    list_display = ("time", "who", "done", "kind", "row", "changes_in_short")
    list_display_links = ("time",)
    list_select_related = ("actor", "content_type")
    list_filter = (SinceFilter, ActorFilter, KindFilter, ActionFilter)
    search_fields = ("object_repr", "actor__email", "actor__first_name", "actor__last_name")
    readonly_fields = ("time", "who", "done", "kind", "row", "reason", "changes_in_full")

    def in_scope(self, scope: Scope) -> Q:
        return own_entries(scope)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        has_reason = bool((getattr(obj, "additional_data", None) or {}).get("reason"))
        return [name for name in self.readonly_fields if name != "reason" or has_reason]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """On whose clocks each entry is shown is asked once."""
        changelist = super().get_changelist_instance(request)
        conferences = list(Conference.objects.order_by("-is_current"))
        for entry in changelist.result_list:
            entry.shown_for = _conference_of(entry, conferences)
        return changelist

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            entry.shown_for = _conference_of(entry, list(Conference.objects.order_by("-is_current")))
        return entry

    @admin.display(description=_("when"), ordering="timestamp")
    def time(self, obj: Any) -> str | SafeString:
        return on_both_clocks(obj.timestamp, obj.shown_for) if obj.shown_for else NONE

    @admin.display(description=_("who"), ordering="actor__last_name")
    def who(self, obj: Any) -> str:
        if command := (obj.additional_data or {}).get("command"):
            return gettext("command “%(name)s”") % {"name": command}
        return str(obj.actor or obj.actor_email or NONE)

    @admin.display(description=_("what was done"), ordering="action")
    def done(self, obj: Any) -> str:
        return action_of(obj)

    @admin.display(description=_("kind"), ordering="content_type")
    def kind(self, obj: Any) -> str:
        return kind_of(obj)

    @admin.display(description=_("object"), ordering="object_repr")
    def row(self, obj: Any) -> str:
        return str(obj.object_repr)

    @admin.display(description=_("changes"))
    def changes_in_short(self, obj: Any) -> str | SafeString:
        lines = exported(obj) or (
            brief_changes(obj, obj.shown_for) if obj.action == LogEntry.Action.UPDATE else []
        )
        if len(lines) > SHOWN_IN_A_ROW:
            lines = [*lines[: SHOWN_IN_A_ROW - 1], "…"]
        if reason := (obj.additional_data or {}).get("reason"):
            lines = [*lines, gettext("Reason: %(text)s") % {"text": reason}]
        return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines)) or NONE

    @admin.display(description=_("changes"))
    def changes_in_full(self, obj: Any) -> str | SafeString:
        changes = changes_of(obj, obj.shown_for)
        if lines := exported(obj):
            return ", ".join(lines)
        return (
            _table([(change.label, change.before, change.after) for change in changes]) if changes else NONE
        )

    @admin.display(description=_("reason"))
    def reason(self, obj: Any) -> str:
        return str((obj.additional_data or {}).get("reason") or NONE)


def _conference_of(entry: Any, conferences: list[Conference]) -> Conference | None:
    """The entry’s own; for accounts, which belong to none, the current one: it comes first."""
    key = (entry.additional_data or {}).get("conference")
    own = next((conference for conference in conferences if conference.pk == key), None)
    return own or next(iter(conferences), None)


def exported(entry: Any) -> list[str]:
    """What was taken out of the site: how many rows of what, and as which kind of file."""
    data = (entry.additional_data or {}).get("export")
    if not data:
        return []
    return [f"{data['rows']} × {_plural(data['model'])} ({data['format'].upper()})"]


def _plural(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name_plural)


def _table(rows: list[tuple[str, Any, Any]]) -> SafeString:
    head = format_html_join(
        "",
        '<th scope="col">{}</th>',
        (
            (capfirst(str(name)),)
            for name in (_("field"), pgettext("change", "before"), pgettext("change", "after"))
        ),
    )
    body = format_html_join("", '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>', rows)
    return format_html(
        '<table class="bulk-table audit-changes"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        head,
        body,
    )
