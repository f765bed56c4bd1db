"""Keeps up with every saved row what its translations were made from: pages, commands, imports and the shell alike.

Nothing is kept of a new row: all of its texts were there at once. What single statements write (`QuerySet.update`) goes
unseen; a text changed that way counts as translated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from workshops.domain.translations.fields import columns_of, text_fields
from workshops.domain.translations.state import Made, after_change
from workshops.languages import Text, text_of
from workshops.models import TextState

_SEEN = "_texts_before"
_NAMED = ("source_language", "source_digest", "target_digest")


def look_before_saving(*, row: Model, update_fields: Iterable[str] | None) -> None:
    """One query, and none where the row is new or none of its texts is among what is saved."""
    fields = _saved_fields(row, update_fields)
    row.__dict__.pop(_SEEN, None)
    if row._state.adding or not fields:
        return
    stored = type(row)._base_manager.filter(pk=row.pk).values(*columns_of(fields)).first()
    if stored is not None:
        row.__dict__[_SEEN] = {field: _text(stored, field) for field in fields}


def _saved_fields(row: Model, update_fields: Iterable[str] | None) -> list[str]:
    fields = text_fields(type(row))
    if update_fields is None:
        return fields
    saved = set(update_fields)
    return [field for field in fields if saved & {field, *columns_of([field])}]


def _text(stored: Mapping[str, Any], field: str) -> Text:
    return {column.rsplit("_", 1)[1]: stored[column] or "" for column in columns_of([field])}


def keep_after_saving(*, row: Model) -> None:
    """Without a query where no text has changed."""
    seen: dict[str, Text] = row.__dict__.pop(_SEEN, {})
    changed = {field: (old, now) for field, old in seen.items() if (now := text_of(row, field)) != old}
    if not changed:
        return
    made = made_of(row=row, fields=changed)
    keep = {
        field: after_change(before=before, now=now, made=made[field])
        for field, (before, now) in changed.items()
    }
    _write(
        row, [(f, code, m) for f, kept in keep.items() for code, m in kept.items() if m != made[f].get(code)]
    )


def made_of(*, row: Model, fields: Iterable[str]) -> dict[str, dict[str, Made]]:
    """By field and language."""
    made: dict[str, dict[str, Made]] = {field: {} for field in fields}
    for field, code, *values in _kept(row).filter(field__in=made).values_list("field", "language", *_NAMED):
        made[field][code] = Made(*values)
    return made


def keep(*, row: Model, field: str, language: str, made: Made) -> None:
    """For somebody who knows better than `keep_after_saving` what a translation was made from."""
    _write(row, [(field, language, made)])


def forget(*, row: Model) -> None:
    _kept(row).delete()


def _kept(row: Model) -> Any:
    return TextState.objects.filter(content_type=ContentType.objects.get_for_model(row), object_id=row.pk)


def _write(row: Model, keep: list[tuple[str, str, Made | None]]) -> None:
    content_type = ContentType.objects.get_for_model(row)
    rows = [
        TextState(
            content_type=content_type,
            object_id=row.pk,
            field=field,
            language=code,
            source_language=made.source_language,
            source_digest=made.source_digest,
            target_digest=made.target_digest,
        )
        for field, code, made in keep
        if made is not None
    ]
    if rows:
        TextState.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["content_type", "object_id", "field", "language"],
            update_fields=[*_NAMED, "changed_at"],
        )
    for field, code, made in keep:
        if made is None:
            _kept(row).filter(field=field, language=code).delete()
