"""What must not stand in a free message: placeholders that no value belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext

from registration.domain.placeholders import OF_THE_WORKSHOP, problems_of
from registration.models import Message
from workshops.markdown import link_targets


def problems_in(*, text: str, workshops: int) -> list[str]:
    """One sentence for each, in the reader's language; `workshops`: how many the message is about."""
    found = problems_of(text=text, kind=Message.Kind.ANNOUNCEMENT)
    return [*found, *(_about_several(text) if workshops > 1 else ()), *_in_links(text)]


def _about_several(text: str) -> Iterator[str]:
    said = gettext("“%(placeholder)s” needs a message about a single workshop: choose one, or leave it out.")
    for placeholder in OF_THE_WORKSHOP:
        if placeholder.written in text:
            yield said % {"placeholder": placeholder.written}


def _in_links(text: str) -> Iterator[str]:
    """Markdown writes the brackets of an address in another way, and nothing would be filled in."""
    if any(re.search(r"[{}]|%7[BD]", target, re.IGNORECASE) for target in link_targets(text)):
        yield gettext("No placeholder can stand in the address of a link.")
