from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page that an earlier test opened leaves its language behind."""
    with override("en"):
        yield
