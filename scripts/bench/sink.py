"""An SMTP server that counts what it is given and keeps none of it: `python -m scripts.bench.sink PORT FILE`.

A process of its own, and cheap: what it costs is taken from the sender it is measured with. Into FILE it writes two
numbers of eight bytes, messages and bytes so far.
"""

from __future__ import annotations

import asyncio
import mmap
import struct
import sys
from pathlib import Path

COUNTERS = struct.Struct("=QQ")
_END = b"\r\n.\r\n"
_HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n"
_ANSWERS = {
    b"EHLO": _HELLO,
    b"HELO": b"250 sink\r\n",
    b"MAIL": b"250 2.1.0 OK\r\n",
    b"RCPT": b"250 2.1.5 OK\r\n",
    b"RSET": b"250 2.0.0 OK\r\n",
    b"NOOP": b"250 2.0.0 OK\r\n",
    b"DATA": b"354 end with <CRLF>.<CRLF>\r\n",
    b"QUIT": b"221 2.0.0 bye\r\n",
}


class Counters:
    """Two numbers that another process reads while this one writes them."""

    def __init__(self, path: Path) -> None:
        self.messages = self.bytes = 0
        path.write_bytes(bytes(COUNTERS.size))
        with path.open("r+b") as file:
            self._shown = mmap.mmap(file.fileno(), COUNTERS.size)

    def count(self, size: int) -> None:
        self.messages += 1
        self.bytes += size
        self._shown[:] = COUNTERS.pack(self.messages, self.bytes)


def read_counters(path: Path) -> tuple[int, int]:
    messages, size = COUNTERS.unpack(path.read_bytes())
    return messages, size


class Conversation(asyncio.Protocol):
    """One connection. What a message consists of is looked through once, for its end."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._waiting = bytearray()
        self._in_message = False
        self._looked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (for the type) # nosec B101
        self._transport = transport
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        answers = bytearray()
        while answer := self._message() if self._in_message else self._command():
            answers += answer
        if answers:
            self._transport.write(bytes(answers))
        if answers.endswith(_ANSWERS[b"QUIT"]):
            self._transport.close()

    def _command(self) -> bytes:
        line, end, _rest = self._waiting.partition(b"\r\n")
        if not end:
            return b""
        del self._waiting[: len(line) + 2]
        verb = bytes(line[:4]).upper()
        self._in_message = verb == b"DATA"
        self._looked = 0
        return _ANSWERS.get(verb, b"502 5.5.1 not known here\r\n")

    def _message(self) -> bytes:
        # An empty message ends with the first bytes that follow DATA.
        end = 0 if self._waiting.startswith(b".\r\n") else self._waiting.find(_END, self._looked)
        if end < 0:
            self._looked = max(0, len(self._waiting) - len(_END))
            return b""
        del self._waiting[: end + (len(_END) if end else 3)]
        self._in_message = False
        self._counters.count(end)
        return b"250 2.0.0 taken\r\n"


async def serve(port: int, counters: Counters) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Conversation(counters), "127.0.0.1", port, backlog=100)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Counters(Path(sys.argv[2]))))
