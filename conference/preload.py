"""What every web worker comes to need, loaded before the workers are forked: then it lies in memory once for all.

What is loaded only after that, each worker has for itself.
"""

from __future__ import annotations

import contextlib
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import override

# Read when a first connection is made, to a name of a host.
_MODULES = ("encodings.idna", "stringprep")


def preload() -> None:
    """Connects to nothing: database, cache and broker may be away."""
    for name in (*_MODULES, settings.SESSION_ENGINE):
        import_module(name)
    for code, _name in settings.LANGUAGES:
        with override(code):
            _meet_every_address(code)
    for alias in connections:
        _ = connections[alias]
    for alias in caches.settings:
        _ = caches[alias]
    _load_templates()


def _meet_every_address(code: str) -> None:
    """Each pattern is compiled when an address is compared with it: one that none of them knows meets them all."""
    reverse("admin:index")
    for prefix in ("", f"{code}/", "admin/", "accounts/"):
        with contextlib.suppress(Resolver404):
            resolve(f"/{prefix}none/of/them/")


def _load_templates() -> None:
    for engine in engines.all():
        for directory in engine.dirs:
            for path in sorted(Path(directory).rglob("*.*")):
                _load_template(str(path.relative_to(directory)))


def _load_template(name: str) -> None:
    try:
        get_template(name)
    except (TemplateDoesNotExist, UnicodeDecodeError):
        # Of no app that is installed here, or no template at all: whoever asks for it hears of it.
        return
