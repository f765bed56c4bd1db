"""The elements of a form, written without a template each: a page has dozens, and templates were half of its cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_WIDGETS = "django/forms/widgets/"
_Widget = Mapping[str, Any]


class ParticipantsForms(DjangoTemplates):
    """Writes what Django's own templates write, letter by letter; what it does not know it leaves to them."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if (write := _WRITERS.get(template_name)) is not None:
            return SafeString(write(context["widget"]).strip())  # nosec B703
        return super().render(template_name, context, request)


def attributes(given: Mapping[str, Any]) -> str:
    """As django/forms/widgets/attrs.html: True is a name alone, False is nothing."""
    return "".join(
        f" {conditional_escape(name)}" + ("" if value is True else f'="{_text(value)}"')
        for name, value in given.items()
        if value is not False
    )


def _text(value: Any) -> str:
    """Numbers as Python writes them: a language's own form of them is no value for a machine."""
    return conditional_escape(value if isinstance(value, str) else str(value))


def _input(widget: _Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    name = conditional_escape(widget["name"])
    return f'<input type="{conditional_escape(widget["type"])}" name="{name}"{value}{attributes(widget["attrs"])}>'


def _input_option(widget: _Widget) -> str:
    if not widget.get("wrap_label"):
        return _input(widget)
    identifier = widget["attrs"].get("id")
    belongs_to = f' for="{conditional_escape(identifier)}"' if identifier else ""
    return f"<label{belongs_to}>{_input(widget)}\n {conditional_escape(widget['label'])}</label>\n"


def _choices(widget: _Widget) -> str:
    """Radio buttons in one list; in groups they are left to Django's template, like everything rare."""
    identifier = widget["attrs"].get("id")
    options = (option for _group, options, _index in widget["optgroups"] for option in options)
    drawn = "".join(f"<div>\n    {_input_option(option)}\n</div>" for option in options)
    return f"<div{attributes({'id': identifier} if identifier else {})}>{drawn}\n</div>"


# One for all forms: it keeps nothing but the engine for what it leaves to templates.
FORMS = ParticipantsForms()
_WRITERS: dict[str, Callable[[_Widget], str]] = {
    **{f"{_WIDGETS}{name}.html": _input for name in ("text", "email", "hidden", "checkbox")},
    f"{_WIDGETS}radio_option.html": _input_option,
    f"{_WIDGETS}radio.html": _choices,
}
