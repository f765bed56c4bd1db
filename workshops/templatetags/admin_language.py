"""The admin's language switch; its pages have no language in their address."""

from __future__ import annotations

from django import template
from django.conf import settings

from workshops.languages import OWN_NAMES

register = template.Library()


@register.simple_tag
def own_names() -> list[tuple[str, str]]:
    """Each language with the name it calls itself."""
    return [(code, OWN_NAMES[code]) for code, _name in settings.LANGUAGES]
