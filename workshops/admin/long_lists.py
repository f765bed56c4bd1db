"""How a list of a hundred thousand rows is counted and cut into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.views.main import ALL_VAR, ORDER_VAR, PAGE_VAR
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from workshops.admin.light_rows import without_long_texts_of_others

if TYPE_CHECKING:
    _Paginator = Paginator[Any]
else:
    _Paginator = Paginator

# What an address of a list may say without leaving rows out: the page, the order, all on one page.
_NARROWS_NOTHING = {PAGE_VAR, ORDER_VAR, ALL_VAR}


def keep_count(request: HttpRequest, model_admin: Any, count: int) -> None:
    """For a filter whose choices were counted in all rows of a list, so that these need not be counted again."""
    request.__dict__.setdefault("_koprue_counted", {})[model_admin] = count


def counted_by_a_filter(request: HttpRequest, model_admin: Any) -> int | None:
    """How many rows the whole list has; None where that is not known, or something is chosen or looked for."""
    if any(name not in _NARROWS_NOTHING for name in request.GET):
        return None
    found: int | None = request.__dict__.get("_koprue_counted", {}).get(model_admin)
    return found


class NarrowPaginator(_Paginator):
    """Of a long list only the keys are sorted; everything else is read of the rows that are shown.

    `shown`: how these are read. Whose they are was asked for the keys: asked again, it costs as much again.
    """

    shown: QuerySet[Any] | None = None

    def page(self, number: Any) -> Any:
        page: Any = super().page(number)
        if isinstance(self.object_list, QuerySet):
            keys = page.object_list.select_related(None).prefetch_related(None).values("pk")
            page.object_list = without_long_texts_of_others(self._by(keys, self.object_list))
        return page

    def _by(self, keys: QuerySet[Any], rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.shown is None:
            return rows.filter(pk__in=keys)
        found = self.shown.filter(pk__in=keys).order_by(*rows.query.order_by)
        found.query.select_related = rows.query.select_related
        return found
