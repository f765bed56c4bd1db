"""Several servers, and a cache before them: everybody soon sees a release, and nobody another reader's page."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack

import brotli
import pytest

from conference.public_bytes.stamp import SHARED_SECONDS
from tests.public_bytes.caches import Cache, cache_before
from tests.public_bytes.conftest import PRIVATE
from tests.servers import HOST, Browser, WebServer, valkey, wait_until, web_server
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
LOOK_SECONDS = 0.5


@pytest.fixture(scope="module")
def nodes(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[WebServer]]:
    """Two machines with two processes each; database and Valkey are all they share."""
    with ExitStack() as stack:
        url = stack.enter_context(valkey(tmp_path_factory.mktemp("valkey")))
        yield [
            stack.enter_context(
                web_server(
                    tmp_path_factory.mktemp("web"),
                    redis_url=url,
                    processes=2,
                    PUBLIC_LOOK_SECONDS=str(LOOK_SECONDS),
                )
            )
            for _ in range(2)
        ]


@pytest.fixture(scope="module")
def cache(nodes: list[WebServer], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    with cache_before(nodes[0], tmp_path_factory.mktemp("nginx")) as proxy:
        yield proxy


def tags(nodes: list[WebServer], page: str) -> set[str]:
    """Of as many answers as every process is likely to have a part in."""
    return {Browser(node).get(page).headers["ETag"] for node in nodes for _ in range(12)}


def test_a_release_is_seen_by_everybody_within_two_seconds(
    released: Conference, nodes: list[WebServer]
) -> None:
    # Whatever was on the site in the test before is forgotten.
    time.sleep(LOOK_SECONDS + SHARED_SECONDS)
    before = tags(nodes, "/de/programme/")
    Workshop.objects.update(title_de="Ganz neu")
    release_programme(conference=released)

    time.sleep(2)

    after = tags(nodes, "/de/programme/")
    assert (len(before), len(after), before & after) == (1, 1, set())
    assert "Ganz neu" in Browser(nodes[1]).get("/de/programme/").text


def test_a_cache_in_between_keeps_a_public_page_and_asks_whether_it_still_holds(
    released: Conference, nodes: list[WebServer], cache: Cache
) -> None:
    page = "/de/speakers/?by=organisation"
    own = Browser(nodes[0]).get(page)
    first, second = cache.get(page), cache.get(page)
    packed = cache.get(page, Accept_Encoding="br")
    known = cache.get(page, If_None_Match=own.headers["ETag"])

    assert [answer.headers["X-Cache"] for answer in (first, second, packed)] == ["MISS", "HIT", "MISS"]
    assert [first.content, second.content, brotli.decompress(packed.content)] == [own.content] * 3
    assert [first.headers["ETag"], packed.headers["ETag"]] == [
        own.headers["ETag"],
        f"W/{own.headers['ETag']}",
    ]
    assert (known.status, known.content) == (304, b"")

    # After s-maxage it sends what it has once more, asks behind the reader's back, and hears "unchanged".
    wait_until(
        lambda: cache.get(page).headers["X-Cache"] in {"STALE", "UPDATING"}, what="the page to grow old"
    )
    wait_until(lambda: cache.get(page).headers["X-Cache"] == "HIT", what="the page to be confirmed")
    assert cache.get(page).content == own.content


def test_a_cache_in_between_never_keeps_what_is_one_readers_own(released: Conference, cache: Cache) -> None:
    answers = {page: [cache.get(page) for _ in range(2)] for page in PRIVATE}

    seen = {page: [answer.headers["X-Cache"] for answer in both] for page, both in answers.items()}
    assert seen == {page: ["MISS", "MISS"] for page in PRIVATE}
    forms = [re.findall(r'csrfmiddlewaretoken" value="(\w+)', answer.text) for answer in answers["/de/link/"]]
    assert forms[0] != forms[1] != []
    cookies = [answer.headers["Set-Cookie"].split(";")[0] for answer in answers["/de/link/"]]
    assert cookies[0] != cookies[1]


def test_no_public_page_comes_with_a_cookie_through_a_cache(released: Conference, cache: Cache) -> None:
    pages = ["/de/", "/tr/programme/", "/programme.json", "/programme.ics?lang=tr", "/en/workshops/eins/"]
    answers = [cache.get(page, Cookie="__Host-sessionid=somebody", Host=HOST) for page in pages]

    assert [(answer.status, answer.headers["Set-Cookie"]) for answer in answers] == [(200, None)] * len(pages)
