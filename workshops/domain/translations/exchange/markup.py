"""What a translation may have lost of its source's markup: said, and left to a person to judge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext

from workshops.markdown import link_targets

_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\S", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)


def markup_lost(source: str, translation: str) -> Iterator[str]:
    """In words, in the active language, how the Markdown of a translation differs from that of its source."""
    there, here = set(link_targets(source)), set(link_targets(translation))
    for target in sorted(there - here):
        yield gettext("A link is missing: %(target)s") % {"target": target}
    for target in sorted(here - there):
        yield gettext("A link that the source does not have: %(target)s") % {"target": target}
    if translation.count("**") % 2:
        yield gettext("Two asterisks (**) are opened and not closed.")
    for before, after, words in (
        (
            source.count("**") // 2,
            translation.count("**") // 2,
            gettext("Bold passages: %(b)d in the source, %(a)d in the translation."),
        ),
        (
            _count(_ITEM, source),
            _count(_ITEM, translation),
            gettext("List items: %(b)d in the source, %(a)d in the translation."),
        ),
        (
            _count(_HEADING, source),
            _count(_HEADING, translation),
            gettext("Headings: %(b)d in the source, %(a)d in the translation."),
        ),
    ):
        if before != after:
            yield words % {"b": before, "a": after}


def _count(pattern: re.Pattern[str], text: str) -> int:
    return len(pattern.findall(text))
