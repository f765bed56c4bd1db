"""The choice of a country: 250 options, written once for each language."""

from __future__ import annotations

import functools
from typing import Any, Self

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registration.countries import CODES, country_choices
from registration.form_fields import own
from registration.form_renderer import attributes
from workshops.languages import active_language


class CountrySelect(forms.Select):
    """Writes what Django's own does, and marks the one that is chosen."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        given = SafeString(attributes(self.build_attrs(self.attrs, attrs)))  # nosec B703
        options = _options(active_language())
        chosen = "" if value is None else str(value)
        if chosen in CODES or not chosen:
            options = options.replace(_opening(chosen), f"{_opening(chosen)[:-1]} selected>", 1)
        return format_html('<select name="{}"{}>{}\n</select>', name, given, SafeString(options))  # nosec B703

    def use_required_attribute(self, initial: Any) -> bool:
        """The first option is the empty one: Django would look for it in all of them."""
        return not self.is_hidden


class CountryField(forms.ChoiceField):
    widget = CountrySelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=country_choices, **kwargs)

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return own(self)

    def valid_value(self, value: Any) -> bool:
        return str(value) in CODES


@functools.cache
def _options(language: str) -> str:
    """With the names in the active language, which is `language`; nothing is chosen."""
    plain = forms.Select(choices=country_choices()).render("country", "nothing is chosen")
    return plain.partition(">")[2].removesuffix("</select>").rstrip()


def _opening(code: str) -> str:
    return f'<option value="{code}">'
