"""Signing in: from a name and a password, or from a one-time link, to a session.

The slow part (the hash) lies between two short transactions; whoever calls keeps it out of both lanes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from app.desk import Actor, Desk
from app.engine import Link, Sql
from app.errors import Unauthenticated
from app.services import identity, links, sessions, throttle
from app.services.accounts import folded, set_password
from app.services.links import Purpose
from app.words import Word

WRONG = Word("The sign-in name or the password is wrong")
CREDENTIALS = Sql("SELECT id, password_hash FROM account WHERE login = :login AND deleted_at IS NULL")
OWN_CREDENTIALS = Sql("SELECT login, password_hash FROM account WHERE id = :id AND deleted_at IS NULL")


@dataclass(frozen=True)
class Visit:
    """The browser at the door: the token its cookie will hold, how long a session lasts, what it calls itself."""

    token: str
    hours: int
    agent: str | None = None


def new_token() -> str:
    """256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def attempt(link: Link, login: str, address: str) -> tuple[int, str | None] | None:
    """Count an attempt and look the name up: account and hash, or None. Raises TooMany. A chore."""
    name = folded(login)
    throttle.count(link, name, address)
    row = link.row(CREDENTIALS, {"login": name}) if name.isprintable() else None
    return (int(row[0]), row[1]) if row else None


def welcome(link: Link, account_id: int, login: str, address: str, visit: Visit, old: str | None = None) -> str | None:
    """The password was right: the session begins, that of the cookie ``old`` ends; her language. A chore.

    Raises Unauthenticated when her right has not begun or has ended.
    """
    actor: Actor = identity.by_account(account_id)(link)
    throttle.clear(link, folded(login), address)
    _begin(link, account_id, visit, old)
    return actor.locale


def by_sign_in_link(link: Link, token: str, visit: Visit, old: str | None = None) -> str | None:
    """Spend a sign-in link and begin a session in one transaction; her language. A chore."""
    actor: Actor = links.by_link(token)(link)
    account_id = links.spend(link, token, Purpose.SIGN_IN)
    _begin(link, account_id, visit, old)
    return actor.locale


def with_new_password(desk: Desk, password_hash: str, visit: Visit, spending: str | None = None) -> dict[str, Any]:
    """Set a password (see ``accounts.set_password``) and begin the one session that is left. An act."""
    done = set_password(desk, password_hash, spending=spending)
    sessions.start(desk.link, done["id"], visit.token, visit.hours, visit.agent)
    return done


def own_credentials(desk: Desk) -> tuple[str, str | None]:
    """Sign-in name and hash of the person at the desk, to ask for her present password."""
    row = desk.link.row(OWN_CREDENTIALS, {"id": desk.actor.id}) if desk.actor.kind == "account" else None
    if row is None:
        raise Unauthenticated
    return row[0], row[1]


def _begin(link: Link, account_id: int, visit: Visit, old: str | None) -> None:
    if old:
        sessions.end(link, old)
    sessions.start(link, account_id, visit.token, visit.hours, visit.agent)
