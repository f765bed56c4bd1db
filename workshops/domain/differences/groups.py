from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from workshops.domain.checks.finding import in_each_language
from workshops.domain.differences.values import Difference, Group
from workshops.domain.programme import WorkshopEntry
from workshops.languages import CODES, Text
from workshops.templatetags.texts import kind_name


def grouped(differences: Iterable[Difference]) -> list[Group]:
    """By workshop, in the order of the differences; what concerns the whole conference comes first."""
    by_workshop: dict[int | None, list[Difference]] = {None: []}
    for difference in differences:
        by_workshop.setdefault(difference.workshop_id, []).append(difference)
    return [Group(_heading(items[0]), pk, tuple(items)) for pk, items in by_workshop.items() if items]


def _heading(difference: Difference) -> Text:
    workshop = difference.workshop
    if workshop is None:
        return in_each_language(lambda: _("The conference"))
    kinds = in_each_language(lambda: kind_name(workshop))
    return {code: _titled(kinds[code], workshop, code) for code in CODES}


def _titled(kind: str, workshop: WorkshopEntry, code: str) -> str:
    """Only in the languages in which the title exists, so that a stand-in is marked as such."""
    title = workshop.title[code]
    return f"{kind}: {title}" if title else ""
