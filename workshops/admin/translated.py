"""Texts in three languages: edited in columns, required in one, marked in lists where one is missing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.fields import TranslationField
from modeltranslation.translator import translator

from workshops.languages import CODES, OWN_NAMES, text_of

ONE_LANGUAGE_AT_LEAST = _("A language left empty shows another one’s text, marked as such.")


def columns(*names: str) -> list[Any]:
    """One row of a fieldset for each text, with one column for each language."""
    return [tuple(f"{name}_{code}" for code in CODES) for name in names]


def name_the_language(field: forms.Field, db_field: TranslationField) -> None:
    """A label such as "Title (Türkçe)", and `lang` on the input, for spelling checkers and screen readers."""
    original, code = db_field.translated_field, db_field.language
    field.label = format_lazy("{} ({})", capfirst(original.verbose_name), OWN_NAMES[code])
    field.required = False
    field.widget.attrs.update({"lang": code})
    if isinstance(field.widget, forms.Textarea):
        field.widget.attrs["rows"] = 8
    if code != CODES[0]:
        field.help_text = ""


def texts_of(model: type[Model]) -> list[str]:
    """The names of a model's texts; none for a model without translation."""
    if model not in translator.get_registered_models():
        return []
    options: Any = translator.get_options_for_model(model)
    return list(options.fields)


def require_one_language(form: forms.ModelForm[Any]) -> None:
    """Adds an error at the first column of each required text that was left empty in every language."""
    for name in texts_of(form._meta.model):
        fields = [f"{name}_{code}" for code in CODES]
        if form._meta.model._meta.get_field(name).blank or any(field not in form.fields for field in fields):
            continue
        if not any(form.cleaned_data.get(field) for field in fields) and not form.errors.keys() & set(fields):
            form.add_error(fields[0], gettext("Give this text in at least one language."))


def missing_languages(obj: Any) -> dict[str, list[str]]:
    """For each language the texts that exist in another one but not in it."""
    texts = {name: text_of(obj, name) for name in texts_of(type(obj))}
    return {
        code: [name for name, text in texts.items() if any(text.values()) and not text[code]]
        for code in CODES
    }


class LanguagesColumn:
    """A mixin for lists: which languages are complete."""

    @admin.display(description=_("languages"))
    def languages(self, obj: Any) -> SafeString:
        missing = missing_languages(obj)
        parts = ((_mark(code, obj, missing[code]),) for code in CODES)
        return format_html('<span class="languages">{}</span>', format_html_join(" ", "{}", parts))


def _mark(code: str, obj: Any, missing: list[str]) -> SafeString:
    if not missing:
        return format_html('<span class="language">{}</span>', code)
    names = ", ".join(str(obj._meta.get_field(name).verbose_name) for name in missing)
    said = gettext("%(language)s: missing: %(texts)s") % {"language": OWN_NAMES[code], "texts": names}
    return format_html(
        '<span class="language missing" title="{}">{}&nbsp;–<span class="visually-hidden"> {}</span></span>',
        said,
        code,
        said,
    )
