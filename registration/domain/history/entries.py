"""Entries of the audit log as plain values, and what one act did to one row as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from auditlog.models import LogEntry

Pair = tuple[Any, Any]
CREATE, UPDATE = LogEntry.Action.CREATE, LogEntry.Action.UPDATE
DELETE, ACCESS = LogEntry.Action.DELETE, LogEntry.Action.ACCESS
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """`label` is the table ("workshops.session"), `changes` the columns with what stood before and after.

    `data` is what else is kept: the reason, the command, the workshop. `name` is what the row was called then, in the
    language of that moment: only for what cannot be named in any other way.
    """

    pk: int
    label: str
    row: Any
    action: int
    at: dt.datetime = _NEVER
    act: str = ""
    who: str = ""
    name: str = ""
    changes: Mapping[str, Pair] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        return self.label, str(self.row)

    def before(self, name: str) -> Any:
        return self.changes.get(name, (None, None))[0]

    def after(self, name: str) -> Any:
        return self.changes.get(name, (None, None))[1]


def entry_of(row: LogEntry) -> Entry:
    """With `content_type` and `actor` read beforehand."""
    kind = row.content_type
    return Entry(
        pk=row.pk,
        label=f"{kind.app_label}.{kind.model}",
        row=row.object_id if row.object_id is not None else row.object_pk,
        action=row.action,
        at=row.timestamp,
        act=act_of(row.pk, row.cid),
        who=str(row.actor or row.actor_email or ""),
        name=row.object_repr,
        changes=pairs_of(row.changes),
        data=row.additional_data or {},
    )


def act_of(pk: int, number: str | None) -> str:
    """Entries without a number were written outside of any act: each is one."""
    return number or f"entry {pk}"


def pairs_of(changes: Any) -> dict[str, Pair]:
    found = (changes or {}).items()
    return {name: (pair[0], pair[1]) for name, pair in found if isinstance(pair, list) and len(pair) == 2}


def folded(entries: Iterable[Entry]) -> Iterator[Entry]:
    """One act's entries of one row, taken together: what came and went again within it is not told."""
    rows: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        rows.setdefault(entry.key, []).append(entry)
    for found in rows.values():
        changing = [entry for entry in found if entry.action != ACCESS]
        yield from (entry for entry in found if entry.action == ACCESS)
        if changing and not (changing[0].action == CREATE and changing[-1].action == DELETE):
            yield reduce(_then, changing)


def _then(first: Entry, second: Entry) -> Entry:
    changes = {**first.changes}
    for name, (before, after) in second.changes.items():
        changes[name] = (changes[name][0] if name in changes else before, after)
    action = first.action if second.action == UPDATE else second.action
    if {first.action, second.action} == {DELETE, CREATE}:
        action = UPDATE
    return replace(
        second,
        action=action,
        changes={name: pair for name, pair in changes.items() if pair[0] != pair[1]},
        data={**first.data, **second.data},
    )
