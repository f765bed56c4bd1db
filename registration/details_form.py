"""Who somebody is, as the registration form and the small form of one's own page ask for it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registration.country_field import CountryField, CountrySelect
from registration.domain.register import PersonDetails
from registration.form_fields import LineField, own
from registration.form_renderer import FORMS
from registration.models import Participant, PrivacyVersion
from workshops.languages import OWN_NAMES

DETAILS = tuple(field.name for field in fields(PersonDetails))
_NEW_WORDING = _("The privacy notice has changed meanwhile. Please read the new wording and agree to it.")
_CONSENT = forms.BooleanField(
    label=_("Privacy"),
    widget=forms.CheckboxInput(attrs={"aria-invalid": "false"}),
    error_messages={"required": _("Please agree: without it we may not keep your registration.")},
)
_VERSION = forms.CharField(required=False, widget=forms.HiddenInput)


class DetailsForm(forms.Form):
    """Who the person is."""

    default_renderer = FORMS

    first_name = LineField(
        label=_("First name"),
        max_length=100,
        required_message=_("Enter your first name."),
        autocomplete="given-name",
    )
    last_name = LineField(
        label=_("Last name"),
        max_length=100,
        required_message=_("Enter your last name."),
        autocomplete="family-name",
    )
    organisation = LineField(
        label=_("Organisation"),
        max_length=200,
        required_message=_("Enter your organisation."),
        autocomplete="organization",
        help_text=_("For example your city, municipality, association or ministry."),
    )
    position = LineField(label=_("Position"), max_length=200, autocomplete="organization-title")
    city = LineField(label=_("City"), max_length=100, autocomplete="address-level2")
    country = CountryField(
        label=_("Country"),
        # Else a browser calls it invalid before anybody has chosen.
        widget=CountrySelect(attrs={"autocomplete": "country", "aria-invalid": "false"}),
        error_messages={
            "required": _("Choose your country."),
            "invalid_choice": _("This country is not in the list. Please choose one from it."),
        },
    )
    language = forms.ChoiceField(
        label=_("In which language may we write to you?"),
        choices=list(OWN_NAMES.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the language in which we write to you."),
            "invalid_choice": _("We write in German, Turkish or English. Please choose one of them."),
        },
    )

    def __init__(self, *args: Any, privacy: PrivacyVersion | None, **kwargs: Any) -> None:
        """`privacy` is the version still to be consented to; None where nothing is to be asked."""
        super().__init__(*args, **kwargs)
        self.privacy = privacy
        self._add_questions()
        if privacy is not None:
            self._add_consent(privacy)

    def _add_questions(self) -> None:
        """What else is asked, between who the person is and their consent."""

    def _add_consent(self, privacy: PrivacyVersion) -> None:
        version = own(_VERSION)
        version.initial = str(privacy.number)
        self.fields |= {"consent_privacy": own(_CONSENT), "consent_version": version}

    def clean_consent_version(self) -> str:
        """Nobody agrees to a wording they were not shown."""
        shown = str(self.cleaned_data["consent_version"])
        if self.privacy and shown and shown != str(self.privacy.number):
            self.add_error("consent_privacy", ValidationError(_NEW_WORDING, code="new_version"))
        return shown

    @property
    def details(self) -> PersonDetails:
        return PersonDetails(**{name: str(self.cleaned_data[name]) for name in DETAILS})


def known_details(participant: Participant, *, page_language: str) -> dict[str, str]:
    """What the form is filled with: what is known; the page's language until the person has chosen one."""
    known = {name: str(getattr(participant, name) or "") for name in DETAILS}
    if not participant.last_name or not participant.language:
        known["language"] = page_language
    return known
