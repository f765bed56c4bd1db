"""What earlier drafts had brought and somebody removed here since: it must not come back without being asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from workshops.domain.import_programme.changes import digest
from workshops.domain.import_programme.rows import Rows
from workshops.domain.import_programme.said import Said, name_of
from workshops.domain.import_programme.wanted import Wanted, WantedProgramme, What

_MODELS: dict[What, str] = {
    "platform": "platform",
    "organisation": "organisation",
    "speaker": "speaker",
    "workshop": "workshop",
    "day": "workshopday",
    "session": "session",
    "part": "session",
    "appearance": "appearance",
}
_CALLED = ("date", "name", "first_name", "last_name", "title_")


def removed_here(*, wanted: WantedProgramme, rows: Rows, said: Said, taken: set[str]) -> dict[Wanted, str]:
    """The names of the rows that wanted things without a row had been; `taken` are those that an import removed.

    They are known by what they were called, in the same place: each lost row is found again once at most.
    """
    lost = _Lost(said, set(_names(rows)) | taken)
    found: dict[Wanted, str] = {}
    for item in wanted.everything():
        if item.row is None and (name := lost.find(item, found)):
            found[item] = name
    return found


def taken_out(*, imports: Sequence[dict[str, Any]]) -> set[str]:
    """The names of the rows that earlier imports removed themselves: the draft had left them out."""
    entries = (entry for before in imports for entry in before.get("rows", ()))
    return {f"{entry['model']}:{entry['pk']}:" for entry in entries if entry["after"] is None}


class _Lost:
    def __init__(self, said: Said, known: set[str]) -> None:
        self.said = said
        self.used: set[str] = set()
        self.by_call: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for key, value in said.items():
            model, pk, column = key.split(":", 2)
            if column and f"{model}:{pk}:" not in known:
                self.by_call[model, column, value].append(f"{model}:{pk}:")

    def find(self, item: Wanted, found: dict[Wanted, str]) -> str:
        calls = _calls(item)
        places = {_name(item.parent, found), "", None}
        for name in self.by_call.get(calls[0], ()) if calls else ():
            is_same = all(name in self.by_call.get(call, ()) for call in calls[1:])
            if is_same and name not in self.used and self.said.get(name) in places:
                self.used.add(name)
                return name
        return ""


def _calls(item: Wanted) -> list[tuple[str, str, str]]:
    """By model and column, the digests of what it is called; somebody who appears is called by who it is."""
    model = _MODELS.get(item.what, "")
    named = [(column, digest(value)) for column, value in item.values.items() if column.startswith(_CALLED)]
    if item.what == "appearance":
        named = [(column, digest(link and link.ident)) for column, link in item.links.items()]
    return [(model, column, value) for column, value in named]


def _name(item: Wanted | None, found: dict[Wanted, str]) -> str:
    if item is None:
        return ""
    return name_of(item.row) if item.row is not None else found.get(item, "new")


def _names(rows: Rows) -> Iterator[str]:
    """Of every row there is."""
    yield from map(name_of, rows.platforms)
    yield from map(name_of, rows.organisations.values())
    yield from map(name_of, rows.speakers.values())
    yield from map(name_of, rows.workshops)
    for group in (rows.days, rows.sessions, rows.appearances):
        yield from (name_of(row) for there in group.values() for row in there)
