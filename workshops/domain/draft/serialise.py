"""A draft as JSON and back: between processes, and as it is kept with an import."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from workshops.domain.draft.values import Draft


def as_json(draft: Draft) -> dict[str, Any]:
    """Holds nothing but what JSON can: `from_json` makes the same draft of it."""
    written = _written(draft)
    assert isinstance(written, dict)  # noqa: S101 (a dataclass is written as one)
    return written


def from_json(written: Mapping[str, Any]) -> Draft:
    """Raises KeyError, TypeError or ValueError where `written` is no draft’s JSON."""
    read = _read(Draft, written)
    assert isinstance(read, Draft)  # noqa: S101 (that is what was asked for)
    return read


def _written(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _written(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: _written(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_written(inner) for inner in value]
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else value


def _read(kind: Any, written: Any) -> Any:
    """`written` as a value of the type `kind`, one of those in `values`."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {types.UnionType, Union}:
        return None if written is None else _read(inner[0], written)
    if origin is tuple:
        return tuple(_read(inner[0], value) for value in written)
    if origin is list:
        return [_read(inner[0], value) for value in written]
    if origin is dict:
        return {key: _read(inner[1], value) for key, value in written.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{name: _read(hint, written[name]) for name, hint in _hints(kind).items()})
    return kind.fromisoformat(written) if kind in {dt.date, dt.time} else written


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
