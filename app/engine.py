"""One way to talk to both databases: a statement compiled once, run on the driver, answering tuples.

SQLite comes from the newest library at hand (the one under Debian 12's Python can corrupt a WAL database); PostgreSQL
through psycopg, with days and moments handed over as the same strings that SQLite holds.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.adapt import Loader
from sqlalchemy.dialects import postgresql, sqlite

from app.errors import Busy, Conflict

try:
    import pysqlite3
except ImportError:  # no wheel for this machine; the standard module may do
    pysqlite3 = None


def _newest_sqlite() -> Any:
    modules = [m for m in (sqlite3, pysqlite3) if m is not None]
    return max(modules, key=lambda m: m.sqlite_version_info)


lite: Any = _newest_sqlite()
"""The SQLite module that the whole house uses. Two libraries on one file lose each other's locks."""
lite.register_adapter(type(None), lambda nothing: nothing)
"""Without it the driver looks for a way to adapt each None that it binds, and finds none: 1 µs, sixty times a project."""

DIALECTS: dict[str, Any] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": postgresql.dialect(paramstyle="pyformat"),  # type: ignore[no-untyped-call]
}
IN_ORDER: dict[str, Any] = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": postgresql.dialect(paramstyle="format"),  # type: ignore[no-untyped-call]
}
"""The same with values by their place, for writes of many rows: SQLite's driver looks for each name among all of them."""
WAIT_MILLISECONDS = 5000
"""How long an act waits for one of another process before it is refused as ``Busy``."""
ONE_WRITER = 0x5A3
"""Key of the advisory lock under which every act on PostgreSQL runs."""


def sqlite_is_sound(version: tuple[int, ...] = lite.sqlite_version_info) -> bool:
    """Free of the WAL-reset corruption: 3.51.3 and newer, 3.50.7 and newer of its line, 3.44.6 and newer of its line."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


class Sql:
    """A statement compiled once per dialect. ``shape`` is a Core element, or text that both databases understand.

    Text uses ``:name`` for its values.
    """

    __slots__ = ("_in_order", "_made", "shape")

    def __init__(self, shape: sa.sql.expression.Executable | str) -> None:
        self.shape = sa.text(shape) if isinstance(shape, str) else shape
        self._made: dict[str, tuple[str, dict[str, Any]]] = {}
        self._in_order: dict[str, tuple[str, list[str], dict[str, Any]]] = {}

    def on(self, dialect: str) -> tuple[str, dict[str, Any]]:
        """The SQL text for ``dialect`` and the values the statement brought with it."""
        made = self._made.get(dialect)
        if made is None:
            compiled = self.shape.compile(dialect=DIALECTS[dialect])  # type: ignore[attr-defined]
            given = {k: v for k, v in compiled.params.items() if v is not None}
            made = self._made[dialect] = (str(compiled), given)
        return made

    def in_order(self, dialect: str) -> tuple[str, list[str], dict[str, Any]]:
        """The SQL text with a place for each value, the names of the values in that order, and those it brought along."""
        made = self._in_order.get(dialect)
        if made is None:
            compiled = self.shape.compile(dialect=IN_ORDER[dialect])  # type: ignore[attr-defined]
            given = {k: v for k, v in compiled.params.items() if v is not None}
            made = self._in_order[dialect] = (str(compiled), list(compiled.positiontup), given)
        return made


class Budget(Exception):
    """A hot read that took longer than a hot read may."""


class Link:
    """One connection of the driver. All values that pass are plain: int, float, str, None (and bool on PostgreSQL)."""

    dialect: str

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.statements = 0
        """How many statements ran: tests assert it for list pages."""

    def cursor(self, statement: Sql, values: Mapping[str, Any] | None = None) -> Any:
        text, given = statement.on(self.dialect)
        self.statements += 1
        return self._execute(text, {**given, **values} if values else given)

    def rows(self, statement: Sql, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.cursor(statement, values).fetchall()  # type: ignore[no-any-return]

    def row(self, statement: Sql, values: Mapping[str, Any] | None = None) -> tuple[Any, ...] | None:
        return self.cursor(statement, values).fetchone()  # type: ignore[no-any-return]

    def value(self, statement: Sql, values: Mapping[str, Any] | None = None) -> Any:
        row = self.row(statement, values)
        return row[0] if row else None

    def stream(self, statement: Sql, values: Mapping[str, Any] | None = None) -> Iterator[tuple[Any, ...]]:
        """Rows one after another, never all in memory; several streams may run beside each other in a transaction."""
        yield from self.cursor(statement, values)

    def run(self, statement: Sql, values: Mapping[str, Any] | None = None) -> int:
        """Run a write; how many rows it met."""
        return int(self.cursor(statement, values).rowcount)

    def many(self, statement: Sql, values: Sequence[Mapping[str, Any]]) -> int:
        """Run a write once for each set of values; how many rows all of them met."""
        if not values:
            return 0
        _, names, given = statement.in_order(self.dialect)
        whole = [{**given, **v} for v in values] if given else values
        return self.pour(statement, [[v[name] for name in names] for v in whole])

    def pour(self, statement: Sql, rows: Sequence[Sequence[Any]]) -> int:
        """``many`` for rows whose values stand in the order in which the statement names them."""
        if not rows:
            return 0
        self.statements += 1
        return self._many(statement.in_order(self.dialect)[0], rows)

    def _execute(self, text: str, values: Mapping[str, Any]) -> Any:
        raise NotImplementedError

    def _many(self, text: str, rows: Sequence[Sequence[Any]]) -> int:
        raise NotImplementedError

    def begin(self, *, write: bool) -> None:
        """Begin a transaction. ``write`` waits until nobody else writes, in any process."""
        raise NotImplementedError

    def end(self, *, keep: bool) -> None:
        """Commit or roll back. A commit that fails is rolled back, so that the next transaction finds a clean connection."""
        if not keep:
            self.raw.execute("ROLLBACK")
            return
        try:
            self.raw.execute("COMMIT")
        except Exception:
            with contextlib.suppress(Exception):
                self.raw.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def apart(self) -> Iterator[None]:
        """A part of a transaction that is taken back alone when it fails."""
        self.raw.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self.raw.execute("ROLLBACK TO SAVEPOINT part")
            self.raw.execute("RELEASE SAVEPOINT part")
            raise
        self.raw.execute("RELEASE SAVEPOINT part")

    def next_ids(self, table: str, count: int) -> Sequence[int]:
        """Ids for ``count`` new rows. Only the writer calls this, so nobody else takes them."""
        raise NotImplementedError

    def reserve(self, table: str, count: int) -> Sequence[int]:
        """``next_ids`` for rows that are written in a later transaction: nobody else is given these numbers."""
        return self.next_ids(table, count)

    def roomy(self) -> None:
        """Give a connection that writes very many rows the memory for it. Who asks for it tidies up when all is written."""

    def tidy(self) -> None:
        """Do what the database put off while very many rows were written. Nobody is held up by it."""

    def lay(self, name: str, shape: str, rows: Iterable[Sequence[Any]]) -> None:
        """Put rows into a table that only this connection sees, made with the columns of the query ``shape``."""
        self.raw.execute(f"CREATE TEMP TABLE {name} AS {shape}")
        columns = [column[0] for column in self.raw.execute(f"SELECT * FROM {name}").description]
        self._lay(name, columns, rows)

    def _lay(self, name: str, columns: list[str], rows: Iterable[Sequence[Any]]) -> None:
        raise NotImplementedError

    @contextlib.contextmanager
    def within(self, milliseconds: float) -> Iterator[None]:
        """Interrupt what takes longer, with ``Budget``."""
        yield

    def close(self) -> None:
        self.raw.close()


class SqliteLink(Link):
    dialect = "sqlite"

    def _execute(self, text: str, values: Mapping[str, Any]) -> Any:
        try:
            return self.raw.execute(text, values)
        except lite.IntegrityError as error:
            raise _conflict(str(error)) from error

    def _many(self, text: str, rows: Sequence[Sequence[Any]]) -> int:
        try:
            return int(self.raw.executemany(text, rows).rowcount)
        except lite.IntegrityError as error:
            raise _conflict(str(error)) from error

    def begin(self, *, write: bool) -> None:
        try:
            self.raw.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        except lite.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise Busy from error
            raise

    def next_ids(self, table: str, count: int) -> Sequence[int]:
        row = self.raw.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        first = (row[0] if row else 0) + 1
        return range(first, first + count)

    def reserve(self, table: str, count: int) -> Sequence[int]:
        ids = self.next_ids(table, count)
        if not self.raw.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (ids[-1], table)).rowcount:
            self.raw.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, ids[-1]))
        return ids

    def roomy(self) -> None:
        """What is laid down goes to a file; pages are not pushed out while an act is under way, nor moved home by it."""
        for pragma in (
            "temp_store=FILE",
            "temp.journal_mode=OFF",
            "temp.cache_size=-131072",
            "cache_size=-524288",
            "wal_autocheckpoint=0",
        ):
            self.raw.execute(f"PRAGMA {pragma}")

    def tidy(self) -> None:
        self.raw.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _lay(self, name: str, columns: list[str], rows: Iterable[Sequence[Any]]) -> None:
        self.raw.execute("BEGIN")
        self.raw.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)
        self.raw.execute("COMMIT")

    @contextlib.contextmanager
    def within(self, milliseconds: float) -> Iterator[None]:
        deadline = time.monotonic() + milliseconds / 1000
        self.raw.set_progress_handler(lambda: time.monotonic() > deadline, 2000)
        try:
            yield
        except lite.OperationalError as error:
            if "interrupted" in str(error):
                raise Budget from error
            raise
        finally:
            self.raw.set_progress_handler(None, 0)


class PostgresLink(Link):
    dialect = "postgresql"
    _streams = 0

    def _execute(self, text: str, values: Mapping[str, Any]) -> Any:
        try:
            return self.raw.execute(text, values)
        except (psycopg.errors.IntegrityError, psycopg.errors.RaiseException) as error:
            raise _conflict(str(error)) from error
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as error:
            raise Busy from error

    def stream(self, statement: Sql, values: Mapping[str, Any] | None = None) -> Iterator[tuple[Any, ...]]:
        text, given = statement.on(self.dialect)
        self._streams += 1
        with self.raw.cursor(name=f"stream_{self._streams}") as cursor:
            cursor.itersize = 5000
            yield from cursor.execute(text, {**given, **(values or {})})

    def _many(self, text: str, rows: Sequence[Sequence[Any]]) -> int:
        cursor = self.raw.cursor()
        try:
            cursor.executemany(text, rows)
        except (psycopg.errors.IntegrityError, psycopg.errors.RaiseException) as error:
            raise _conflict(str(error)) from error
        return int(cursor.rowcount)

    def begin(self, *, write: bool) -> None:
        if not write:
            self.raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return
        self.raw.execute(f"BEGIN; SET LOCAL lock_timeout = {WAIT_MILLISECONDS}; SET LOCAL statement_timeout = '60s'")
        try:
            self.raw.execute("SELECT pg_advisory_xact_lock(%s)", (ONE_WRITER,))
        except psycopg.errors.LockNotAvailable as error:
            self.raw.execute("ROLLBACK")
            raise Busy from error

    def next_ids(self, table: str, count: int) -> Sequence[int]:
        rows = self.raw.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", (table, count)
        ).fetchall()
        return [r[0] for r in rows]

    def _lay(self, name: str, columns: list[str], rows: Iterable[Sequence[Any]]) -> None:
        with self.raw.cursor() as cursor, cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    @contextlib.contextmanager
    def within(self, milliseconds: float) -> Iterator[None]:
        self.raw.execute(f"SET LOCAL statement_timeout = {max(int(milliseconds), 1)}")
        try:
            yield
        except psycopg.errors.QueryCanceled as error:
            raise Budget from error


def _conflict(said: str) -> Conflict:
    """A unique key or a guard of the database spoke: the same refusal on both."""
    return Conflict(
        "The database refused this: it would break a rule that protects the register", code="guard", said=said[:200]
    )


class _AsText(Loader):
    def load(self, data: Any) -> str:
        return bytes(data).decode()


class _Moment(Loader):
    """``2026-06-30 08:00:00.12+00`` → ``2026-06-30T08:00:00.120000Z``."""

    def load(self, data: Any) -> str:
        said = bytes(data).decode()
        bare, _, fraction = said[:-3].partition(".")
        return f"{bare.replace(' ', 'T')}.{fraction:0<6}Z"


def sqlite_path(url: str) -> str:
    """``sqlite:///var/x.db`` → ``var/x.db`` (four slashes for an absolute path)."""
    return url.removeprefix("sqlite:///")


def connect(url: str, *, write: bool) -> Link:
    """A new connection, set up as the house needs it. ``write=False`` cannot write."""
    return _connect_sqlite(sqlite_path(url), write) if url.startswith("sqlite") else _connect_postgres(url, write)


def _connect_sqlite(path: str, write: bool) -> Link:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    raw = lite.connect(
        path, isolation_level=None, check_same_thread=False, timeout=WAIT_MILLISECONDS / 1000, cached_statements=512
    )
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={WAIT_MILLISECONDS}",
        "recursive_triggers=ON",
        "trusted_schema=OFF",
        "cache_size=-65536",
        "temp_store=MEMORY",
        "mmap_size=268435456",
        f"query_only={'OFF' if write else 'ON'}",
    ):
        raw.execute(f"PRAGMA {pragma}")
    return SqliteLink(raw)


def _connect_postgres(url: str, write: bool) -> Link:
    raw = psycopg.connect(url, autocommit=True)
    raw.adapters.register_loader("date", _AsText)
    raw.adapters.register_loader("timestamptz", _Moment)
    raw.execute("SET TIME ZONE 'UTC'; SET DateStyle = 'ISO'")
    if not write:
        raw.execute("SET default_transaction_read_only = on")
    return PostgresLink(raw)
