"""The turn of the year: plan years opened for a zone, and the baselines that the city office accepted.

A migration must work on SQLite and on PostgreSQL, and while the program of one version earlier still runs: add first,
remove a release later. Guards (triggers) are put back by ``app.schema.migrate``, never here.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

LIMIT = 10**15
CHECKS = {
    "year": "year BETWEEN 1949 AND 2200",
    "carried": "carried BETWEEN 0 AND 1000000000",
    "opened_by": "length(opened_by) <= 60",
    "reason": "length(reason) <= 500",
}
PROJECT = {
    "baseline_start_month": "baseline_start_month LIKE '____-__'",
    "baseline_plan_yuan": f"baseline_plan_yuan BETWEEN 0 AND {LIMIT}",
}
PLAN = {
    "accepted_on": None,
    "accepted_by": "length(accepted_by) <= 60",
    "accepted_reason": "length(accepted_reason) <= 500",
}


def columns() -> list[sa.Column[object]]:
    number = sa.BigInteger
    moments: list[sa.Column[object]] = [
        sa.Column(n, types.MomentType()) for n in ("created_at", "updated_at", "deleted_at")
    ]
    return [
        sa.Column("zone_id", number(), nullable=False),
        sa.Column("since", number(), nullable=False),
        *moments,
        sa.Column("year", number(), nullable=False),
        sa.Column("carried", number(), nullable=False),
        sa.Column("opened_on", types.DayType(), nullable=False),
        sa.Column("opened_by", types.TEXT),
        sa.Column("reason", types.TEXT),
    ]


def upgrade() -> None:
    op.create_table(
        "zone_year",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *columns(),
        *(sa.CheckConstraint(said, name=op.f(f"ck_zone_year_{about}")) for about, said in CHECKS.items()),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_zone_year_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_year")),
        sa.UniqueConstraint("zone_id", "year", name=op.f("uq_zone_year_zone_id_year")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "zone_year_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *columns(),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_zone_year_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    lite = op.get_bind().dialect.name == "sqlite"
    text, whole, date = ("TEXT", "INTEGER", "TEXT") if lite else ('TEXT COLLATE "C"', "BIGINT", "DATE")
    # Added column by column: a batch would make the table anew and lose its indexes over expressions.
    for table, added in (("project", PROJECT), ("plan", PLAN)):
        for name, said in added.items():
            kind = whole if name.endswith("_yuan") else date if name.endswith("_on") else text
            check = f"CONSTRAINT ck_{table}_{name} CHECK ({said})" if said else ""
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind} {check}")
            op.execute(f"ALTER TABLE {table}_version ADD COLUMN {name} {kind}")


def downgrade() -> None:
    for table, added in (("project", PROJECT), ("plan", PLAN)):
        for name in added:
            op.drop_column(table, name)
            op.drop_column(f"{table}_version", name)
    op.drop_table("zone_year_version")
    op.drop_table("zone_year")
