"""What counts as missing, for the check of the programme and for the translation desk alike."""

from __future__ import annotations

from collections.abc import Iterable

from workshops.languages import Text

ALWAYS = ("de", "tr")


def is_missing(text: Text, language: str) -> bool:
    """Empty in this language, there in another one."""
    return any(text.values()) and not text.get(language)


def wanted_languages(workshop_texts: Iterable[Text]) -> tuple[str, ...]:
    """German and Turkish always; English once a text of any workshop is written in it."""
    return (*ALWAYS, "en") if any(text.get("en") for text in workshop_texts) else ALWAYS
