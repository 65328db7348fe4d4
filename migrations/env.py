"""Alembic's entry: both databases, batch mode, foreign keys off while tables are rebuilt. All of it happens or nothing."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from app.models import metadata
from app.schema import engine
from app.settings import get_settings


def ours(item: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Leave out what other hands keep: the tables of search terms and their shadows."""
    terms = name is not None and (name.split("_")[0] == "search" or name == "project_terms")
    return not (kind == "table" and terms)


def spell(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our text type by its name: one word instead of one line a column."""
    return "types.TEXT" if kind == "type" and isinstance(item, sa.Text) else False


def prepare(connection: Any, record: Any) -> None:
    """SQLite's driver begins no transaction for DDL: each statement would be saved by itself, half a migration too."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=OFF")


def run() -> None:
    bind = engine(context.config.attributes.get("url") or get_settings().database_url)
    if bind.dialect.name == "sqlite":
        sa.event.listen(bind, "connect", prepare)
        sa.event.listen(bind, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with bind.connect() as connection:
            if bind.dialect.name != "sqlite":
                connection.execute(sa.text("SET lock_timeout = '10s'"))
            context.configure(
                connection=connection,
                target_metadata=metadata,
                render_as_batch=True,
                transactional_ddl=True,
                include_object=ours,
                render_item=spell,
                compare_type=False,
                user_module_prefix="types.",
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
    finally:
        bind.dispose()


run()
