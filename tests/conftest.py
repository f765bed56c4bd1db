from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests import factories
from workshops.models import Conference, Workshop


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """PostgreSQL drops no database that is in use, and a killed worker's session outlives it by a moment."""
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


@pytest.fixture
def conference(db: None) -> Conference:
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
