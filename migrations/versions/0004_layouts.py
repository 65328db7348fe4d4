"""layouts: how a unit reads a heading that it uses again and again

A migration must work on SQLite and on PostgreSQL, and while the program of one version earlier still runs: add first,
remove a release later. Guards (triggers) are put back by ``app.schema.migrate``, never here.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def columns() -> list[sa.Column[object]]:
    """The columns that a noun has now and in each version."""
    return [
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("fingerprint", types.TEXT, nullable=False),
        sa.Column("scope", types.TEXT, nullable=False),
        sa.Column("heading", types.TEXT, nullable=False),
        sa.Column("said", types.TEXT, nullable=False),
        sa.Column("decided_by", types.TEXT, nullable=False),
    ]


def upgrade() -> None:
    zone, *rest = columns()
    op.create_table(
        "layout",
        sa.Column("id", sa.BigInteger(), nullable=False),
        zone,
        sa.Column("since", sa.BigInteger(), nullable=False),
        *rest,
        sa.CheckConstraint("length(fingerprint) <= 64", name=op.f("ck_layout_fingerprint")),
        sa.CheckConstraint("length(scope) <= 200", name=op.f("ck_layout_scope")),
        sa.CheckConstraint("length(heading) <= 200", name=op.f("ck_layout_heading")),
        sa.CheckConstraint("length(decided_by) <= 60", name=op.f("ck_layout_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layout")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    with op.batch_alter_table("layout", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_layout_fingerprint"), ["fingerprint"], unique=False)
    zone, *rest = columns()
    op.create_table(
        "layout_version",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        zone,
        sa.Column("since", sa.BigInteger(), autoincrement=False, nullable=False),
        *rest,
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_layout_version")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("layout_version")
    with op.batch_alter_table("layout", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_layout_fingerprint"))
    op.drop_table("layout")
