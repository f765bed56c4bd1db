"""Django's admin inputs, with a name for each of them and without what organisers do not need."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AdminTextareaWidget,
    RelatedFieldWidgetWrapper,
)
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

MINUTES = "%H:%M"


class Lines(AdminTextareaWidget):
    """Lines end as they are stored: browsers send them otherwise, and every text would count as changed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


def tidy_widget(field: forms.Field) -> None:
    """Times without seconds; beside a choice only "add": the rest is done on the page of what is chosen."""
    widget: Any = field.widget
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
    if isinstance(widget, forms.TimeInput):
        widget.format = MINUTES
    if isinstance(widget, AdminSplitDateTime):
        date, time = widget.widgets
        date.attrs["aria-label"] = format_lazy("{}: {}", field.label, _("date"))
        time.attrs["aria-label"] = format_lazy("{}: {}", field.label, _("time"))
        time.format = MINUTES


def name_inputs(field: forms.Field) -> None:
    widget: Any = field.widget
    getattr(widget, "widget", widget).attrs["aria-label"] = field.label
