"""The statements of the funnel, each compiled once per dialect. Nothing else writes a kept table."""

from __future__ import annotations

from functools import lru_cache

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


@lru_cache(maxsize=64)
def close_version(name: str) -> Sql:
    versions = NOUNS[name].versions
    return Sql(f"UPDATE {versions.name} SET until = :seq WHERE id = :id AND since = :old AND until = {FOREVER}")


@lru_cache(maxsize=64)
def open_version(name: str) -> Sql:
    noun = NOUNS[name]
    columns = ", ".join(noun.columns)
    return Sql(
        f"INSERT INTO {noun.versions.name} ({columns}, until) SELECT {columns}, {FOREVER} FROM {noun.table.name} WHERE id = :id"
    )


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
