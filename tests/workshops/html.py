"""Reads pages as a person would: elements, their text, their language."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import tinyhtml5


def parse(content: bytes) -> Element:
    return tinyhtml5.parse(content.decode(), namespace_html_elements=False)


def text(element: Element) -> str:
    """What is read; data for search engines is not."""
    return " ".join("".join(_read(element)).split())


def _read(element: Element) -> Iterator[str]:
    if element.tag == "script":
        return
    yield element.text or ""
    for child in element:
        yield from _read(child)
        yield child.tail or ""


def with_class(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if name in (element.get("class") or "").split())


def headings(root: Element) -> list[int]:
    return [
        int(str(element.tag)[1])
        for element in root.iter()
        if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}
    ]
