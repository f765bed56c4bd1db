"""After a release the printed programme is drawn before anybody asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from django.test import Client

from workshops.domain import printing
from workshops.domain.printing import Kind, leave_drawing_to
from workshops.domain.release import release_programme
from workshops.models import Conference
from workshops.tasks import draw_programme

pytestmark = pytest.mark.django_db
LANGUAGES = ("de", "tr", "en", "both")


@pytest.fixture
def drawings() -> Iterator[list[str]]:
    """Of each drawing what was drawn; a stand-in for the library that takes seconds to do it."""
    found: list[str] = []

    def draw(_kind: Kind, html: str, _pictures: Mapping[str, bytes]) -> bytes:
        found.append(html)
        return f"drawing {len(found)}".encode()

    leave_drawing_to(draw)
    yield found
    printing._drawing.pop()


def read(client: Client) -> list[bytes]:
    return [client.get(f"/programme.pdf?lang={language}").content for language in LANGUAGES]


def test_whoever_opens_it_after_a_release_finds_it_drawn(
    demo: Conference, client: Client, drawings: list[str]
) -> None:
    draw_programme()
    assert len(drawings) == 4
    assert read(client) == [b"drawing 1", b"drawing 2", b"drawing 3", b"drawing 4"]

    release_programme(conference=demo)
    draw_programme()
    assert read(client) == [b"drawing 5", b"drawing 6", b"drawing 7", b"drawing 8"]
    draw_programme()
    assert len(drawings) == 8


def test_nothing_is_drawn_where_nothing_is_released(drawings: list[str]) -> None:
    draw_programme()
    assert drawings == []
