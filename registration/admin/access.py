"""Access details for each day and role: not shown unless asked for, and mailed when they are saved."""

from __future__ import annotations

from typing import Any

from auditlog.signals import accessed
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxLengthValidator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from registration.admin.access_form import AccessDetailsForm, cleared, will_go_out, will_mail
from registration.admin.access_pages import AccessPages
from registration.admin.filters import PersonalCodesFilter
from registration.admin.shown import status_mark
from registration.domain.access import save_access_details
from registration.models import AccessDetails
from workshops.admin.base import OfOneWorkshopAdmin, ScopedRelatedFilter
from workshops.admin.clocks import clocks_of_day, on_both_clocks
from workshops.domain.scope import Area, Right
from workshops.templatetags.texts import weekday_date


@admin.register(AccessDetails)
class AccessDetailsAdmin(OfOneWorkshopAdmin):
    area = Area.ACCESS
    to_workshop = "day__workshop"
    deleters = Right.NOBODY
    form = AccessDetailsForm
    list_display = ("date", "workshop", "role", "state", "version", "changed")
    list_filter = (("day__workshop", ScopedRelatedFilter), "role", ("personal_codes", PersonalCodesFilter))
    readonly_fields = ("both_clocks", "version", "changed", "goes_out")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        head = [("day", "role", "both_clocks"), ("version", "changed")] if obj else [("day", "role")]
        secrets: list[Any] = ["url", ("meeting_number", "passcode"), "dial_in", "interpreter_channel"]
        if obj and not _is_shown(request):
            secrets = [_with_tick(obj, name) for name in AccessDetails.SECRETS]
        return (
            (None, {"fields": head}),
            (_("Access details"), {"fields": secrets}),
            (_("Mail"), {"fields": _mail_fields(obj)}),
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.shown = _is_shown(request)
        return form

    def get_urls(self) -> list[URLPattern]:
        pages = AccessPages(self)
        views = {"show": self.show_view, **pages.views()}
        return [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"registration_accessdetails_{name}",
            )
            for name, view in views.items()
        ] + super().get_urls()

    def show_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page with the secrets in it, for a button only; that it was asked for is recorded."""
        change = reverse("admin:registration_accessdetails_change", args=[object_id])
        details = self.get_object(request, unquote(object_id))
        if details is None:
            raise Http404
        if not self.has_change_permission(request, details):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(change)
        accessed.send(AccessDetails, instance=details)
        request._koprue_shown = True  # type: ignore[attr-defined]
        # What follows is the page as one reads it, not a form that was sent.
        request.method = "GET"
        response: HttpResponse = self.change_view(request, object_id, form_url=change)
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        show = reverse("admin:registration_accessdetails_show", args=[object_id])
        address = request.user.email  # type: ignore[union-attr]
        extra = {"is_shown": _is_shown(request), "show_url": show, "own_address": address}
        extra |= extra_context or {}
        return super().change_view(request, object_id, form_url, extra)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # Mailed details belong to one day and role for good; others get details of their own.
        return (*self.readonly_fields, "day", "role") if obj else ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in {"url", "meeting_number", "passcode", "interpreter_channel"}:
            field.widget = admin.widgets.AdminTextInputWidget()
        if db_field.name == "dial_in":
            field.widget.attrs["rows"] = 3
        if db_field.name in AccessDetails.SECRETS:
            _limit(field, 2_000)
        return field

    def save_model(self, request: HttpRequest, obj: AccessDetails, form: Any, change: bool) -> None:
        count = save_access_details(details=obj, by=request.user)  # type: ignore[arg-type]
        if later := will_go_out(obj):
            note = format_html(gettext("Saved. The details go out by themselves: {}."), later)
            self.message_user(request, note, messages.INFO)
        elif form.changed_names:
            said = (
                ngettext("The details go out to %d person.", "The details go out to %d people.", count)
                % count
            )
            self.message_user(request, said if count else will_mail(0), messages.INFO)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """The history names the fields that changed, never what stands in them."""
        form.changed_data = form.changed_names
        return super().construct_change_message(request, form, formsets, add)

    @admin.display(description=_("day"), ordering="day__date")
    def date(self, obj: AccessDetails) -> SafeString | str:
        return weekday_date(obj.day.date)

    @admin.display(description=_("workshop"), ordering="day__workshop__position")
    def workshop(self, obj: AccessDetails) -> str:
        return str(obj.day.workshop)

    @admin.display(description=_("on both clocks"))
    def both_clocks(self, obj: AccessDetails) -> str | SafeString:
        return clocks_of_day(obj.day) if obj.pk else "–"

    @admin.display(description=_("goes out"))
    def goes_out(self, obj: AccessDetails) -> str | SafeString:
        return will_go_out(obj) or "–"

    @admin.display(description=_("status"))
    def state(self, obj: AccessDetails) -> SafeString:
        if obj.is_complete and not obj.version:
            return status_mark("draft", _("complete, not sent yet"))
        if obj.is_complete:
            return status_mark("confirmed", _("complete"))
        return status_mark("requested", _("incomplete: nothing to send"))

    @admin.display(description=_("changed"), ordering="changed_at")
    def changed(self, obj: AccessDetails) -> str | SafeString:
        return on_both_clocks(obj.changed_at, obj.day.workshop.conference)


def _is_shown(request: HttpRequest) -> bool:
    """Also for the form that such a page sends: in it an empty input means an empty text."""
    return getattr(request, "_koprue_shown", False) or "shown" in request.POST


def _mail_fields(obj: AccessDetails | None) -> list[Any]:
    """Once they have been sent a change goes out at once: there is nothing left to plan."""
    if obj is None:
        return ["announce", ("send_at", "hours_before")]
    codes = ["personal_codes"] if obj.personal_codes else []
    return (
        ["announce", *codes] if obj.version else ["announce", *codes, ("send_at", "hours_before"), "goes_out"]
    )


def _with_tick(details: AccessDetails, name: str) -> tuple[str, ...]:
    return (name, cleared(name)) if getattr(details, name) else (name,)


def _limit(field: forms.CharField, length: int) -> None:
    """The column holds what is encrypted and knows no length of its own."""
    field.max_length = length
    field.validators.append(MaxLengthValidator(length))
