"""What the admin's own pages show: a moment on both clocks, and the way from a draft to the public programme."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from workshops.admin import clocks
from workshops.admin.base import scope_for
from workshops.domain.differences import times
from workshops.domain.scope import Area, Level, Right
from workshops.models import Conference

register = template.Library()

# In the order in which the work is done.
_STEPS = {
    "import": ("workshops_draftimport_add", _("Import a draft")),
    "check": ("workshops_conference_check", _("Check the programme")),
    "translate": ("workshops_conference_translations", _("Translations")),
    "release": ("workshops_release_add", _("Release the programme")),
}


@register.simple_tag
def on_both_clocks(moment: dt.datetime | None, conference: Conference) -> str | SafeString:
    return clocks.on_both_clocks(moment, conference)


@register.simple_tag
def moment_text(moment: dt.datetime, conference: Conference) -> str:
    """The same where no element can stand, e.g. in a choice."""
    return times.moment_text(moment, conference.zones)


@register.simple_tag(takes_context=True)
def happened_url(context: Context, conference: Conference) -> str:
    """Where what happened in a conference is told; empty for whoever may not read it."""
    if not scope_for(context["request"], Area.HISTORY).covers_conference(conference.pk):
        return ""
    return f"{reverse('admin:accounts_auditentry_changelist')}?conference={conference.pk}"


@register.inclusion_tag("admin/workshops/steps.html", takes_context=True)
def programme_steps(context: Context, conference: Conference | None = None, here: str = "") -> dict[str, Any]:
    """For whoever may go all of the way; `conference` None: the one on the site."""
    may_go = scope_for(context["request"], Area.PROGRAMME, Level.CHANGE).grants(Right.CONFERENCE)
    about = f"?conference={conference.pk}" if conference is not None else ""
    steps = [(reverse(f"admin:{page}") + about, name, step == here) for step, (page, name) in _STEPS.items()]
    return {"steps": steps if may_go else ()}
