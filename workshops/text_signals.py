"""Whatever saves or deletes a row with texts, what is known of their translations is kept up to date."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save

from workshops.domain.translations import keep
from workshops.domain.translations.fields import MODELS


def _before(instance: Model, raw: bool, update_fields: Collection[str] | None, **_kwargs: Any) -> None:
    """A fixture brings its own rows along."""
    if not raw:
        keep.look_before_saving(row=instance, update_fields=update_fields)


def _after(instance: Model, **_kwargs: Any) -> None:
    keep.keep_after_saving(row=instance)


def _gone(instance: Model, **_kwargs: Any) -> None:
    keep.forget(row=instance)


for _model in MODELS:
    pre_save.connect(_before, sender=_model, dispatch_uid="texts.before")
    post_save.connect(_after, sender=_model, dispatch_uid="texts.after")
    post_delete.connect(_gone, sender=_model, dispatch_uid="texts.gone")
