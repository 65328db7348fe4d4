"""What lies in reports is summed by month too, and the projects of one sponsor leader are found by an index.

The derived sums are emptied, so that they are counted from the rows when the schema is at head (``app.schema.migrate``). A
program of the version before does not keep the new ones: run ``sanzhang migrate`` once more when the last one has stopped.
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INDEX = "CREATE INDEX ix_project_leader ON project (sponsor_leader, zone_id) WHERE sponsor_leader IS NOT NULL"


def upgrade() -> None:
    _empty()
    # Not in the models: autogenerate cannot see a partial index.
    op.execute(INDEX)


def downgrade() -> None:
    op.execute("DROP INDEX ix_project_leader")
    _empty()


def _empty() -> None:
    """Counted again they are whole; half of them old would be wrong."""
    op.execute("DELETE FROM dated_total")
    op.execute("DELETE FROM light_total")
