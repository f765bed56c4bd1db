"""Fields for what people write about themselves: any script, names from one letter on, no silent loss."""

from __future__ import annotations

import unicodedata
from typing import Any, Self, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workshops.names import TURNING

F = TypeVar("F", bound=forms.Field)
T = TypeVar("T")
CONTROL = "Cc"
_INVISIBLE = {"C", "Z"}  # the Unicode categories of what nobody can see: control, format, separators
_TOO_LONG = _("Please shorten this to %(limit_value)d characters. It has %(show_value)d.")
_UNREADABLE = _("This contains a control character that cannot be kept. Please type it again.")


def own(field: F) -> F:
    """A field, and a widget, of a form's own; texts, choices and checks, which nobody changes, are shared.

    Django's copy for each form copies these as well, which took as long as checking what was typed.
    """
    made, made.widget = _twin(field), _twin(field.widget)
    made.widget.attrs = field.widget.attrs.copy()
    return made


def _twin(thing: T) -> T:
    made: T = object.__new__(type(thing))
    vars(made).update(vars(thing))
    return made


class LineField(forms.CharField):
    """One line of text. No `maxlength` on the page: a browser would cut pasted text without saying so."""

    def __init__(
        self, *, required_message: Promise | str = "", autocomplete: str = "off", **kwargs: Any
    ) -> None:
        kwargs.setdefault("required", bool(required_message))
        kwargs["error_messages"] = {"required": required_message, "max_length": _TOO_LONG}
        super().__init__(**kwargs)
        # The name may be written from right to left, whatever the page's direction.
        self.widget.attrs |= {"autocomplete": autocomplete, "dir": "auto"}

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return own(self)

    def to_python(self, value: Any) -> str:
        text = " ".join(unicodedata.normalize("NFC", str(value or "")).split())
        if not TURNING.isdisjoint(text) or any(unicodedata.category(letter) == CONTROL for letter in text):
            raise ValidationError(_UNREADABLE, code="control")
        return text if is_visible(text) else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def prepare_value(self, value: Any) -> Any:
        return without_null(value)


class ParagraphsField(LineField):
    """Text of several lines."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", str(value or "")).replace("\r\n", "\n").strip()
        if any(unicodedata.category(letter) == CONTROL and letter not in "\n\t" for letter in text):
            raise ValidationError(_UNREADABLE, code="control")
        return text if is_visible(text) else ""


def is_visible(text: str) -> bool:
    """Whether anything of it can be seen: a name of one zero-width space is none."""
    return any(unicodedata.category(letter)[0] not in _INVISIBLE for letter in text)


def without_null(value: Any) -> Any:
    """No page may hold a null character; the rest of what was typed is shown again."""
    return value.replace("\0", "") if isinstance(value, str) else value
