"""What axe finds wrong with a page."""

from __future__ import annotations

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page


def barriers(page: Page, **options: Any) -> list[tuple[str, list[str]]]:
    """Each rule that is broken, and where. `options` are those of `axe.run`.

    axe stays in a page as long as it stands: reading its half a megabyte takes a quarter of a look.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(f"axe.run({json.dumps({'resultTypes': ['violations'], **options})})")
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found["violations"]]
