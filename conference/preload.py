"""What every web worker comes to need, loaded before the workers are forked: then it lies in memory once for all.

What is loaded only after that, each worker has for itself.
"""

from __future__ import annotations

import contextlib
from importlib import import_module
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.template import Engine, TemplateDoesNotExist, engines
from django.template.loader import get_template
from django.urls import Resolver404, resolve, reverse
from django.utils.formats import get_format
from django.utils.module_loading import import_string
from django.utils.translation import override

# Read when a first connection is made, to a name of a host; and when the broker is first told of something.
_MODULES = ("encodings.idna", "stringprep", "celery.app.amqp", "celery.app.events", "celery.events.receiver")
# What the admin's pages are put together from, beside our own templates.
_OF_THE_ADMIN = (
    "actions", "app_list", "base", "change_form", "change_list", "change_list_object_tools", "change_list_results",
    "color_theme_toggle", "filter", "pagination", "search_form", "submit_line",
)  # fmt: skip


def preload() -> None:
    """Connects to nothing: database, cache and broker may be away."""
    for name in (*_MODULES, settings.SESSION_ENGINE):
        import_module(name)
    for name in _named_in_settings():
        import_string(name)
    _ = current_app.backend
    for code, _name in settings.LANGUAGES:
        with override(code):
            get_format("DATE_FORMAT")
            _meet_every_address(code)
    for alias in connections:
        connections[alias].ops.compiler("SQLCompiler")
    for alias in caches.settings:
        _ = caches[alias]
    _load_templates()


def _named_in_settings() -> tuple[str, ...]:
    """What is loaded by its name when it is first needed."""
    adapters = settings.ACCOUNT_ADAPTER, settings.MFA_ADAPTER
    return (settings.MESSAGE_STORAGE, settings.SESSION_SERIALIZER, *adapters, *settings.PUBLIC_FACTS)


def _meet_every_address(code: str) -> None:
    """Each pattern is compiled when an address is compared with it: one that none of them knows meets them all."""
    # By name they are found in a table, which each language has for itself.
    reverse("admin:index")
    for prefix in ("", f"{code}/", "admin/", "accounts/"):
        with contextlib.suppress(Resolver404):
            resolve(f"/{prefix}none/of/them/")


def _load_templates() -> None:
    for engine in engines.all():
        for directory in engine.dirs:
            for path in sorted(Path(directory).rglob("*.*")):
                _load_template(str(path.relative_to(directory)))
    for name in _OF_THE_ADMIN:
        _load_template(f"admin/{name}.html")
    _ = Engine.get_default().template_context_processors


def _load_template(name: str) -> None:
    try:
        get_template(name)
    except (TemplateDoesNotExist, UnicodeDecodeError):
        # Of no app that is installed here, or no template at all: whoever asks for it hears of it.
        return
