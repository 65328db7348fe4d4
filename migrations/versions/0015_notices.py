"""Notices and what is sent out of the house, and the address of an account.

A program of the version before knows none of this; it goes on beside it, since everything new may be unknown.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(n, types.TEXT, nullable=False) for n in ("key", "kind", "facts", "address")),
        sa.Column("created_at", types.MomentType(), nullable=False),
        sa.Column("read_at", types.MomentType()),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_notice")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "delivery",
        *(
            sa.Column(n, types.TEXT, nullable=False)
            for n in ("key", "channel", "recipient", "subject", "body", "state")
        ),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sentence", types.TEXT),
        sa.Column("created_at", types.MomentType(), nullable=False),
        sa.Column("ended_at", types.MomentType()),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_delivery")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    words = "TEXT" if op.get_bind().dialect.name == "sqlite" else 'TEXT COLLATE "C"'
    # Added column by column: a batch would make the table anew and lose its guards.
    for version in ("", "_version"):
        limit = "" if version else "CONSTRAINT ck_account_email CHECK (length(email) <= 200)"
        op.execute(f"ALTER TABLE account{version} ADD COLUMN email {words} {limit}")


def downgrade() -> None:
    for table in ("account", "account_version"):
        op.drop_column(table, "email")
    op.drop_table("delivery")
    op.drop_table("notice")
