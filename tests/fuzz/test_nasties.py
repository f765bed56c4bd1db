"""What no browser sends: broken encodings, lying headers, bodies that are not what they say. Never an error 500."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.db import transaction
from django.test import Client

from tests.fuzz.addresses import addresses
from tests.fuzz.conftest import Site

_remote = itertools.count(1)
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
PLACES = [
    "/",
    "/en/",
    "/en/workshops/",
    "/en/speakers/",
    "/en/invitation/",
    "/en/unsubscribe/",
    "/en/my/cancel/",
]
PLACES += ["/en/my/take/", "/programme.json", "/health/", "/accounts/", "/accounts/confirm-email/", "/admin/"]
PLACES += ["/accounts/password/reset/key/", "/admin/registration/participant/", "/.well-known/", "/static/"]
TAILS = [
    "%ff",
    "%C3%28",
    "%00",
    "%ED%A0%80/",
    "%2e%2e%2f%2e%2e%2fetc/passwd",
    "a" * 9_000,
    "//evil.example/",
    "%5c",
]
TAILS += [
    "%0d%0aSet-Cookie:%20a=b/",
    "%25%30%30/",
    "é/",
    "%F0%9F%98%80/",
    "{x.__class__}/",
    "<script>/",
    "%E2%80%AE/",
]
QUERIES = [
    "lang=%ff",
    "lang=%ED%A0%80",
    "lang=de&lang=tr",
    "lang[]=de",
    "lang",
    "=",
    "&" * 900,
    "a=b&" * 1_200,
]
QUERIES += [
    "lang=%00",
    "next=%ff",
    "next=//evil.example",
    "next=%0d%0aX:%20y",
    "page=" + "x" * 60_000,
    "%=%",
    "q=%u0041",
]
HEADERS: list[dict[str, str]] = [
    {"HTTP_COOKIE": "sessionid=%ff; csrftoken=\x80; a"},
    {"HTTP_COOKIE": "sessionid=" + "a" * 5_000},
    {"HTTP_COOKIE": f'{"x=y; " * 500}sessionid="; django_language=xx; messages=W10:bad:bad'},
    {"HTTP_ACCEPT_LANGUAGE": "de-" + "x" * 4_000},
    {"HTTP_ACCEPT_LANGUAGE": "tr;q=nan, de;q=1e999, \xff;q=0.5, *;q=-1"},
    {"HTTP_IF_NONE_MATCH": 'W/"\xff", *, "'},
    {"HTTP_IF_MODIFIED_SINCE": "Fri, 31 Feb 99999 25:61:61 GMT"},
    {"HTTP_IF_UNMODIFIED_SINCE": "Mon, 00 Jan 0000 00:00:00 GMT", "HTTP_IF_MATCH": "*"},
    {"HTTP_RANGE": "bytes=-1,5-2,999999999999999999999-"},
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "testserver:99999999"},
    {"HTTP_HOST": "\xff@[::1"},
    {"HTTP_X_FORWARDED_FOR": "'; DROP TABLE--, ::1, " + "1," * 2_000, "HTTP_X_FORWARDED_PROTO": "gopher"},
    {"HTTP_X_REQUEST_ID": "\r\nSet-Cookie: a=b", "HTTP_REFERER": "http://[::1", "HTTP_USER_AGENT": "\x00"},
    {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "\xff", "HTTP_ACCEPT_ENCODING": "gzip;q=nan, \xff"},
    {"HTTP_ACCEPT": "application/json", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
    {"REMOTE_ADDR": "not an address"},
    {"REMOTE_ADDR": ""},
]
BODIES: list[tuple[str, bytes]] = [
    (FORM, b"first_name=%ff&email=%ff&description=%ff&login=%ff&password=%ff&List-Unsubscribe=%ff&whose=%ff"),
    (
        FORM,
        b"first_name=%ED%A0%80&email=%ED%A0%80@example.org&description=%ED%A0%80&login=%ED%A0%80&role=%ED%A0%80",
    ),
    (
        FORM,
        b"first_name=a%00&email=a%00@example.org&description=%00&login=%00&password=%00&role=%00&whose=%00",
    ),
    (FORM, b"email=a@example.org%0d%0aBcc:%20b@example.org&description=x&page=%0d%0a&first_name=%0a"),
    (FORM, b"email=a@example.org&email=b@example.org&login=a&login=b&sure=on&sure=off&role=active&role=x"),
    (
        FORM,
        b"workshop-digitale-stadt=active&workshop-digitale-stadt=none&workshop-=active&workshop-%ff=active",
    ),
    (
        FORM,
        b"country="
        + b"X" * 70_000
        + b"&language=%F0%9F%98%80&consent_version=99999999999999999999&state=%00",
    ),
    (FORM, b"a=b&" * 1_200),
    (FORM, b"description=" + b"x" * 2_700_000),
    (FORM, b"%%%&&&===;;;"),
    (FORM + "; charset=utf-7", b"email=+ADw-script+AD4-"),
    (FORM + "; charset=nonsense", b"email=a@example.org"),
    ("", b"email=a@example.org"),
    ("text/plain", b"email=a@example.org"),
    ("application/json", b'{"email": ["a"], "login": {"$gt": ""}}'),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=" + "x" * 300, b"--x"),
    ("multipart/form-data; boundary=\xff", b"--x"),
    (MULTIPART, b"--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x--\r\n"),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\xff\xfe\r\n--x--\r\n'),
    (
        MULTIPART,
        b'--x\r\nContent-Disposition: form-data; name="email"; filename="a\x00.txt"\r\n\r\nfile\r\n--x--\r\n',
    ),
    (
        MULTIPART,
        b'--x\r\nContent-Disposition: form-data; name="email"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--',
    ),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nnever ends'),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="e"\r\n\r\n1\r\n' * 1_200 + b"--x--\r\n"),
]
LENGTHS = ["", "-1", "99999999999999999999", "5"]


METHODS = ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "\xff"]
# Pages of one sentence, allauth's that only lead to the sign-in, the PDF beside the JSON: one of a kind is enough.
ALIKE = (
    "/programme.pdf",
    "/sent/",
    "/left/",
    "/erased/",
    "/done/",
    "/accounts/2fa/",
    "/inactive/",
    "/leave/",
    "/logout/",
)


@pytest.fixture
def browser(site: Site) -> Client:
    """A participant's."""
    client = Client(raise_request_exception=False)
    for name, value in site.visitors["participant"].cookies.items():
        client.cookies[name] = value
    return client


def some(site: Site, method: str) -> list[str]:
    return [path for path in addresses(site, method) if not any(part in path for part in ALIKE)]


def ask(client: Client, path: str, **environ: Any) -> int:
    number = next(_remote)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    request = {**client._base_environ(), **_target(path), "REMOTE_ADDR": address, **environ}
    return client.request(**request).status_code


def _target(path: str) -> dict[str, str]:
    """As a server splits an address into what WSGI knows of it."""
    path, _, query = path.partition("?")
    return {"PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": query}


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def none_is_an_error(paths: list[str], answer: Callable[[str], int]) -> None:
    with undone():
        answers = {path: answer(path) for path in paths}
    assert {path: status for path, status in answers.items() if status >= 500} == {}


def test_a_broken_path_is_no_error_500(browser: Client, subtests: pytest.Subtests) -> None:
    for tail in TAILS:
        with subtests.test(ascii(tail[:40])):
            none_is_an_error([f"{place}{tail}" for place in PLACES], lambda path: ask(browser, path))


def test_a_broken_query_is_no_error_500(site: Site, browser: Client, subtests: pytest.Subtests) -> None:
    for query in QUERIES:
        with subtests.test(ascii(query[:40])):
            none_is_an_error(
                [f"{path}?{query}" for path in some(site, "get")], lambda path: ask(browser, path)
            )


@pytest.mark.sqlite  # No header and no method reaches a database.
def test_a_strange_header_is_no_error_500(site: Site, browser: Client, subtests: pytest.Subtests) -> None:
    for environ in HEADERS:
        with subtests.test(ascii(str(environ)[:80])):
            none_is_an_error(some(site, "get"), lambda path, given=environ: ask(browser, path, **given))


def send(site: Site, client: Client, path: str, *, kind: str, body: bytes, length: str) -> int:
    token = site.visitors["participant"].headers["X-CSRFToken"]
    headers = {"HTTP_X_CSRFTOKEN": token, "CONTENT_TYPE": kind, "CONTENT_LENGTH": length}
    return ask(client, path, REQUEST_METHOD="POST", **headers, **{"wsgi.input": BytesIO(body)})


@pytest.mark.postgresql  # The stricter of the two.
def test_a_broken_form_is_no_error_500(site: Site, browser: Client, subtests: pytest.Subtests) -> None:
    for kind, body in BODIES:
        form = {"kind": kind, "body": body, "length": str(len(body))}
        with subtests.test(ascii(f"{kind} {body[:60]!r}")):
            none_is_an_error(some(site, "post"), lambda path, given=form: send(site, browser, path, **given))


@pytest.mark.postgresql  # The stricter of the two.
def test_a_length_that_lies_is_no_error_500(site: Site, browser: Client, subtests: pytest.Subtests) -> None:
    body = b"email=a@example.org&description=x"
    for length in LENGTHS:
        form = {"kind": FORM, "body": body, "length": length}
        with subtests.test(length):
            none_is_an_error(some(site, "post"), lambda path, given=form: send(site, browser, path, **given))


@pytest.mark.sqlite  # No header and no method reaches a database.
def test_a_method_that_is_not_described_is_refused(
    site: Site, browser: Client, subtests: pytest.Subtests
) -> None:
    token = site.visitors["participant"].headers["X-CSRFToken"]
    paths = [path for path in some(site, "get") if not path.startswith("/accounts/")]
    for method in METHODS:
        options = {"REQUEST_METHOD": method, "HTTP_X_CSRFTOKEN": token}
        with subtests.test(ascii(method)), undone():
            assert {ask(browser, path, **options) for path in paths} == {405}
