from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import WebServer, valkey, web_server


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with valkey(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture(scope="session")
def web(
    django_db_setup: None, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WebServer]:
    """The product behind gunicorn with three processes, over the test database."""
    with web_server(tmp_path_factory.mktemp("web"), redis_url=redis_url) as server:
        yield server
