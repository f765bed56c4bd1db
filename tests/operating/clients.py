"""Readers who never stop asking, and what became of each of their requests."""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.operating.slow_urls import LENGTH
from tests.servers import HOST, wait_until

HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https"}


@dataclass
class Readers:
    """Half of them keep their connection, half open a new one for each request."""

    port: int
    answered: Path
    ended: threading.Event = field(default_factory=threading.Event)
    fates: dict[str, str] = field(default_factory=dict)

    @property
    def counted(self) -> Counter[str]:
        return Counter(self.fates.values())

    @property
    def served(self) -> list[str]:
        """The numbers of the requests that the server has answered, as it says itself."""
        return self.answered.read_text().split() if self.answered.exists() else []

    def read(self, reader: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        count = 0
        while not self.ended.is_set():
            number, count = f"{reader}.{count}", count + 1
            self.fates[number] = fate = ask(connection, number)
            if fate != "whole":
                self.ended.wait(0.02)
            if fate != "whole" or reader % 2:
                connection.close()
        connection.close()


def ask(connection: http.client.HTTPConnection, number: str) -> str:
    try:
        connection.request("GET", f"/slow?number={number}", headers=HEADERS)
        answer = connection.getresponse()
        content = answer.read()
    except ConnectionRefusedError:
        return "refused"
    except (OSError, http.client.HTTPException) as error:
        return f"cut off: {type(error).__name__}"
    return "whole" if (answer.status, len(content)) == (200, LENGTH) else f"odd: {answer.status}"


@contextlib.contextmanager
def reading(port: int, answered: Path, *, readers: int = 10) -> Iterator[Readers]:
    them = Readers(port, answered)
    threads = [threading.Thread(target=them.read, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: them.counted["whole"] > 2 * readers, what="the first answers")
        yield them
    finally:
        them.ended.set()
        for thread in threads:
            thread.join()
