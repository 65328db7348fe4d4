"""Sums by zone, ledger and light, and by the month of facts; and the projects that wait longest, found without a scan.

The sums hold nothing but what the projects say, so they are counted from the rows when the schema is at head
(``app.schema.migrate``). A program of the version before does not keep them: run ``sanzhang migrate`` once more when the
last one has stopped.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

AMOUNTS = ("total_investment_yuan", "annual_plan_yuan", "invested_this_year_yuan", "invested_to_date_yuan")
COUNTED = (
    "projects",
    "official",
    *(f"light_{colour}" for colour in ("green", "yellow", "red", "none")),
    *(f"{amount}{tail}" for amount in AMOUNTS for tail in ("_sum", "_known", "_official_sum", "_official_known")),
    "split_extra",
)
COUNTS = "deleted_at IS NULL AND disposition IN ('active', 'deferred', 'suspended')"
WAITING = {
    "ix_project_not_started": (
        "signed_on",
        f"{COUNTS} AND started_on IS NULL AND signed_on IS NOT NULL AND ledger IN ('reserve', 'upcoming')",
    ),
    "ix_project_overdue": (
        "first_planned_start_month",
        f"{COUNTS} AND started_on IS NULL AND first_planned_start_month IS NOT NULL AND ledger = 'upcoming'",
    ),
    "ix_project_not_producing": (
        "started_on",
        f"{COUNTS} AND started_on IS NOT NULL AND in_production_on IS NULL AND ledger IN ('in_construction', 'completed')",
    ),
}


def figure(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def upgrade() -> None:
    op.create_table(
        "light_total",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ledger", types.TEXT, nullable=False),
        sa.Column("light", types.TEXT, nullable=False),
        *(figure(name) for name in COUNTED),
        sa.PrimaryKeyConstraint("zone_id", "ledger", "light", name=op.f("pk_light_total")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dated_total",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fact", types.TEXT, nullable=False),
        sa.Column("period", types.TEXT, nullable=False),
        *(figure(name) for name in ("projects", "amount_sum", "amount_known")),
        sa.PrimaryKeyConstraint("zone_id", "fact", "period", name=op.f("pk_dated_total")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    # Autogenerate cannot see a partial index.
    for name, (column, where) in WAITING.items():
        op.execute(f"CREATE INDEX {name} ON project ({column}) WHERE {where}")


def downgrade() -> None:
    for name in WAITING:
        op.execute(f"DROP INDEX {name}")
    op.drop_table("dated_total")
    op.drop_table("light_total")
