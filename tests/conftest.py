from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import translation
from hypothesis import settings as of_hypothesis
from pytest_django import DjangoDbBlocker
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests import canary, emptied, factories
from tests.world import made_world, sign_in, world
from workshops.models import Conference, Workshop

__all__ = ["made_world", "sign_in", "world"]
# Everywhere the same examples, however long one takes: what chance finds must not fail whoever changed something else.
of_hypothesis.load_profile("ci")
# What walks through the one product that a process starts for all of them.
WALKS = ("tests/browser/test_desk_", "tests/browser/test_import_walk", "tests/browser/test_whole_way")
SLOW = ("tests/browser/", "tests/fuzz/", "tests/places/", "tests/faults/", "tests/conference/test_start")


@pytest.fixture(scope="session", autouse=True)
def _watch_for_secrets(pytestconfig: pytest.Config) -> None:
    canary.start(pytestconfig)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What one database alone can show, or any, belongs to one run, and is no test that the other one skips.

    What takes long comes first: at the end no process has much left to do while the other one waits.
    """
    other = "sqlite" if os.environ.get("TEST_DATABASE_URL") else "postgresql"
    _refuse_what_would_run_nowhere(items)
    left_out = [item for item in items if item.get_closest_marker(other)]
    config.hook.pytest_deselected(items=left_out)
    kept = [item for item in items if item not in left_out]
    items[:] = sorted(kept, key=lambda item: not item.nodeid.startswith(SLOW))


def _refuse_what_would_run_nowhere(items: list[pytest.Item]) -> None:
    both = {"sqlite", "postgresql"}
    found = [item.nodeid for item in items if both <= {mark.name for mark in item.iter_markers()}]
    if found:
        raise pytest.UsageError(f"marked for one database and for the other, run on none: {', '.join(found)}")


class _OneProduct(LoadFileScheduling):  # type: ignore[misc]
    """File by file, as `--dist=loadfile`; but one process has all that needs the product, whose start takes longest."""

    def _split_scope(self, nodeid: str) -> str:
        return "the product" if nodeid.startswith(WALKS) else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _OneProduct:
    return _OneProduct(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    canary.WATCH.begin()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """While the test's database is still there: nothing secret was written down in the clear."""
    yield
    canary.WATCH.look_into_the_database()
    assert canary.WATCH.take() == []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """PostgreSQL drops no database that is in use, and a killed worker's session outlives it by a moment."""
    with django_db_blocker.unblock():
        emptied.empty_instead_of_truncating()
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Pages are cached under the release's number, and every test counts its releases anew."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Refusals are compared by their words, and a page asked for by an earlier test leaves its language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def conference(request: pytest.FixtureRequest, db: None) -> Conference:
    """That of the world, where a test asks for both."""
    if "world" in request.fixturenames:
        return request.getfixturevalue("world").conference
    return factories.make_conference()


@pytest.fixture
def workshop(conference: Conference) -> Workshop:
    """Automatic confirmation, three active places."""
    return factories.make_workshop(
        conference, slug="digitale-stadt", capacity_active=3, confirmation=Workshop.Confirmation.AUTOMATIC
    )


@pytest.fixture
def manual_workshop(conference: Conference) -> Workshop:
    """Confirmed by hand, three active places."""
    return factories.make_workshop(conference, slug="jugendaustausch", capacity_active=3)


@pytest.fixture
def demo(db: None) -> Conference:
    """The real programme of June 2020."""
    call_command("load_demo", "--year", "2020", verbosity=0)
    return Conference.objects.get(is_current=True)
