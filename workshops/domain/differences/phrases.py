"""What the sentences about differences are made of, in the active language."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from workshops.domain.checks.words import said, who
from workshops.domain.differences.values import Difference
from workshops.domain.programme import AppearanceEntry, OrganisationEntry
from workshops.languages import Text
from workshops.models import Appearance


def from_to(what: object, before: object, after: object) -> str:
    # Translators: "Day 1: until now Monday, 09:30 CET / 10:30 TRT, now Tuesday, …", "Platform: until now Zoom, …"
    return _("%(what)s: until now %(before)s, now %(after)s.") % {
        "what": what,
        "before": before,
        "after": after,
    }


def quoted(title: Text | str) -> str:
    return _("“%(title)s”") % {"title": title if isinstance(title, str) else said(title)}


def item_name(difference: Difference) -> str:
    """ "“Welcome”", and on which day where there are several."""
    title = said(difference.session.title) if difference.session is not None else ""
    if not difference.day_number:
        return quoted(title)
    return _("“%(title)s” (day %(number)d)") % {"title": title, "number": difference.day_number}


def names_of(items: Sequence[object]) -> str:
    return ", ".join(str(item) for item in items) or _("none")


def languages_of(codes: Sequence[str]) -> str:
    names = dict(settings.LANGUAGES)
    return names_of([names[code] for code in codes if code in names])


def house_name(organisation: OrganisationEntry | None) -> str:
    return said(organisation.name) if organisation is not None else _("no organisation")


def person_name(appearance: AppearanceEntry) -> str:
    """ "Ada Yılmaz (Moderator, to be confirmed)"; that somebody speaks need not be said."""
    notes = [str(Appearance.Status.TBC.label)] if appearance.is_open else []
    return _noted(appearance, notes)


def name_and_role(appearance: AppearanceEntry) -> str:
    """Where the sentence itself says whether they are confirmed."""
    return _noted(appearance, [])


def _noted(appearance: AppearanceEntry, notes: list[str]) -> str:
    role = [] if appearance.role == Appearance.Role.SPEAKER else [role_name(appearance)]
    inside = ", ".join([*role, *notes])
    return f"{who(appearance)} ({inside})" if inside else who(appearance)


def role_name(appearance: AppearanceEntry) -> str:
    return str(Appearance.Role(appearance.role).label)
