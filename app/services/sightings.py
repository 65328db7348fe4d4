"""When somebody was last seen: at most once a minute each, outside history, never in the way of an answer."""

from __future__ import annotations

import asyncio
import contextlib
import time
import weakref
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from app import clock
from app.desk import Actor
from app.engine import Link, Sql
from app.services import sessions

Identify = Callable[[Link], Actor]


class Register(Protocol):
    """What a sighting is written through: ``Database``, which services do not know."""

    def chore(self, work: Callable[[Link], Any]) -> Awaitable[Any]: ...


EVERY_SECONDS = 60
MOST = 20_000

KEY_SEEN = Sql(
    "INSERT INTO seen (key_id, at) VALUES (:id, :now) "
    "ON CONFLICT (key_id) DO UPDATE SET at = excluded.at WHERE seen.at < :minute_ago"
)


class Sightings:
    """What this process has noted lately of one register."""

    def __init__(self, register: Register) -> None:
        self._register = weakref.ref(register)
        self._noted: dict[str, float] = {}
        self._under_way: set[asyncio.Task[Any]] = set()

    def session(self, identify: Identify, token: str, hours: int) -> Identify:
        """``identify``, which also prolongs the session of ``token`` when it recognised its holder."""
        return self._watch(
            identify,
            lambda actor: token,
            lambda link, actor: sessions.touch(link, token, hours),
        )

    def key(self, identify: Identify) -> Identify:
        """``identify``, which also notes when an API key was last used."""
        return self._watch(
            identify,
            lambda actor: f"key:{actor.id}",
            lambda link, actor: key_seen(link, actor.id or 0),
        )

    def _watch(
        self,
        identify: Identify,
        name: Callable[[Actor], str],
        write: Callable[[Link, Actor], None],
    ) -> Identify:
        loop = asyncio.get_running_loop()

        def identified(link: Link) -> Actor:
            actor = identify(link)
            if self._due(name(actor)):
                with contextlib.suppress(RuntimeError):  # the loop is closed: the house is shutting down
                    loop.call_soon_threadsafe(self._start, lambda link: write(link, actor))
            return actor

        return identified

    def _due(self, name: str) -> bool:
        now = time.monotonic()
        if now - self._noted.get(name, -EVERY_SECONDS) < EVERY_SECONDS:
            return False
        if len(self._noted) > MOST:
            self._noted.clear()
        self._noted[name] = now
        return True

    def _start(self, work: Callable[[Link], Any]) -> None:
        register = self._register()
        if register is None:
            return
        task = asyncio.ensure_future(register.chore(work))
        self._under_way.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # a sighting that could not be written is not worth a word; the next minute brings another


_of: weakref.WeakKeyDictionary[Register, Sightings] = weakref.WeakKeyDictionary()


def sightings(register: Register) -> Sightings:
    """The sightings of this process in ``register``; both faces share them."""
    if register not in _of:
        _of[register] = Sightings(register)
    return _of[register]


def key_seen(link: Link, key_id: int) -> None:
    """Note that a key was used now, unless that was noted within the last minute."""
    link.run(
        KEY_SEEN,
        {
            "id": key_id,
            "now": clock.moment(),
            "minute_ago": clock.later(-EVERY_SECONDS),
        },
    )
