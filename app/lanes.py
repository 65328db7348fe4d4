"""Few fixed threads. A lane is a queue, the threads that serve it, and no more connections than it has threads at work."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from app.engine import Link
from app.errors import Busy

T = TypeVar("T")
Done = Callable[[Any, BaseException | None], None]
"""Takes the result, or what went wrong."""
Item = tuple[Callable[[Link], Any], Done, float]
"""Work, who waits for it, and since when."""
Told = tuple[Done, Any, BaseException | None]
"""Who waits, and what is to be said."""
WAIT_SECONDS = 5.0
GROUP_SECONDS = 0.02
"""For how long a transaction that is under way takes in more of what waits."""


TOGETHER_SECONDS = 0.002
"""For how long the first of several reads waits for those behind it."""


class TakenBack(Exception):
    """Raised by work whose writing is to be taken back and that has an answer all the same: a rehearsal."""

    def __init__(self, answer: Any) -> None:
        super().__init__(answer)
        self.answer = answer


class Lane:
    """Runs functions of one connection, in order of arrival. More than ``most`` waiting, or a wait over 5 s: ``Busy``.

    Of the connections that rest the one used last is taken: it knows the tables already, and another is opened only when
    all are at work.
    """

    def __init__(self, name: str, connect: Callable[[], Link], *, threads: int = 1, most: int = 200) -> None:
        self.name = name
        self._connect = connect
        self._most = most
        self._closed = False
        self._resting: list[Link] = []
        self._queue: queue.SimpleQueue[Item | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._serve, name=f"{name}-{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    async def run(self, work: Callable[[Link], T]) -> T:
        """Run ``work`` in the lane and wait for it without blocking the loop."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[T] = loop.create_future()

        def done(result: Any, error: BaseException | None) -> None:
            if waiting.cancelled():
                return
            if error is None:
                waiting.set_result(result)
            else:
                waiting.set_exception(error)

        def answer(result: Any, error: BaseException | None) -> None:
            try:
                loop.call_soon_threadsafe(done, result, error)
            except RuntimeError:  # the loop is closed: nobody waits any more
                return

        self._put(work, answer)
        return await waiting

    def call(self, work: Callable[[Link], T]) -> T:
        """Run ``work`` in the lane from a thread that has no event loop (CLI, worker, tests)."""
        waiting: Future[T] = Future()

        def answer(result: Any, error: BaseException | None) -> None:
            if error is None:
                waiting.set_result(result)
            else:
                waiting.set_exception(error)

        self._put(work, answer)
        return waiting.result()

    def _put(self, work: Callable[[Link], Any], answer: Done) -> None:
        if self._closed or self._queue.qsize() >= self._most:
            raise Busy
        self._queue.put((work, answer, time.monotonic()))

    def _serve(self) -> None:
        while (item := self._queue.get()) is not None:
            link: Link | None = None
            try:
                link = self._rested() or self._connect()
                told = self._take(link, item)
            except BaseException as error:  # handed to whoever waits, whatever it is
                told = [(item[1], None, error)]
            if link is not None and not _broken(link):
                self._resting.append(link)  # before anybody is told: who asks at once again finds it
            for answer, result, refused in told:
                answer(result, refused)
        while link := self._rested():
            link.close()

    def _rested(self) -> Link | None:
        try:
            return self._resting.pop()
        except IndexError:
            return None

    def _take(self, link: Link, item: Item) -> list[Told]:
        """Do what waits, for a moment, and tell it together: waking the event loop costs as much as a small read."""
        told: list[Told] = [(item[1], *_done(link, item))]
        until = time.monotonic() + TOGETHER_SECONDS
        while time.monotonic() < until and (following := self._next()) is not None:
            told.append((following[1], *_done(link, following)))
        return told

    def _next(self) -> Item | None:
        try:
            item = self._queue.get_nowait()
        except queue.Empty:
            return None
        if item is None:  # the sign to stop is for the loop
            self._queue.put(None)
        return item

    def close(self) -> None:
        """Finish what is queued, then end the threads. Whoever comes later is told ``Busy``, not left waiting."""
        self._closed = True
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=10)


class Writer(Lane):
    """The one lane that writes: all that waits goes into one transaction, and nobody is answered before its commit.

    Each piece of work is a part of its own: refused or rehearsed, it alone is taken back. A disk that takes 5 ms for a
    commit then carries as many acts as fit into these 5 ms, not one. The first of a group needs no savepoint: there is
    nothing before it to protect, and SQLite copies pages for every statement inside one, which made an update of 12,000
    rows twenty-five times slower.
    """

    held = (0.0, 0.0)
    """For how long the last group held the lock: seconds of the clock and of the processor."""

    def _take(self, link: Link, item: Item) -> list[Told]:
        told: list[Told] = []
        until = time.monotonic() + GROUP_SECONDS
        link.begin(write=True)
        clock, work = time.perf_counter(), time.process_time()
        told.append((item[1], *_first(link, item)))
        while time.monotonic() < until and (following := self._next()) is not None:
            told.append((following[1], *_part(link, following)))
        try:
            link.end(keep=True)
        except BaseException as error:  # nothing of it was saved: nobody may believe it
            told = [(answer, None, refused or error) for answer, _, refused in told]
        self.held = time.perf_counter() - clock, time.process_time() - work
        return told


def _done(link: Link, item: Item) -> tuple[Any, BaseException | None]:
    """One read: its result, or what went wrong."""
    work, _, since = item
    try:
        _in_time(since)
        return work(link), None
    except BaseException as error:
        return None, error


def _first(link: Link, item: Item) -> tuple[Any, BaseException | None]:
    """The work that begins a group: its result, or why it was refused; then the transaction begins anew."""
    work, _, since = item
    try:
        _in_time(since)
        return work(link), None
    except BaseException as error:
        link.end(keep=False)
        link.begin(write=True)
        return (error.answer, None) if isinstance(error, TakenBack) else (None, error)


def _part(link: Link, item: Item) -> tuple[Any, BaseException | None]:
    """One piece of work of a group: its result, or why it was refused."""
    work, _, since = item
    try:
        _in_time(since)
        with link.apart():
            return work(link), None
    except TakenBack as rehearsed:
        return rehearsed.answer, None
    except BaseException as error:
        return None, error


def _in_time(since: float) -> None:
    if time.monotonic() - since > WAIT_SECONDS:
        raise Busy


def _broken(link: Link) -> bool:
    """A lost connection to PostgreSQL is replaced; the next request should not pay for it."""
    return bool(getattr(link.raw, "closed", False) or getattr(link.raw, "broken", False))
