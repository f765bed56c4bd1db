"""The elements of the forms are written in Python: letter by letter what Django's own templates write."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import override

from registration.countries import country_choices
from registration.details_form import DetailsForm
from registration.forms import BarrierForm, LinkForm

KNOWN = {
    "first_name": "A\"<b>&'",
    "last_name": "",
    "organisation": "İzmir Büyükşehir Belediyesi",
    "country": "TR",
    "language": "tr",
}
ODD = {"first_name": "1", "country": 'X">', "language": "xx"}


def _details(**kwargs: Any) -> DetailsForm:
    form = DetailsForm(privacy=None, **kwargs)
    if "renderer" in kwargs:
        select = forms.Select(attrs={"autocomplete": "country", "aria-invalid": "false"})
        form.fields["country"] = forms.ChoiceField(choices=country_choices, widget=select)
    return form


def _drawn(form: forms.Form) -> dict[str, list[str]]:
    """Each field, and each of its parts by itself."""
    return {field.name: [str(field), *(str(part.tag(wrap_label=True)) for part in field)] for field in form}


@pytest.mark.parametrize("language", ["de", "tr", "en"])
@pytest.mark.parametrize(
    "given", [{"initial": {}}, {"initial": KNOWN}, {"data": {}}, {"data": KNOWN}, {"data": ODD}]
)
@pytest.mark.parametrize("make", [_details, LinkForm, BarrierForm])
def test_it_is_what_the_templates_write(make: Any, given: dict[str, Any], language: str) -> None:
    with override(language):
        assert _drawn(make(**given)) == _drawn(make(**given, renderer=DjangoTemplates()))


@pytest.mark.parametrize(("code", "is_valid"), [("TR", True), ("ZZ", False), ("", False), ("tr", False)])
def test_only_a_country_of_the_list_is_taken(code: str, is_valid: bool) -> None:
    form = DetailsForm(data={"country": code}, privacy=None)

    assert ("country" not in form.errors) == is_valid
