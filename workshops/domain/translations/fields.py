"""Which columns of which models are texts in several languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from modeltranslation.translator import translator

from workshops.languages import CODES
from workshops.models import (
    Conference,
    Organisation,
    Platform,
    Session,
    Speaker,
    Workshop,
    WorkshopDay,
)

# In the order in which rows are locked. A release's note is written with the release, and never afterwards.
MODELS: tuple[type[Model], ...] = (
    Conference,
    Workshop,
    WorkshopDay,
    Session,
    Platform,
    Organisation,
    Speaker,
)
CONFERENCE_OF: dict[type[Model], str] = {
    **dict.fromkeys(MODELS, "conference"),
    Conference: "pk",
    WorkshopDay: "workshop__conference",
    Session: "day__workshop__conference",
}
MODEL_OF = {str(model._meta.model_name): model for model in MODELS}


def text_fields(model: type[Model]) -> list[str]:
    """In the order in which the model declares them; modeltranslation keeps them in no order at all."""
    options: Any = translator.get_options_for_model(model)
    return [field.name for field in model._meta.fields if field.name in options.fields]


def columns_of(fields: Iterable[str]) -> list[str]:
    return [f"{field}_{code}" for field in fields for code in CODES]
