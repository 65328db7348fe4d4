"""Who is it? From a key, a session or a name to an actor, read again in every transaction.

Actors are remembered by the hash of key or session while the ``rights`` stamp stands, so a right taken away a moment ago
is gone now, in every process, and nobody had to be told.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import orjson

from app import clock
from app.desk import Actor
from app.engine import Link, Sql
from app.errors import Unauthenticated
from app.rules.access import ALL_WHEN_UNNAMED, Role

ACCOUNT = "SELECT id, name, role, zones, unit_id, locale, from_on, until_on FROM account WHERE deleted_at IS NULL AND "
BY_ACCOUNT = Sql(ACCOUNT + "id = :id")
BY_KEY = Sql("SELECT id, name, role, zones, expires_on FROM api_key WHERE key_hash = :hash AND deleted_at IS NULL")
BY_KEY_ID = Sql("SELECT key_hash FROM api_key WHERE id = :id AND deleted_at IS NULL")
BY_SESSION = Sql("SELECT account_id, expires_at FROM session WHERE token_hash = :hash")
RIGHTS = Sql("SELECT a.hash FROM stamp s JOIN act a ON a.seq = s.seq WHERE s.scope = 'rights'")
"""The chain's hash at the last change of rights: no other database and no restored copy has the same."""

_remembered: dict[tuple[str, Any], tuple[str, Actor]] = {}


def digest(token: str) -> str:
    """What is kept of a key, a session or a link: its hash, never itself."""
    return sha256(token.encode()).hexdigest()


def by_key(token: str) -> Any:
    """How to recognise the bearer of an API key."""
    hashed = digest(token)

    def identify(link: Link) -> Actor:
        return _current(link, ("key", hashed), lambda: _key(link, hashed))

    return identify


def by_session(token: str) -> Any:
    """How to recognise the holder of a session cookie."""
    hashed = digest(token)

    def identify(link: Link) -> Actor:
        row = link.row(BY_SESSION, {"hash": hashed})
        if row is None or row[1] <= clock.moment():
            raise Unauthenticated("Your session has ended; please sign in again")
        return _current(link, ("account", row[0]), lambda: _account(link, row[0]))

    return identify


def by_account(id_: int) -> Any:
    """How to recognise an account by its number: for the CLI and for jobs that run as the person who asked."""

    def identify(link: Link) -> Actor:
        return _standing(_account(link, id_))

    return identify


def by_key_id(id_: int) -> Any:
    """How to recognise an API key by its number: for jobs that run with the rights the key has when they run."""

    def identify(link: Link) -> Actor:
        hashed = link.value(BY_KEY_ID, {"id": id_})
        if hashed is None:
            raise Unauthenticated
        return _standing(_key(link, hashed))

    return identify


def _current(link: Link, key: tuple[str, Any], read: Any) -> Actor:
    stamp = link.value(RIGHTS)
    known = _remembered.get(key)
    if known is None or known[0] != stamp:
        if len(_remembered) > 10_000:
            _remembered.clear()
        known = _remembered[key] = (stamp, read())
    return _standing(known[1])


def _standing(actor: Actor) -> Actor:
    """The actor, if her right has not ended: a day passes without any stamp, so this is asked each time."""
    if actor.expires_at is not None and actor.expires_at < clock.today():
        raise Unauthenticated("This right has ended on {day}", day=actor.expires_at)
    return actor


def zones_of(role: Role, zones: str) -> tuple[int, ...] | None:
    """The zones a role is held for; None is every zone."""
    listed = tuple(sorted(orjson.loads(zones)))
    return None if not listed and role in ALL_WHEN_UNNAMED else listed


def _key(link: Link, hashed: str) -> Actor:
    row = link.row(BY_KEY, {"hash": hashed})
    if row is None:
        raise Unauthenticated
    id_, name, role, zones, expires_on = row
    return Actor("key", id_, name, Role(role), zones_of(Role(role), zones), expires_at=expires_on)


def _account(link: Link, id_: int) -> Actor:
    row = link.row(BY_ACCOUNT, {"id": id_})
    if row is None:
        raise Unauthenticated
    _, name, role, zones, unit_id, locale, from_on, until_on = row
    if from_on is not None and from_on > clock.today():
        raise Unauthenticated("This account begins on {day}", day=from_on)
    actor = Actor("account", id_, name, Role(role), zones_of(Role(role), zones), locale, unit_id)
    return replace(actor, expires_at=until_on)
