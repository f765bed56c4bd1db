"""Two addresses for machines: whom to tell about a weakness (RFC 9116), and what search engines leave alone."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from conference.public_bytes.answers import SameForAll

KEPT = 24 * 60 * 60
# RFC 9116, section 2.5.5: less than a year ahead. A day's cache still leaves it well in the future.
VALID = dt.timedelta(days=180)
PERSONAL = ("invitation", "register", "my", "calendar", "link", "unsubscribe")
PLAIN = "text/plain; charset=utf-8"


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    expires = (timezone.now() + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{_contact()}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return _plain(lines)


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    languages = [code for code, _name in settings.LANGUAGES]
    personal = [f"/{language}/{page}/" for language in languages for page in PERSONAL]
    closed = [f"Disallow: {address}" for address in ("/admin/", "/accounts/", *personal)]
    return _plain(["User-agent: *", *closed, "", f"Sitemap: {settings.BASE_URL}/sitemap.xml"])


def _contact() -> str:
    """Whom the conference names; before there is one, whoever sends its mail."""
    from workshops.models import Conference  # noqa: PLC0415 (the project's pages do not depend on its apps)

    current = Conference.objects.filter(is_current=True).exclude(contact_email="")
    return current.values_list("contact_email", flat=True).first() or settings.DEFAULT_FROM_EMAIL


def _plain(lines: list[str]) -> HttpResponse:
    response = SameForAll("\n".join(lines) + "\n", content_type=PLAIN)
    patch_cache_control(response, public=True, max_age=KEPT)
    return response
