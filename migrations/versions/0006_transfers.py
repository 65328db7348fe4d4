"""Transfers of projects from one zone to another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CHECKS = {
    "reason": "length(reason) <= 500",
    "document": "length(document) <= 200",
    "live_from": "live_from LIKE '____-__'",
}


def columns() -> list[sa.Column[object]]:
    """The columns of a transfer, as its table and its versions have them."""
    return [
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("from_zone_id", sa.BigInteger(), nullable=False),
        sa.Column("to_zone_id", sa.BigInteger(), nullable=False),
        sa.Column("happened_on", types.DayType(), nullable=True),
        sa.Column("reason", types.TEXT, nullable=True),
        sa.Column("document", types.TEXT, nullable=True),
        sa.Column("live_from", types.TEXT, nullable=True),
    ]


def upgrade() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *columns(),
        *(sa.CheckConstraint(said, name=op.f(f"ck_transfer_{name}")) for name, said in CHECKS.items()),
        sa.ForeignKeyConstraint(["from_zone_id"], ["zone.id"], name=op.f("fk_transfer_from_zone_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_transfer_project_id")),
        sa.ForeignKeyConstraint(["to_zone_id"], ["zone.id"], name=op.f("fk_transfer_to_zone_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_transfer_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_transfer_from_zone_id", "transfer", ["from_zone_id"])
    op.create_index("ix_transfer_project_id", "transfer", ["project_id"])
    op.create_table(
        "transfer_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *columns(),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_transfer_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("transfer_version")
    op.drop_index("ix_transfer_project_id", table_name="transfer")
    op.drop_index("ix_transfer_from_zone_id", table_name="transfer")
    op.drop_table("transfer")
