"""The statements of the funnel, each compiled once per dialect. Nothing else writes a kept table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.engine import Sql
from app.models import core
from app.models.base import FOREVER, NOUNS


@lru_cache(maxsize=64)
def select_one(name: str) -> Sql:
    table = NOUNS[name].table
    return Sql(sa.select(table).where(table.c.id == sa.bindparam("id")))


@lru_cache(maxsize=64)
def insert_row(name: str) -> Sql:
    return insert_into(NOUNS[name].table)


def insert_into(table: sa.Table) -> Sql:
    return Sql(sa.insert(table).values({c.name: sa.bindparam(c.name, type_=c.type) for c in table.columns}))


@lru_cache(maxsize=512)
def update_row(name: str, changed: tuple[str, ...]) -> Sql:
    table = NOUNS[name].table
    facts = {c: sa.bindparam(c, type_=table.c[c].type) for c in changed}
    return Sql(
        sa.update(table)
        .where(table.c.id == sa.bindparam("id_"), table.c.since == sa.bindparam("old_"))
        .values(
            {**facts, "since": sa.bindparam("seq_"), "updated_at": sa.bindparam("at_", type_=table.c.updated_at.type)}
        )
    )


@lru_cache(maxsize=64)
def take_back(name: str) -> Sql:
    table = NOUNS[name].table
    values = {"since": sa.bindparam("old_"), "updated_at": sa.bindparam("at_", type_=table.c.updated_at.type)}
    return Sql(
        sa.update(table).where(table.c.id == sa.bindparam("id_"), table.c.since == sa.bindparam("seq_")).values(values)
    )


@lru_cache(maxsize=128)
def close_versions(name: str, dialect: str) -> Sql:
    versions = NOUNS[name].versions
    return Sql(f"UPDATE {versions.name} SET until = :seq WHERE until = {FOREVER} AND {among('id', dialect)}")


@lru_cache(maxsize=128)
def open_versions(name: str, dialect: str) -> Sql:
    noun = NOUNS[name]
    columns = ", ".join(noun.columns)
    return Sql(
        f"INSERT INTO {noun.versions.name} ({columns}, until) SELECT {columns}, {FOREVER} FROM {noun.table.name} "
        f"WHERE {among('id', dialect)}"
    )


def among(column: str, dialect: str) -> str:
    """``column`` is one of the numbers given together as the value ``ids``."""
    if dialect == "postgresql":
        return f"{column} = ANY(CAST(:ids AS BIGINT[]))"
    return f"{column} IN (SELECT value FROM json_each(:ids))"


# ── what was laid beside the register (``app.ahead``) ────────────────────────────────────────────────────────────────
ROWS, CHANGES, TERMS = "ahead_{}", "ahead_change", "ahead_terms"
"""Tables that only the connection of one act sees: the rows of a noun, their changes, and the terms of projects."""
PART = "part"
"""Which rows of a table are moved by one statement: 0 are the new ones. They lie in the order in which they were written."""


def move_new(name: str, columns: Sequence[str]) -> Sql:
    """The new rows of a noun into the register, under the number and moment of the act."""
    table = NOUNS[name].table
    laid = _laid(name, columns)
    stamped = {
        "since": _given("seq", table.c.since),
        **{c: _given("at", table.c[c]) for c in ("created_at", "updated_at")},
    }
    wanted = list(dict.fromkeys((*columns, *stamped)))
    values = [stamped[c] if c in stamped else laid.c[c] for c in wanted]
    return Sql(sa.insert(table).from_select(wanted, sa.select(*values).where(laid.c[PART] == 0)))


def move_changed(name: str, columns: Sequence[str], changed: Sequence[str]) -> Sql:
    """Changed rows of a noun into the register, those of one part; each still at the version it was made from."""
    table = NOUNS[name].table
    laid = _laid(name, columns)
    facts = {c: laid.c[c] for c in changed}
    return Sql(
        sa.update(table)
        .where(table.c.id == laid.c.id, table.c.since == laid.c.since, laid.c[PART] == sa.bindparam(PART))
        .values({**facts, "since": _given("seq", table.c.since), "updated_at": _given("at", table.c.updated_at)})
    )


def _laid(name: str, columns: Sequence[str]) -> sa.TableClause:
    return sa.table(
        ROWS.format(name),
        *(sa.column(c, NOUNS[name].table.c[c].type) for c in columns),
        sa.column(PART, sa.BigInteger()),
    )


def _given(value: str, column: sa.Column[Any]) -> Any:
    return sa.cast(sa.bindparam(value, type_=column.type), column.type)


@lru_cache(maxsize=2)
def move_changes(dialect: str) -> Sql:
    """All changes but those that were made anew."""
    return Sql(
        "INSERT INTO change (seq, n, noun, row_id, zone_id, diff) SELECT CAST(:seq AS BIGINT), n, noun, row_id, zone_id, diff "
        f"FROM {CHANGES} WHERE NOT ({among('n', dialect)})"
    )


@lru_cache(maxsize=2)
def move_terms(dialect: str) -> Sql:
    """All terms but those that were made anew."""
    into, key = ("search", "rowid") if dialect == "sqlite" else ("project_terms", "id")
    return Sql(f"INSERT INTO {into} ({key}, terms) SELECT id, terms FROM {TERMS} WHERE NOT ({among('id', dialect)})")


CHANGED_SINCE = Sql("SELECT 1 FROM change WHERE seq > :seq AND noun = :noun LIMIT 1")


_project = NOUNS["project"].table
CHILDREN = Sql(
    sa.select(_project).where(_project.c.parent_id == sa.bindparam("parent"), _project.c.deleted_at.is_(None))
)
"""The live children of a project."""
HASHED = (
    "seq", "at", "actor_kind", "actor_id", "actor_name", "door", "word", "reason", "request_id", "import_id", "undoes", "count",
)  # fmt: skip
"""The facts of an act that its hash covers, in order."""
SNAPSHOT_EVERY = 10_000
SNAPSHOT = Sql(
    f"INSERT INTO total_at (seq, zone_id, ledger, {', '.join(core.COUNTED)}) "
    f"SELECT CAST(:seq AS BIGINT), zone_id, ledger, {', '.join(core.COUNTED)} FROM total"
)
"""The sums as they stand now, so that sums as of an act need few postings."""
LIGHT_RULES_KEPT = Sql("SELECT value FROM setting WHERE key = :key AND deleted_at IS NULL")
INSERT_ACT = insert_into(core.act)
INSERT_CHANGE = insert_into(core.change)
INSERT_PRIVATE = insert_into(core.change_private)
UPDATE_HEAD = Sql(
    sa.update(core.head).values(
        seq=sa.bindparam("seq"),
        at=sa.bindparam("at", type_=core.head.c.at.type),
        hash=sa.bindparam("hash", type_=core.head.c.hash.type),
    )
)
STAMP = Sql("INSERT INTO stamp (scope, seq) VALUES (:scope, :seq) ON CONFLICT (scope) DO UPDATE SET seq = excluded.seq")
DROP_TERMS = {
    "sqlite": Sql("DELETE FROM search WHERE rowid = :id"),
    "postgresql": Sql("DELETE FROM project_terms WHERE id = :id"),
}
ADD_TERMS = {
    "sqlite": Sql("INSERT INTO search (rowid, terms) VALUES (:id, :terms)"),
    "postgresql": Sql("INSERT INTO project_terms (id, terms) VALUES (:id, :terms)"),
}
