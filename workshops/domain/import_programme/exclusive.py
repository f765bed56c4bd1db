"""Columns in which no two rows may be the same even for a moment, so that they cannot be swapped one by one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Model

from conference.audit import lend
from workshops.models import Workshop, WorkshopDay

EXCLUSIVE: dict[type[Model], str] = {Workshop: "number", WorkshopDay: "date"}
_FAR_AWAY = dt.date(1, 1, 1)


def let_go(*, row: Model, index: int) -> Any:
    """Frees the row's number or date for others, and returns it; `index` tells apart those that let go together."""
    name = EXCLUSIVE[type(row)]
    rows = type(row)._default_manager.filter(pk=row.pk)
    before = rows.values_list(name, flat=True).get()
    placeholder = None if name == "number" else _FAR_AWAY + dt.timedelta(days=index)
    rows.update(**{name: placeholder})
    lend(row, name=name, before=before, placeholder=placeholder)
    return before
