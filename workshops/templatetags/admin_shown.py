"""What the admin's own pages show: a moment on both clocks."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.safestring import SafeString

from workshops.admin import clocks
from workshops.models import Conference

register = template.Library()


@register.simple_tag
def on_both_clocks(moment: dt.datetime | None, conference: Conference) -> str | SafeString:
    return clocks.on_both_clocks(moment, conference)
