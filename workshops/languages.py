"""Which languages a text may have, and which one stands in when one is missing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

CODES = ("de", "tr", "en")
OWN_NAMES = {"de": "Deutsch", "tr": "Türkçe", "en": "English"}
_FALLBACKS = {"de": ("de", "tr", "en"), "tr": ("tr", "de", "en"), "en": ("en", "de", "tr")}

Text = dict[str, str]
"""One text in the languages it exists in: {"de": …, "tr": …, "en": …}; a missing one is an empty string."""


def text_of(obj: Any, field: str) -> Text:
    """All languages of a translated model field, read from its columns `field_de`, `field_tr`, `field_en`."""
    return {code: getattr(obj, f"{field}_{code}") or "" for code in CODES}


def choose(text: Text, language: str) -> tuple[str, str]:
    """The text to show to a reader of `language`, and the language it is in: the other one where it is missing."""
    for code in _FALLBACKS.get(language, CODES):
        if text.get(code):
            return text[code], code
    return "", language


def active_language() -> str:
    """The language of the page, or of the letter, that is being written: de, tr or en."""
    language = (get_language() or "")[:2]
    return language if language in CODES else "en"
