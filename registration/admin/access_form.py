"""The form of access details: what is stored is not in the page unless somebody asked to see it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from registration.domain.access import recipients_of
from registration.models import AccessDetails
from workshops.admin.base import KoprueForm

CLEAR = "clear_"


def cleared(name: str) -> str:
    """The tick beside a secret, with which it is removed unseen."""
    return f"{CLEAR}{name}"


def _tick() -> forms.BooleanField:
    return forms.BooleanField(label=_("Remove"), required=False)


class AccessDetailsForm(KoprueForm):
    """`shown`: the secrets stand in their inputs, and an empty input removes one. Else an empty input keeps it."""

    shown = False

    announce = forms.BooleanField(
        label=_("Mail these details now"),
        required=False,
        help_text=_(
            "Needed where people are already confirmed for this day and role: they are written to at once."
        ),
    )
    clear_url = _tick()
    clear_meeting_number = _tick()
    clear_passcode = _tick()
    clear_dial_in = _tick()
    clear_interpreter_channel = _tick()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.masked = self.instance.pk is not None and not self.shown
        self.changed_names: list[str] = []
        self.details_changed = False
        for name in set(AccessDetails.SECRETS) & set(self.fields):
            self.fields[name].widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})
            self._mask(name)
        if self.instance.pk and "announce" in self.fields:
            self.fields["announce"].help_text = will_mail(recipients_of(details=self.instance))

    def _mask(self, name: str) -> None:
        is_set = bool(getattr(self.instance, name))
        if not (self.masked and is_set):
            self.fields.pop(cleared(name), None)
        if not self.masked:
            return
        self.initial[name] = ""
        if is_set:
            self.fields[name].widget.attrs["placeholder"] = "••••••••"
            self.fields[name].help_text = _("Stored, not shown. Leave empty to keep it.")
        else:
            self.fields[name].help_text = _("Nothing is stored here.")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.masked:
            self._keep_what_is_empty()
        # Now, while the instance still has what is stored.
        self.changed_names = [*({"day", "role"} & set(self.changed_data)), *self._changed_secrets()]
        self.details_changed = bool(self.changed_names)
        if not self.errors and self.details_changed and not self.cleaned_data.get("announce"):
            self._ask_first()
        return cleaned

    def _changed_secrets(self) -> list[str]:
        return [
            name
            for name in AccessDetails.SECRETS
            if name in self.cleaned_data and self.cleaned_data[name] != getattr(self.instance, name)
        ]

    def _keep_what_is_empty(self) -> None:
        for name in set(AccessDetails.SECRETS) & set(self.cleaned_data):
            if not self.cleaned_data[name]:
                stays = not self.cleaned_data.get(cleared(name))
                self.cleaned_data[name] = getattr(self.instance, name) if stays else ""
            elif self.cleaned_data.get(cleared(name)):
                self.add_error(name, _("Type a new value, or tick “Remove”, but not both."))

    def _ask_first(self) -> None:
        day = self.cleaned_data.get("day") or self.instance.day
        role = self.cleaned_data.get("role") or self.instance.role
        count = recipients_of(details=AccessDetails(day=day, role=role))
        if count:
            self.add_error(
                "announce", _("%(sentence)s Please tick this to go on.") % {"sentence": will_mail(count)}
            )


def will_mail(count: int) -> str:
    if not count:
        return str(_("Nobody is confirmed for this day and role yet: nobody is mailed when you save."))
    return (
        ngettext(
            "Saving mails these details to %d person.", "Saving mails these details to %d people.", count
        )
        % count
    )
