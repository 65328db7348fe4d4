"""forms of masters

A migration must work on SQLite and on PostgreSQL, and while the program of one version earlier still runs: add first,
remove a release later. Guards (triggers) are put back by ``app.schema.migrate``, never here.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form",
        *_columns(),
        sa.CheckConstraint("length(digest) <= 64", name=op.f("ck_form_digest")),
        sa.CheckConstraint("length(file_name) <= 200", name=op.f("ck_form_file_name")),
        sa.CheckConstraint(
            "ledger IN ('reserve', 'upcoming', 'in_construction', 'completed')", name=op.f("ck_form_ledger")
        ),
        sa.CheckConstraint("length(name) <= 60", name=op.f("ck_form_name")),
        sa.CheckConstraint("length(sheet) <= 200", name=op.f("ck_form_sheet")),
        sa.ForeignKeyConstraint(["list_id"], ["project_list.id"], name=op.f("fk_form_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form")),
        sa.UniqueConstraint("name", name=op.f("uq_form_name")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "form_version",
        *_columns(),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_form_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        sa.Column("name", types.TEXT, nullable=False),
        sa.Column("ledger", types.TEXT, nullable=True),
        sa.Column("list_id", sa.BigInteger(), nullable=True),
        sa.Column("digest", types.TEXT, nullable=False),
        sa.Column("file_name", types.TEXT, nullable=False),
        sa.Column("sheet", types.TEXT, nullable=False),
        sa.Column("layout", types.TEXT, nullable=False),
    ]


def downgrade() -> None:
    op.drop_table("form_version")
    op.drop_table("form")
