"""The people of the tests: two zones, East and West, and everybody who works in them, with real rows behind each.

``gather(database)`` makes them in one act of the house. ``cast.editor`` is a ``Caller``; ``cast.by("editor", rehearse=True)``
the same person with something changed; ``cast.keys["write"]`` a key to send over HTTP, ``cast.session("editor")`` a cookie.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any

import orjson

from app import clock
from app.db import Caller, Database, house
from app.desk import Desk
from app.engine import Link, Sql, connect
from app.models import Account, ApiKey, Zone
from app.rules.access import Act, Role
from app.services import identity

PEOPLE: dict[str, tuple[Role, tuple[str, ...]]] = {
    "editor": (Role.EDITOR, ("EAST",)),
    "stranger": (Role.EDITOR, ("WEST",)),
    "reviewer": (Role.REVIEWER, ("EAST",)),
    "both": (Role.EDITOR, ("EAST", "WEST")),
    "leader": (Role.LEADER, ()),
    "office": (Role.CITY_OFFICE, ()),
    "administrator": (Role.ADMINISTRATOR, ()),
    "auditor": (Role.AUDITOR, ()),
}
"""Role and zones; no zones is every zone for those who may see them all. The stranger edits in the other zone."""

KEYS: dict[str, tuple[Role, tuple[str, ...]]] = {
    "read": (Role.KEY_READ, ()),
    "write": (Role.KEY_WRITE, ("EAST",)),
    "admin": (Role.KEY_ADMIN, ()),
}
OPEN_SESSION = Sql(
    "INSERT INTO session (token_hash, account_id, created_at, seen_at, expires_at) VALUES (:hash, :id, :at, :at, :until)"
)


@dataclass(frozen=True)
class Cast:
    """Ids of the zones and of the accounts, keys as clear text, and everybody as a caller."""

    database: Database
    east: int
    west: int
    accounts: dict[str, int]
    keys: dict[str, str]

    def by(self, name: str, **changes: Any) -> Caller:
        """A person by her name in ``PEOPLE``; ``changes`` are fields of ``Caller``."""
        return replace(Caller(identity.by_account(self.accounts[name])), **changes)

    def key(self, name: str, **changes: Any) -> Caller:
        """A program by the scope of its key, at the API's door."""
        return replace(Caller(identity.by_key(self.keys[name]), door="api"), **changes)

    def session(self, name: str) -> str:
        """Sign a person in; the cookie's value."""
        token = f"session-{name}-{secrets.token_hex(8)}"
        values = {"hash": identity.digest(token), "id": self.accounts[name]}
        values |= {"at": clock.moment(), "until": clock.later(3600)}
        self.database.chore_now(lambda link: link.run(OPEN_SESSION, values))
        return token

    @property
    def editor(self) -> Caller:
        return self.by("editor")

    @property
    def stranger(self) -> Caller:
        return self.by("stranger")

    @property
    def reviewer(self) -> Caller:
        return self.by("reviewer")

    @property
    def both(self) -> Caller:
        return self.by("both")

    @property
    def leader(self) -> Caller:
        return self.by("leader")

    @property
    def office(self) -> Caller:
        return self.by("office")

    @property
    def administrator(self) -> Caller:
        return self.by("administrator")

    @property
    def auditor(self) -> Caller:
        return self.by("auditor")


def gather(database: Database) -> Cast:
    """Make the zones, the accounts and the keys."""
    made: dict[str, Any] = {}

    def enter(desk: Desk) -> None:
        desk.ask(Act.DEMO_LOAD)
        zones = {
            code: Zone(code=code, name=f"{code.title()} Zone", short_name=code.title()) for code in ("EAST", "WEST")
        }
        desk.keep(list(zones.values()))

        def ids(codes: tuple[str, ...]) -> str:
            return orjson.dumps([zones[c].id for c in codes]).decode()

        accounts = {n: Account(login=n, name=n.title(), role=r, zones=ids(z)) for n, (r, z) in PEOPLE.items()}
        keys = {
            n: ApiKey(name=n, key_hash=identity.digest(f"key-{n}"), role=r, zones=ids(z)) for n, (r, z) in KEYS.items()
        }
        desk.keep(list(accounts.values()))
        desk.keep(list(keys.values()))
        made.update(east=zones["EAST"].id, west=zones["WEST"].id, accounts={n: a.id for n, a in accounts.items()})

    database.act_now(house(), enter)
    return Cast(database, made["east"], made["west"], made["accounts"], {n: f"key-{n}" for n in KEYS})


def link_of(database: Database) -> Link:
    """A connection beside the register's own, for looking and for tampering. Close it."""
    return connect(database.url, write=True)
