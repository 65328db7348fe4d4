"""Finished answers, kept while nothing they show has changed.

An entry remembers the stamps of what it showed (the rights, the words, its zones); stamps are read in the same transaction
as the data, so an entry is never older than its stamps say. There is no message between processes: another process's
write moves a stamp, and the next look sees it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import blake2b

from app.engine import Link, Sql

Scopes = tuple[int, ...] | None
"""Zones an answer shows, by id; None for many or all, whose stamp is the number of the last act."""
Stamps = tuple[object, ...]
Extra = tuple[str | None, ...]
Make = Callable[[], tuple[bytes, Scopes, Extra]]
OVERHEAD = 400
"""Bytes that an entry costs beside its body, about."""
FEW = 4
"""With more zones than this, the number of the last act is the cheaper stamp."""

LAST = Sql("SELECT seq FROM head")
STAMPS = [
    Sql(
        "SELECT scope, seq FROM stamp WHERE scope IN ('rights', 'words'"
        + "".join(f", :z{n}" for n in range(count))
        + ") ORDER BY scope"
    )
    for count in range(FEW + 1)
]


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished answer: bytes, the key and stamps that name it, and what else its face wants to remember."""

    body: bytes
    key: Hashable
    scopes: Scopes
    stamps: Stamps
    extra: Extra = ()

    @property
    def etag(self) -> str:
        """Its weak ETag; made when asked for, since a single thing goes by its version instead."""
        return tag(self.key, self.stamps)


class Cache:
    """Least recently used first out, bounded by bytes. Several threads may use it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.held = 0
        self.hits = 0
        self.misses = 0
        self._entries: OrderedDict[Hashable, Finished] = OrderedDict()
        self._lock = threading.Lock()

    def finished(
        self,
        link: Link,
        key: Hashable,
        make: Make,
        *,
        before: Callable[[], Scopes] | None = None,
        held: str | None = None,
    ) -> Finished:
        """The answer under ``key``: from memory while its stamps stand, else made now and kept.

        Called inside one read transaction. ``make`` gives body, scopes and extra. Where the scopes are known ``before``, a
        caller who holds the present tag (``held``, her If-None-Match) is answered without making anything: an empty body.
        """
        with self._lock:
            known = self._entries.get(key)
            if known is not None:
                self._entries.move_to_end(key)
        if known is not None and known.stamps == stamps(link, known.scopes):
            self.hits += 1
            return known
        if held is not None and before is not None:
            scopes = before()
            now = stamps(link, scopes)
            if tag(key, now) in held:
                return Finished(b"", key, scopes, now)
        self.misses += 1
        body, scopes, extra = make()
        now = stamps(link, scopes)
        entry = Finished(body, key, scopes, now, extra)
        self._keep(key, entry)
        return entry

    def _keep(self, key: Hashable, entry: Finished) -> None:
        size = len(entry.body) + OVERHEAD
        if size > self.most // 4:
            return
        with self._lock:
            old = self._entries.pop(key, None)
            if old is not None:
                self.held -= len(old.body) + OVERHEAD
            self._entries[key] = entry
            self.held += size
            while self.held > self.most:
                _, gone = self._entries.popitem(last=False)
                self.held -= len(gone.body) + OVERHEAD


def stamps(link: Link, scopes: Scopes) -> Stamps:
    """The present stamps of what an answer shows: one statement."""
    if scopes is None or len(scopes) > FEW:
        return (link.value(LAST),)
    return tuple(link.rows(STAMPS[len(scopes)], {f"z{n}": f"zone:{zone}" for n, zone in enumerate(scopes)}))


def tag(key: Hashable, now: Stamps) -> str:
    """The weak ETag of an answer: the same in every process."""
    return f'W/"{blake2b(repr((key, now)).encode(), digest_size=12).hexdigest()}"'
