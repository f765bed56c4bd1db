"""Languages by the name the reader gives them."""

from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def language_name(code: str) -> str:
    """ "Türkisch" for a German reader."""
    return str(dict(settings.LANGUAGES)[code])
