"""What rows are called, in the reader's language: also those that are no more, from the entry of their deletion.

All names of a page are read with one query, and those of deleted rows with another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from registration.domain.history.entries import DELETE
from registration.models import AccessDetails
from workshops.languages import CODES, active_language, choose
from workshops.templatetags.texts import short_date

Key = tuple[str, str]
_WIDEST = 7


def _text(values: Sequence[Any]) -> str:
    return choose({code: value or "" for code, value in zip(CODES, values, strict=False)}, active_language())[
        0
    ]


def _person(values: Sequence[Any]) -> str:
    first, last, email = (value or "" for value in values[:3])
    return f"{first} {last}".strip() or email


def _workshop(values: Sequence[Any]) -> str:
    title, number = _text(values), values[3]
    return f"{title} ({number})" if number else title


def _date(value: Any) -> str:
    day = parse_date(str(value or ""))
    return short_date(day) if day else ""


def _day(values: Sequence[Any]) -> str:
    return ", ".join(part for part in (_text(values), _date(values[3])) if part)


def _registration(values: Sequence[Any]) -> str:
    return " – ".join(part for part in (_person(values), _text(values[3:])) if part)


def _appearance(values: Sequence[Any]) -> str:
    person = " ".join(part for part in values[:3] if part)
    return person or f"{_('N.N.')}, {_text(values[3:])}"


def _organisation(values: Sequence[Any]) -> str:
    name, short = _text(values), values[3]
    return f"{name} ({short})" if short else name


def _material(values: Sequence[Any]) -> str:
    return next((value for value in values if value), "")


def _access(values: Sequence[Any]) -> str:
    return f"{_day(values)} ({AccessDetails(role=values[4]).get_role_display()})"


def _words(values: Sequence[Any]) -> str:
    return " ".join(str(part) for part in values if part)


def _in_all(name: str) -> tuple[str, ...]:
    return tuple(f"{name}_{code}" for code in CODES)


@dataclass(frozen=True, slots=True)
class Naming:
    """The columns a name is made of, and how."""

    columns: tuple[str, ...]
    say: Callable[[Sequence[Any]], str]


_OF_A_DAY = (*_in_all("workshop__title"), "date")
NAMINGS: Mapping[str, Naming] = {
    "workshops.conference": Naming(_in_all("name"), _text),
    "workshops.workshop": Naming((*_in_all("title"), "number"), _workshop),
    "workshops.workshopday": Naming(_OF_A_DAY, _day),
    "workshops.session": Naming(_in_all("title"), _text),
    "workshops.appearance": Naming(
        (
            "speaker__academic_title",
            "speaker__first_name",
            "speaker__last_name",
            *_in_all("organisation__name"),
        ),
        _appearance,
    ),
    "workshops.material": Naming(("title", "file_name", "url"), _material),
    "workshops.workshophost": Naming(
        (*_in_all("organisation__name"), "organisation__short_name"), _organisation
    ),
    "workshops.organisation": Naming((*_in_all("name"), "short_name"), _organisation),
    "workshops.speaker": Naming(("academic_title", "first_name", "last_name"), _words),
    "workshops.platform": Naming(("name",), _words),
    "workshops.release": Naming(("number",), _words),
    "workshops.draftimport": Naming(("file_name",), _words),
    "accounts.user": Naming(("first_name", "last_name", "email"), _person),
    "registration.participant": Naming(("first_name", "last_name", "email"), _person),
    "registration.registration": Naming(
        (
            "participant__first_name",
            "participant__last_name",
            "participant__email",
            *_in_all("workshop__title"),
        ),
        _registration,
    ),
    "registration.invitation": Naming(
        ("participant__first_name", "participant__last_name", "participant__email"), _person
    ),
    "registration.accessdetails": Naming((*(f"day__{name}" for name in _OF_A_DAY), "role"), _access),
    "registration.invitationlist": Naming(("name",), _words),
    "registration.announcement": Naming(_in_all("subject"), _text),
}


@dataclass
class Names:
    """`wanted` are tables with keys. Reads nothing before the first name is asked for."""

    wanted: Iterable[tuple[str, Any]] = ()
    _deleted: dict[Key, str] = field(default_factory=dict)

    def of(self, label: str, key: Any, otherwise: str = "") -> str:
        """Of a row that is gone and was never named: `otherwise`, or its number."""
        name = self._found.get((label, str(key)))
        if name:
            return name
        if name := self._gone.get((label, str(key))):
            return name
        return otherwise or _("no longer there (number %(number)s)") % {"number": key}

    def is_there(self, label: str, key: Any) -> bool:
        return (label, str(key)) in self._found

    @cached_property
    def _keys(self) -> dict[str, set[str]]:
        keys: dict[str, set[str]] = {}
        for label, key in self.wanted:
            if key is not None and label in NAMINGS:
                keys.setdefault(label, set()).add(str(key))
        return keys

    @cached_property
    def _found(self) -> dict[Key, str]:
        parts = [_rows(label, keys) for label, keys in sorted(self._keys.items())]
        if not parts:
            return {}
        rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
        return {(label, key): NAMINGS[label].say(values) for label, key, *values in rows}

    @cached_property
    def _gone(self) -> dict[Key, str]:
        about = Q()
        for label, keys in self._keys.items():
            if missing := [key for key in keys if (label, key) not in self._found]:
                kind = ContentType.objects.get_for_model(apps.get_model(label))
                about |= Q(content_type=kind, object_pk__in=missing)
        if not about:
            return {}
        rows = LogEntry.objects.filter(about, action=DELETE).select_related("content_type").order_by("pk")
        return {_key_of(row): name_then(_label_of(row), row.changes or {}, row.object_repr) for row in rows}


def name_then(label: str, changes: Mapping[str, Any], otherwise: str) -> str:
    """Of a row that was deleted: what its own columns held; where it was called by others', what was kept."""
    naming = NAMINGS.get(label)
    if naming is None or any("__" in name for name in naming.columns):
        return otherwise
    return naming.say([(changes.get(name) or (None,))[0] for name in naming.columns]) or otherwise


def _label_of(row: LogEntry) -> str:
    return f"{row.content_type.app_label}.{row.content_type.model}"


def _key_of(row: LogEntry) -> Key:
    return _label_of(row), row.object_pk


def names_of_tables(labels: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The table, the key and all that a row is called, in every language, of all rows of these tables."""
    first, *others = (_rows(label) for label in labels)
    for label, key, *values in first.union(*others, all=True):
        yield label, key, " ".join(value for value in values if value)


def _rows(label: str, keys: Iterable[str] | None = None) -> QuerySet[Any, Any]:
    """The table, the key and the columns, as text, as many of them for each table. Without `keys`: all rows.

    Not through the table's manager: that of a translated table has its own idea of which columns are asked for.
    """
    model: type[Model] = apps.get_model(label)
    columns = NAMINGS[label].columns
    nothing = {f"name{place}": Value("") for place in range(len(columns), _WIDEST)}
    named = {f"name{place}": Cast(column, TextField()) for place, column in enumerate(columns)}
    texts = {"table": Value(label, TextField()), "key": Cast("pk", TextField()), **named, **nothing}
    rows: QuerySet[Any, Any] = QuerySet(model).order_by().annotate(**texts)
    rows = rows if keys is None else rows.filter(pk__in=list(keys))
    return rows.values_list("table", "key", *(f"name{place}" for place in range(_WIDEST)))
