"""`/bytes/NAME/`, `/not-modified/NAME/` and `/insert/`."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

INSERT = "INSERT INTO floor_row (counter_id, name, email, created_at) VALUES (1, %s, %s, now())"


@cache
def answer(name: str) -> tuple[bytes, dict[str, str]]:
    """Read once a process."""
    directory = Path(os.environ["FLOOR_ANSWERS"])
    headers: dict[str, str] = json.loads((directory / f"{name}.json").read_text())
    return (directory / name).read_bytes(), headers


def fixed_bytes(request: HttpRequest, name: str) -> HttpResponse:
    body, headers = answer(name)
    return HttpResponse(body, headers=headers)


def not_modified(request: HttpRequest, name: str) -> HttpResponse:
    _body, headers = answer(name)
    return HttpResponse(status=304, headers={"ETag": headers.get("ETag", '"floor"')})


def insert(request: HttpRequest) -> HttpResponse:
    """One locked row and one new row that refers to it, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT taken FROM floor_counter WHERE id = 1 FOR UPDATE")
        cursor.fetchone()
        cursor.execute(INSERT, ["Ayşe Yılmaz", "person@example.org"])
    return HttpResponse(status=303, headers={"Location": "/"})


urlpatterns = [
    path("bytes/<str:name>/", fixed_bytes),
    path("not-modified/<str:name>/", not_modified),
    path("insert/", insert),
]
