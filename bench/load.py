"""A small load generator: a few kept-alive connections, each asking again as soon as it was answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

Ask = Callable[[int], bytes]
"""Gives the bytes of the n-th request."""


@dataclass
class Result:
    """What a round came to: latencies in seconds, how long it took, answers that were not 2xx."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    failed: int = 0
    worked: float = 0.0
    """Seconds of processor time that the server used meanwhile."""

    @property
    def each(self) -> float:
        """Milliseconds of processor time for one answer."""
        return self.worked / len(self.latencies) * 1000 if self.latencies else 0.0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Latency in milliseconds that ``share`` of the requests did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0

    def add(self, other: Result) -> None:
        self.latencies += other.latencies
        self.seconds += other.seconds
        self.failed += other.failed
        self.worked += other.worked


class _Connection(asyncio.Protocol):
    def __init__(
        self, ask: Ask, numbers: Iterator[int], result: Result, until: float, over: asyncio.Future[None]
    ) -> None:
        self._ask, self._numbers, self._result, self._until, self._over = ask, numbers, result, until, over
        self._left, self._head, self._sent = 0, b"", 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def _next(self) -> None:
        if time.perf_counter() >= self._until:
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(self._ask(next(self._numbers)))

    def data_received(self, data: bytes) -> None:
        if self._left == 0:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._head.startswith(b"HTTP/1.1 2"):
                self._result.failed += 1
            head = self._head[:end].lower()
            at = head.index(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0])
            self._left = length - (len(self._head) - end - 4)
            self._head = b""
        else:
            self._left -= len(data)
        if self._left <= 0:
            self._left = 0
            self._result.latencies.append(time.perf_counter() - self._sent)
            self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._over.done():
            self._over.set_result(None)


async def press(port: int, ask: Ask, numbers: Iterator[int], *, seconds: float, connections: int) -> Result:
    """Ask for so long over so many connections to this machine, each request under the next number."""
    loop = asyncio.get_running_loop()
    result, began = Result(), time.perf_counter()
    until = began + seconds
    overs = []
    for _ in range(connections):
        over: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(partial(_Connection, ask, numbers, result, until, over), "127.0.0.1", port)
        overs.append(over)
    await asyncio.gather(*overs)
    result.seconds = time.perf_counter() - began
    return result


def get(path: str, *headers: str) -> bytes:
    """The bytes of a GET."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]
    return "\r\n".join(lines).encode()


def send(method: str, path: str, body: bytes, *headers: str) -> bytes:
    """The bytes of a request with a JSON body."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body
