"""Rows on the page of the object they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from workshops.admin.base import Fields, KoprueForm
from workshops.admin.widgets import name_inputs
from workshops.domain.scope import Area, Right

if TYPE_CHECKING:
    _Inline = admin.options.InlineModelAdmin[Any, Any]
    _Tabular = admin.TabularInline[Any, Any]
    _Stacked = admin.StackedInline[Any, Any]
else:
    _Inline, _Tabular, _Stacked = object, admin.TabularInline, admin.StackedInline


class ScopedInline(Fields, _Inline):
    """Rows on the page of the object they belong to, with that page's rights."""

    adders = Right.TEAM
    extra = 0
    form = KoprueForm

    def _parent(self) -> Any:
        return self.admin_site.get_model_admin(self.parent_model)

    @property
    def area(self) -> Area:  # type: ignore[override]
        found: Area = self._parent().area
        return found

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self._parent().has_view_permission(request, obj))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return bool(self._parent().has_add_permission(request))
        return bool(self._parent().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


class ScopedTabular(ScopedInline, _Tabular):
    template = "admin/edit_inline/named_tabular.html"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """In a table the label stands in the column’s head only; each input says its name itself."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            name_inputs(field)
        return field


class ScopedStacked(ScopedInline, _Stacked):
    pass


class ReadOnlyTabular(ScopedTabular):
    """Rows that are shown beside the object and changed elsewhere."""

    can_delete = False
    max_num = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
