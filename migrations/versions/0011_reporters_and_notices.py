"""Personal links of reporters, and whether a report was handed in by one.

A program of the version before knows none of this; it goes on beside it, since everything new may be unknown.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

Columns = list["sa.Column[object]"]


def number(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def link() -> Columns:
    moments: Columns = [sa.Column(n, types.MomentType()) for n in ("created_at", "updated_at", "deleted_at")]
    return [
        number("zone_id", nullable=False),
        number("since", nullable=False),
        *moments,
        sa.Column("month", types.TEXT, nullable=False),
        number("person_id", nullable=False),
        sa.Column("token_hash", types.TEXT, nullable=False),
        sa.Column("expires_on", types.DayType(), nullable=False),
        sa.Column("made_by", types.TEXT),
    ]


def upgrade() -> None:
    op.create_table(
        "reporter_link",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *link(),
        sa.CheckConstraint("month LIKE '____-__'", name=op.f("ck_reporter_link_month")),
        sa.CheckConstraint("length(token_hash) <= 64", name=op.f("ck_reporter_link_token_hash")),
        sa.CheckConstraint("length(made_by) <= 60", name=op.f("ck_reporter_link_made_by")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_reporter_link_zone_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reporter_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporter_link")),
        sa.UniqueConstraint("zone_id", "month", "person_id", name=op.f("uq_reporter_link_zone_id_month_person_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_reporter_link_token_hash")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_table(
        "reporter_link_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *link(),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_reporter_link_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )
    op.create_table(
        "link_seen",
        sa.Column("link_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(n, types.MomentType(), nullable=False) for n in ("first_at", "last_at")),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_link_seen")),
        sqlite_strict=True,
    )
    flag = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BOOLEAN"
    # Added column by column: a batch would make the table anew and lose its guards.
    for version in ("", "_version"):
        op.execute(f"ALTER TABLE report{version} ADD COLUMN handed_in {flag}")


def downgrade() -> None:
    for table in ("report", "report_version"):
        op.drop_column(table, "handed_in")
    for table in ("link_seen", "reporter_link_version", "reporter_link"):
        op.drop_table(table)
