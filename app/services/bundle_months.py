"""What the parts of a bundle report of a period, added up: the bundle's own line in the month's grid."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.models import Project
from app.rules.codes import Relation
from app.rules.family import spends, told_sums
from app.rules.ledgers import LEFT
from app.services import reports
from app.services.naming import by_ids

Record = dict[str, Any]


def sums(desk: Desk, projects: list[Project], period: Record) -> dict[int, Record]:
    """Bundle → ``of`` how many parts, how many ``known`` by amount, and the amounts; only where its money is that of its
    parts. What a year has cost counts from the last report of it, an amount of the month from the month's own;
    ``before_yuan`` is what the reports before these said of their months."""
    bundles = [p.id or 0 for p in projects if p.part_count and spends(told_sums(p.family_sums))]
    parts: list[Project] = by_ids(desk, Project, "parts", "parent_id", bundles)
    parts = [p for p in parts if p.relation == Relation.PART and p.disposition not in LEFT]
    told = reports.told(desk, parts, period["month"])
    return {
        bundle: _added([told[part.id or 0] for part in parts if part.parent_id == bundle], period["month"])
        for bundle in bundles
    }


def _added(told: list[list[Record]], month: str) -> Record:
    amounts: dict[str, list[int]] = {name: [] for name in reports.AMOUNTS}
    for of_part in told:
        if not of_part:
            continue
        newest = of_part[0]
        for name, found in amounts.items():
            of_year = name == "cumulative_this_year_yuan" and newest["month"][:4] == month[:4]
            if newest[name] is not None and (of_year or newest["month"] == month):
                found.append(newest[name])
    earlier = [next((r for r in of_part if r["month"] < month), None) for of_part in told]
    before = [r["invested_yuan"] for r in earlier if r is not None and r["invested_yuan"] is not None]
    return {
        "of": len(told),
        "before_yuan": sum(before) if before else None,
        "known": {name: len(found) for name, found in amounts.items()},
        **{name: sum(found) if found else None for name, found in amounts.items()},
    }
