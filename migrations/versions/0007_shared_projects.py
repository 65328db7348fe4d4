"""Projects with partner zones are found without looking through all."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Autogenerate cannot see a partial index.
    for table in ("project", "project_version"):
        op.execute(f"CREATE INDEX ix_{table}_shared ON {table} (id) WHERE shares <> '[]'")


def downgrade() -> None:
    for table in ("project", "project_version"):
        op.execute(f"DROP INDEX ix_{table}_shared")
