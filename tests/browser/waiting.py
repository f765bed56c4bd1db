"""Waiting for what a page's script does, without asking more of the page than its policy allows."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page, expect

# For far longer than anything takes: the limit ends a test that has failed, on a machine however busy.
SECONDS = 60
expect.set_options(timeout=SECONDS * 1000)


def until(page: Page, expression: str, arg: Any = None) -> None:
    """Playwright's `wait_for_function` evaluates text in the page: at its second look our policy refuses that.

    Raises `AssertionError` when it is still false after a minute.
    """
    ends = time.monotonic() + SECONDS
    while not page.evaluate(expression, arg):
        assert time.monotonic() < ends, f"{page.url}: never became true: {expression}"
        time.sleep(0.05)
