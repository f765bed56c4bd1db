from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.import_programme.drafts import first_import
from workshops.models import Conference


@pytest.fixture(scope="module")
def _imported(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """The real draft, imported once for all tests of a file: each of them runs in a savepoint of this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield first_import().pk
        transaction.set_rollback(True)


@pytest.fixture
def conference(_imported: int, db: None) -> Conference:
    return Conference.objects.get(pk=_imported)
