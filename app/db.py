"""The only three ways to reach a database: ``act`` changes it, ``hot`` and ``slow`` read it.

A face hands over a function; it never opens a transaction. One thread writes, so that no update is lost and a saved thing
is saved before the answer leaves. One thread (SQLite) or four (PostgreSQL) answer hot reads, bounded by an index; what
takes longer is interrupted and done again in the slow lane.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import orjson

from app import clock
from app.ahead import Ahead
from app.desk import SYSTEM, Actor, Desk
from app.engine import Budget, Link, Sql, connect
from app.errors import Invalid, Refusal
from app.keep import Book
from app.laid import Laid
from app.lanes import Lane, TakenBack, Writer
from app.settings import Settings

log = logging.getLogger("sanzhang.db")
T = TypeVar("T")
Identify = Callable[[Link], Actor]
HOT_MILLISECONDS = {"sqlite": 20, "postgresql": 250}


@dataclass(frozen=True)
class Caller:
    """Who is at the door and what she brought: made once by a face, for every act and read of one request."""

    identify: Identify
    """Reads the actor again, in the act's own transaction; raises Unauthenticated when the right is gone."""
    language: str = "zh_CN"
    door: str = "page"
    reason: str | None = None
    request_id: str | None = None
    key: str | None = None
    """Idempotency key; with ``fingerprint`` of the request."""
    fingerprint: str = ""
    rehearse: bool = False
    """Check everything, keep nothing (validate_only)."""
    as_of: int | None = None


@dataclass(frozen=True)
class Then:
    """When an act happens: the moment in UTC, and the day where the register lives."""

    at: str
    day: str


@dataclass
class Answer:
    """What an act came to. ``value`` is plain; ``body`` its JSON bytes as stored under the idempotency key."""

    value: Any
    seq: int | None
    replayed: bool = False
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return orjson.dumps(self.value)


def house(language: str = "zh_CN", door: str = "system", **kw: Any) -> Caller:
    """The house itself as a caller: nightly lights, demo, first account."""
    return Caller(lambda link: SYSTEM, language=language, door=door, **kw)


class Database:
    """The lanes of one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.url = settings.database_url
        self.dialect = "sqlite" if settings.is_sqlite else "postgresql"
        reader = 1 if settings.is_sqlite else 4
        self._writer = Writer("writer", lambda: connect(self.url, write=True))
        self._hot = Lane("hot", lambda: connect(self.url, write=False), threads=reader, most=2000)
        self._slow = Lane("slow", lambda: connect(self.url, write=False), threads=2 if settings.is_sqlite else 4)
        self.over_budget = 0
        """Hot reads that had to be done again in the slow lane."""
        self.held = (0.0, 0.0)
        """For how long the last act made ahead held the lock: seconds of the clock and of the processor."""

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────
    async def act(
        self, caller: Caller, service: Callable[..., Any], *args: Any, status: int = 200, **kw: Any
    ) -> Answer:
        """Run ``service(desk, …)`` as one act: all of it is saved when this returns, or nothing.

        The service answers plain values (what JSON can hold). Raises what the service refuses, ``Busy`` when the queue
        is full. A repeated idempotency key answers what was answered then.
        """
        return await self._writer.run(lambda link: self._within(link, caller, service, args, kw, status))

    def act_now(self, caller: Caller, service: Callable[..., Any], *args: Any, status: int = 200, **kw: Any) -> Answer:
        """``act`` for a thread without an event loop: CLI, worker, tests."""
        return self._writer.call(lambda link: self._within(link, caller, service, args, kw, status))

    def act_ahead_now(
        self, caller: Caller, make: Callable[..., Any], service: Callable[..., Any], *args: Any, **kw: Any
    ) -> Answer:
        """``act_now`` for very many rows: ``make(desk, …)`` keeps them before the lock is taken, ``service(desk, …)`` pours
        them in under it (``Book.pour``) and does the rest.

        On a connection of its own, beside which they were laid. Raises what either refuses.
        """
        ahead = self.read_now(lambda link: self._ahead(link, caller, make, args, kw))
        with closing(connect(self.url, write=True)) as own:
            own.roomy()
            laid = ahead.lay(own)
            with closing(Writer("ahead", lambda: own)) as writer:
                answer = writer.call(lambda link: self._within(link, caller, service, args, kw, 200, laid))
                self.held = writer.held
                own.tidy()
        return answer

    def acts_now(self, acts: Iterable[tuple[Caller, Then, Callable[[Desk], Any]]]) -> list[Any]:
        """Several acts in one transaction, each at a moment of its own that is past: only what is invented has a past to
        tell here. No moment lies before one that is in the register already."""
        return self._writer.call(
            lambda link: [self._within(link, who, service, (), {}, 200, then=then).value for who, then, service in acts]
        )

    def _ahead(
        self, link: Link, caller: Caller, make: Callable[..., Any], args: tuple[Any, ...], kw: dict[str, Any]
    ) -> Ahead:
        seq, at, prev = link.row(HEAD) or (0, "", "")
        book = Ahead(link, seq + 1, max(clock.moment(), at), prev, clock.today(), give=self._reserve)
        make(replace(self.desk(link, caller), book=book, reason=caller.reason), *args, **kw)
        return book

    def _reserve(self, table: str, count: int) -> Sequence[int]:
        return self.chore_now(lambda link: link.reserve(table, count))

    def _within(
        self,
        link: Link,
        caller: Caller,
        service: Callable[..., Any],
        args: tuple[Any, ...],
        kw: dict[str, Any],
        status: int,
        laid: Laid | None = None,
        then: Then | None = None,
    ) -> Answer:
        seq, at, prev = link.row(HEAD) or (0, "", "")
        actor = caller.identify(link)
        who = f"{actor.kind}:{actor.id}"
        if caller.key and (stored := _replay(link, who, caller)):
            return stored
        then = then or Then(clock.moment(), clock.today())
        now = max(then.at, at)
        book = Book(link, seq + 1, now, prev, then.day, laid=laid)
        desk = Desk(actor, link, caller.language, book.today, caller.door, book, None, caller.reason, caller.request_id)
        value = service(desk, *args, **kw)
        if kept := book.touched():
            book.close(desk.signature())
        for kind, arguments in desk.later:
            link.run(ADD_JOB, {"kind": kind, "arguments": orjson.dumps(arguments).decode(), "actor": who, "at": now})
        answer = Answer(value, book.seq if kept else None, status=status)
        if caller.key and (kept or desk.later) and not caller.rehearse:
            _store(link, who, caller, answer, now)
        if caller.rehearse:
            raise TakenBack(answer)
        return answer

    async def chore(self, work: Callable[[Link], T]) -> T:
        """A write without history: session seen, job progress, throttle. Same thread, all of it saved or nothing."""
        return await self._writer.run(work)

    def chore_now(self, work: Callable[[Link], T]) -> T:
        """``chore`` for a thread without an event loop."""
        return self._writer.call(work)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────
    async def hot(self, read: Callable[[Link], T]) -> T:
        """A read bounded by an index. Over its time it is interrupted and done again in the slow lane."""
        try:
            return await self._hot.run(lambda link: _read(link, read, HOT_MILLISECONDS[self.dialect]))
        except Budget:
            self.over_budget += 1
            log.info("a hot read went over its time", extra={"count": self.over_budget})
            return await self.slow(read)

    async def slow(self, read: Callable[[Link], T]) -> T:
        """Group-bys, differences, big pages."""
        return await self._slow.run(lambda link: _read(link, read, None))

    def read_now(self, read: Callable[[Link], T]) -> T:
        """``slow`` for a thread without an event loop."""
        return self._slow.call(lambda link: _read(link, read, None))

    def desk(self, link: Link, caller: Caller) -> Desk:
        """A desk for reading."""
        return Desk(
            caller.identify(link),
            link,
            caller.language,
            clock.today(),
            caller.door,
            seq=caller.as_of,
            request_id=caller.request_id,
        )

    async def read(self, caller: Caller, service: Callable[..., T], *args: Any, slow: bool = False, **kw: Any) -> T:
        """Run ``service(desk, …)`` as a read, hot unless said otherwise."""
        lane = self.slow if slow else self.hot
        return await lane(lambda link: service(self.desk(link, caller), *args, **kw))

    def ask_now(self, caller: Caller, service: Callable[..., T], *args: Any, **kw: Any) -> T:
        """``read`` for a thread without an event loop."""
        return self.read_now(lambda link: service(self.desk(link, caller), *args, **kw))

    def close(self) -> None:
        for lane in (self._writer, self._hot, self._slow):
            lane.close()

    async def aclose(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self.close)


def _read(link: Link, read: Callable[[Link], T], milliseconds: float | None) -> T:
    """One consistent picture: a read transaction that can never write."""
    link.begin(write=False)
    try:
        if milliseconds is None:
            return read(link)
        with link.within(milliseconds):
            return read(link)
    finally:
        link.end(keep=False)


HEAD = Sql("SELECT seq, at, hash FROM head")
ADD_JOB = Sql(
    "INSERT INTO job (kind, arguments, actor, state, tries, created_at) VALUES (:kind, :arguments, :actor, 'queued', 0, :at)"
)
STORED = Sql(
    "SELECT fingerprint, status, headers, body FROM answer WHERE actor = :actor AND key = :key AND at > :oldest"
)
STORE = Sql(
    "INSERT INTO answer (actor, key, fingerprint, status, headers, body, at) "
    "VALUES (:actor, :key, :fingerprint, :status, :headers, :body, :at) "
    "ON CONFLICT (actor, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status, "
    "headers = excluded.headers, body = excluded.body, at = excluded.at"
)
KEPT_SECONDS = 24 * 3600


def _replay(link: Link, who: str, caller: Caller) -> Answer | None:
    row = link.row(STORED, {"actor": who, "key": caller.key, "oldest": clock.later(-KEPT_SECONDS)})
    if row is None:
        return None
    fingerprint, status, headers, body = row
    if fingerprint != caller.fingerprint:
        raise Invalid("This Idempotency-Key was used for another request", code="idempotency_key_reused")
    return Answer(orjson.loads(body), None, replayed=True, status=status, headers=orjson.loads(headers))


def _store(link: Link, who: str, caller: Caller, answer: Answer, at: str) -> None:
    link.run(
        STORE,
        {
            "actor": who,
            "key": caller.key,
            "fingerprint": caller.fingerprint,
            "status": answer.status,
            "headers": orjson.dumps(answer.headers).decode(),
            "body": answer.body.decode(),
            "at": at,
        },
    )


__all__ = ["Answer", "Caller", "Database", "Refusal", "house"]
