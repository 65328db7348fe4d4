"""The base of enterprises, what zones want of them, likenesses between registrations and the verdicts on them.

A migration must work on SQLite and on PostgreSQL, and while the program of one version earlier still runs: add first,
remove a release later. Guards (triggers) are put back by ``app.schema.migrate``, never here.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

Columns = list["sa.Column[object]"]
LONG = "length({}) <= {}"
LIMIT = 10**15


def number(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def text(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, types.TEXT, nullable=nullable)


def kept(*, nowhere: bool = False) -> Columns:
    """What every kept noun carries beside its id; ``nowhere``: it may belong to no zone."""
    moments: Columns = [sa.Column(n, types.MomentType()) for n in ("created_at", "updated_at", "deleted_at")]
    return [number("zone_id", nullable=nowhere), number("since", nullable=False), *moments]


def longest(**most: int) -> dict[str, str]:
    return {name: LONG.format(name, n) for name, n in most.items()}


def enterprise() -> Columns:
    return [
        *kept(nowhere=True), text("name", nullable=False), text("credit_code"), text("origin"), text("industry"), number("parent_id"),
        text("website"), text("profile"), text("contact_person"), text("contact_post"), text("phone"),
        *(text(n, nullable=False) for n in ("classes", "former_names", "aliases")), number("merged_into_id"),
    ]  # fmt: skip


ENTERPRISE = longest(
    name=200, credit_code=18, origin=60, industry=60, website=200, profile=2000, contact_person=60, contact_post=100, phone=60
)  # fmt: skip
STATES = ("planned", "in_contact", "visited", "negotiating", "won", "given_up")


def target() -> Columns:
    return [
        *kept(), number("enterprise_id", nullable=False), text("state", nullable=False), text("owner"),
        sa.Column("last_contact_on", types.DayType()), text("note"),
    ]  # fmt: skip


TARGET = {"state": f"state IN {STATES}", **longest(owner=60, note=1000)}
SUBJECTS = ("project", "lead")
VERDICTS = ("same_project", "capital_increase", "expansion", "relocation", "different")


def verdict() -> Columns:
    sides = [
        f(n, nullable=False)
        for n, f in (("first_kind", text), ("first_id", number), ("later_kind", text), ("later_id", number))
    ]
    return [
        *kept(nowhere=True), *sides, text("verdict", nullable=False), number("increment_yuan"), text("document"),
        sa.Column("decided_on", types.DayType()), text("reason"), text("decided_by"),
    ]  # fmt: skip


VERDICT = {
    "first_kind": f"first_kind IN {SUBJECTS}",
    "later_kind": f"later_kind IN {SUBJECTS}",
    "verdict": f"verdict IN {VERDICTS}",
    "increment_yuan": f"increment_yuan BETWEEN 0 AND {LIMIT}",
    **longest(document=200, reason=500, decided_by=60),
}


def upgrade() -> None:
    make(
        "enterprise", enterprise, ENTERPRISE,
        sa.ForeignKeyConstraint(["merged_into_id"], ["enterprise.id"], name=op.f("fk_enterprise_merged_into_id")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_enterprise_credit_code")),
    )  # fmt: skip
    make(
        "target", target, TARGET,
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_target_zone_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_target_enterprise_id")),
        sa.UniqueConstraint("zone_id", "enterprise_id", name=op.f("uq_target_zone_id_enterprise_id")),
    )  # fmt: skip
    op.create_index("ix_target_enterprise_id", "target", ["enterprise_id"])
    sides = ("first_kind", "first_id", "later_kind", "later_id")
    make("verdict", verdict, VERDICT, sa.UniqueConstraint(*sides, name=op.f("uq_verdict_" + "_".join(sides))))
    op.create_index("ix_verdict_later", "verdict", ["later_kind", "later_id"])
    likenesses(sides)
    lite = op.get_bind().dialect.name == "sqlite"
    whole = "INTEGER" if lite else "BIGINT"
    # Added column by column: a batch would make the table anew and lose its indexes over expressions.
    for table in ("project", "project_version"):
        firm = "CONSTRAINT fk_project_enterprise_id REFERENCES enterprise (id)" if table == "project" else ""
        op.execute(f"ALTER TABLE {table} ADD COLUMN enterprise_id {whole} {firm}")
    op.create_index("ix_project_enterprise_id", "project", ["enterprise_id"])


def likenesses(sides: tuple[str, ...]) -> None:
    op.create_table(
        "likeness",
        *((text if n.endswith("kind") else number)(n, nullable=False) for n in sides),
        text("strength", nullable=False),
        sa.Column("score", sa.Float(53), nullable=False),
        text("reasons", nullable=False),
        sa.Column("found_at", types.MomentType(), nullable=False),
        sa.PrimaryKeyConstraint(*sides, name=op.f("pk_likeness")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_likeness_later", "likeness", ["later_kind", "later_id"])
    op.create_index("ix_likeness_score", "likeness", ["score"])
    op.create_table(
        "compared",
        sa.Column("one", sa.BigInteger(), autoincrement=False, nullable=False),
        number("seq", nullable=False),
        number("n", nullable=False),
        sa.CheckConstraint("one = 1", name=op.f("ck_compared_single")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_compared")),
        sqlite_strict=True,
    )


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
    op.drop_index("ix_project_enterprise_id", "project")
    for table in ("project", "project_version"):
        op.drop_column(table, "enterprise_id")
    for name in (
        "compared",
        "likeness",
        "verdict_version",
        "verdict",
        "target_version",
        "target",
        "enterprise_version",
        "enterprise",
    ):
        op.drop_table(name)
