from __future__ import annotations

from collections.abc import Iterator

import pytest

from registration.domain.outbox import nudge
from tests.faults.processes import PostOffice, post_office
from tests.outbox.conftest import event, mail_server, owe
from tests.servers import wait_until

__all__ = ["event", "mail_server", "owe"]


@pytest.fixture(scope="module")
def _office(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    with post_office(tmp_path_factory.mktemp("office")) as office:
        yield office


@pytest.fixture
def office(_office: PostOffice, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """Nothing queued, nothing received. Its workers may be running still; nudges of this process reach them."""
    wait_until(no_nudge_is_left, what="the last nudge of the test before")
    _office.broker.flush()
    _office.mail.forget()
    monkeypatch.setattr("conference.publishing.app", _office.app)
    return _office


def no_nudge_is_left() -> bool:
    return nudge._current is None or nudge._current._settled.is_set()


@pytest.fixture
def worker(office: PostOffice) -> None:
    """One runs already, so that a test does not wait for it."""
    office.worker()
