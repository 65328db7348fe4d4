"""Leads: what comes before a project, with its moves, contacts, files and transfers.

A migration must work on SQLite and on PostgreSQL, and while the program of one version earlier still runs: add first,
remove a release later. Guards (triggers) are put back by ``app.schema.migrate``, never here.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from app.models import types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

Columns = list["sa.Column[object]"]
LONG = "length({}) <= {}"


def number(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def text(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, types.TEXT, nullable=nullable)


def day(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, types.DayType(), nullable=nullable)


def flag(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def measure(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Float(53))


def kept() -> Columns:
    """What every kept noun of a zone carries beside its id."""
    moments: Columns = [sa.Column(n, types.MomentType()) for n in ("created_at", "updated_at", "deleted_at")]
    return [number("zone_id", nullable=False), number("since", nullable=False), *moments]


def lead() -> Columns:
    return [
        *kept(),
        text("name", nullable=False),
        text("code_name"),
        flag("confidential", nullable=False),
        number("enterprise_id"),
        *(text(n) for n in ("investor_name", "investor_profile", "capital_from", "origin", "channel", "referrer",
            "first_contact_unit")),
        day("first_contact_on"),
        number("parent_project_id"),
        *(text(n) for n in ("kind", "industry", "industry_chain", "content", "technology", "location",
            "competitors")),
        number("likelihood"),
        text("grade"),
        *(number(n) for n in ("intended_amount_yuan", "intended_amount_usd", "first_phase_yuan",
            "fixed_investment_yuan", "expected_output_yuan", "expected_tax_yuan", "jobs")),
        text("land_mode"),
        *(measure(n) for n in ("land_mu", "plant_area_m2", "energy_tce")),
        *(text(n) for n in ("environment_needs", "screening_result", "responsible_leader", "keeper", "keeper_unit",
            "contact_name", "contact_title", "contact_phone", "agreement")),
        *(day(n) for n in ("framework_on", "signed_on")),
        *(number(n) for n in ("contract_amount_yuan", "contract_amount_usd")),
        *(text(n) for n in ("planned_start_month", "company_name", "company_credit_code")),
        day("company_registered_on"),
        number("registered_capital_yuan"),
        *(day(n) for n in ("land_secured_on", "first_money_on")),
        number("funds_arrived_yuan"),
        text("remarks"),
        text("code", nullable=False),
        *(text(n) for n in ("ref_source", "ref_id")),
        text("stage", nullable=False),
        day("stage_on"),
        text("disposition", nullable=False),
        day("disposition_on"),
        *(text(n) for n in ("disposition_reason", "lost_to")),
        day("registered_on", nullable=False),
        day("landed_on"),
        number("project_id"),
        day("protected_until"),
        text("industry_code"),
        *(day(n) for n in ("progress_on", "responded_on")),
        text("next_step"),
        day("next_step_on"),
        sa.Column("search_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
    ]  # fmt: skip


LEAD = {
    **{n: LONG.format(n, most) for n, most in (
        ("name", 200), ("code_name", 60), ("investor_name", 200), ("investor_profile", 2000), ("origin", 100),
            ("referrer", 200), ("first_contact_unit", 100), ("industry", 60), ("industry_chain", 60), ("content",
            2000), ("technology", 1000), ("location", 200), ("competitors", 500), ("environment_needs", 500),
            ("screening_result", 500), ("responsible_leader", 100), ("keeper", 100), ("keeper_unit", 100),
            ("contact_name", 100), ("contact_title", 100), ("contact_phone", 60), ("company_name", 200),
            ("company_credit_code", 18), ("remarks", 2000), ("code", 40), ("ref_source", 60), ("ref_id", 120),
            ("disposition_reason", 500), ("lost_to", 200), ("industry_code", 40), ("next_step", 500),
    )},
    "capital_from": "capital_from IN ('local', 'province', 'other_province', 'foreign')",
    "channel": "channel IN ('entrusted', 'agency', 'stationed', 'by_enterprise', 'industry_chain', 'fund', 'fair', 'direct', 'referral', 'existing_firm', 'other')",
    "kind": "kind IN ('new_investment', 'expansion', 'profit_reinvestment', 'technical_upgrade')",
    "likelihood": "likelihood BETWEEN 0 AND 100",
    "grade": "grade IN ('a', 'b', 'c')",
    "intended_amount_yuan": "intended_amount_yuan BETWEEN 0 AND 1000000000000000",
    "intended_amount_usd": "intended_amount_usd BETWEEN 0 AND 100000000000000",
    "first_phase_yuan": "first_phase_yuan BETWEEN 0 AND 1000000000000000",
    "fixed_investment_yuan": "fixed_investment_yuan BETWEEN 0 AND 1000000000000000",
    "expected_output_yuan": "expected_output_yuan BETWEEN 0 AND 1000000000000000",
    "expected_tax_yuan": "expected_tax_yuan BETWEEN 0 AND 1000000000000000",
    "jobs": "jobs BETWEEN 0 AND 10000000",
    "land_mode": "land_mode IN ('new_land', 'existing_plant', 'leased')",
    "land_mu": "land_mu BETWEEN 0 AND 10000000",
    "plant_area_m2": "plant_area_m2 BETWEEN 0 AND 1000000000",
    "energy_tce": "energy_tce BETWEEN 0 AND 10000000000",
    "agreement": "agreement IN ('framework', 'definitive')",
    "contract_amount_yuan": "contract_amount_yuan BETWEEN 0 AND 1000000000000000",
    "contract_amount_usd": "contract_amount_usd BETWEEN 0 AND 100000000000000",
    "planned_start_month": "planned_start_month LIKE '____-__'",
    "registered_capital_yuan": "registered_capital_yuan BETWEEN 0 AND 1000000000000000",
    "funds_arrived_yuan": "funds_arrived_yuan BETWEEN 0 AND 1000000000000000",
    "stage": "stage IN ('lead', 'screening', 'negotiating', 'signed', 'landed')",
    "disposition": "disposition IN ('active', 'dormant', 'lost', 'withdrawn', 'transferred')",
}  # fmt: skip


def lead_move() -> Columns:
    return [
        *kept(),
        number("lead_id", nullable=False),
        text("from_stage"),
        text("to_stage", nullable=False),
        day("happened_on", nullable=False),
        flag("confidential", nullable=False),
        text("reason"),
    ]  # fmt: skip


LEAD_MOVE = {
    **{n: LONG.format(n, most) for n, most in (
        ("reason", 500),
    )},
    "from_stage": "from_stage IN ('lead', 'screening', 'negotiating', 'signed', 'landed')",
    "to_stage": "to_stage IN ('lead', 'screening', 'negotiating', 'signed', 'landed')",
}  # fmt: skip


def follow_up() -> Columns:
    return [
        *kept(),
        number("lead_id", nullable=False),
        text("kind", nullable=False),
        day("happened_on", nullable=False),
        flag("confidential", nullable=False),
        *(text(n) for n in ("by_whom", "with_whom", "place")),
        text("told", nullable=False),
        flag("progress", nullable=False),
        text("next_step"),
        day("next_step_on"),
        text("next_step_by"),
        day("done_on"),
    ]  # fmt: skip


FOLLOW_UP = {
    **{n: LONG.format(n, most) for n, most in (
        ("by_whom", 100), ("with_whom", 200), ("place", 200), ("told", 2000), ("next_step", 500), ("next_step_by",
            100),
    )},
    "kind": "kind IN ('call', 'visit', 'reception', 'meeting', 'message', 'feedback', 'other')",
}  # fmt: skip


def lead_file() -> Columns:
    return [
        *kept(),
        number("lead_id", nullable=False),
        text("kind", nullable=False),
        flag("confidential", nullable=False),
        text("title"),
        day("dated_on"),
        *(text(n, nullable=False) for n in ("digest", "file_name", "media_type")),
        number("size", nullable=False),
    ]  # fmt: skip


LEAD_FILE = {
    **{n: LONG.format(n, most) for n, most in (
        ("title", 200), ("digest", 64), ("file_name", 200), ("media_type", 100),
    )},
    "kind": "kind IN ('profile', 'agreement', 'contract', 'registration', 'land_contract', 'voucher', 'other')",
    "size": "size BETWEEN 0 AND 1099511627776",
}  # fmt: skip


def lead_transfer() -> Columns:
    return [
        *kept(),
        *(number(n, nullable=False) for n in ("lead_id", "from_zone_id", "to_zone_id")),
        day("happened_on", nullable=False),
        number("credit_percent"),
        text("document"),
        flag("confidential", nullable=False),
        text("reason"),
    ]  # fmt: skip


LEAD_TRANSFER = {
    **{n: LONG.format(n, most) for n, most in (
        ("document", 200), ("reason", 500),
    )},
    "credit_percent": "credit_percent BETWEEN 0 AND 100",
}  # fmt: skip


BESIDE = {
    "lead_move": (lead_move, LEAD_MOVE),
    "follow_up": (follow_up, FOLLOW_UP),
    "lead_file": (lead_file, LEAD_FILE),
    "lead_transfer": (lead_transfer, LEAD_TRANSFER),
}


def upgrade() -> None:
    make(
        "lead", lead, LEAD, refers("lead", "zone_id", "zone"), refers("lead", "project_id", "project"),
        sa.UniqueConstraint("code", name=op.f("uq_lead_code")),
    )  # fmt: skip
    op.create_index("ix_lead_project_id", "lead", ["project_id"])
    op.create_index("ix_lead_stage", "lead", ["zone_id", "stage", "stage_on"])
    op.create_index("ix_lead_name", "lead", ["zone_id", "search_name"])
    known("ix_lead_next_step", ["zone_id", "next_step_on"], "next_step_on")
    known("ix_lead_ref", ["ref_source", "ref_id"], "ref_id", unique=True)
    for name, (columns, checks) in BESIDE.items():
        more = [refers(name, "zone_id", "zone"), refers(name, "lead_id", "lead")]
        if name == "lead_transfer":
            more += [refers(name, f"{end}_zone_id", "zone") for end in ("from", "to")]
        make(name, columns, checks, *more)
        op.create_index(f"ix_{name}_lead_id", name, ["lead_id"])
    op.create_index("ix_lead_transfer_from_zone_id", "lead_transfer", ["from_zone_id"])


def refers(name: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{name}_{column}"))


def known(name: str, columns: list[str], column: str, *, unique: bool = False) -> None:
    """An index over the leads where a column is known."""
    where = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, "lead", columns, unique=unique, sqlite_where=where, postgresql_where=where)


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
    for name in (*reversed(BESIDE), "lead"):
        op.drop_table(f"{name}_version")
        op.drop_table(name)
