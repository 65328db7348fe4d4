"""Cases of the approval chain, and the class by which a project goes through it.

A program of the version before knows neither; it goes on beside them, since the class may be unknown and no case need exist.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

Columns = list[Any]
CLASSES = "approval_class IN ('enterprise_industrial', 'enterprise_approval', 'government', 'technical_upgrade', 'leased_plant')"
STANDS = "deleted_at IS NULL AND (result IS NULL OR result IN ('granted', 'not_needed'))"
TEXTS = {"step": 40, "power_code": 40, "settled_by": 100, "number": 100, "ref_source": 60, "ref_id": 120}
CHECKS = {
    **{name: f"length({name}) <= {most}" for name, most in TEXTS.items()},
    "result": "result IN ('granted', 'refused', 'withdrawn', 'not_needed')",
    "settled_in": "settled_in IN ('zone', 'county', 'city', 'province')",
    "settled_under": "settled_under IN ('delegated', 'branch_office', 'posted_official', 'window_only')",
    "days_used": "days_used BETWEEN 0 AND 10000",
    "corrections_asked": "corrections_asked BETWEEN 0 AND 1000",
}


def number(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def columns() -> Columns:
    return [
        number("zone_id", nullable=False), number("project_id", nullable=False), number("since", nullable=False),
        *(sa.Column(n, types.MomentType()) for n in ("created_at", "updated_at", "deleted_at")),
        *(sa.Column(n, types.TEXT, nullable=n != "step") for n in TEXTS),
        *(sa.Column(n, types.DayType()) for n in ("applied_on", "accepted_on", "promised_on", "decided_on")),
        *(sa.Column(n, types.TEXT) for n in ("result", "settled_in", "settled_under")),
        number("days_used"), number("corrections_asked"),
    ]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "approval_case", number("id", nullable=False), *columns(),
        *(sa.CheckConstraint(said, name=op.f(f"ck_approval_case_{field}")) for field, said in CHECKS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_case")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_approval_case_zone_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_approval_case_project_id")),
        sqlite_autoincrement=True, sqlite_strict=True,
    )  # fmt: skip
    op.create_table(
        "approval_case_version", number("id", nullable=False), *columns(), number("until", nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_approval_case_version")), sqlite_strict=True,
    )  # fmt: skip
    for column in ("zone_id", "project_id"):
        op.create_index(f"ix_approval_case_{column}", "approval_case", [column])
    for name, on, where in (
        ("standing", ["project_id", "step"], STANDS),
        ("ref", ["ref_source", "ref_id"], "ref_id IS NOT NULL"),
    ):
        op.create_index(
            f"ix_approval_case_{name}", "approval_case", on, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where),
        )  # fmt: skip
    text = "TEXT" if op.get_bind().dialect.name == "sqlite" else 'TEXT COLLATE "C"'
    # Added column by column: a batch would make the table anew and lose its indexes over expressions.
    op.execute(
        f"ALTER TABLE project ADD COLUMN approval_class {text} CONSTRAINT ck_project_approval_class CHECK ({CLASSES})"
    )
    op.execute(f"ALTER TABLE project_version ADD COLUMN approval_class {text}")


def downgrade() -> None:
    for table in ("project", "project_version"):
        op.drop_column(table, "approval_class")
    op.drop_table("approval_case_version")
    op.drop_table("approval_case")
