"""What lets the schedule be read without a network: the service worker, and the manifest with which it is installed."""

from __future__ import annotations

import functools
import json
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.http import require_safe

from conference.public_bytes.answers import SameForAll
from conference.public_bytes.views import for_everybody
from workshops.domain.programme import Programme
from workshops.domain.release import NothingReleasedError
from workshops.languages import active_language, choose
from workshops.views.answers import answer

INK, GROUND = "#131525", "#ffffff"
ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any maskable"))


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """From the root, not from /static/: a worker serves only what lies beneath its own address."""
    response = SameForAll(_script(), content_type="text/javascript; charset=utf-8")
    patch_cache_control(response, public=True, no_cache=True)
    return response


@functools.cache
def _script() -> bytes:
    return (Path(settings.ROOT) / "static" / "koprue" / "service-worker.js").read_bytes()


@for_everybody
def manifest(request: HttpRequest) -> HttpResponse:
    """W3C Web Application Manifest, in the language of its address."""
    content_type = "application/manifest+json"
    try:
        return answer(
            request, render=lambda programme: _manifest(_name(programme)), content_type=content_type
        )
    except NothingReleasedError:
        response = HttpResponse(_manifest("Köprü"), content_type=content_type)
        add_never_cache_headers(response)
        return response


def _manifest(name: str) -> bytes:
    language = active_language()
    start = reverse("workshops:programme")
    data = {
        "id": "/",
        "name": name,
        "short_name": "Köprü",
        "lang": language,
        "dir": "ltr",
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [
            {"src": static(f"koprue/{file}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for file, sizes, purpose in ICONS
        ],
    }
    return json.dumps(data, ensure_ascii=False).encode()


def _name(programme: Programme) -> str:
    return choose(programme.conference.name, active_language())[0]
