"""What a process keeps is sent without a query and without a look at the reader, to whoever may have it."""

from __future__ import annotations

import datetime as dt
import gzip
import threading
import time
from typing import Any

import brotli
import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from conference.public_bytes.answers import CACHE_CONTROL, Public, PublicAnswer
from conference.public_bytes.middleware import PublicBytes
from conference.public_bytes.views import for_everybody
from tests.public_bytes.conftest import PRIVATE
from workshops.domain.programme import Programme
from workshops.domain.release import release_programme
from workshops.domain.standing import next_change, standings
from workshops.models import Conference, Release, Workshop, WorkshopDay
from workshops.views.answers import _TYPED, HTML, kept_page, page_tag

pytestmark = pytest.mark.django_db
PAGES = [
    "/de/", "/tr/programme/", "/en/programme/?view=both", "/de/now/", "/de/clock/", "/de/workshops/eins/",
    "/de/speakers/", "/de/speakers/?by=organisation", "/tr/speakers/ayse/", "/de/changes/", "/de/accessibility/",
    "/de/privacy/", "/de/imprint/", "/de/manifest.webmanifest", "/programme.json", "/programme.xml",
    "/programme.ics?lang=tr", "/workshops/eins.ics", "/changes.atom", "/sitemap.xml", "/preview.png",
    "/de/programme/?q=a", "/de/?clock=Asia/Tokyo",
]  # fmt: skip
POLICIES = [
    "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy",
    "Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options",
]  # fmt: skip


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("page", PAGES)
def test_when_nothing_changed_it_costs_no_query_and_is_the_same_to_the_byte(
    released: Conference, client: Client, django_assert_num_queries: DjangoAssertNumQueries, page: str
) -> None:
    first = client.get(page)

    with django_assert_num_queries(0):
        again, head = client.get(page), client.head(page)
        known = client.get(page, headers={"if-none-match": first["ETag"]})

    own = {"X-Request-ID"}
    assert first.status_code == 200
    assert {name: first[name] for name in first.headers.keys() - own} == {
        name: again[name] for name in again.headers.keys() - own
    }
    assert (again.content, head.content, known.content) == (first.content, b"", b"")
    assert head["Content-Length"] == str(len(first.content))
    assert known.status_code == 304
    assert known.headers.keys() - own - {"Vary"} == {"Cache-Control", "ETag"}
    assert len({answer["X-Request-ID"] for answer in (first, again, head, known)}) == 4
    assert [name for name in POLICIES if not again.headers.get(name)] == []


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("page", PAGES)
def test_a_cache_in_between_may_have_it_and_need_know_nothing_of_the_reader_but_the_coding(
    released: Conference, page: str
) -> None:
    """Each client is a process that keeps nothing yet."""
    answers = [
        Client().get(page, headers={"accept-language": language, "cookie": "a=b"})
        for language in ("tr", "en")
    ]

    compressed = not page.startswith("/preview")
    assert [answer["Cache-Control"] for answer in answers] == [CACHE_CONTROL] * 2
    assert [answer.get("Vary") for answer in answers] == ["Accept-Encoding" if compressed else None] * 2
    assert [answer.cookies for answer in answers] == [{}, {}]
    assert [answers[0][name] for name in ("ETag", "Content-Language")] == [
        answers[1][name] for name in ("ETag", "Content-Language")
    ]
    assert answers[0].content == answers[1].content


def test_each_coding_has_its_own_bytes_and_a_tag_that_says_so(released: Conference, client: Client) -> None:
    plain, packed, best = (
        client.get("/de/programme/", headers={"accept-encoding": accepted})
        for accepted in ("identity", "gzip", "gzip, br")
    )

    assert [answer.get("Content-Encoding") for answer in (plain, packed, best)] == [None, "gzip", "br"]
    assert [gzip.decompress(packed.content), brotli.decompress(best.content)] == [plain.content] * 2
    assert [packed["ETag"], best["ETag"]] == [f"W/{plain['ETag']}"] * 2
    lengths = [int(answer["Content-Length"]) for answer in (plain, packed, best)]
    assert lengths == [len(answer.content) for answer in (plain, packed, best)]


@pytest.mark.usefixtures("trusting")
def test_whoever_has_it_is_told_so_however_they_ask(released: Conference, client: Client) -> None:
    first = client.get("/de/programme/")
    tag, then = first["ETag"], first["Last-Modified"]
    longago = "Mon, 01 Jun 2020 08:00:00 GMT"
    asked = {
        ("if-none-match", tag): 304, ("if-none-match", f"W/{tag}"): 304, ("if-none-match", f'"a", W/{tag}'): 304,
        ("if-none-match", "*"): 304, ("if-none-match", '"a"'): 200, ("if-none-match", "nonsense"): 200,
        ("if-modified-since", then): 304, ("if-modified-since", longago): 200, ("if-modified-since", "nonsense"): 200,
        ("if-match", tag): 200, ("if-match", '"a"'): 412, ("if-unmodified-since", longago): 412,
        ("range", "bytes=0-9"): 200,
    }  # fmt: skip

    answers = {pair: client.get("/de/programme/", headers=dict([pair])) for pair in asked}

    assert {pair: answer.status_code for pair, answer in answers.items()} == asked
    assert [answer["Cache-Control"] for answer in answers.values() if answer.status_code == 412] == [
        "no-store"
    ] * 2
    both = client.get("/de/programme/", headers={"if-none-match": '"a"', "if-modified-since": then})
    assert both.status_code == 200


def test_who_asks_by_date_alone_is_not_told_that_nothing_changed_when_it_changed_back(
    released: Conference, client: Client
) -> None:
    client.get("/de/workshops/eins/")
    wait_for_another_second()
    Workshop.objects.update(taken_active=2)
    full = client.get("/de/workshops/eins/")
    wait_for_another_second()
    Workshop.objects.update(taken_active=0)

    again = client.get("/de/workshops/eins/", headers={"if-modified-since": full["Last-Modified"]})

    assert again.status_code == 200
    assert again.content != full.content


def wait_for_another_second() -> None:
    """Dates of HTTP know no parts of one."""
    began = int(time.time())
    while int(time.time()) == began:
        time.sleep(0.05)


def test_a_database_from_a_backup_shows_what_it_holds_under_a_number_that_was_used_before(
    released: Conference, client: Client
) -> None:
    lost = client.get("/de/workshops/eins/")
    number = Release.objects.get().pk
    Release.objects.all().delete()
    Workshop.objects.update(title_de="Nach der Panne")
    # What PostgreSQL's sequence, restored as well, gives by itself.
    Release.objects.filter(pk=release_programme(conference=released).pk).update(id=number)

    shown = client.get("/de/workshops/eins/")

    assert "Nach der Panne" in shown.text
    assert shown["ETag"] != lost["ETag"]


@pytest.mark.usefixtures("trusting")
def test_what_is_kept_is_not_sent_to_whom_it_would_have_been_refused(
    released: Conference, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    client = Client()
    over_tls = client.get("/de/", headers={"x-forwarded-proto": "https"})
    refused = [
        client.get("/de/"),
        client.get("/de/", headers={"x-forwarded-proto": "https", "host": "evil.example"}),
        client.get("/de/?a=%00", headers={"x-forwarded-proto": "https"}),
        client.post("/de/", headers={"x-forwarded-proto": "https"}),
        client.generic("PUT", "/de/", headers={"x-forwarded-proto": "https"}),
    ]

    assert (over_tls.status_code, over_tls["Strict-Transport-Security"]) == (200, "max-age=60")
    assert [answer.status_code for answer in refused] == [301, 400, 400, 405, 405]


@pytest.mark.usefixtures("trusting")
def test_the_log_knows_the_route_of_what_is_kept(released: Conference, client: Client) -> None:
    routes = [client.get("/de/workshops/eins/").wsgi_request.resolver_match.route for _ in range(2)]

    assert routes == ["de/workshops/<slug:slug>/"] * 2


@pytest.mark.usefixtures("trusting")
def test_what_a_link_carries_besides_is_learnt_once(
    released: Conference, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plain = client.get("/de/programme/?view=both")
    client.get("/de/programme/?utm_source=x&view=both")

    with django_assert_num_queries(0):
        again = client.get("/de/programme/?utm_source=x&view=both")

    assert (again.content, again["ETag"]) == (plain.content, plain["ETag"])


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize(("seconds", "made"), [(3600, 1), (-1, 2)])
def test_a_page_is_not_sent_any_longer_than_the_clock_allows(db: None, seconds: int, made: int) -> None:
    asked: list[HttpRequest] = []

    @for_everybody
    def view(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        public = Public({"": b"a page"}, "tag", until=time.time() + seconds)
        return PublicAnswer(public, content_type="text/html")

    site = PublicBytes(view)
    answers = [site(RequestFactory().get("/de/")).content for _ in range(2)]

    assert (answers, len(asked)) == ([b"a page"] * 2, made)


def test_a_workshop_says_when_the_clock_changes_it_next(released: Conference) -> None:
    opens = dt.datetime(2020, 6, 1, 8, tzinfo=dt.UTC)
    closes, ends = opens + dt.timedelta(days=1), dt.datetime(2020, 6, 15, 22, tzinfo=dt.UTC)
    WorkshopDay.objects.update(date=dt.date(2020, 6, 15))
    Workshop.objects.update(registration_opens_at=opens, registration_closes_at=closes)
    moments = [opens - dt.timedelta(1), opens, closes - dt.timedelta(seconds=1), closes, ends]

    found = [next_change(standings(at=moment).values()) for moment in moments]

    assert found == [opens, closes, closes, ends, None]


def _away(*_arguments: Any) -> None:
    raise OperationalError("server closed the connection unexpectedly")


@pytest.mark.usefixtures("trusting")
def test_what_is_kept_is_there_without_a_database(released: Conference, settings: Any) -> None:
    client = Client(raise_request_exception=False)
    settings.PUBLIC_LOOK_SECONDS = 0.001
    first = client.get("/de/")
    time.sleep(0.01)
    with connection.execute_wrapper(_away):
        kept, never_asked = client.get("/de/"), client.get("/tr/")

    assert (kept.status_code, kept.content) == (200, first.content)
    assert (never_asked.status_code, never_asked["Cache-Control"]) == (500, "private, no-store")


def test_an_answer_with_a_cookie_is_one_readers_own_after_all(db: None) -> None:
    def view(_request: object) -> HttpResponse:
        answer = PublicAnswer(Public({"": b"a page"}, "tag"), content_type="text/html")
        answer.set_cookie("sessionid", "secret")
        return answer

    answers = [PublicBytes(view)(RequestFactory().get("/de/")) for _ in range(2)]

    assert [answer["Cache-Control"] for answer in answers] == ["private, no-store"] * 2
    assert [list(answer.cookies) for answer in answers] == [["sessionid"]] * 2


def test_what_is_not_for_everybody_says_so(released: Conference, client: Client) -> None:
    kept = {address: client.get(address).headers.get("Cache-Control", "") for address in PRIVATE}

    assert [address for address, said in kept.items() if "public" in said or "no-store" not in said] == []


def test_before_a_release_nothing_is_kept(conference: Conference, client: Client) -> None:
    addresses = ["/de/", "/programme.json", "/programme.ics", "/de/manifest.webmanifest"]

    kept = [client.get(address)["Cache-Control"] for address in addresses]

    assert ["no-store" in said and "public" not in said for said in kept] == [True] * 4


@pytest.mark.django_db(transaction=True)
def test_a_page_that_many_ask_for_at_once_is_made_once(released: Conference) -> None:
    made: list[int] = []
    tag, all_here = page_tag(path="/de/", variant=""), threading.Barrier(6)

    def render(_programme: Programme) -> bytes:
        made.append(1)
        time.sleep(0.1)
        return b"a page" * 100

    def ask() -> None:
        all_here.wait()
        kept_page(tag=tag, render=render, content_type=HTML, seconds=60)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [1]


def test_searches_never_take_all_threads(released: Conference, client: Client) -> None:
    """Whoever types the third search at once is asked to come again; what is kept is read meanwhile."""
    client.get("/en/programme/")
    held = [_TYPED.acquire(blocking=False) for _ in range(2)]
    try:
        busy = client.get("/en/programme/?q=bursa")
        kept = client.get("/en/programme/")
    finally:
        for _ in held:
            _TYPED.release()
    assert held == [True, True]
    assert (busy.status_code, busy.headers["Retry-After"], busy.headers["Cache-Control"]) == (
        503,
        "2",
        "no-store",
    )
    assert "Too many searches at once" in busy.content.decode()
    assert kept.status_code == 200
    assert client.get("/en/programme/?q=bursa").status_code == 200
