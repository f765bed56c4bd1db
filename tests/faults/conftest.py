from __future__ import annotations

from collections.abc import Iterator

import pytest

from registration.domain.outbox import nudge
from tests.faults.processes import PostOffice, post_office
from tests.outbox.conftest import event, mail_server, owe

__all__ = ["event", "mail_server", "owe"]


@pytest.fixture(scope="module")
def _office(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    with post_office(tmp_path_factory.mktemp("office")) as office:
        yield office


@pytest.fixture
def office(_office: PostOffice, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """Nothing queued, nothing received. Its workers may be running still; nudges of this process reach them."""
    _office.broker.flush()
    _office.mail.forget()
    monkeypatch.setattr(nudge, "app", _office.app)
    return _office


@pytest.fixture
def worker(office: PostOffice) -> None:
    """One runs already, so that a test does not wait for it."""
    office.worker()
