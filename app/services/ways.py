"""The leads with their ways through the stages, as the funnel reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.models import Lead, LeadMove, Project
from app.rules.counting import GONE
from app.rules.dated import BUILT
from app.rules.funnel import Way
from app.services import industries

Record = dict[str, Any]
LEAD = (
    "id", "zone_id", "project_id", "disposition", "disposition_on", "disposition_reason", "lost_to", "channel", "industry",
    "industry_code", "signed_on", "intended_amount_yuan", "contract_amount_yuan",
)  # fmt: skip
PROJECT = (
    "id", "parent_id", "relation", "ledger", "pending", "started_on", "disposition", "disposition_on", "disposition_reason",
    "destination", "signed_on", "contract_amount_yuan",
)  # fmt: skip


def ways(desk: Desk, ids: Sequence[int] | None) -> list[Way]:
    """Every lead of these zones (None: all she sees) with the stages it entered. What stands in a ledger goes by its
    project: its start is the last stage, and what was decided about it holds."""
    values = {} if ids is None else {"zones_": zones_value(desk.link.dialect, ids)}

    def build(query: Any, table: Any) -> Any:
        return query if ids is None else query.where(in_zones(table.c.zone_id, desk.link.dialect, "zones_"))

    rows = desk.select(Lead, ("ways", ids is None), build, values, columns=LEAD)
    leads = [dict(zip(LEAD, row, strict=True)) for row in rows]
    moved: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for lead_id, stage, on in desk.select(
        LeadMove, ("ways", ids is None), lambda q, t: build(q, t).order_by(t.c.happened_on, t.c.id), values,
        columns=("lead_id", "to_stage", "happened_on"),
    ):  # fmt: skip
        moved[lead_id].append((stage, on))
    projects = _projects(desk, sorted({lead["project_id"] for lead in leads if lead["project_id"] is not None}))
    names = {entry["code"]: entry["name"] for entry in industries.list_(desk)}
    return [_way(lead, moved[lead["id"]], projects.get(lead["project_id"], []), names) for lead in leads]


def _projects(desk: Desk, ids: Sequence[int]) -> dict[int, list[Record]]:
    """Project → its own row first, then those of its phases and parts."""
    if not ids:
        return {}

    def build(query: Any, table: Any) -> Any:
        own = in_zones(table.c.id, desk.link.dialect, "ids_")
        phase = table.c.relation.in_((sa.literal_column("'phase'"), sa.literal_column("'part'")))
        child = sa.and_(phase, in_zones(table.c.parent_id, desk.link.dialect, "ids_"))
        return query.where(sa.or_(own, child))

    rows = desk.select(
        Project, "of ways", build, {"ids_": zones_value(desk.link.dialect, ids)}, columns=PROJECT
    )  # fmt: skip
    found: dict[int, list[Record]] = {}
    wanted = set(ids)
    for row in sorted((dict(zip(PROJECT, row, strict=True)) for row in rows), key=lambda one: one["id"] not in wanted):
        found.setdefault(row["id"] if row["id"] in wanted else row["parent_id"], []).append(row)
    return found


def _way(
    lead: Mapping[str, Any], moved: list[tuple[str, str]], works: Sequence[Record], names: Mapping[str, str]
) -> Way:
    project = works[0] if works else None
    started = [w["started_on"] for w in works if w["ledger"] in BUILT and w["started_on"] and not w["pending"]]
    entered = [*moved, ("started", min(started))] if started else moved
    said = {
        "disposition": lead["disposition"], "closed_on": lead["disposition_on"], "reason": lead["disposition_reason"],
        "lost_to": lead["lost_to"],
    }  # fmt: skip
    if project is not None:
        gone = project["disposition"] in GONE
        said = {
            "disposition": project["disposition"] if gone else "active",
            "closed_on": project["disposition_on"] if gone else None,
            "reason": project["disposition_reason"] if gone else None,
            "lost_to": project["destination"] if gone else None,
        }
    agreed = lead if project is None else project
    contract = agreed["contract_amount_yuan"]
    return Way(
        lead_id=lead["id"],
        zone_id=lead["zone_id"],
        project_id=None if project is None else project["id"],
        entered=tuple(sorted(entered, key=lambda step: step[1])),
        definitive_on=agreed["signed_on"],
        channel=lead["channel"],
        industry=names.get(lead["industry_code"] or "", lead["industry"]),
        amount=contract if contract is not None else lead["intended_amount_yuan"],
        **said,
    )
