"""Annual plans in versions, periods that are opened and locked, where each zone stands in them, corrections.

A migration must work on SQLite and on PostgreSQL, and while the program of one version earlier still runs: add first,
remove a release later. Guards (triggers) are put back by ``app.schema.migrate``, never here.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Columns = list["sa.Column[object]"]
LIMIT = 10**15
MONTH, LONG = "{} LIKE '____-__'", "length({}) <= {}"
STATES = "'open', 'submitted', 'confirmed', 'locked'"


def number(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def text(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, types.TEXT, nullable=nullable)


def day(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, types.DayType(), nullable=nullable)


def kept(*, zone: bool = True) -> Columns:
    """What every kept noun carries beside its id."""
    moments: Columns = [sa.Column(n, types.MomentType()) for n in ("created_at", "updated_at", "deleted_at")]
    return [number("zone_id", nullable=not zone), number("since", nullable=False), *moments]


def plan() -> Columns:
    return [
        *kept(), number("project_id", nullable=False), number("year", nullable=False), number("number", nullable=False),
        number("annual_yuan"), text("months"), text("goal_text"), text("document"), day("issued_on"), text("reason"),
        text("written_by"),
    ]  # fmt: skip


PLAN = {
    "year": "year BETWEEN 1949 AND 2200",
    "number": "number BETWEEN 1 AND 1000",
    "annual_yuan": f"annual_yuan BETWEEN 0 AND {LIMIT}",
    **{n: LONG.format(n, most) for n, most in (("goal_text", 1000), ("document", 200), ("reason", 500), ("written_by", 60))},
}  # fmt: skip


def period() -> Columns:
    dues = ("cut_off_on", "report_due_on", "submit_due_on", "confirm_due_on", "lock_due_on", "opened_on")
    return [
        *kept(zone=False), text("first_month", nullable=False), text("month", nullable=False),
        *(day(n, nullable=False) for n in dues), day("locked_on"), text("locked_by"),
    ]  # fmt: skip


PERIOD = {
    "first_month": MONTH.format("first_month"),
    "month": MONTH.format("month"),
    "locked_by": LONG.format("locked_by", 60),
}


def zone_month() -> Columns:
    return [
        *kept(), text("month", nullable=False), text("state", nullable=False), day("submitted_on"), text("submitted_by"),
        text("missing_reason"), day("confirmed_on"), text("confirmed_by"), day("returned_on"), text("returned_by"),
        text("returned_reason"),
    ]  # fmt: skip


ZONE_MONTH = {
    "month": MONTH.format("month"),
    "state": f"state IN ({STATES})",
    **{n: LONG.format(n, 60) for n in ("submitted_by", "confirmed_by", "returned_by")},
    **{n: LONG.format(n, 500) for n in ("missing_reason", "returned_reason")},
}


def correction() -> Columns:
    return [
        *kept(), number("project_id", nullable=False), text("counts_from", nullable=False), text("month", nullable=False),
        text("field", nullable=False), text("before"), text("after"), text("reason", nullable=False), text("document"),
        text("corrected_by"),
    ]  # fmt: skip


CORRECTION = {
    "counts_from": MONTH.format("counts_from"),
    "month": MONTH.format("month"),
    **{n: LONG.format(n, most) for n, most in (("field", 40), ("reason", 500), ("document", 200), ("corrected_by", 60))},
}  # fmt: skip
UNIQUE = {"plan": ("project_id", "year", "number"), "period": ("month",), "zone_month": ("zone_id", "month")}


def upgrade() -> None:
    for name, columns, checks in (
        ("plan", plan, PLAN), ("period", period, PERIOD), ("zone_month", zone_month, ZONE_MONTH), ("correction", correction, CORRECTION),
    ):  # fmt: skip
        _noun(name, columns(), columns(), checks)
    op.create_index("ix_correction_project_id", "correction", ["project_id"])
    lite = op.get_bind().dialect.name == "sqlite"
    words, whole, date = ("TEXT", "INTEGER", "TEXT") if lite else ('TEXT COLLATE "C"', "BIGINT", "DATE")
    # Added column by column: a batch would make the table anew and lose its indexes over expressions.
    for version in ("", "_version"):
        amount = f"CONSTRAINT ck_project_first_annual_plan_yuan CHECK (first_annual_plan_yuan BETWEEN 0 AND {LIMIT})"
        reason = "CONSTRAINT ck_report_returned_reason CHECK (length(returned_reason) <= 500)"
        op.execute(
            f"ALTER TABLE project{version} ADD COLUMN first_annual_plan_yuan {whole} {'' if version else amount}"
        )
        op.execute(f"ALTER TABLE project{version} ADD COLUMN plan_months {words}")
        op.execute(f"ALTER TABLE report{version} ADD COLUMN submitted_on {date}")
        op.execute(f"ALTER TABLE report{version} ADD COLUMN returned_reason {words} {'' if version else reason}")


def _noun(name: str, columns: Columns, versioned: Columns, checks: dict[str, str]) -> None:
    """A noun's table with its guards, and the table of its versions."""
    refers = [sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f(f"fk_{name}_zone_id"))]
    if any(c.name == "project_id" for c in columns):
        refers.append(sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f(f"fk_{name}_project_id")))
    unique = (
        [sa.UniqueConstraint(*UNIQUE[name], name=op.f(f"uq_{name}_{'_'.join(UNIQUE[name])}"))] if name in UNIQUE else []
    )
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), nullable=False),
        *columns,
        *(sa.CheckConstraint(said, name=op.f(f"ck_{name}_{about}")) for about, said in checks.items()),
        *(refers if name != "period" else []),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        *unique,
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )  # fmt: skip
    op.create_table(
        f"{name}_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *versioned,
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f(f"pk_{name}_version")),
        sqlite_autoincrement=False,
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("project", "project_version"):
        for column in ("first_annual_plan_yuan", "plan_months"):
            op.drop_column(table, column)
    for table in ("report", "report_version"):
        for column in ("submitted_on", "returned_reason"):
            op.drop_column(table, column)
    op.drop_index("ix_correction_project_id", table_name="correction")
    for name in ("correction", "zone_month", "period", "plan"):
        op.drop_table(f"{name}_version")
        op.drop_table(name)
