"""What else goes when a row goes: people's data must not, whatever application keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.admin.utils import NestedObjects
from django.db import router
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from workshops.domain.checks.finding import in_each_language
from workshops.languages import Text
from workshops.models import Conference


def rows_below(row: Model) -> tuple[list[Model], list[Model]]:
    """Everything that deleting `row` would delete (itself included), and what forbids deleting it."""
    collector = NestedObjects(using=router.db_for_write(type(row)))
    collector.collect([row])
    gone = [other for rows in collector.data.values() for other in rows]
    return gone, list(collector.protected)


def obstacle_to_removing(*, row: Model) -> str:
    """Why the row stays, for people; empty where nothing but parts of the programme hangs on it."""
    hanging = _data_of_people(row)
    return _obstacle(hanging) if hanging else ""


def obstacle_in_each_language(*, row: Model) -> Text | None:
    """The same, to be kept for readers of any language; None where nothing keeps it."""
    hanging = _data_of_people(row)
    return in_each_language(lambda: _obstacle(hanging)) if hanging else None


def _data_of_people(row: Model) -> set[type[Model]]:
    gone, protected = rows_below(row)
    foreign = [*protected, *(other for other in gone if other._meta.app_label != Conference._meta.app_label)]
    return {type(other) for other in foreign}


def _obstacle(hanging: Iterable[type[Model]]) -> str:
    names = sorted({str(capfirst(str(model._meta.verbose_name_plural))) for model in hanging})
    return _("It stays, because there are data of people with it: %(what)s.") % {"what": ", ".join(names)}
