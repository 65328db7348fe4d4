"""What is read at every request and hardly ever changes: zones' codes and names, industries, settings.

Kept in memory while the ``words`` stamp stands. It is read in the same transaction as everything else, so a change made
by another process is seen by the next read, and nobody had to be told.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from app.engine import Link, Sql

T = TypeVar("T")
STAMP = Sql("SELECT a.hash FROM stamp s JOIN act a ON a.seq = s.seq WHERE s.scope = :scope")
"""The chain's hash at the last change: no other database and no restored copy has the same."""
MOST = 20_000

_kept: dict[Hashable, tuple[str | None, Any]] = {}


def stamp_of(link: Link, scope: str = "words") -> str | None:
    """The state of the words, or of a zone (``zone:12``); None before the first was written."""
    found: str | None = link.value(STAMP, {"scope": scope})
    return found


def remembered(stamp: str | None, key: Hashable, make: Callable[[], T]) -> T:
    """What ``make`` answers, made once while ``stamp`` stands. Everybody gets the same object: it must not be changed."""
    known = _kept.get(key)
    if known is None or known[0] != stamp:
        while len(_kept) >= MOST:
            _kept.pop(next(iter(_kept)), None)  # the oldest
        known = _kept[key] = (stamp, make())
    return known[1]
