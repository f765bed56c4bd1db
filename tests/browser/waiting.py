"""Waiting for what a page's script does, without asking more of the page than its policy allows."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page

SECONDS = 15


def until(page: Page, expression: str, arg: Any = None) -> None:
    """Playwright's `wait_for_function` evaluates text in the page: a policy without `unsafe-eval` refuses its second look.

    Raises `AssertionError` when it is still false after fifteen seconds.
    """
    ends = time.monotonic() + SECONDS
    while not page.evaluate(expression, arg):
        assert time.monotonic() < ends, f"{page.url}: never became true: {expression}"
        time.sleep(0.05)
