"""Building XML from texts that people typed."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

# XML 1.0, section 2.2: what no document may hold, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A child with its text; whatever XML cannot hold is left out."""
    child = SubElement(parent, tag, {name: clean(value) for name, value in attributes.items()})
    child.text = clean(text)
    return child
