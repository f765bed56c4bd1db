"""An SVG reduced to its drawing: known elements only, nothing that runs, moves, or comes from elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, register_namespace, tostring

from defusedxml.ElementTree import fromstring
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_HREF = ("href", f"{{{_XLINK}}}href")
_KNOWN = {
    "svg", "g", "defs", "title", "desc", "style", "symbol", "use", "path", "rect", "circle", "ellipse", "line",
    "polyline", "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop", "clipPath",
}  # fmt: skip
# What drawing programs leave behind for themselves.
_LEFT_OUT = {"metadata"}
_MOST_ELEMENTS = 5_000
# Each copy of a copy multiplies: a small file could draw for hours.
_MOST_COPIES = 100
_ELSEWHERE = re.compile(r"""url\(\s*["']?\s*(?!#)|@import|expression\(|javascript:|\\""", re.IGNORECASE)


class SvgError(ValueError):
    """An SVG that is more than a drawing; `message` is for people, in their language."""

    def __init__(self, message: StrOrPromise) -> None:
        super().__init__(message)
        self.message = message


def drawing_only(data: bytes) -> bytes:
    """Raises SvgError, and what the parser raises where it is no XML or declares entities."""
    root = fromstring(data)
    if root.tag != f"{{{_SVG}}}svg":
        raise SvgError(_("This is neither a PNG nor an SVG file that can be read."))
    _tidy(root)
    elements = list(root.iter())
    if len(elements) > _MOST_ELEMENTS:
        raise SvgError(_("The drawing has more than 5,000 parts."))
    for element in elements:
        _check(element)
    _check_copies(elements)
    register_namespace("", _SVG)
    register_namespace("xlink", _XLINK)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _tidy(element: Element) -> None:
    """Takes out what is no SVG: a drawing program's own elements and attributes."""
    for name in [name for name in element.attrib if name.startswith("{") and name not in _HREF]:
        del element.attrib[name]
    for child in list(element):
        if (
            not isinstance(child.tag, str)
            or not child.tag.startswith(f"{{{_SVG}}}")
            or _name(child) in _LEFT_OUT
        ):
            element.remove(child)
        else:
            _tidy(child)


def _check(element: Element) -> None:
    name = _name(element)
    if name not in _KNOWN:
        raise SvgError(
            format_lazy(_("The drawing contains “{element}”, which a logo does not need."), element=name)
        )
    if any(_is_unwelcome(key, value) for key, value in element.attrib.items()):
        raise SvgError(_("The drawing runs something, or takes something from another address."))
    if name == "style" and _ELSEWHERE.search(element.text or ""):
        raise SvgError(_("The drawing runs something, or takes something from another address."))


def _is_unwelcome(name: str, value: str) -> bool:
    if name.lower().startswith("on"):
        return True
    if name in _HREF:
        return not value.strip().startswith("#")
    return bool(_ELSEWHERE.search(value))


def _check_copies(elements: list[Element]) -> None:
    """Of several elements with one id, and of two addresses of one copy, programs do not agree which one counts."""
    copies = [element for element in elements if _name(element) == "use"]
    copied = {target for copy in copies for target in _targets(copy)}
    targets = [element for element in elements if element.get("id") in copied]
    if len(copies) > _MOST_COPIES or any(_has_copies(target) for target in targets):
        raise SvgError(_("The drawing is made of copies of copies."))


def _has_copies(element: Element) -> bool:
    return any(_name(inner) == "use" for inner in element.iter())


def _targets(copy: Element) -> set[str]:
    return {copy.attrib[name].strip()[1:] for name in _HREF if name in copy.attrib}


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
