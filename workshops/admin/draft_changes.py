"""The differences between a draft and the programme, as they are shown and picked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from workshops.admin.clocks import clock_faces
from workshops.admin.draft_lines import Lines
from workshops.admin.text_sides import LONG, Side, excerpt, sides
from workshops.domain.import_programme.changes import Change, Shown
from workshops.domain.import_programme.in_words import field_in_words, what_in_words
from workshops.languages import CODES

_KINDS: dict[str, str | Promise] = {
    "added": gettext_lazy("Added"),
    "changed": pgettext_lazy("kind of change", "Changed"),
    "removed": gettext_lazy("Removed"),
}
_MANY = 12


@dataclass(frozen=True, slots=True)
class Value:
    """One side of a change; `start` is what is shown at first of a long one. `lang` is empty where it is no text."""

    whole: Side
    start: Side | None
    lang: str


@dataclass(frozen=True, slots=True)
class LineLink:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    key: str
    kind: str
    kind_name: str
    what: str
    where: str
    field: str
    before: Value
    after: Value
    detail: str
    times: SafeString | None
    lines: tuple[LineLink, ...]
    is_picked: bool
    is_kept: bool
    obstacle: str
    reason: str


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one workshop, or of what all of them share."""

    name: str
    lang: str
    changes: tuple[ShownChange, ...]

    @property
    def is_folded(self) -> bool:
        """Dozens of new people and organisations stand in nobody's way to the workshops."""
        is_plain = all(change.kind == "added" and change.is_picked for change in self.changes)
        return not self.lang and is_plain and len(self.changes) > _MANY


def read_change(written: Mapping[str, Any]) -> Change:
    """A change as it was kept in a report."""
    known = {field.name for field in fields(Change)}
    values = {name: value for name, value in written.items() if name in known}
    for name in ("lines", "depends_on"):
        values[name] = tuple(values.get(name, ()))
    return Change(**values)


def grouped_changes(
    changes: Iterable[Change], *, lines: Lines, language: str, picked: Collection[str] | None = None
) -> list[Group]:
    """`picked` are the keys a person had picked before; without them, what is meant by default is."""
    groups: dict[str, list[ShownChange]] = {}
    keys = None if picked is None else frozenset(picked)
    for change in changes:
        is_picked = change.by_default if keys is None else change.key in keys
        shown = _shown(change, lines, language, is_picked=is_picked and not change.obstacle)
        groups.setdefault(change.group, []).append(shown)
    return [
        Group(
            name or _("The conference, and what its workshops share"), language if name else "", tuple(shown)
        )
        for name, shown in groups.items()
    ]


def _shown(change: Change, lines: Lines, language: str, *, is_picked: bool) -> ShownChange:
    lang = _language_of(change, language)
    before, after = _values(change, lang)
    where = change.where.removeprefix(f"{change.group} › ") if change.group else change.where
    return ShownChange(
        key=change.key,
        kind=change.kind,
        kind_name=str(_KINDS[change.kind]),
        what=str(capfirst(what_in_words(change))),
        where=where,
        field=field_in_words(change),
        before=before,
        after=after,
        detail=change.detail,
        times=_times(change, lines),
        lines=_links(change.lines, lines),
        is_picked=is_picked,
        is_kept=change.kind == "changed" and not change.by_default and not change.reason,
        obstacle=change.obstacle,
        reason=change.reason,
    )


def _language_of(change: Change, language: str) -> str:
    """Of a column with a language, that one; of other words the draft’s."""
    code = change.field.rsplit("_", 1)[-1]
    return code if code in CODES else language


def _times(change: Change, lines: Lines) -> SafeString | None:
    if change.kind != "added" or not change.lines:
        return None
    models = {"day": "workshopday", "session": "session", "part": "session"}
    found = lines.times(change.lines[0], models[change.what]) if change.what in models else ()
    return clock_faces(found) if found else None


def _links(numbers: Sequence[int], lines: Lines) -> tuple[LineLink, ...]:
    return tuple(LineLink(lines.name(number), url) for number in numbers if (url := lines.url(number)))


def _values(change: Change, lang: str) -> tuple[Value, Value]:
    """What differs within a text is marked; what is no text is only shown."""
    before, after = sides(_words(change.before), _words(change.after))
    return _value(before, change.before, lang), _value(after, change.after, lang)


def _words(value: Shown) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    texts = value if isinstance(value, list) else ("" if value is None else str(value)).splitlines()
    return "\n".join(text for text in texts if text.strip())


def _value(side: Side, value: Shown, lang: str) -> Value:
    is_text = bool(value) and not isinstance(value, (bool, int))
    return Value(side, excerpt(side) if len(side.text) > LONG else None, lang if is_text else "")
