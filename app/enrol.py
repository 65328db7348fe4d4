"""Letting people and programs in from the command line. What is secret is made here, handed over once, and not kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from app import clock
from app.db import Database, house
from app.desk import Desk
from app.errors import Invalid
from app.models import Account, Unit
from app.services import accounts, keys, signing_in
from app.services.links import Purpose

SCOPES = {"read": "key_read", "write": "key_write", "admin": "key_admin"}


def user_add(
    db: Database,
    name: str,
    role: str,
    zones: Sequence[str] = (),
    unit: str | None = None,
    *,
    called: str | None = None,
) -> str:
    """A new account that signs in as ``name`` and is ``called`` so (default: the same); the address at which its holder sets her password, good once."""
    token = signing_in.new_token()

    def add(desk: Desk) -> dict[str, object]:
        facts = {
            "login": name,
            "name": called or name,
            "role": role,
            "zones": list(zones),
            "unit_id": _unit(desk, unit),
        }
        return accounts.create(desk, facts, token=token)

    db.act_now(house(door="cli"), add)
    return address(db.settings.public_url, token)


def link_add(db: Database, login: str, purpose: str = Purpose.SIGN_IN) -> str:
    """A new one-time address for an account that exists: to sign in, or to set a password (``set_password``)."""
    token = signing_in.new_token()
    db.act_now(
        house(door="cli"),
        lambda desk: accounts.new_link(desk, _account(desk, login), purpose, token),
    )
    return address(db.settings.public_url, token)


def key_add(
    db: Database,
    name: str,
    scope: str,
    zones: Sequence[str] = (),
    days: int | None = None,
) -> str:
    """A new API key (``read``, ``write`` or ``admin``); it is shown this once. Without zones it reaches all of them."""
    if scope not in SCOPES:
        raise Invalid.one(
            "/scope",
            "not_in_list",
            "Choose one of: {choices}",
            choices=", ".join(SCOPES),
        )
    token = keys.new_token()
    until = (date.fromisoformat(clock.today()) + timedelta(days=days)).isoformat() if days is not None else None
    facts = {
        "name": name,
        "role": SCOPES[scope],
        "zones": list(zones),
        "expires_on": until,
    }
    db.act_now(house(door="cli"), keys.create, facts, token)
    return token


def address(site: str, token: str) -> str:
    """Where a one-time link is opened; ``site`` is the public URL."""
    return f"{site.rstrip('/')}/enter/{token}"


def _unit(desk: Desk, name: str | None) -> int | None:
    if name is None:
        return None
    found = desk.select(
        Unit,
        "by name",
        lambda q, t: q.where(t.c.name == sa.bindparam("name")),
        {"name": name},
        columns=("id",),
    )
    if len(found) != 1:
        raise Invalid.one(
            "/unit",
            "not_found",
            "There is no single unit of the name {unit}",
            unit=name,
        )
    return int(found[0][0])


def _account(desk: Desk, login: str) -> int:
    found = desk.select(
        Account, "by login", lambda q, t: q.where(t.c.login == sa.bindparam("login")),
        {"login": accounts.folded(login)}, columns=("id",),
    )  # fmt: skip
    if not found:
        raise Invalid.one("/login", "not_found", "There is no account of this sign-in name")
    return int(found[0][0])
