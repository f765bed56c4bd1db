"""`/sitemap.xml`: every public page in every language, for search engines."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.template.loader import render_to_string
from django.urls import reverse

from workshops.domain.programme import Programme
from workshops.languages import CODES

Item = tuple[str, str]
if TYPE_CHECKING:
    _Sitemap = Sitemap[Item]
else:
    _Sitemap = Sitemap

_PAGES = ("workshops:home", "workshops:programme", "workshops:speakers", "workshops:changes")
_STATEMENTS = ("workshops:accessibility", "registration:privacy", "workshops:imprint")


def site_map(*, programme: Programme) -> bytes:
    base = urlsplit(settings.BASE_URL)
    # All the framework asks of a site is its domain: it need not stand in the database.
    site: Any = SimpleNamespace(domain=base.netloc)
    found = _Pages(programme).get_urls(site=site, protocol=base.scheme or "https")
    return render_to_string("sitemap.xml", {"urlset": found}).encode()


class _Pages(_Sitemap):
    """An address without a language leads to the reader's own, which is what x-default asks for."""

    i18n = alternates = x_default = True
    languages = list(CODES)

    def __init__(self, programme: Programme) -> None:
        self.programme = programme

    def items(self) -> list[Item]:
        return [
            *((name, "") for name in (*_PAGES, *self._statements())),
            *(("workshops:workshop", workshop.slug) for workshop in self.programme.workshops),
            *(("workshops:speaker", speaker.slug) for speaker in self.programme.speakers),
        ]

    def _statements(self) -> tuple[str, ...]:
        has_easy_page = any(self.programme.conference.easy_language.values())
        return (*_STATEMENTS, "workshops:easy") if has_easy_page else _STATEMENTS

    def location(self, item: Item) -> str:
        name, slug = item
        return reverse(name, kwargs={"slug": slug} if slug else None)

    def lastmod(self, item: Item) -> dt.datetime | None:
        return self.programme.released_at
