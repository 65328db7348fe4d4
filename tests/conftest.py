"""Databases for the tests: real ones, committed to for real, fresh for every test, SQLite and PostgreSQL alike.

A savepoint around a test cannot work here: the reading connection would see none of it. So a test on SQLite gets a copy
of a migrated file, and one on PostgreSQL the database of its process, emptied.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from playwright.sync_api import Browser
from xdist.remote import Producer
from xdist.scheduler import Scheduling, WorkStealingScheduling

from app import db
from app.db import Database
from app.engine import SqliteLink, sqlite_path
from app.schema import migrate
from app.services import identity
from app.settings import Settings
from tests.browser import chromium
from tests.cast import Cast, gather
from tests.postgres import Server, server
from tests.site import Site, served
from tests.web import Web

BOTH = ("sqlite", "postgresql")
settings.register_profile("chaos", max_examples=2_000, deadline=None)
"""What ``make chaos`` runs; tests that name a number of their own keep it."""

MEMORY = Path("/dev/shm")  # noqa: S108 (a name that anybody could guess; below it pytest makes a folder of its own)
ROOM = 4 * 2**30


def pytest_configure() -> None:
    """Files of the tests lie in memory where there is room: each commit waits for the disk, and nothing here is to survive."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Each process takes its half in one piece, so that what a file's tests share is made once; who is done helps the other."""
    return WorkStealingScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What opens a browser comes first: long tests begin early, and the quick ones at the end are shared out evenly."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def pytest_collection_finish() -> None:
    """What has been imported by now stays to the end: the collector of garbage need not walk through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def anyio_backend() -> str:
    """Tests that are coroutines run as the server does."""
    return "asyncio"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from; nobody writes to it."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of this test process, started by the first test that asks for it."""
    with server() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_url(postgres: Server) -> str:
    """The migrated PostgreSQL database of this test process; ``broom`` makes it fresh."""
    url = postgres.create("register")
    migrate(url)
    return url


@pytest.fixture(scope="session")
def broom(postgres_url: str) -> Iterator[psycopg.Connection]:
    """The connection over which that database is emptied: one for all tests, since a new one learns a hundred tables first."""
    with psycopg.connect(postgres_url, autocommit=True) as link:
        yield link


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a fresh, migrated database: once on SQLite, once on PostgreSQL."""
    return _fresh(request, request.param, tmp_path)


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """The register on a fresh database: once on SQLite, once on PostgreSQL."""
    yield from opened(database_url, tmp_path)


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The register on a fresh SQLite database, for what does not depend on the database."""
    yield from opened(_fresh(request, "sqlite", tmp_path), tmp_path)


@pytest.fixture
def cast(database: Database) -> Cast:
    """Two zones and everybody who works in them, on each database."""
    return gather(database)


@pytest.fixture
def sqlite_cast(sqlite_database: Database) -> Cast:
    """The same people, on SQLite only."""
    return gather(sqlite_database)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hot reads take the time they need. On a busy machine one is interrupted and done again, and who counts counts it twice."""
    monkeypatch.setattr(db, "HOT_MILLISECONDS", dict.fromkeys(BOTH, 60_000))


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch, unhurried: None) -> list[str]:
    """Every statement that runs on SQLite from now on; who counts clears it first."""
    ran: list[str] = []
    execute = SqliteLink._execute

    def noted(link: SqliteLink, text: str, values: Mapping[str, Any]) -> Any:
        ran.append(text)
        return execute(link, text, values)

    monkeypatch.setattr(SqliteLink, "_execute", noted)
    return ran


@pytest.fixture
def web(cast: Cast) -> Iterator[Web]:
    """The application over HTTP, on each database."""
    made = Web(cast)
    yield made
    made.close()


@pytest.fixture
def sqlite_web(sqlite_cast: Cast) -> Iterator[Web]:
    """The application over HTTP, on SQLite only."""
    made = Web(sqlite_cast)
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for all tests of a file; its pages share nothing. It is gone before the next file runs event loops of its own."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def online(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    """The cast's register served on a port, with a browser beside it: one for all tests of a file."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(migrated_file, folder / "register.db")
    for database in opened(f"sqlite:///{folder}/register.db", folder):
        cast = gather(database)
        with served(cast) as address:
            yield Site(address, cast, browser)


@pytest.fixture
def sqlite_online(sqlite_cast: Cast, browser: Browser) -> Iterator[Site]:
    """A fresh register served on a port, with the browser of the file beside it."""
    with served(sqlite_cast) as address:
        yield Site(address, sqlite_cast, browser)


def opened(url: str, folder: Path, **settings: Any) -> Iterator[Database]:
    """A ``Database`` with its secret and files below ``folder``, closed afterwards."""
    identity._remembered.clear()  # account 1 of the test before was somebody else
    database = Database(
        Settings(database_url=url, secret_file=folder / "secret", files_dir=folder / "files", **settings)
    )
    yield database
    database.close()


def _fresh(request: pytest.FixtureRequest, dialect: str, folder: Path) -> str:
    if dialect == "sqlite":
        url = f"sqlite:///{folder}/register.db"
        shutil.copyfile(request.getfixturevalue("migrated_file"), sqlite_path(url))
        return url
    empty(request.getfixturevalue("broom"))
    return str(request.getfixturevalue("postgres_url"))


def empty(link: psycopg.Connection) -> None:
    """Take everything out of a PostgreSQL database and count from 1 again. Dropping it would take 0.7 s, this 5 ms."""
    tables = [r[0] for r in link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    counters = [r[0] for r in link.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")]
    deletes = "; ".join(f"DELETE FROM {t}" for t in tables if t not in ("head", "alembic_version"))
    with link.transaction():
        link.execute(
            f"SET LOCAL session_replication_role = replica; {deletes}; "
            "UPDATE head SET seq = 0, at = '1970-01-01T00:00:00Z', hash = ''"
        )
    link.execute("SELECT " + ", ".join(f"setval('{c}', 1, false)" for c in counters))
