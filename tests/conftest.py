from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.management import call_command

from tests import factories
from workshops.models import Conference, Workshop


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
