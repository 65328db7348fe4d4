"""A lead and its project: which facts both have, and that the project's hold once there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Invalid, Problem
from app.models import Lead, Project
from app.services.naming import by_ids

Record = dict[str, Any]
SHARED: dict[str, str] = {
    "enterprise_id": "enterprise_id", "investor_name": "investor_name", "content": "content", "industry": "industry", "location": "location", "kind": "kind",
    "fixed_investment_yuan": "fixed_investment_yuan", "contract_amount_yuan": "contract_amount_yuan",
    "expected_output_yuan": "expected_output_yuan", "expected_tax_yuan": "expected_tax_yuan", "jobs": "jobs",
    "land_mode": "land_mode", "land_mu": "land_mu", "plant_area_m2": "plant_area_m2", "energy_tce": "energy_tce",
    "signed_on": "signed_on", "planned_start_month": "planned_start_month",
}  # fmt: skip
"""Facts that a lead and its project both have, and how the project calls them."""


def of_project(desk: Desk, project_id: int) -> int | None:
    """The lead that became this project; None for one that began in a ledger."""
    rows = desk.select(
        Lead,
        "of_project",
        lambda q, t: q.where(t.c.project_id == sa.bindparam("project")).order_by(t.c.id),
        {"project": project_id},
        columns=("id",),
    )
    return rows[0][0] if rows else None


def overlaid(desk: Desk, found: list[Record]) -> list[Record]:
    """Records of leads with what their projects say now."""
    ids = {lead["project_id"] for lead in found if lead["project_id"] is not None}
    rows: list[Project] = by_ids(desk, Project, "of_leads", "id", ids, deleted="with")
    known: Mapping[int, Project] = {row.id or 0: row for row in rows}
    return [
        {**lead, **{ours: getattr(known[lead["project_id"]], theirs) for ours, theirs in SHARED.items()}}
        if lead["project_id"] in known
        else lead
        for lead in found
    ]


def refuse_shared(lead: Lead, names: Iterable[str]) -> None:
    """What the project says is changed there, once there is one. Raises Invalid ``said_by_project``."""
    if lead.project_id is None:
        return
    shared = [name for name in names if name in SHARED]
    if shared:
        raise Invalid(
            "This lead stands in a ledger; change this at its project",
            code="said_by_project",
            problems=[Problem(f"/{n}", "said_by_project", "Change this at the project") for n in shared],
        )


def facts(desk: Desk, lead: Lead) -> Mapping[str, Any]:
    """What a lead says, with what its project says instead: for the conditions of a stage."""
    rows: list[Project] = by_ids(desk, Project, "of_leads", "id", [lead.project_id or 0], deleted="with")
    if not rows or lead.project_id is None:
        return lead.__dict__
    return lead.__dict__ | {ours: getattr(rows[0], theirs) for ours, theirs in SHARED.items()}
