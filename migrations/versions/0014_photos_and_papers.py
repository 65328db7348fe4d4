"""Photos of a project's month, and the papers that zones signed when they submitted one.

A migration must work on SQLite and on PostgreSQL, and while the program of one version earlier still runs: add first,
remove a release later. Guards (triggers) are put back by ``app.schema.migrate``, never here.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

Columns = list["sa.Column[object]"]
LONG = "length({}) <= {}"
BYTES = 2**40


def number(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def text(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, types.TEXT, nullable=nullable)


def kept() -> Columns:
    """What every kept noun of a zone carries beside its id."""
    moments: Columns = [sa.Column(n, types.MomentType()) for n in ("created_at", "updated_at", "deleted_at")]
    return [number("zone_id", nullable=False), number("since", nullable=False), *moments]


def photo() -> Columns:
    return [
        *kept(), number("project_id", nullable=False), text("month", nullable=False), text("digest", nullable=False),
        text("file_name", nullable=False), *(number(n, nullable=False) for n in ("size", "width", "height")), text("taken_at"),
        sa.Column("latitude", sa.Float(53)), sa.Column("longitude", sa.Float(53)), text("told_by"), text("added_by"),
    ]  # fmt: skip


PHOTO = {
    "month": "month LIKE '____-__'",
    **{n: LONG.format(n, most) for n, most in (("digest", 64), ("file_name", 200), ("taken_at", 19), ("added_by", 60))},
    "size": f"size BETWEEN 0 AND {BYTES}",
    **{n: f"{n} BETWEEN 0 AND 100000" for n in ("width", "height")},
    "latitude": "latitude BETWEEN -90 AND 90",
    "longitude": "longitude BETWEEN -180 AND 180",
    "told_by": "told_by IN ('file', 'device')",
}


def paper() -> Columns:
    return [
        *kept(), text("month", nullable=False), number("number", nullable=False), text("code", nullable=False),
        text("content_hash", nullable=False), number("act", nullable=False),
        sa.Column("submitted_on", types.DayType(), nullable=False), text("submitted_by", nullable=False), text("scan_digest"),
        text("scan_file_name"), text("scan_media_type"), number("scan_size"), text("scan_by"), sa.Column("scan_on", types.DayType()),
    ]  # fmt: skip


PAPER = {
    "month": "month LIKE '____-__'",
    "number": "number BETWEEN 1 AND 1000",
    **{
        n: LONG.format(n, most)
        for n, most in (
            ("code", 16), ("content_hash", 64), ("submitted_by", 60), ("scan_digest", 64), ("scan_file_name", 200),
            ("scan_media_type", 100), ("scan_by", 60),
        )
    },
    "act": f"act BETWEEN 0 AND {2**53}",
    "scan_size": f"scan_size BETWEEN 0 AND {BYTES}",
}  # fmt: skip


def upgrade() -> None:
    zone = sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_photo_zone_id"))
    project = sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_photo_project_id"))
    make("photo", photo, PHOTO, zone, project)
    op.create_index("ix_photo_project_id", "photo", ["project_id"])
    make(
        "paper", paper, PAPER,
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_paper_zone_id")),
        sa.UniqueConstraint("code", name=op.f("uq_paper_code")),
        sa.UniqueConstraint("zone_id", "month", "number", name=op.f("uq_paper_zone_id_month_number")),
    )  # fmt: skip


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
    for name in ("paper", "photo"):
        op.drop_table(f"{name}_version")
        op.drop_table(name)
