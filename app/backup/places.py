"""A place beside the register, in which an archive is proved, and the swap that puts it in the register's place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.engine import connect, lite, sqlite_path
from app.errors import Conflict
from app.schema import in_schema

IN_USE = "Somebody still uses the register; stop it first, the worker too"


class FilePlace:
    """SQLite: a file next to the register's own."""

    def __init__(self, url: str, stamp: str) -> None:
        self._path = Path(sqlite_path(url))
        self._beside = self._path.with_name(f"{self._path.stem}-restoring-{stamp}{self._path.suffix}")
        self._aside = self._path.with_name(f"{self._path.stem}-before-{stamp}{self._path.suffix}")
        self.url = f"sqlite:///{self._beside}"

    def swap(self) -> str | None:
        """Put the new register in place; where the old one is now, if there was one."""
        _alone(self._beside)
        _to_disk(self._beside)
        there = self._path.exists()
        if there:
            _alone(self._path)
            self._path.rename(self._aside)
        self._beside.rename(self._path)
        _to_disk(self._path.parent)
        return str(self._aside) if there else None

    def clear(self) -> None:
        """Take away what was not swapped."""
        for tail in ("", "-wal", "-shm", "-journal"):
            Path(f"{self._beside}{tail}").unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    """What the system holds of a file or a folder is on the disk when this returns."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _alone(path: Path) -> None:
    """Bring everything into the one file. SQLite does that only when nobody else has it open."""
    raw = lite.connect(str(path), isolation_level=None, timeout=1)
    try:
        raw.execute("PRAGMA journal_mode = DELETE")
    except lite.OperationalError as error:
        raise Conflict(IN_USE, code="in_use") from error
    finally:
        raw.close()


class SchemaPlace:
    """PostgreSQL: a schema beside ``public`` in the same database."""

    def __init__(self, url: str, stamp: str) -> None:
        self._url, self._beside, self._aside = url, f"restoring_{stamp}", f"before_{stamp}"
        self.url = in_schema(url, self._beside)
        self._run(f"CREATE SCHEMA {self._beside}")

    def swap(self) -> str | None:
        """Put the new register in place; the name of the schema that holds the old one."""
        link = connect(self._url, write=True)
        try:
            link.raw.execute("BEGIN")
            others = link.raw.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend'"
            ).fetchone()
            if others[0]:
                raise Conflict(IN_USE, code="in_use")
            here = link.raw.execute("SELECT current_schema()").fetchone()[0]
            link.raw.execute(f"ALTER SCHEMA {here} RENAME TO {self._aside}")
            link.raw.execute(f"ALTER SCHEMA {self._beside} RENAME TO {here}")
            link.raw.execute("COMMIT")
        finally:
            link.close()
        return self._aside

    def clear(self) -> None:
        """Take away what was not swapped."""
        self._run(f"DROP SCHEMA IF EXISTS {self._beside} CASCADE")

    def _run(self, statement: str) -> None:
        link = connect(self._url, write=True)
        try:
            link.raw.execute(statement)
        finally:
            link.close()


@contextmanager
def place(url: str, stamp: str) -> Iterator[FilePlace | SchemaPlace]:
    """An empty place beside the register at ``url``; gone at the end unless it was swapped in."""
    made = FilePlace(url, stamp) if url.startswith("sqlite") else SchemaPlace(url, stamp)
    try:
        yield made
    finally:
        made.clear()
