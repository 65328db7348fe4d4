"""A heading shows the sums of its phases, a bundle those of its parts; progress has the day on which it was told.

Rows written earlier are gathered, and given the day that their history knows, by night.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.types import DayType

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("project", "project_version"):
        op.add_column(table, sa.Column("family_sums", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("progress_told_on", DayType(), nullable=True))


def downgrade() -> None:
    for table in ("project", "project_version"):
        op.drop_column(table, "progress_told_on")
        op.drop_column(table, "family_sums")
