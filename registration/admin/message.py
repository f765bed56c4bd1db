"""The outbox, to look at. A row holds no text: mails are rendered when they are sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Case, F, Q, QuerySet, When
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.admin.bulk import BulkAdmin, Step
from registration.admin.deciding_filters import SinceFilter
from registration.admin.filters import AboutWorkshopFilter
from registration.admin.message_preview import preview_urls
from registration.admin.scoping import own_messages, require_all_own
from registration.admin.shown import status_mark
from registration.domain.figures.mails import unsent
from registration.domain.outbox.send_again import send_again
from registration.domain.outbox.stop import stop_message
from registration.models import Announcement, DeliveryEvent, Message
from workshops.admin.base import scope_for
from workshops.admin.clocks import on_both_clocks
from workshops.admin.inlines import ReadOnlyTabular
from workshops.domain.scope import Area, Scope
from workshops.models import Conference, Workshop

# Longer numbers are more than the database takes as a key.
_LONGEST_KEY = 18


def _send_again(pk: Any, request: HttpRequest) -> Message:
    _require_all_own(pk, request)
    return send_again(message_id=pk)


def _stop(pk: Any, request: HttpRequest) -> Message:
    _require_all_own(pk, request)
    return stop_message(message_id=pk)


def _require_all_own(pk: Any, request: HttpRequest) -> None:
    """The mail of an invitation is the invitation: who may not withdraw it may not stop it either."""
    found = Message.objects.filter(pk=pk).values_list("invitation", "facts").first()
    invitation, facts = found or (None, {})
    told = Workshop.objects.filter(pk__in=facts.get("workshops", ()))
    workshops = Workshop.objects.filter(invitations=invitation) if invitation is not None else told
    require_all_own(scope_for(request), workshops=workshops)


class DeliveryEventInline(ReadOnlyTabular):
    """What the mail provider reported about this message."""

    model = DeliveryEvent
    # Its kind is the heading of each row.
    fields = ("occurred", "words")
    readonly_fields = ("occurred", "words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("message__participant__conference")

    @admin.display(description=_("occurred"))
    def occurred(self, obj: DeliveryEvent) -> str | SafeString:
        return _on_clocks(obj.message, obj.occurred_at)

    @admin.display(description=_("reason"))
    def words(self, obj: DeliveryEvent) -> str:
        return obj.reason or "–"


class WrittenFilter(SinceFilter):
    title = _("written")


class UnsentFilter(admin.SimpleListFilter):
    """What the start page counts while mail stands still."""

    title = _("sending")
    parameter_name = "unsent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("should have left already"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(unsent(at=timezone.now())) if self.value() == "yes" else queryset


class AnnouncementFilter(admin.SimpleListFilter):
    """The mails of one message to a group; reached from that message's page."""

    title = _("message to a group")
    parameter_name = "announcement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        chosen = self.used_parameters.get(self.parameter_name)
        key = str(chosen[-1] if isinstance(chosen, list) else chosen or "")
        if not key.isascii() or not key.isdecimal() or len(key) > _LONGEST_KEY:
            return []
        own = admin.site.get_model_admin(Announcement).get_queryset(request)
        return [(str(found.pk), str(found)) for found in own.filter(pk=int(key))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {key for key, _title in self.lookup_choices}
        if self.value() not in known:
            return queryset
        return queryset.filter(kind=Message.Kind.ANNOUNCEMENT, facts__announcement=int(self.value() or 0))


@admin.register(Message)
class MessageAdmin(BulkAdmin):
    area = Area.PEOPLE
    steps = (
        Step("send_again", _("Send again"), _send_again, at_once=True),
        Step("stop", _("Stop"), _stop),
    )
    acting_order = ("created_at", "pk")
    list_display = ("kind", "recipient", "state", "attempts", "written", "due", "reason")
    list_filter = ("status", UnsentFilter, "kind", AboutWorkshopFilter, WrittenFilter, AnnouncementFilter)
    change_form_template = "admin/registration/message/change_form.html"
    search_fields = ("recipient", "participant__first_name", "participant__last_name")
    fields = (
        "kind",
        "recipient",
        "language",
        "state",
        "attempts",
        "written",
        "due",
        "sent",
        "reason",
        "message_id",
    )
    readonly_fields = ("state", "written", "due", "sent", "reason", "message_id")
    inlines = (DeliveryEventInline,)

    def in_scope(self, scope: Scope) -> Q:
        return own_messages(scope)

    def get_urls(self) -> list[URLPattern]:
        return [*preview_urls(self), *super().get_urls()]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """Not joined: a hundred thousand rows are sorted by themselves far more quickly."""
        rows: QuerySet[Any] = super().rows(request)
        return rows.prefetch_related("participant__conference")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """What looks like an address is looked for by the database; names are compared letter by letter."""
        if "@" in search_term:
            return queryset.filter(recipient__icontains=search_term.strip()), False
        return super().get_search_results(request, queryset, search_term)

    def get_ordering(self, request: HttpRequest) -> Any:
        """What failed comes first."""
        return [
            Case(When(status=Message.Status.FAILED, then=0), default=1).asc(),
            F("created_at").desc(),
            "pk",
        ]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Reports on the site name no participant: on whose clocks they are shown is asked once."""
        changelist = super().get_changelist_instance(request)
        conference = _site_conference()
        for message in changelist.result_list:
            message.site_conference = conference
        return changelist

    def name_of(self, obj: Message) -> str:
        return f"{obj.get_kind_display()} – {obj.recipient}"

    @admin.display(description=_("status"), ordering="status")
    def state(self, obj: Message) -> SafeString:
        return status_mark(obj.status, obj.get_status_display())

    @admin.display(description=_("written"), ordering="created_at")
    def written(self, obj: Message) -> str | SafeString:
        return _on_clocks(obj, obj.created_at)

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, obj: Message) -> str | SafeString:
        waits = obj.status in {Message.Status.QUEUED, Message.Status.RETRY}
        return _on_clocks(obj, obj.due_at) if waits else "–"

    @admin.display(description=_("sent"), ordering="sent_at")
    def sent(self, obj: Message) -> str | SafeString:
        return _on_clocks(obj, obj.sent_at)

    @admin.display(description=_("reason"), ordering="last_error")
    def reason(self, obj: Message) -> str:
        return gettext(obj.last_error) if obj.last_error else "–"


def _on_clocks(message: Message, moment: dt.datetime | None) -> str | SafeString:
    own = message.participant.conference if message.participant else None
    conference = own or getattr(message, "site_conference", None) or _site_conference()
    return on_both_clocks(moment, conference) if conference else "–"


def _site_conference() -> Conference | None:
    return Conference.objects.order_by("-is_current").first()
