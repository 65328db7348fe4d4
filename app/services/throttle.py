"""Slowing down those who guess: per sign-in name and per address, each miss costs more waiting.

An attempt is counted before the password is looked at, in one short transaction, so that a hundred attempts at once
count as a hundred. Names and addresses are kept as hashes: somebody will type her password into the field for her name.
"""

from __future__ import annotations

from datetime import datetime

from app import clock
from app.engine import Link, Sql
from app.errors import TooMany
from app.services.identity import digest

FREE = {"login": 5, "address": 40, "link": 20, "likeness": 120}
"""Attempts that cost no waiting. A whole office may sit behind one address."""
LONGEST = {"login": 300, "address": 900, "link": 900, "likeness": 900}
"""The longest wait in seconds: bounded, so that guessing at a name does not lock its owner out for a day."""
FORGOTTEN = 3600
"""Seconds after the last wait when earlier attempts no longer count."""

COUNT = Sql(
    "INSERT INTO throttle (key, hits, until) VALUES (:key, 1, :now) ON CONFLICT (key) DO UPDATE SET "
    "hits = CASE WHEN throttle.until < :forgotten THEN 1 ELSE throttle.hits + 1 END RETURNING hits, until"
)
WAIT = Sql("UPDATE throttle SET until = :until WHERE key = :key")
UNTIL = Sql("SELECT until FROM throttle WHERE key = :key")
FORGET = Sql("DELETE FROM throttle WHERE key = :key")
GIVE_BACK = Sql("UPDATE throttle SET hits = hits - 1 WHERE key = :key AND hits > 0")
SWEEP = Sql("DELETE FROM throttle WHERE until < :forgotten")


def delay(hits: int, kind: str) -> int:
    """Seconds to wait after so many attempts: none at first, then 2, 4, 8 … up to the longest."""
    over = hits - FREE[kind]
    return 0 if over <= 0 else int(min(2 ** min(over, 20), LONGEST[kind]))


def count(link: Link, login: str, address: str) -> None:
    """Count one attempt. Raises ``TooMany`` with ``Retry-After`` while the last wait still runs. A chore."""
    now, forgotten = clock.moment(), clock.later(-FORGOTTEN)
    for kind, what in (("login", login), ("address", address)):
        key = _key(kind, what)
        ((hits, until),) = link.rows(COUNT, {"key": key, "now": now, "forgotten": forgotten})
        if until > now:
            raise _wait(until, now)
        link.run(WAIT, {"key": key, "until": clock.later(delay(hits, kind))})


def missed(link: Link, address: str) -> None:
    """Somebody at this address came with a personal link that opens nothing. A chore."""
    _once_more(link, "link", address)


def likeness_told(link: Link, asker: str) -> None:
    """Somebody was told that what she typed is registered elsewhere. A chore."""
    _once_more(link, "likeness", asker)


def _once_more(link: Link, kind: str, what: str) -> None:
    key = _key(kind, what)
    values = {"key": key, "now": clock.moment(), "forgotten": clock.later(-FORGOTTEN)}
    ((hits, _),) = link.rows(COUNT, values)
    link.run(WAIT, {"key": key, "until": clock.later(delay(hits, kind))})


def heed(link: Link, address: str) -> None:
    """Raises ``TooMany`` while this address must wait before it tries another link. A read."""
    _heed(link, "link", address)


def heed_likeness(link: Link, asker: str) -> None:
    """Raises ``TooMany`` while this person must wait before she is told of something elsewhere again. A read."""
    _heed(link, "likeness", asker)


def _heed(link: Link, kind: str, what: str) -> None:
    now = clock.moment()
    until = link.value(UNTIL, {"key": _key(kind, what)})
    if until is not None and until > now:
        raise _wait(until, now)


def clear(link: Link, login: str, address: str) -> None:
    """It was the right one: her misses are forgotten and this attempt does not count against the address."""
    link.run(FORGET, {"key": _key("login", login)})
    link.run(GIVE_BACK, {"key": _key("address", address)})
    link.run(SWEEP, {"forgotten": clock.later(-FORGOTTEN)})


def _key(kind: str, what: str) -> str:
    return digest(f"{kind}:{what}")


def _wait(until: str, now: str) -> TooMany:
    left = datetime.fromisoformat(until) - datetime.fromisoformat(now)
    seconds = max(int(left.total_seconds()) + 1, 1)
    return TooMany(
        "Too many attempts; please wait {seconds} seconds",
        seconds=seconds,
        headers={"Retry-After": str(seconds)},
    )
