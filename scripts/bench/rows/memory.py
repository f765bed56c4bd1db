"""What a web worker's memory has become after many mixed requests, beside a bare Django worker's."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from statistics import mean
from urllib.parse import urlencode

from ..bench import Bench, keep_answer
from ..figures import Check, Row
from ..load import HEADERS, HOST
from ..processes import BenchError, memory
from ..site import Site, Web, run_inside
from .registering import FORM

_OF_A_BARE_WORKER, _AT_MOST_IN_SHORT, _GROWTH = 1.5, 6.0, 1.05
_AT_ONCE = 8
_PUBLIC = [
    "/de/programme/", "/tr/programme/", "/en/programme/", "/de/", "/tr/", "/programme.json", "/programme.ics",
    "/programme.xml", "/de/workshops/digitale-stadt/", "/tr/workshops/jugendaustausch/", "/de/speakers/",
    "/en/now/", "/de/programme/?q=Bursa", "/changes.atom", "/tr/accessibility/", "/en/privacy/", "/health/live",
    "/de/link/",
]  # fmt: skip
_ADMIN = [
    "/admin/", "/admin/registration/registration/", "/admin/registration/participant/",
    "/admin/registration/message/", "/admin/workshops/session/", "/admin/registration/invitation/",
]  # fmt: skip
_BARE_ADMIN = ["/admin/", "/admin/auth/user/", "/admin/auth/group/"]
# Instead of a list, once in so many times.
_SELDOM_EVERY = 50
_SELDOM = {0: "/programme.pdf?lang=de", 25: "/preview.png"}
_HEADERS = {
    **HEADERS,
    "Origin": f"https://{HOST}",
    "Content-Type": "application/x-www-form-urlencoded",
    "Connection": "close",
}
Request = tuple[str, str, str]


def measure(bench: Bench) -> list[Row]:
    count = 1_000 if bench.short else 10_000
    found = {
        "bare": _bare(bench, count, as_shipped=True),
        "bare, under our settings": _bare(bench, count, as_shipped=False),
        "without applications": _without_applications(bench, count),
    }
    with bench.site() as site:
        half, ours = _after_each_half(site, _mixed(site, count))
    bare = Check.ratio("of a bare Django worker", ours / found["bare"], at_most=_OF_A_BARE_WORKER)
    shared = Check.ratio(
        "of one that shares its memory as ours do",
        ours / found["bare, under our settings"],
        at_most=_OF_A_BARE_WORKER,
    )
    checks = [
        # Neither is near; the short form asks whether they get further away.
        replace(bare, wide=_AT_MOST_IN_SHORT * 2 / 3),
        replace(shared, wide=_AT_MOST_IN_SHORT),
        Check.ratio("of its memory after half of them", ours / half, at_most=_GROWTH),
    ]
    what = f"memory of a web worker after {count:,} mixed requests"
    figures = {"of one without applications": ours / found["without applications"]}
    megabytes = {**found, "ours": ours, "after half": half}
    return [Row("memory", what, checks, {**figures, "megabytes": megabytes})]


def _bare(bench: Bench, count: int, *, as_shipped: bool) -> float:
    """Of a site as startproject leaves it, after requests of the same kinds as ours get."""
    with bench.started(as_shipped=as_shipped) as site:
        cookies: dict[str, str] = run_inside("scripts.bench.inside.started", environment=site.environment)
        operator = "; ".join(f"{name}={value}" for name, value in cookies.items())
        desk, requests = cycle(_BARE_ADMIN), list[Request]()
        for _each in range(count // 10):
            requests += [("GET", "/page/", "")] * 6 + [("GET", "/admin/login/", "")] * 3
            requests.append(("GET", next(desk), operator))
        return _after_each_half(site, requests)[-1]


def _without_applications(bench: Bench, count: int) -> float:
    with bench.floor(answers=_floor_answers(bench), as_shipped=True) as floor:
        return _after_each_half(floor, [("GET", "/bytes/page/", "")] * count)[-1]


def _floor_answers(bench: Bench) -> Path:
    answers = bench.scratch("answers")
    keep_answer(answers, "page", b"x" * 60_000, {"Content-Type": "text/html; charset=utf-8"})
    return answers


def _after_each_half(web: Web, requests: list[Request]) -> list[float]:
    """Megabytes of a worker (PSS, their mean)."""
    middle, found = len(requests) // 2, []
    for part in (requests[:middle], requests[middle:]):
        lanes = [part[number::_AT_ONCE] for number in range(_AT_ONCE)]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda lane: _send(web.port, lane), lanes))
        found.append(mean(memory(pid) for pid in web.pids()))
    return found


def _send(port: int, requests: list[Request]) -> None:
    """One after the other, each over a connection of its own, so that both processes get their share."""
    for method, path, cookie in requests:
        talk = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        body = urlencode(FORM) if method == "POST" else None
        talk.request(method, path, body, {**_HEADERS, "Cookie": cookie})
        answer = talk.getresponse()
        answer.read()
        talk.close()
        if answer.status >= 400:
            raise BenchError(f"{path} answers {answer.status}")


def _mixed(site: Site, count: int) -> list[Request]:
    """Of ten requests six for public pages, three of somebody who registers, one of an organiser."""
    people = Path(site.python("scripts.bench.inside.people", count // 10, "mixed")).read_text().splitlines()
    cookies: dict[str, str] = site.python("scripts.bench.inside.signed_in")
    organiser = "; ".join(f"{name}={value}" for name, value in cookies.items())
    public, desk = cycle(_PUBLIC), cycle(_ADMIN)
    found: list[Request] = []
    for number, line in enumerate(people):
        found += [("GET", next(public), "") for _each in range(6)]
        found += _registering(line)
        found.append(("GET", _SELDOM.get(number % _SELDOM_EVERY) or next(desk), organiser))
    return found


def _registering(line: str) -> list[Request]:
    """The form, its sending, one's own page."""
    session = line.split("\t")[1]
    cookie = f"__Host-sessionid={session}; __Host-csrftoken={FORM['csrfmiddlewaretoken']}"
    return [("GET", "/de/register/", cookie), ("POST", "/de/register/", cookie), ("GET", "/de/my/", cookie)]
