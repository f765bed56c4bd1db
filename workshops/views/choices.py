"""What a public page's address asks for besides the page: a third clock, a part of the programme.

Whatever is not known is ignored, so that no link of somebody else makes a page of its own.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.http import HttpRequest

from workshops.domain.filter_programme import Wanted
from workshops.domain.third_clock import ZONES
from workshops.languages import CODES

# The reader wants no third clock, although the browser's is another one.
NO_CLOCK = "none"
MOST_LETTERS = 80
_SLUG = re.compile(r"[-\w]{1,50}")


def asked_clock(request: HttpRequest) -> str:
    """A zone's name, NO_CLOCK, or "" where the address says nothing we know."""
    asked = request.GET.get("clock", "")
    return asked if asked in ZONES or asked == NO_CLOCK else ""


def asked_part(request: HttpRequest) -> Wanted:
    language = request.GET.get("language", "")
    return Wanted(
        workshop=asked if _SLUG.fullmatch(asked := request.GET.get("workshop", "")) else "",
        platform=request.GET.get("platform", "")[:MOST_LETTERS],
        language=language if language in CODES else "",
        words=" ".join(request.GET.get("q", "").split())[:MOST_LETTERS],
    )


def as_query(wanted: Wanted) -> str:
    """In one spelling, whatever order it was asked in."""
    given = {
        "workshop": wanted.workshop,
        "platform": wanted.platform,
        "language": wanted.language,
        "q": wanted.words,
    }
    # A search box takes half a surrogate pair; an address cannot carry it.
    return urlencode({name: value for name, value in given.items() if value}, errors="replace")
