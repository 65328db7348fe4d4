"""The demo register: its whole story told in one transaction, or nothing of it; and put aside whole when work begins.

Nothing of a demo stays in real history: an empty register begins beside it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from app.clock import house_zone
from app.db import Caller, Database, Then, house
from app.desk import SYSTEM
from app.engine import connect, sqlite_path
from app.errors import Conflict
from app.schema import migrate
from app.services import demo
from app.settings import Settings


def load(db: Database, *, seed: int = 1, scale: str = "city", **told: Any) -> dict[str, Any]:
    """Fill an empty register with the demo city; how many ``zones`` and ``projects``. ``told`` as in ``services.demo.story``.

    Raises Conflict when it holds projects.
    """
    acts = [(_caller(c.who), Then(c.at, c.day), c.tell) for c in demo.story(seed, scale, **told)]
    counted: dict[str, Any] = db.acts_now(acts)[-1]
    return counted


def _caller(who: str | None) -> Caller:
    """The house itself, or somebody invented in whose name it writes: she has no account."""
    if who is None:
        return house(door="cli")
    actor = replace(SYSTEM, kind="account", name=who)
    return Caller(lambda link: actor, door="page")


def put_aside(settings: Settings) -> str:
    """Rename the demo's file (PostgreSQL: its schema) and migrate an empty register; the name it has now.

    Raises Conflict for a register that is no demo.
    """
    db = Database(settings)
    try:
        if not db.ask_now(house(), demo.is_demo):
            raise Conflict("This register holds real data; only a demo can be put aside", code="not_a_demo")
    finally:
        db.close()
    stamp = datetime.now(house_zone()).strftime("%Y%m%d-%H%M%S")
    name = _file_aside(settings, stamp) if settings.is_sqlite else _schema_aside(settings, stamp)
    migrate(settings.database_url)
    return name


def _file_aside(settings: Settings, stamp: str) -> str:
    path = Path(sqlite_path(settings.database_url))
    link = connect(settings.database_url, write=True)
    link.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    link.close()
    aside = path.with_name(f"{path.stem}-demo-{stamp}{path.suffix}")
    path.rename(aside)
    for tail in ("-wal", "-shm"):
        Path(str(path) + tail).unlink(missing_ok=True)
    return str(aside)


def _schema_aside(settings: Settings, stamp: str) -> str:
    name = f"demo_{stamp.replace('-', '_')}"
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute(f"ALTER SCHEMA public RENAME TO {name}")
        connection.execute("CREATE SCHEMA public")
    return name
