"""Words of the schedule pages."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.translation import gettext, ngettext

register = template.Library()


@register.filter
def language_name(code: str) -> str:
    """ "German" in the page's language."""
    return str(dict(settings.LANGUAGES).get(code, code))


@register.simple_tag
def long_time(minutes: int) -> str:
    """ "2 hours", "30 minutes", "2 hours 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = (
        [ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}] if hours or not rest else []
    )
    if rest:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    if len(parts) == 1:
        return parts[0]
    return gettext("%(hours)s %(minutes)s") % {"hours": parts[0], "minutes": parts[1]}
