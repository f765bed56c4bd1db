"""Rows brought back to what they were, except where somebody has changed them since or people hang on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from workshops.domain.checks.finding import in_each_language
from workshops.domain.import_programme.exclusive import EXCLUSIVE, let_go
from workshops.domain.import_programme.hanging import obstacle_in_each_language, rows_below
from workshops.domain.import_programme.record import MODELS, Values, set_values, values_of
from workshops.languages import Text, active_language, choose
from workshops.models import Conference, DraftImport, Session, Workshop, WorkshopDay

_ORDER = {str(model._meta.model_name): place for place, model in enumerate(MODELS)}
_Key = tuple[type[Model], int]


@dataclass(frozen=True, slots=True)
class Left:
    """A row that stays as it is, and why; kept in every language, for who reads it need not be who did it."""

    names: Text
    reasons: Text

    @property
    def name(self) -> str:
        return choose(self.names, active_language())[0]

    @property
    def reason(self) -> str:
        return choose(self.reasons, active_language())[0]


@dataclass(slots=True)
class Undone:
    """`restored`: how many rows; one of which several columns came back, one after the other, is one."""

    restored: int = 0
    left: list[Left] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """`before` is what the row shall be again (None: it shall go), `after` what it is taken to be now (None: gone)."""

    model: type[Model]
    pk: int
    before: Values | None
    after: Values | None


class TakeBack:
    """What was removed comes back, what was changed is changed back, what was added goes; then numbers and dates."""

    def __init__(self, entries: Sequence[Entry], upload: DraftImport | None = None) -> None:
        self.entries = sorted(entries, key=lambda entry: _ORDER[str(entry.model._meta.model_name)])
        self.upload = upload
        self.undone = Undone()
        self.restored: set[_Key] = set()

    def run(self) -> Undone:
        for model in MODELS:
            self.bring_back([entry for entry in self.entries if entry.after is None and entry.model is model])
        changed = [entry for entry in self.entries if entry.before and entry.after]
        for entry in changed:
            self.change_back(entry)
        self.take_away([entry for entry in reversed(self.entries) if entry.before is None])
        self.exchange_back([entry for entry in changed if entry.model in EXCLUSIVE])
        self.undone.restored = len(self.restored)
        return self.undone

    def leave(self, row: Model | Entry, reason: Callable[[], str]) -> None:
        name = partial(_called, row) if isinstance(row, Entry) else partial(str, row)
        self.undone.left.append(Left(in_each_language(name), in_each_language(reason)))

    def came_back(self, entry: Entry) -> None:
        self.restored.add((entry.model, entry.pk))

    # Removed rows

    def bring_back(self, entries: Sequence[Entry]) -> None:
        """Parents before their parts, whatever their keys."""
        left = list(entries)
        while left:
            later = [entry for entry in left if not self.can_come_back(entry, left)]
            for entry in (entry for entry in left if entry not in later):
                self.bring_one_back(entry)
            if len(later) == len(left):
                break
            left = later

    def can_come_back(self, entry: Entry, left: Sequence[Entry]) -> bool:
        parent = (entry.before or {}).get("parent_id")
        return parent is None or all(other.model is not entry.model or other.pk != parent for other in left)

    def bring_one_back(self, entry: Entry) -> None:
        row = entry.model(pk=entry.pk)
        set_values(row, entry.before or {})
        try:
            with transaction.atomic():
                if not entry.model._default_manager.filter(pk=entry.pk).exists():
                    row.full_clean()
                    row.save(force_insert=True)
                    self.came_back(entry)
        except (ValidationError, IntegrityError, ObjectDoesNotExist):
            self.leave(entry, _place_is_taken)

    # Changed rows

    def change_back(self, entry: Entry) -> None:
        row = entry.model._default_manager.filter(pk=entry.pk).first()
        if row is None:
            self.leave(entry, lambda: _("It was deleted since."))
            return
        values = self.unchanged_since(entry, row)
        if not values:
            return
        set_values(row, values)
        try:
            with transaction.atomic():
                row.full_clean()
                row.save()
        except (ValidationError, IntegrityError, ObjectDoesNotExist) as error:
            self.leave(row, partial(_refused, error))
        else:
            self.came_back(entry)

    def unchanged_since(self, entry: Entry, row: Model) -> Values:
        """The old values of the columns that the import changed and nobody since."""
        before, after, now = entry.before or {}, entry.after or {}, values_of(row)
        touched = [c for c in before if before[c] != after.get(c) and c != EXCLUSIVE.get(entry.model)]
        kept = [column for column in touched if now[column] != after.get(column)]
        if kept:
            self.leave(row, lambda: _("Changed since: %(fields)s.") % {"fields": _fields(entry.model, kept)})
        return {column: before[column] for column in touched if column not in kept}

    # Added rows

    def take_away(self, entries: Sequence[Entry]) -> None:
        """What is in something goes before it; what stays keeps that, too."""
        going = {(entry.model, entry.pk) for entry in entries} - self.staying(entries)
        for entry in entries:
            row = entry.model._default_manager.filter(pk=entry.pk).first()
            is_going = (entry.model, entry.pk) in going
            if row is not None and is_going and not self.goes(entry, row, going):
                going.discard((entry.model, entry.pk))

    def staying(self, entries: Sequence[Entry]) -> set[_Key]:
        """Workshops and days people hang on, and sessions changed since, stay with everything in them."""
        staying: set[_Key] = set()
        for entry in reversed(entries):
            row = entry.model._default_manager.filter(pk=entry.pk).first()
            if row is None or (entry.model, entry.pk) in staying:
                continue
            reasons = self.reasons_to_stay(entry, row)
            if reasons:
                self.undone.left.append(Left(in_each_language(partial(str, row)), reasons))
                staying |= {(type(other), other.pk) for other in rows_below(row)[0]}
        return staying

    def reasons_to_stay(self, entry: Entry, row: Model) -> Text | None:
        if isinstance(row, Session) and values_of(row) != entry.after:
            return in_each_language(_was_changed)
        return obstacle_in_each_language(row=row) if isinstance(row, Workshop | WorkshopDay) else None

    def goes(self, entry: Entry, row: Model, going: Collection[_Key]) -> bool:
        if values_of(row) != entry.after:
            self.leave(row, _was_changed)
            return False
        gone, protected = rows_below(row)
        others = [other for other in gone if (type(other), other.pk) not in going and other != self.upload]
        if others or protected:
            self.leave(row, partial(_is_needed, [*others, *protected]))
            return False
        if isinstance(row, Conference) and self.upload is not None:
            self.upload.conference = None
            self.upload.save()
        row.delete()
        self.came_back(entry)
        return True

    # Numbers and dates

    def exchange_back(self, entries: Sequence[Entry]) -> None:
        """They may have been swapped: all let go of theirs before any takes its old one again."""
        rows = [(entry, row) for entry in entries if (row := self.unmoved(entry)) is not None]
        for index, pair in enumerate(rows):
            let_go(row=pair[1], index=index)
        for entry, row in rows:
            self.exchange(entry, row)

    def unmoved(self, entry: Entry) -> Model | None:
        """The row, where the import changed its number or date and nobody since."""
        name = EXCLUSIVE[entry.model]
        row = entry.model._default_manager.filter(pk=entry.pk).first()
        if row is None or (entry.before or {})[name] == (entry.after or {})[name]:
            return None
        if values_of(row)[name] == (entry.after or {})[name]:
            return row
        self.leave(row, _was_changed)
        return None

    def exchange(self, entry: Entry, row: Model) -> None:
        name = EXCLUSIVE[entry.model]
        try:
            with transaction.atomic():
                set_values(row, {name: (entry.before or {})[name]})
                row.full_clean()
                row.save()
        except (ValidationError, IntegrityError):
            set_values(row, {name: (entry.after or {})[name]})
            row.save()
            self.leave(row, _place_is_taken)
        else:
            self.came_back(entry)


def _called(entry: Entry) -> str:
    kind = capfirst(str(entry.model._meta.verbose_name))
    return _("%(kind)s %(number)d") % {"kind": kind, "number": entry.pk}


def _was_changed() -> str:
    return _("It was changed since.")


def _place_is_taken() -> str:
    return _("It cannot come back: its place is taken.")


def _refused(error: Exception) -> str:
    return " ".join(getattr(error, "messages", [_("Its old values are taken.")]))


def _fields(model: type[Model], columns: Sequence[str]) -> str:
    return ", ".join(str(model._meta.get_field(column).verbose_name) for column in columns)  # type: ignore[union-attr]


def _is_needed(by: Sequence[Model]) -> str:
    kinds = sorted({str(other._meta.verbose_name_plural) for other in by})
    return _("It is needed by what was added since: %(kinds)s.") % {"kinds": ", ".join(kinds)}
