"""A public page is made once for each release, known again by its ETag, and costs the same however much it shows."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db


def test_work_in_progress_is_not_seen_before_it_is_released(released: Conference, client: Client) -> None:
    Workshop.objects.update(title_de="Noch geheim")
    assert b"Noch geheim" not in client.get("/de/programme/").content
    release_programme(conference=released)
    assert b"Noch geheim" in client.get("/de/programme/").content


def test_the_same_release_is_not_sent_twice(released: Conference, client: Client) -> None:
    first = client.get("/de/programme/")
    again = client.get("/de/programme/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = client.get("/de/programme/", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert since.status_code == 304
    release_programme(conference=released)
    fresh = client.get("/de/programme/", headers={"If-None-Match": first.headers["ETag"]})
    assert (fresh.status_code, fresh.headers["ETag"] != first.headers["ETag"]) == (200, True)


def test_each_language_and_view_has_its_own_tag(released: Conference, client: Client) -> None:
    pages = ["/de/programme/", "/tr/programme/", "/de/programme/?view=both", "/de/", "/de/speakers/"]
    assert len({client.get(page).headers["ETag"] for page in pages}) == len(pages)


def test_what_a_link_carries_besides_makes_no_other_page(released: Conference, client: Client) -> None:
    plain = client.get("/de/programme/")
    tracked = client.get("/de/programme/?utm_source=<script>&view=nonsense")
    assert tracked.content == plain.content
    assert tracked.headers["ETag"] == plain.headers["ETag"]


def test_head_answers_like_get_and_nothing_else_is_allowed(released: Conference, client: Client) -> None:
    get, head = client.get("/de/"), client.head("/de/")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
    assert [getattr(client, method)("/de/").status_code for method in ("post", "put", "delete")] == [
        405,
        405,
        405,
    ]


def test_it_comes_compressed_to_who_asks(demo: Conference, client: Client) -> None:
    response = client.get("/de/programme/", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) < 12_000


@pytest.mark.parametrize(
    ("page", "made", "kept"),
    [
        ("", 7, 1),
        ("programme/", 7, 1),
        ("now/", 5, 1),
        ("workshops/eins/", 11, 1),
        ("speakers/", 4, 1),
        ("speakers/ayse/", 6, 1),
        ("privacy/", 6, 1),
    ],
)
def test_one_workshop_or_three_cost_the_same_queries(
    released: Conference,
    client: Client,
    *,
    django_assert_num_queries: DjangoAssertNumQueries,
    page: str,
    made: int,
    kept: int,
) -> None:
    for _ in range(2):
        with django_assert_num_queries(made):
            client.get(f"/de/{page}")
        with django_assert_num_queries(kept):
            client.get(f"/de/{page}")
        for _ in range(2):
            factories.make_session(factories.make_workshop(released).days.get())
        factories.make_privacy_version(released, number=1 + released.privacy_versions.count())
        release_programme(conference=released)
