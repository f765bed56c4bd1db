"""What a reader wants to know of a file or a link before opening it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from workshops.domain.programme import MaterialEntry
from workshops.models import Material
from workshops.templatetags.schedule import language_name

register = template.Library()


@register.simple_tag
def material_kind(item: MaterialEntry) -> str:
    return str(Material.Kind(item.kind).label)


@register.simple_tag
def material_facts(item: MaterialEntry) -> str:
    """ "PDF, 1.2 MB, German", or "Link to example.org, German"."""
    facts = [_link(item.url)] if item.url else [_format(item.content_type), filesizeformat(item.size)]
    if item.language:
        facts.append(language_name(item.language))
    return ", ".join(facts)


def _link(url: str) -> str:
    return gettext("link to %(host)s") % {"host": urlsplit(url).hostname or url}


def _format(content_type: str) -> str:
    return str(Material.Type(content_type).label)
