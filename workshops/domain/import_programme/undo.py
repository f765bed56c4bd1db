"""Taking an import back: the rows as they were, except where somebody has changed them since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.models import User
from workshops.domain.import_programme.errors import ImportRefusedError
from workshops.domain.import_programme.exclusive import EXCLUSIVE, let_go
from workshops.domain.import_programme.hanging import obstacle_to_removing, rows_below
from workshops.domain.import_programme.lock import lock
from workshops.domain.import_programme.record import MODEL_OF, MODELS, Values, set_values, values_of
from workshops.models import Conference, DraftImport, Session, Workshop, WorkshopDay

log = structlog.get_logger(__name__)
_ORDER = {str(model._meta.model_name): place for place, model in enumerate(MODELS)}


_Key = tuple[type[Model], int]


@dataclass(frozen=True, slots=True)
class Left:
    """A row that stays as it is, and why; both for people, in their language."""

    name: str
    reason: str


@dataclass(slots=True)
class Undone:
    restored: int = 0
    left: list[Left] = field(default_factory=list)


@dataclass(slots=True)
class _Entry:
    model: type[Model]
    pk: int
    before: Values | None
    after: Values | None


def undo(*, draft_import: DraftImport, by: User | None = None) -> Undone:
    """Takes back what this import did. What was changed since stays, and so does what people hang on.

    Raises ImportRefusedError where it is not applied, or was taken back already.
    """
    with transaction.atomic():
        upload = DraftImport.objects.select_for_update().get(pk=draft_import.pk)
        if upload.status != DraftImport.Status.APPLIED:
            raise ImportRefusedError(gettext_lazy("This import is not applied, or was taken back already."))
        lock(conference=upload.conference)
        entries = [_entry(entry) for entry in (upload.before or {}).get("rows", [])]
        undone = _Undo(entries, upload).run()
        upload.status, upload.undone_at = DraftImport.Status.UNDONE, timezone.now()
        upload.save()
    log.info("import undone", draft_import=str(upload.pk), by=by.pk if by is not None else None)
    return undone


def _entry(entry: dict[str, Any]) -> _Entry:
    return _Entry(MODEL_OF[entry["model"]], entry["pk"], entry["before"], entry["after"])


class _Undo:
    """What was removed comes back, what was changed is changed back, what was added goes; then numbers and dates."""

    def __init__(self, entries: Sequence[_Entry], upload: DraftImport) -> None:
        self.entries = sorted(entries, key=lambda entry: _ORDER[str(entry.model._meta.model_name)])
        self.upload = upload
        self.undone = Undone()

    def run(self) -> Undone:
        for model in MODELS:
            self.bring_back([entry for entry in self.entries if entry.after is None and entry.model is model])
        changed = [entry for entry in self.entries if entry.before and entry.after]
        for entry in changed:
            self.change_back(entry)
        self.take_away([entry for entry in reversed(self.entries) if entry.before is None])
        self.exchange_back([entry for entry in changed if entry.model in EXCLUSIVE])
        return self.undone

    def leave(self, row: Model | str, reason: str) -> None:
        self.undone.left.append(Left(str(row), reason))

    # Removed rows

    def bring_back(self, entries: Sequence[_Entry]) -> None:
        """Parents before their parts, whatever their keys."""
        left = list(entries)
        while left:
            later = [entry for entry in left if not self.can_come_back(entry, left)]
            for entry in (entry for entry in left if entry not in later):
                self.bring_one_back(entry)
            if len(later) == len(left):
                break
            left = later

    def can_come_back(self, entry: _Entry, left: Sequence[_Entry]) -> bool:
        parent = (entry.before or {}).get("parent_id")
        return parent is None or all(other.model is not entry.model or other.pk != parent for other in left)

    def bring_one_back(self, entry: _Entry) -> None:
        row = entry.model(pk=entry.pk)
        set_values(row, entry.before or {})
        try:
            with transaction.atomic():
                if not entry.model._default_manager.filter(pk=entry.pk).exists():
                    row.full_clean()
                    row.save(force_insert=True)
                    self.undone.restored += 1
        except (ValidationError, IntegrityError):
            self.leave(
                _("%(kind)s %(number)d") % _called(entry), _("It cannot come back: its place is taken.")
            )

    # Changed rows

    def change_back(self, entry: _Entry) -> None:
        row = entry.model._default_manager.filter(pk=entry.pk).first()
        if row is None:
            self.leave(_("%(kind)s %(number)d") % _called(entry), _("It was deleted since."))
            return
        values = self.unchanged_since(entry, row)
        if not values:
            return
        set_values(row, values)
        try:
            with transaction.atomic():
                row.full_clean()
                row.save()
        except (ValidationError, IntegrityError) as error:
            self.leave(row, " ".join(getattr(error, "messages", [_("Its old values are taken.")])))
        else:
            self.undone.restored += 1

    def unchanged_since(self, entry: _Entry, row: Model) -> Values:
        """The old values of the columns that the import changed and nobody since."""
        before, after, now = entry.before or {}, entry.after or {}, values_of(row)
        touched = [c for c in before if before[c] != after.get(c) and c != EXCLUSIVE.get(entry.model)]
        kept = [column for column in touched if now[column] != after.get(column)]
        if kept:
            names = [str(entry.model._meta.get_field(column).verbose_name) for column in kept]  # type: ignore[union-attr]
            self.leave(row, _("Changed since: %(fields)s.") % {"fields": ", ".join(names)})
        return {column: before[column] for column in touched if column not in kept}

    # Added rows

    def take_away(self, entries: Sequence[_Entry]) -> None:
        """What is in something goes before it; what stays keeps that, too."""
        going = {(entry.model, entry.pk) for entry in entries} - self.staying(entries)
        for entry in entries:
            row = entry.model._default_manager.filter(pk=entry.pk).first()
            is_going = (entry.model, entry.pk) in going
            if row is not None and is_going and not self.goes(entry, row, going):
                going.discard((entry.model, entry.pk))

    def staying(self, entries: Sequence[_Entry]) -> set[_Key]:
        """Workshops and days people hang on, and sessions changed since, stay with everything in them."""
        staying: set[_Key] = set()
        for entry in reversed(entries):
            row = entry.model._default_manager.filter(pk=entry.pk).first()
            if row is None or (entry.model, entry.pk) in staying:
                continue
            reason = obstacle_to_removing(row=row) if isinstance(row, Workshop | WorkshopDay) else ""
            if isinstance(row, Session) and values_of(row) != entry.after:
                reason = _("It was changed since.")
            if reason:
                self.leave(row, reason)
                staying |= {(type(other), other.pk) for other in rows_below(row)[0]}
        return staying

    def goes(self, entry: _Entry, row: Model, going: Collection[_Key]) -> bool:
        if values_of(row) != entry.after:
            self.leave(row, _("It was changed since."))
            return False
        gone, protected = rows_below(row)
        others = [other for other in gone if (type(other), other.pk) not in going and other != self.upload]
        if others or protected:
            kinds = sorted({str(other._meta.verbose_name_plural) for other in [*others, *protected]})
            self.leave(
                row, _("It is needed by what was added since: %(kinds)s.") % {"kinds": ", ".join(kinds)}
            )
            return False
        if isinstance(row, Conference):
            self.upload.conference = None
            self.upload.save()
        row.delete()
        self.undone.restored += 1
        return True

    # Numbers and dates

    def exchange_back(self, entries: Sequence[_Entry]) -> None:
        """They may have been swapped: all let go of theirs before any takes its old one again."""
        rows = [(entry, row) for entry in entries if (row := self.unmoved(entry)) is not None]
        for index, pair in enumerate(rows):
            let_go(row=pair[1], index=index)
        for entry, row in rows:
            self.exchange(entry, row)

    def unmoved(self, entry: _Entry) -> Model | None:
        """The row, where the import changed its number or date and nobody since."""
        name = EXCLUSIVE[entry.model]
        row = entry.model._default_manager.filter(pk=entry.pk).first()
        if row is None or (entry.before or {})[name] == (entry.after or {})[name]:
            return None
        if values_of(row)[name] == (entry.after or {})[name]:
            return row
        self.leave(row, _("It was changed since."))
        return None

    def exchange(self, entry: _Entry, row: Model) -> None:
        name = EXCLUSIVE[entry.model]
        try:
            with transaction.atomic():
                set_values(row, {name: (entry.before or {})[name]})
                row.full_clean()
                row.save()
        except (ValidationError, IntegrityError):
            set_values(row, {name: (entry.after or {})[name]})
            row.save()
            self.leave(row, _("It cannot come back: its place is taken."))


def _called(entry: _Entry) -> dict[str, Any]:
    return {"kind": capfirst(str(entry.model._meta.verbose_name)), "number": entry.pk}
