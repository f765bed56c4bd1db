"""The form of access details: what is stored is not in the page unless somebody asked to see it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from registration.domain.access import recipients_of
from registration.domain.access_schedule import is_due, sends_at
from registration.models import AccessDetails
from workshops.admin.base import KoprueForm
from workshops.admin.clocks import on_both_clocks

CLEAR = "clear_"
_SCHEDULE = ("send_at", "hours_before")
_BESIDE = ("day", "role", "personal_codes")
MOST_HOURS = 24 * 60


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
        if "hours_before" in self.fields:
            self.fields["hours_before"].validators.append(MaxValueValidator(MOST_HOURS))
        if self.instance.pk and "announce" in self.fields:
            self.fields["announce"].help_text = self._what_saving_does()

    def _what_saving_does(self) -> str:
        if not self.instance.version and not is_due(details=self.instance, at=timezone.now()):
            return str(_("Not before the time below. Take that away to mail them when you save."))
        return will_mail(recipients_of(details=self.instance))

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
        self.details_changed = bool(changed := [*self._changed(_BESIDE), *self._changed_secrets()])
        self.changed_names = [*changed, *self._changed(_SCHEDULE)]
        if not self.errors and self._goes_out_now() and not self.cleaned_data.get("announce"):
            self._ask_first()
        return cleaned

    def _changed(self, names: tuple[str, ...]) -> list[str]:
        return [name for name in names if name in self.changed_data]

    def _goes_out_now(self) -> bool:
        """What was announced before does so when it changes, anything else when its time has come."""
        if self.instance.version:
            return self.details_changed
        return bool(self.changed_names) and is_due(details=self._as_typed(), at=timezone.now())

    def _as_typed(self) -> AccessDetails:
        names = (*_SCHEDULE, "day", "role")
        typed = {name: self.cleaned_data.get(name) for name in names if name in self.fields}
        if self.instance.pk:
            typed |= {"day": self.instance.day, "role": self.instance.role}
        return AccessDetails(**typed)

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
        count = recipients_of(details=self._as_typed())
        if count:
            self.add_error(
                "announce", _("%(sentence)s Please tick this to go on.") % {"sentence": will_mail(count)}
            )


def will_go_out(details: AccessDetails) -> str:
    """When they go out by themselves, on both clocks; empty where they have, or are not held back."""
    moment = sends_at(details=details)
    if details.version or moment is None or moment <= timezone.now():
        return ""
    return str(on_both_clocks(moment, details.day.workshop.conference))


def will_mail(count: int) -> str:
    if not count:
        return str(_("Nobody is confirmed for this day and role yet: nobody is mailed when you save."))
    return (
        ngettext(
            "Saving mails these details to %d person.", "Saving mails these details to %d people.", count
        )
        % count
    )
