"""What a person has chosen for herself, such as her columns. Not history: nobody asks later who set it."""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.engine import Link, Sql

READ = Sql("SELECT value FROM preference WHERE account_id = :account AND name = :name")
WRITE = Sql(
    "INSERT INTO preference (account_id, name, value) VALUES (:account, :name, :value) "
    "ON CONFLICT (account_id, name) DO UPDATE SET value = excluded.value"
)
LONGEST = 4000


def read(desk: Desk, name: str, default: Any = None) -> Any:
    """What she chose under this name; ``default`` when nothing, or for a key."""
    if desk.actor.kind != "account" or desk.actor.id is None:
        return default
    found = desk.link.value(READ, {"account": desk.actor.id, "name": name})
    return default if found is None else orjson.loads(found)


def write(link: Link, account_id: int, name: str, value: Any) -> None:
    """Remember a choice, for ``db.chore``. What is too long to be a choice is not kept."""
    text = orjson.dumps(value).decode()
    if len(text) <= LONGEST:
        link.run(WRITE, {"account": account_id, "name": name, "value": text})
