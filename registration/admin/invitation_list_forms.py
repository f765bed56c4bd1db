from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from registration.admin.invite import WorkshopsForm
from registration.models import InvitationList
from workshops.models import Conference

MOST_STEPS = 5
LONGEST_DAYS = 90


class DaysField(forms.CharField):
    """Numbers of days with commas between them, as a list of whole numbers."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Remind after … days"),
            required=False,
            max_length=60,
            widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
            help_text=_(
                "Such as 7, 14: counted from the day the invitation was sent, for those who have not answered by then "
                "and can still register. Empty: no reminders by themselves."
            ),
        )

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = re.split(r"[\s,;]+", str(value or "").strip())
        return [self._days(word) for word in words if word]

    def clean(self, value: Any) -> Any:
        self.max_length_of(value)
        days = sorted(set(self.to_python(value)))
        if len(days) > MOST_STEPS:
            raise forms.ValidationError(_("At most %(limit)d reminders."), params={"limit": MOST_STEPS})
        return days

    def max_length_of(self, value: Any) -> None:
        for validator in self.validators:
            validator(str(value or ""))

    @staticmethod
    def _days(word: str) -> int:
        if not (word.isascii() and word.isdecimal() and 1 <= int(word[:4]) <= LONGEST_DAYS and len(word) < 4):
            raise forms.ValidationError(
                _("“%(word)s” is no number of days between 1 and %(limit)d."),
                params={"word": word[:20], "limit": LONGEST_DAYS},
            )
        return int(word)


class PlanForm(forms.Form):
    remind_after_days = DaysField()

    @classmethod
    def of(cls, _request: HttpRequest, kept: InvitationList) -> PlanForm:
        return cls(initial={"remind_after_days": kept.remind_after_days})


class SettingsForm(WorkshopsForm):
    """What holds for rows that name nothing themselves."""

    name = forms.CharField(
        label=_("Name of the list"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    remind_after_days = DaysField()
    field_order = ("workshops", "language", "remind_after_days", "name")

    def __init__(self, request: HttpRequest, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.own = self.own.filter(conference=conference)
        self.fields["workshops"].queryset = self.own  # type: ignore[attr-defined]

    @classmethod
    def of(cls, request: HttpRequest, kept: InvitationList) -> SettingsForm:
        initial = {
            "name": kept.name,
            "language": kept.language,
            "workshops": list(kept.workshops.values_list("pk", flat=True)),
            "remind_after_days": kept.remind_after_days,
        }
        return cls(request, initial=initial, conference=kept.conference)
