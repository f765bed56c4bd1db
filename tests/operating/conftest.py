from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operating.databases import Database, empty_database


@pytest.fixture
def empty(transactional_db: None, tmp_path: Path) -> Iterator[Database]:
    with empty_database(tmp_path) as database:
        yield database
