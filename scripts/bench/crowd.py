"""A crowd: people who come at their own times, whether the server keeps up or not, and each go the same way.

A person opens the personal link, is led to the form, sends it and reads what became of it, over one connection, as
through a proxy. The style sheets come from elsewhere. Nobody waits for somebody else, and nobody for nothing: a
person who gets an error, or a connection that breaks, has that error counted and goes home.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from .load import HOST

_PATIENCE = 30
_ASKED_FOR = re.compile(rb'name="(csrfmiddlewaretoken|state|consent_version)" value="([^"]*)"')
_COOKIE = re.compile(rb"\r\nset-cookie: ([^=]+)=([^;]*)", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: (\S+)", re.IGNORECASE)


class WrongAnswerError(Exception):
    """What was answered instead, in a word for the table of errors."""


@dataclass(slots=True)
class Way:
    """What the crowd met: seconds of every answer by step, and errors by their kind."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    lasted: float = 0

    def percentile(self, hundredth: int) -> float:
        """Of all steps together; infinite where nothing was answered."""
        every = sorted(second for seconds in self.seconds.values() for second in seconds)
        return every[min(len(every) - 1, len(every) * hundredth // 100)] if every else float("inf")


def come(port: int, tokens: Sequence[str], form: Mapping[str, str], *, seconds: float) -> Way:
    """Each token's owner comes at a moment of their own within `seconds`; the same moments each time."""
    moments = random.Random(2020)  # noqa: S311 (a crowd, not a secret)
    arrivals = sorted(moments.uniform(0, seconds) for _token in tokens)
    way, began = Way(), time.monotonic()
    asyncio.run(_all(port, list(zip(arrivals, tokens, strict=True)), form, way))
    way.lasted = time.monotonic() - began
    return way


async def _all(port: int, people: Sequence[tuple[float, str]], form: Mapping[str, str], way: Way) -> None:
    began = time.monotonic()
    async with asyncio.TaskGroup() as crowd:
        for number, (arrival, token) in enumerate(people):
            await asyncio.sleep(max(0.0, began + arrival - time.monotonic()))
            crowd.create_task(_one(port, number, token, form, way))


async def _one(port: int, number: int, token: str, form: Mapping[str, str], way: Way) -> None:
    try:
        async with asyncio.timeout(_PATIENCE):
            await _walk(_Person(port, number, way), token, form)
    except (OSError, asyncio.IncompleteReadError, WrongAnswerError) as error:
        way.errors[str(error) if isinstance(error, WrongAnswerError) else type(error).__name__] += 1


async def _walk(person: _Person, token: str, form: Mapping[str, str]) -> None:
    async with person:
        await person.ask("link", "GET", f"/de/invitation/{token}/", leads_to=b"/de/register/")
        page = await person.ask("form", "GET", "/de/register/")
        given = {name.decode(): value.decode() for name, value in _ASKED_FOR.findall(page)}
        await person.ask("sent", "POST", "/de/register/", urlencode({**form, **given}), leads_to=b"/de/my/")
        await person.ask("own page", "GET", "/de/my/")


class _Person:
    """A browser with one connection: two headers, a few cookies, and patience."""

    def __init__(self, port: int, number: int, way: Way) -> None:
        self.port, self.way = port, way
        self.address = (
            f"198.18.{number // 250 % 250}.{number % 250 + 1}"  # reserved for such tests (RFC 2544)
        )
        self.cookies: dict[str, str] = {}

    async def __aenter__(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def __aexit__(self, *_error: object) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    async def ask(self, step: str, method: str, path: str, body: str = "", *, leads_to: bytes = b"") -> bytes:
        """The page; raises WrongAnswerError where it is another one, or leads elsewhere."""
        began = time.monotonic()
        self.writer.write(self._request(method, path, body.encode()))
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        page = await self.reader.readexactly(int(length[1]) if length else 0)
        self.way.seconds.setdefault(step, []).append(time.monotonic() - began)
        self.cookies |= {name.decode(): value.decode() for name, value in _COOKIE.findall(head)}
        self._check(step, head, leads_to)
        return page

    @staticmethod
    def _check(step: str, head: bytes, leads_to: bytes) -> None:
        status, location = head[9:12].decode(), _LOCATION.search(head)
        there = location[1] if location else b""
        if status != ("303" if leads_to else "200") or there != leads_to:
            raise WrongAnswerError(f"{step}: {status}")

    def _request(self, method: str, path: str, body: bytes) -> bytes:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {HOST}",
            "X-Forwarded-Proto: https",
            f"X-Forwarded-For: {self.address}",
            "Accept-Encoding: gzip",
            f"Cookie: {'; '.join(f'{name}={value}' for name, value in self.cookies.items())}",
        ]
        if body:
            lines += [f"Origin: https://{HOST}", f"Content-Length: {len(body)}"]
            lines.append("Content-Type: application/x-www-form-urlencoded")
        return "\r\n".join([*lines, "", ""]).encode() + body
