"""Passwords are hashed with argon2id, away from the event loop and from the writer: one hash takes 0.1 to 0.2 s."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.errors import Busy
from app.rules.passwords import LONGEST, normalised

# 64 MiB and three passes: twice what OWASP asks for. One lane keeps the memory of a flood of sign-ins bounded.
_hasher = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=65536, parallelism=1),))
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")
MOST_WAITING = 40


def hash_now(password: str) -> str:
    """The argon2id hash of a password, for a thread that may wait."""
    return _hasher.hash(normalised(password))


def matches_now(password: str, hashed: str | None) -> bool:
    """Is it the password? Without a hash (nobody of that name, none set yet) it takes as long, and is False."""
    if len(password) > LONGEST:
        return False
    right = _hasher.verify(normalised(password), hashed or _nobody())
    return right and hashed is not None


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


async def hash_of(password: str) -> str:
    """``hash_now`` without holding up the event loop. Raises ``Busy`` when too many wait."""
    _room()
    return await asyncio.get_running_loop().run_in_executor(_threads, hash_now, password)


async def matches(password: str, hashed: str | None) -> bool:
    """``matches_now`` without holding up the event loop. Raises ``Busy`` when too many wait."""
    _room()
    return await asyncio.get_running_loop().run_in_executor(_threads, matches_now, password, hashed)


def _room() -> None:
    if _threads._work_queue.qsize() > MOST_WAITING:
        raise Busy
