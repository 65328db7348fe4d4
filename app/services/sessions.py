"""Sessions live in the database: ending one ends it now, in every process. Only the hash of a cookie is kept.

All of this is chores, outside history; callers run them through ``Database.chore`` or inside an act.
"""

from __future__ import annotations

from typing import Any

from app import clock
from app.engine import Link, Sql
from app.services.identity import digest

LONGEST_DAYS = 30
"""However busy, nobody stays signed in longer."""
AGENT_LENGTH = 200
HANDLE = 16

START = Sql(
    "INSERT INTO session (token_hash, account_id, created_at, seen_at, expires_at, agent) "
    "VALUES (:hash, :account_id, :now, :now, :until, :agent)"
)
TOUCH = Sql(
    "UPDATE session SET seen_at = :now, expires_at = :until "
    "WHERE token_hash = :hash AND expires_at > :now AND seen_at < :minute_ago AND created_at > :oldest"
)
OWN = Sql(
    "SELECT token_hash, created_at, seen_at, expires_at, agent FROM session "
    "WHERE account_id = :account_id AND expires_at > :now ORDER BY seen_at DESC LIMIT 100"
)
END = Sql("DELETE FROM session WHERE token_hash = :hash")
END_ONE = Sql("DELETE FROM session WHERE account_id = :account_id AND substr(token_hash, 1, 16) = :handle")
END_OTHERS = Sql("DELETE FROM session WHERE account_id = :account_id AND token_hash <> :hash")
END_ALL = Sql("DELETE FROM session WHERE account_id = :account_id")
SWEEP = Sql("DELETE FROM session WHERE expires_at <= :now")


def start(link: Link, account_id: int, token: str, hours: int, agent: str | None = None) -> None:
    """Begin a session for ``token``, which only the cookie will hold; ``hours`` without a click end it."""
    now = clock.moment()
    link.run(SWEEP, {"now": now})
    link.run(
        START,
        {
            "hash": digest(token),
            "account_id": account_id,
            "now": now,
            "until": clock.later(hours * 3600),
            "agent": _printable(agent),
        },
    )


def touch(link: Link, token: str, hours: int) -> None:
    """She was seen: the session lasts longer. Written at most once a minute, by whichever process comes first."""
    link.run(
        TOUCH,
        {
            "hash": digest(token),
            "now": clock.moment(),
            "until": clock.later(hours * 3600),
            "minute_ago": clock.later(-60),
            "oldest": clock.later(-LONGEST_DAYS * 86400),
        },
    )


def own(link: Link, account_id: int, token: str | None = None) -> list[dict[str, Any]]:
    """Open sessions of an account, latest first; ``handle`` names one, ``current`` is the one of ``token``."""
    current = digest(token) if token else None
    return [
        {
            "handle": hashed[:HANDLE],
            "created_at": created_at,
            "seen_at": seen_at,
            "expires_at": expires_at,
            "agent": agent,
            "current": hashed == current,
        }
        for hashed, created_at, seen_at, expires_at, agent in link.rows(
            OWN, {"account_id": account_id, "now": clock.moment()}
        )
    ]


def end(link: Link, token: str) -> None:
    """Sign out."""
    link.run(END, {"hash": digest(token)})


def end_one(link: Link, account_id: int, handle: str) -> int:
    """End one of her own sessions; how many ended."""
    return link.run(END_ONE, {"account_id": account_id, "handle": handle})


def end_others(link: Link, account_id: int, token: str) -> int:
    """End all her sessions but that of ``token``; how many ended."""
    return link.run(END_OTHERS, {"account_id": account_id, "hash": digest(token)})


def end_all(link: Link, account_id: int) -> int:
    """End every session of an account; how many ended."""
    return link.run(END_ALL, {"account_id": account_id})


def _printable(agent: str | None) -> str | None:
    return "".join(c for c in agent if c.isprintable())[:AGENT_LENGTH] or None if agent else None
