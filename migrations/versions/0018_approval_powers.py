"""Approval powers: the catalogue of items, what each zone holds of it, and who answers for what in a zone.

A migration must work on SQLite and on PostgreSQL, and while the program of one version earlier still runs: add first,
remove a release later. Guards (triggers) are put back by ``app.schema.migrate``, never here.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

Columns = list["sa.Column[object]"]
LONG = "length({}) <= {}"
ONE_OF = "{} IN ({})"


def number(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def text(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, types.TEXT, nullable=nullable)


def day(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, types.DayType(), nullable=nullable)


def kept(*, of_a_zone: bool) -> Columns:
    """What every kept noun carries beside its id."""
    moments: Columns = [sa.Column(n, types.MomentType()) for n in ("created_at", "updated_at", "deleted_at")]
    return [number("zone_id", nullable=not of_a_zone), number("since", nullable=False), *moments]


def longest(**limits: int) -> dict[str, str]:
    return {name: LONG.format(name, most) for name, most in limits.items()}


def one_of(name: str, *words: str) -> dict[str, str]:
    return {name: ONE_OF.format(name, ", ".join(f"'{word}'" for word in words))}


def power() -> Columns:
    return [
        *kept(of_a_zone=False), text("code", nullable=False), text("name", nullable=False), text("kind"), text("department"),
        text("level"), text("basis"), day("basis_valid_until"), number("statutory_days"), number("promised_days"),
        sa.Column("reserved", sa.Boolean(), nullable=False), text("remarks"), text("steps", nullable=False),
        text("source"),
    ]  # fmt: skip


POWER = {
    **longest(code=40, name=300, department=100, basis=1000, remarks=1000, source=300),
    **one_of("kind", "licence", "penalty", "inspection", "reward", "confirmation", "ruling", "public_service", "other"),
    **one_of("level", "province", "city", "county"),
    **{n: f"{n} BETWEEN 0 AND 10000" for n in ("statutory_days", "promised_days")},
}


def delegation() -> Columns:
    return [
        *kept(of_a_zone=True), number("power_id", nullable=False), number("number", nullable=False),
        text("form", nullable=False), text("batch"), text("document"), day("effective_from"), day("effective_until"),
        text("scope_document"), text("receiving_department"), sa.Column("own_seal", sa.Boolean()), text("supervision"),
        text("waiting_for"), text("remarks"), text("state", nullable=False), day("state_on", nullable=False),
        day("given_on", nullable=False), *(day(n) for n in ("taken_over_on", "running_on", "adjusted_on", "revoked_on")),
        text("adjusted_document"), text("revoked_document"), text("source"),
    ]  # fmt: skip


DELEGATION = {
    **longest(
        batch=100, document=200, scope_document=200, receiving_department=100, supervision=500, waiting_for=300, remarks=1000,
        adjusted_document=200, revoked_document=200, source=300,
    ),
    **one_of(
        "form", "transfer", "entrustment", "authorization", "branch_office", "posted_official", "window_only"
    ),
    **one_of("state", "pending", "taken_over", "running", "adjusted", "revoked"),
    "number": "number BETWEEN 1 AND 1000",
}  # fmt: skip


def boundary() -> Columns:
    return [
        *kept(of_a_zone=True), text("matter", nullable=False), text("holder", nullable=False), text("unit_name"),
        text("basis"), text("remarks"), number("power_id"),
    ]  # fmt: skip


BOUNDARY = {
    **longest(matter=300, unit_name=100, basis=500, remarks=1000),
    **one_of("holder", "committee", "host_town", "zone_company", "department"),
}


def upgrade() -> None:
    make("power", power, POWER, sa.UniqueConstraint("code", name=op.f("uq_power_code")))
    make(
        "delegation", delegation, DELEGATION, *keys("delegation"),
        sa.UniqueConstraint("zone_id", "power_id", "number", name=op.f("uq_delegation_zone_id_power_id_number")),
    )  # fmt: skip
    op.create_index("ix_delegation_power_id", "delegation", ["power_id"])
    make("boundary", boundary, BOUNDARY, *keys("boundary"))
    op.create_index("ix_boundary_zone_id", "boundary", ["zone_id"])


def keys(name: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=op.f(f"fk_{name}_{other}_id"))
        for other in ("zone", "power")
    ]


def make(name: str, columns: Callable[[], Columns], checks: dict[str, str], *more: sa.schema.SchemaItem) -> None:
    """A kept table and the one with all its versions."""
    guards = [sa.CheckConstraint(said, name=op.f(f"ck_{name}_{field}")) for field, said in checks.items()]
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}"))
    op.create_table(
        name, number("id", nullable=False), *columns(), *guards, key, *more, sqlite_autoincrement=True, sqlite_strict=True,
    )  # fmt: skip
    op.create_table(
        f"{name}_version",
        number("id", nullable=False),
        *columns(),
        number("until", nullable=False),
        sa.PrimaryKeyConstraint("id", "since", name=op.f(f"pk_{name}_version")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for name in ("boundary", "delegation", "power"):
        op.drop_table(f"{name}_version")
        op.drop_table(name)
