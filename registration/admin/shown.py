"""States as a word with a shape of its own, for lists and pages."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst


def status_mark(status: str, text: Any) -> SafeString:
    """The shape comes from the stylesheet, so that colour is never the only sign."""
    return format_html('<span class="status status-{}">{}</span>', status, capfirst(str(text)))
