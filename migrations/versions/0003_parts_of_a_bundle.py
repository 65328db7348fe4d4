"""parts of a bundle

A bundle knows how many parts it is split into, and sums know how many items more their projects are. Blank and zero are
right for everything written before, so nothing has to be filled in; the night counts the parts of older bundles.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SUMS = ("total", "posting", "total_at")


def upgrade() -> None:
    for table in ("project", "project_version"):
        op.add_column(table, sa.Column("part_count", sa.BigInteger(), nullable=True))
    for table in SUMS:
        op.add_column(table, sa.Column("split_extra", sa.BigInteger(), nullable=False, server_default="0"))
    # Children are found by their parent as of an act too. Autogenerate cannot see a partial index.
    op.execute("CREATE INDEX ix_project_version_parent ON project_version (parent_id) WHERE parent_id IS NOT NULL")


def downgrade() -> None:
    op.execute("DROP INDEX ix_project_version_parent")
    for table in SUMS:
        op.drop_column(table, "split_extra")
    for table in ("project", "project_version"):
        op.drop_column(table, "part_count")
