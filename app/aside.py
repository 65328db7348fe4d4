"""Ending a demo: its register is put aside whole, and an empty one begins. Nothing of the demo stays in real history."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import psycopg

from app.clock import house_zone
from app.db import Database, house
from app.engine import connect, sqlite_path
from app.errors import Conflict
from app.schema import migrate
from app.services.demo import is_demo
from app.settings import Settings


def put_demo_aside(settings: Settings) -> str:
    """Rename the demo's file (PostgreSQL: its schema) and migrate an empty register; the name it has now.

    Raises Conflict for a register that is no demo.
    """
    db = Database(settings)
    try:
        if not db.ask_now(house(), is_demo):
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
