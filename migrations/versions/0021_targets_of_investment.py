"""Targets of a zone and year: how many projects of which size it is to bring.

A migration must work on SQLite and on PostgreSQL, and while the program of one version earlier still runs: add first,
remove a release later. Guards (triggers) are put back by ``app.schema.migrate``, never here.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CHECKS = {
    "year": "year BETWEEN 1949 AND 2200",
    "counted_at": "counted_at IN ('signed', 'landed', 'started')",
    "document": "length(document) <= 200",
}


def columns() -> list[sa.Column[Any]]:
    moments = [sa.Column(n, types.MomentType()) for n in ("created_at", "updated_at", "deleted_at")]
    return [
        *(sa.Column(n, sa.BigInteger(), nullable=False) for n in ("zone_id", "since")), *moments,
        sa.Column("counted_at", types.TEXT, nullable=False), sa.Column("fills", sa.Boolean(), nullable=False),
        sa.Column("document", types.TEXT), sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("classes", types.TEXT, nullable=False),
    ]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "investment_target",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *columns(),
        *(sa.CheckConstraint(said, name=op.f(f"ck_investment_target_{field}")) for field, said in CHECKS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investment_target")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_investment_target_zone_id")),
        sa.UniqueConstraint("zone_id", "year", name=op.f("uq_investment_target_zone_id_year")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "investment_target_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *columns(),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_investment_target_version")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("investment_target_version")
    op.drop_table("investment_target")
