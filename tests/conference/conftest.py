from __future__ import annotations

import os

import pytest
from django.test import Client

from conference.models import User

# The one-command start brings its own SQLite: a second run on PostgreSQL would test the same.
collect_ignore = ["test_start.py"] if os.environ.get("TEST_DATABASE_URL") else []

PASSWORD = "Brücke über den Bosporus 7"


@pytest.fixture
def organiser(db: None) -> User:
    return User.objects.create_superuser(username="o", email="organiser@example.org", password=PASSWORD)


@pytest.fixture
def signed_in(client: Client, organiser: User) -> Client:
    """Has also just repeated the password, which changing one's protection asks for."""
    client.post("/accounts/login/", {"login": organiser.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client
