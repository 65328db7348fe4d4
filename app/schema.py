"""Bringing a database to head, the guards that live in it, and telling whether it is still as it was made."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.engine import Link, connect, lite, sqlite_is_sound, sqlite_path
from app.errors import Conflict
from app.finding import find_again, findable
from app.models import FOREVER, NOUNS, core
from app.tallies import counted, recount

ROOT = Path(__file__).resolve().parent.parent
APPEND_ONLY = ("act", "change", "posting")
BESIDE_AN_ACT = (
    "NEW.since <> (SELECT seq + 1 FROM head) AND NOT (OLD.since = (SELECT seq + 1 FROM head) AND NEW.since < OLD.since)"
)
"""A row is written with the number of the act under way. The act itself may take its own writing back."""


def engine(url: str) -> sa.Engine:
    """A SQLAlchemy engine, for migrations only."""
    if url.startswith("sqlite"):
        Path(sqlite_path(url)).parent.mkdir(parents=True, exist_ok=True)
        return sa.create_engine(url, module=lite)
    return sa.create_engine(url)


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    return config


def migrate(url: str, *, again: bool = False) -> None:
    """Bring the schema to head and put the guards in place again: a batch migration on SQLite drops triggers silently.

    Derived sums and search terms that a migration left empty are made from the rows; with ``again`` they are whatever they
    hold, since a program of an earlier version may have written beside them.
    """
    upgrade(url)
    link = connect(url, write=True)
    try:
        install_guards(link)
        if again or not counted(link):
            link.begin(write=True)
            recount(link)
            link.end(keep=True)
        if again or not findable(link):
            link.begin(write=True)
            find_again(link)
            link.end(keep=True)
    finally:
        link.close()


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the tables to a revision, without guards. Refuses a SQLite that can corrupt a database."""
    if url.startswith("sqlite") and not sqlite_is_sound():
        raise Conflict(
            "SQLite {version} can corrupt a database in WAL mode. Use PostgreSQL (SANZHANG_DATABASE_URL), "
            "or a Python whose SQLite is 3.51.3 or newer.",
            version=lite.sqlite_version,
        )
    command.upgrade(_config(url), revision)


def at_head(link: Link) -> bool:
    """Is this database at the newest migration this program knows?"""
    return revision_of(link) == newest_revision()


def revision_of(link: Link) -> str | None:
    """The migration this database is at."""
    found = link.raw.execute("SELECT version_num FROM alembic_version").fetchone()
    return found[0] if found else None


def newest_revision() -> str | None:
    """The newest migration this program knows."""
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()


def in_schema(url: str, schema: str) -> str:
    """The same PostgreSQL database, with another schema of it as the place where tables are made and found."""
    made = sa.engine.make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
    return made.render_as_string(hide_password=False)


def install_guards(link: Link) -> None:
    """Triggers that let only an act with a higher number change a row, and nothing change what is past. Safe to repeat."""
    statements = _sqlite_guards() if link.dialect == "sqlite" else _postgres_guards()
    link.raw.execute("BEGIN")
    for statement in statements:
        link.raw.execute(statement)
    head = link.raw.execute("SELECT count(*) FROM head").fetchone()
    if head[0] == 0:
        link.raw.execute("INSERT INTO head (one, seq, at, hash) VALUES (1, 0, '1970-01-01T00:00:00.000000Z', '')")
    link.raw.execute("COMMIT")


def _guards() -> list[tuple[str, str, str, str]]:
    """(table, event, condition under which it is refused, sentence) for every guard."""
    found = []
    for noun in NOUNS.values():
        found += [
            (noun.table.name, "UPDATE", BESIDE_AN_ACT, "a row changes only within an act"),
            (noun.table.name, "DELETE", "1 = 1", "rows are never removed, only marked deleted"),
            (
                noun.versions.name,
                "UPDATE",
                f"OLD.until <> {FOREVER} OR NEW.until <= OLD.since OR NEW.until = {FOREVER} OR NEW.id <> OLD.id OR NEW.since <> OLD.since",
                "a version is closed once and never changed",
            ),
            (noun.versions.name, "DELETE", "1 = 1", "versions are never removed"),
        ]
    for table in APPEND_ONLY:
        found += [(table, "UPDATE", "1 = 1", "append only"), (table, "DELETE", "1 = 1", "append only")]
    return found


def _sqlite_guards() -> list[str]:
    search = core.SEARCH_SQLITE.replace("CREATE VIRTUAL TABLE", "CREATE VIRTUAL TABLE IF NOT EXISTS")
    statements = [search, core.SEARCH_ROOM]
    for table, event, refused, why in _guards():
        name = f"guard_{table}_{event.lower()}"
        statements += [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {refused} BEGIN SELECT RAISE(ABORT, 'guard: {table}: {why}'); END",
        ]
    return statements


def _postgres_guards() -> list[str]:
    statements = []
    for table, event, refused, why in _guards():
        name = f"guard_{table}_{event.lower()}"
        back = "NEW" if event == "UPDATE" else "OLD"
        statements += [
            (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {refused} THEN RAISE EXCEPTION 'guard: {table}: {why}'; END IF; RETURN {back}; END $$"
            ),
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return statements


def described(link: Link) -> dict[str, str]:
    """The schema in the database's own words: what to compare, since autogenerate sees neither CHECKs nor triggers."""
    if link.dialect == "sqlite":
        rows = link.raw.execute(
            "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        ).fetchall()
    else:
        rows = link.raw.execute(POSTGRES_CATALOGUE).fetchall()
    return {name: " ".join(text.split()) for name, text in rows}


POSTGRES_CATALOGUE = """
SELECT 'column ' || table_name || '.' || column_name,
       concat_ws(' ', data_type, is_nullable, column_default, collation_name)
  FROM information_schema.columns WHERE table_schema = current_schema()
UNION ALL SELECT 'index ' || c.relname, pg_get_indexdef(c.oid, 0, true) FROM pg_class c
  WHERE c.relkind = 'i' AND c.relnamespace = current_schema()::regnamespace
UNION ALL SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND conrelid <> 0
UNION ALL SELECT 'trigger ' || tgrelid::regclass || '.' || tgname, pg_get_triggerdef(t.oid, true) FROM pg_trigger t
  JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace
UNION ALL SELECT 'function ' || proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
"""


def drift(link: Link, fresh: Link) -> list[str]:
    """Differences between this schema and a freshly migrated one, a line each; empty when there are none."""
    here, there = described(link), described(fresh)
    lines = [f"missing: {name}" for name in sorted(there.keys() - here.keys())]
    lines += [f"unexpected: {name}" for name in sorted(here.keys() - there.keys())]
    lines += [f"differs: {name}" for name in sorted(here.keys() & there.keys()) if here[name] != there[name]]
    return lines


@contextmanager
def fresh(url: str) -> Iterator[Link]:
    """A freshly migrated, empty database of the same kind to compare with; gone afterwards.

    SQLite: a file of its own. PostgreSQL: a schema of its own in the same database, because only there is the same server.
    """
    if url.startswith("sqlite"):
        with tempfile.TemporaryDirectory() as folder:
            yield from _migrated(f"sqlite:///{folder}/fresh.db")
        return
    name = f"fresh_{os.getpid()}"
    with scratch_schema(url, name) as there:
        yield from _migrated(there)


def _migrated(url: str) -> Iterator[Link]:
    migrate(url)
    link = connect(url, write=False)
    try:
        yield link
    finally:
        link.close()


@contextmanager
def scratch_schema(url: str, name: str) -> Iterator[str]:
    """A schema beside the register's own, dropped with all it holds if it still has this name at the end."""
    link = connect(url, write=True)
    try:
        link.raw.execute(f"CREATE SCHEMA {name}")
        yield in_schema(url, name)
    finally:
        link.raw.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        link.close()
