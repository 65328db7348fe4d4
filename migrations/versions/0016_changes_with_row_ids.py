"""On SQLite the changes get row ids: without them every difference of more than a thousand bytes took a page of its own.

The table is written anew, in the order of the acts; what it holds stays the same. A program of the version before reads and
writes it as it did. PostgreSQL has nothing of the kind.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _written_anew(with_rowid=True)


def downgrade() -> None:
    _written_anew(with_rowid=False)


def _written_anew(*, with_rowid: bool) -> None:
    if op.get_context().dialect.name != "sqlite":
        return
    op.create_table(
        "change_anew",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("noun", types.TEXT, nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("zone_id", sa.BigInteger(), nullable=True),
        sa.Column("diff", types.TEXT, nullable=False),
        sa.PrimaryKeyConstraint("seq", "n", name=op.f("pk_change")),
        sqlite_strict=True,
        sqlite_with_rowid=with_rowid,
    )
    columns = "seq, n, noun, row_id, zone_id, diff"
    op.execute(f"INSERT INTO change_anew ({columns}) SELECT {columns} FROM change ORDER BY seq, n")
    # The guards go with the old table; they are put back from code after every migrate.
    op.drop_table("change")
    op.rename_table("change_anew", "change")
    op.create_index("ix_change_row", "change", ["noun", "row_id", "seq"])
    op.create_index("ix_change_zone", "change", ["zone_id", "seq"])
