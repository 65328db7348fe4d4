"""Monthly reports, and what of them a project's row shows.

A migration must work on SQLite and on PostgreSQL, and while the program of one version earlier still runs: add first,
remove a release later. Guards (triggers) are put back by ``app.schema.migrate``, never here.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LIMIT = 10**15
FACTS = (
    ("invested_yuan", sa.BigInteger()),
    ("cumulative_this_year_yuan", sa.BigInteger()),
    ("funds_in_place_yuan", sa.BigInteger()),
    ("statistical_invested_yuan", sa.BigInteger()),
    ("foreign_utilised_usd", sa.BigInteger()),
    ("progress_text", types.TEXT),
    ("problems_own", types.TEXT),
    ("problems_government", types.TEXT),
    ("next_steps", types.TEXT),
    ("no_change_reason", types.TEXT),
)
CHECKS = {
    "invested_yuan": f"invested_yuan BETWEEN -{LIMIT} AND {LIMIT}",
    "cumulative_this_year_yuan": f"cumulative_this_year_yuan BETWEEN 0 AND {LIMIT}",
    "funds_in_place_yuan": f"funds_in_place_yuan BETWEEN 0 AND {LIMIT}",
    "statistical_invested_yuan": f"statistical_invested_yuan BETWEEN -{LIMIT} AND {LIMIT}",
    "foreign_utilised_usd": "foreign_utilised_usd BETWEEN 0 AND 100000000000000",
    "progress_text": "length(progress_text) <= 1000",
    "problems_own": "length(problems_own) <= 1000",
    "problems_government": "length(problems_government) <= 1000",
    "next_steps": "length(next_steps) <= 1000",
    "no_change_reason": "length(no_change_reason) <= 500",
    "month": "month LIKE '____-__'",
    "state": "state IN ('draft', 'submitted', 'confirmed', 'returned')",
    "reported_by": "length(reported_by) <= 60",
}


def columns() -> list[sa.Column[object]]:
    """The columns of a report, as its table and its versions have them."""
    return [
        sa.Column("zone_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", types.MomentType(), nullable=True),
        sa.Column("updated_at", types.MomentType(), nullable=True),
        sa.Column("deleted_at", types.MomentType(), nullable=True),
        *(sa.Column(name, kind, nullable=True) for name, kind in FACTS),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("month", types.TEXT, nullable=False),
        sa.Column("state", types.TEXT, nullable=False),
        sa.Column("reported_by", types.TEXT, nullable=True),
    ]


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *columns(),
        *(sa.CheckConstraint(said, name=op.f(f"ck_report_{name}")) for name, said in CHECKS.items()),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_report_project_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_report_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("project_id", "month", name=op.f("uq_report_project_id_month")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_report_zone", "report", ["zone_id", "month"])
    op.create_table(
        "report_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *columns(),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_report_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    whole = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    text = "TEXT" if whole == "INTEGER" else 'TEXT COLLATE "C"'
    month = "CONSTRAINT ck_project_figures_month CHECK (figures_month LIKE '____-__')"
    amount = (
        f"CONSTRAINT ck_project_invested_this_month_yuan CHECK (invested_this_month_yuan BETWEEN -{LIMIT} AND {LIMIT})"
    )
    # Added column by column: a batch would make the table anew and lose its indexes over expressions.
    for table, checks in (("project", (month, amount)), ("project_version", ("", ""))):
        op.execute(f"ALTER TABLE {table} ADD COLUMN figures_month {text} {checks[0]}")
        op.execute(f"ALTER TABLE {table} ADD COLUMN invested_this_month_yuan {whole} {checks[1]}")
        op.execute(f"ALTER TABLE {table} ADD COLUMN incomplete_months {text} DEFAULT '[]' NOT NULL")


def downgrade() -> None:
    for table in ("project", "project_version"):
        for name in ("figures_month", "invested_this_month_yuan", "incomplete_months"):
            op.drop_column(table, name)
    op.drop_table("report_version")
    op.drop_index("ix_report_zone", table_name="report")
    op.drop_table("report")
