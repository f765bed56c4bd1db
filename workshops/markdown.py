"""Markdown of organisers as HTML that is safe to show: no HTML of their own, no script, no foreign images."""

from __future__ import annotations

import functools
import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}


# What everybody reads on a page of their own: how to join, what to bring.
_KEPT_AT_MOST = 32


@functools.lru_cache(maxsize=_KEPT_AT_MOST)
def to_html(source: str, *, first_heading: int = 3) -> SafeString:
    """CommonMark as sanitised HTML; its top heading becomes `first_heading` (2 to 6): pages keep their outline."""
    html = _PARSER.render(source)
    html = re.sub(r"<(/?)h([1-6])>", lambda m: f"<{m[1]}h{min(6, int(m[2]) - 1 + first_heading)}>", html)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 (sanitised in the line before)  # nosec B308 B703


# What has a blank in its address is no link in Markdown: the reader sees the brackets.
_UNREAD = re.compile(r"\]\(([^()\n]+)\)")


def link_targets(source: str) -> list[str]:
    """Where the links of a Markdown text lead, also of those that Markdown does not take for links."""
    inline = [token for token in _PARSER.parse(source) if token.type == "inline"]
    children = [child for token in inline for child in token.children or []]
    targets = [str(child.attrGet("href")) for child in children if child.type == "link_open"]
    unread = "".join(child.content for child in children if child.type == "text")
    return targets + _UNREAD.findall(unread)


_EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+\s*", re.MULTILINE)


def to_text(source: str) -> str:
    """For where no HTML can stand: lists stay as they are; marks of emphasis go, and links show where they lead."""
    return _LINK.sub(r"\1 (\2)", _EMPHASIS.sub(r"\2", _HEADING.sub("", source.strip())))
