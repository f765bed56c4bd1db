"""What else goes when a row goes: people's data must not, whatever application keeps them, nor what was uploaded."""

from __future__ import annotations

from typing import Any

from django.db import router
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from workshops.domain.checks.finding import in_each_language
from workshops.languages import Text
from workshops.models import Conference, Material


def rows_below(row: Model) -> tuple[list[Model], list[Model]]:
    """Everything that deleting `row` would delete (itself included), and what forbids deleting it."""
    collector = _Everything(using=router.db_for_write(type(row)))
    collector.collect([row])
    gone = [other for rows in collector.data.values() for other in rows]
    return gone, list(collector.protected)


class _Everything(Collector):
    """Reads each row, also those that could be deleted unread, and goes on where something is protected."""

    def __init__(self, using: str) -> None:
        super().__init__(using=using)
        self.protected: set[Model] = set()

    def can_fast_delete(self, *_args: Any, **_kwargs: Any) -> bool:
        return False

    def collect(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().collect(*args, **kwargs)
        except ProtectedError as error:
            self.protected.update(error.protected_objects)
        except RestrictedError as error:
            self.protected.update(error.restricted_objects)


def obstacle_to_removing(*, row: Model) -> str:
    """Why the row stays, for people; empty where nothing but parts of the programme hangs on it."""
    hanging = _hanging(row)
    return _obstacle(hanging) if hanging else ""


def obstacle_in_each_language(*, row: Model) -> Text | None:
    """The same, to be kept for readers of any language; None where nothing keeps it."""
    hanging = _hanging(row)
    return in_each_language(lambda: _obstacle(hanging)) if hanging else None


def _hanging(row: Model) -> set[type[Model]]:
    """Data of people, and material: no draft and no release could bring a file back."""
    gone, protected = rows_below(row)
    return {type(other) for other in [*protected, *(other for other in gone if _must_stay(other))]}


def _must_stay(row: Model) -> bool:
    return isinstance(row, Material) or row._meta.app_label != Conference._meta.app_label


def _obstacle(hanging: set[type[Model]]) -> str:
    if hanging == {Material}:
        return _("It stays, because there is material with it.")
    names = sorted({str(capfirst(str(model._meta.verbose_name_plural))) for model in hanging})
    return _("It stays, because there are data of people with it: %(what)s.") % {"what": ", ".join(names)}
