"""The books of the places: what is counted, what lies in the rows, what was written to whom."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType

from django.db import connection
from django.db.models import Count, Q

from registration.models import Message, Registration
from workshops.models import Workshop

NEW, OFFERED = "new", "offered"
_Kind, _Status = Message.Kind, Registration.Status
_ENTERED = {
    _Kind.RECEIVED: {_Status.REQUESTED},
    _Kind.CONFIRMED: {_Status.CONFIRMED},
    _Kind.WAITLISTED: {_Status.WAITLISTED},
}
_ENDED = {_Kind.CANCELLED: {_Status.CANCELLED}, _Kind.DECLINED: {_Status.DECLINED}}
# From which state which mail leads to which state; there are no others.
EDGES: dict[str, dict[str, set[str]]] = {
    NEW: {**_ENTERED},
    _Status.REQUESTED: {**_ENTERED, **_ENDED},
    _Status.WAITLISTED: {
        **_ENTERED,
        **_ENDED,
        _Kind.PROMOTED: {_Status.CONFIRMED},
        _Kind.OFFERED: {OFFERED},
        _Kind.MOVED_UP: {_Status.WAITLISTED},
    },
    OFFERED: {
        **_ENTERED,
        **_ENDED,
        _Kind.OFFERED: {OFFERED},
        _Kind.PROMOTED: {_Status.CONFIRMED},
        _Kind.OFFER_LAPSED: {_Status.CONFIRMED, _Status.CANCELLED},
    },
    _Status.CONFIRMED: {**_ENTERED, _Kind.CANCELLED: {_Status.CANCELLED}},
    _Status.DECLINED: {**_ENTERED, _Kind.CANCELLED: {_Status.CANCELLED}},
    _Status.CANCELLED: {**_ENTERED},
}


def state_of(registration: Registration) -> str:
    return OFFERED if registration.offered_until is not None else registration.status


def led_to(start: str, kinds: Iterable[str]) -> set[str]:
    """The states to which these mails, in this order, can have led; empty where one of them was not possible."""
    states = {start}
    for kind in kinds:
        states = {after for state in states for after in EDGES[state].get(kind, set())}
    return states


def mails_of_registrations(*, seen: Iterable[object] = ()) -> dict[int, list[str]]:
    """The kinds of mail owed about each registration, oldest first, without those already `seen`."""
    mails: dict[int, list[str]] = defaultdict(list)
    rows = Message.objects.filter(registration__isnull=False).exclude(pk__in=list(seen))
    for pk, kind in rows.order_by("created_at", "pk").values_list("registration", "kind"):
        mails[pk].append(kind)
    return mails


def untold(mails: Mapping[int, list[str]]) -> list[tuple[int, list[str], str]]:
    """The registrations whose state is not the one their mails, from the first on, have told."""
    return [
        (row.pk, mails.get(row.pk, []), state_of(row))
        for row in Registration.objects.order_by("pk")
        if state_of(row) not in led_to(NEW, mails.get(row.pk, []))
    ]


def _held(role: str) -> Q:
    held = Q(registrations__status="confirmed", registrations__role=role)
    held |= Q(registrations__offered_until__isnull=False, registrations__role=role)
    return held | Q(registrations__listens_meanwhile=True) if role == "listener" else held


@dataclass(frozen=True)
class Book:
    """One role of one workshop at one moment."""

    slug: str
    role: str
    counter: int
    rows: int
    capacity: int | None
    waiting: int

    @property
    def is_right(self) -> bool:
        return self.counter == self.rows and (self.capacity is None or self.rows <= self.capacity)

    @property
    def leaves_somebody_out(self) -> bool:
        """A place is free, and somebody waits for it."""
        return self.waiting > 0 and (self.capacity is None or self.rows < self.capacity)


def counts() -> list[Book]:
    """All workshops in a single statement: the database shows it one moment."""
    asked = {
        f"{name}_{role}": Count("registrations", filter=condition, distinct=True)
        for role in Registration.Role.values
        for name, condition in (
            ("rows", _held(role)),
            (
                "waiting",
                Q(
                    registrations__status="waitlisted",
                    registrations__role=role,
                    registrations__offered_until__isnull=True,
                ),
            ),
        )
    }
    return [
        Book(
            row["slug"],
            role,
            row[f"taken_{role}"],
            row[f"rows_{role}"],
            row[f"capacity_{role}"],
            row[f"waiting_{role}"],
        )
        for row in Workshop.objects.order_by("pk").annotate(**asked).values()
        for role in Registration.Role.values
    ]


@dataclass
class Watcher:
    """Looks again and again, while others act, whether the books are right."""

    wrong: list[Book] = field(default_factory=list)
    looks: int = 0

    def __enter__(self) -> Watcher:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self.wrong += [count for count in counts() if not count.is_right]
            self.looks += 1
        connection.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
