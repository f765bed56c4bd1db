"""Carrying out changes one by one: what cannot be kept is refused and said, the rest is done."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from workshops.domain.checks.finding import in_each_language
from workshops.domain.import_programme.add import add
from workshops.domain.import_programme.changes import Change, Step
from workshops.domain.import_programme.compare import Comparison
from workshops.domain.import_programme.errors import ImportRefusedError
from workshops.domain.import_programme.exclusive import EXCLUSIVE, let_go
from workshops.domain.import_programme.hanging import obstacle_to_removing, rows_below
from workshops.domain.import_programme.order import put_in_order
from workshops.domain.import_programme.record import Record
from workshops.domain.import_programme.wanted import Wanted
from workshops.languages import Text, active_language, choose
from workshops.models import Appearance, Session, WorkshopDay, WorkshopHost

_EXCLUSIVE = set(EXCLUSIVE.values())


@dataclass(frozen=True, slots=True)
class Refusal:
    """`follows` where it was refused only because what it needs was."""

    change: Change
    reasons: Text
    follows: bool = False

    @property
    def reason(self) -> str:
        return choose(self.reasons, active_language())[0]


@dataclass(slots=True)
class Carried:
    """What was done, and what was not and why."""

    done: list[Change] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    record: Record = field(default_factory=Record)


def carry_out(*, comparison: Comparison, steps: Sequence[Step]) -> Carried:
    """Within a transaction. A step whose needs were refused is refused with them."""
    return _CarryOut(comparison, steps).run()


class _CarryOut:
    def __init__(self, comparison: Comparison, steps: Sequence[Step]) -> None:
        self.comparison, self.steps = comparison, steps
        self.carried = Carried()
        self.record = self.carried.record
        self.failed: set[str] = set()
        self.new_here: set[int] = set()

    def run(self) -> Carried:
        """Numbers and dates first and what goes from agendas next, so that what is new finds its place free."""
        self.exclusive([step for step in self.steps if step.change.field in _EXCLUSIVE])
        changed = [s for s in self.steps if s.change.kind == "changed" and s.change.field not in _EXCLUSIVE]
        removed = [step for step in self.steps if step.change.kind == "removed"]
        self.each([step for step in removed if isinstance(step.row, Appearance)], self.remove)
        self.each([step for step in self.steps if step.change.kind == "added"], self.add)
        self.each([step for step in changed if step.change.field == "place"], self.move)
        self.each([s for s in changed if s.change.field not in {"place", "order"}], self.change)
        self.each([step for step in removed if not isinstance(step.row, Appearance)], self.remove)
        orders = [step for step in changed if step.change.field == "order"]
        put_in_order(
            wanted=self.comparison.wanted,
            reordered={step.wanted for step in orders if step.wanted is not None},
            new=self.new_here,
            record=self.record,
        )
        self.carried.done.extend(step.change for step in orders)
        return self.carried

    def each(self, steps: Sequence[Step], do: Callable[[Step], None]) -> None:
        for step in steps:
            if self.failed & set(step.change.depends_on):
                self.refuse(step, lambda: _("What it belongs to, or needs, could not be kept."), follows=True)
                continue
            try:
                with transaction.atomic():
                    do(step)
            except (ValidationError, IntegrityError) as error:
                self.refuse(step, functools.partial(_reason, error))
            else:
                self.carried.done.append(step.change)

    def refuse(self, step: Step, reason: Callable[[], str], *, follows: bool = False) -> None:
        self.failed.add(step.change.key)
        self.carried.refused.append(Refusal(step.change, in_each_language(reason), follows))
        if step.change.kind == "added" and step.wanted is not None:
            step.wanted.row = None

    # Each kind

    def add(self, step: Step) -> None:
        assert step.wanted is not None  # noqa: S101 (what is added is wanted)
        add(item=step.wanted, wanted=self.comparison.wanted, record=self.record)
        if isinstance(step.wanted.row, Session):
            self.new_here.add(step.wanted.row.pk)

    def change(self, step: Step) -> None:
        row, item = _fresh(step.row), step.wanted
        if step.change.field == "hosts" and item is not None:
            self.hosts(row, item)
            return
        for column, value in step.writes.items():
            setattr(row, column, value)
        for name, link in step.links.items():
            setattr(row, name, link.row if link is not None else None)
        if isinstance(row, Appearance):
            _without_own(row)
        self.save(row)

    def save(self, row: Model) -> None:
        row.full_clean()
        self.record.touches(row)
        row.save()

    def hosts(self, row: Model, item: Wanted) -> None:
        there = {host.organisation_id: host for host in WorkshopHost.objects.filter(workshop_id=row.pk)}
        wanted = [host.row.pk for host in item.hosts if host.row is not None]
        for pk, host in there.items():
            if pk not in wanted:
                self.record.touches(host)
                host.delete()
        for position, pk in enumerate(dict.fromkeys(wanted), 1):
            self.host(there.get(pk) or WorkshopHost(workshop_id=row.pk, organisation_id=pk), position)

    def host(self, host: WorkshopHost, position: int) -> None:
        is_new = host.pk is None
        if not is_new:
            self.record.touches(host)
        host.position = position
        host.save()
        if is_new:
            self.record.added(host)

    def move(self, step: Step) -> None:
        """Elsewhere in the agenda, with all its parts."""
        session, parent = _fresh(step.row), step.links["parent"]
        assert isinstance(session, Session)  # noqa: S101 (only sessions have a place)
        where = parent.row if parent is not None else None
        session.parent = where if isinstance(where, Session) else None
        day = where.day if isinstance(where, Session) else where
        assert isinstance(day, WorkshopDay)  # noqa: S101
        self.save_on(session, day)
        self.new_here.add(session.pk)

    def save_on(self, session: Session, day: WorkshopDay) -> None:
        session.day = day
        self.save(session)
        for part in session.parts.all():
            if part.day_id != day.pk:
                self.save_on(part, day)

    def remove(self, step: Step) -> None:
        """Locked in full first, so that nobody registers for what is about to go."""
        row = _fresh(step.row)
        type(row)._default_manager.select_for_update().get(pk=row.pk)
        if step.change.obstacle or (obstacle := obstacle_to_removing(row=row)):
            raise ValidationError(step.change.obstacle or obstacle)
        for gone in rows_below(row)[0]:
            if gone._meta.auto_created is False:
                self.record.touches(gone)
        row.delete()

    # Numbers and dates

    def exclusive(self, steps: Sequence[Step]) -> None:
        """Workshops may swap numbers, and days dates: all let go of theirs first."""
        for step in steps:
            self.record.touches(_fresh(step.row))
        kept = {step: let_go(row=_fresh(step.row), index=index) for index, step in enumerate(steps)}
        self.each(steps, self.change)
        for step in steps:
            if step.change.key in self.failed:
                self.give_back(step, kept[step])

    def give_back(self, step: Step, value: Any) -> None:
        row = step.row
        assert row is not None  # noqa: S101
        try:
            with transaction.atomic():
                type(row)._default_manager.filter(pk=row.pk).update(**{step.change.field: value})
        except IntegrityError:
            raise ImportRefusedError(
                _("Some numbers or dates cannot be exchanged one without the other. Please pick all of them.")
            ) from None


def _fresh(row: Model | None) -> Model:
    """As it is by now: an earlier step may have written other columns of it."""
    assert row is not None  # noqa: S101 (what is changed or removed is there)
    return type(row)._default_manager.get(pk=row.pk)


def _without_own(row: Appearance) -> None:
    """An appearance names an organisation only where it is not the speaker's own."""
    if row.speaker is not None and row.organisation_id == row.speaker.organisation_id:
        row.organisation = None


def _reason(error: ValidationError | IntegrityError) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return _("The database does not allow it: something with these values is there already.")
