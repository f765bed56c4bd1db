"""Access details for each day and role. Saving mails them: the form first says to how many."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from registration.admin.shown import status_mark
from registration.domain.access import recipients_of, save_access_details
from registration.models import AccessDetails
from workshops.admin.base import KoprueForm, OfOneWorkshopAdmin, ScopedRelatedFilter
from workshops.admin.clocks import clocks_of_day, on_both_clocks
from workshops.domain.scope import Right
from workshops.templatetags.texts import weekday_date


class AccessDetailsForm(KoprueForm):
    announce = forms.BooleanField(
        label=_("Mail these details now"),
        required=False,
        help_text=_(
            "Needed where people are already confirmed for this day and role: they are written to at once."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(AccessDetails.SECRETS) & set(self.fields):
            self.fields[name].widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})
        if self.instance.pk and "announce" in self.fields:
            self.fields["announce"].help_text = _will_mail(recipients_of(details=self.instance))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.details_changed = bool(set(self.changed_data) - {"announce"})
        if not self.errors and self.details_changed and not self.cleaned_data.get("announce"):
            self._ask_first()
        return cleaned

    def _ask_first(self) -> None:
        day = self.cleaned_data.get("day") or self.instance.day
        role = self.cleaned_data.get("role") or self.instance.role
        count = recipients_of(details=AccessDetails(day=day, role=role))
        if count:
            self.add_error(
                "announce", _("%(sentence)s Please tick this to go on.") % {"sentence": _will_mail(count)}
            )


def _will_mail(count: int) -> str:
    if not count:
        return str(_("Nobody is confirmed for this day and role yet: nobody is mailed when you save."))
    return (
        ngettext(
            "Saving mails these details to %d person.", "Saving mails these details to %d people.", count
        )
        % count
    )


@admin.register(AccessDetails)
class AccessDetailsAdmin(OfOneWorkshopAdmin):
    to_workshop = "day__workshop"
    deleters = Right.NOBODY
    form = AccessDetailsForm
    list_display = ("date", "workshop", "role", "state", "version", "changed")
    list_filter = (("day__workshop", ScopedRelatedFilter), "role")
    readonly_fields = ("both_clocks", "version", "changed")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        head = [("day", "role", "both_clocks"), ("version", "changed")] if obj else [("day", "role")]
        secrets = ["url", ("meeting_number", "passcode"), "dial_in", "interpreter_channel"]
        return (
            (None, {"fields": head}),
            (_("Access details"), {"fields": secrets}),
            (_("Mail"), {"fields": ["announce"]}),
        )

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
        if form.details_changed:
            said = (
                ngettext("The details go out to %d person.", "The details go out to %d people.", count)
                % count
            )
            self.message_user(request, said if count else _will_mail(0), messages.INFO)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """The history names the fields that changed, never what stands in them."""
        form.changed_data = [name for name in form.changed_data if name != "announce"]
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

    @admin.display(description=_("status"))
    def state(self, obj: AccessDetails) -> SafeString:
        if obj.is_complete:
            return status_mark("confirmed", _("complete"))
        return status_mark("requested", _("incomplete: nothing to send"))

    @admin.display(description=_("changed"), ordering="changed_at")
    def changed(self, obj: AccessDetails) -> str | SafeString:
        return on_both_clocks(obj.changed_at, obj.day.workshop.conference)


def _limit(field: forms.CharField, length: int) -> None:
    """The column holds what is encrypted and knows no length of its own."""
    field.max_length = length
    field.validators.append(MaxLengthValidator(length))
