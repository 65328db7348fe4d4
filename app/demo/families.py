"""Relatives among invented projects: an expansion of a finished plant, a contract in two phases, a bundle of parts."""

from __future__ import annotations

import random
from typing import Any

from app.rules.codes import Kind, Ledger, Relation

Row = dict[str, Any]
SHARED = (
    "investor_name",
    "industry",
    "industry_code",
    "sponsor_leader",
    "responsible_unit",
    "responsible_person",
    "phone",
)
SUMMED = ("total_investment_yuan", "annual_plan_yuan", "opening_before_year_yuan", "opening_this_year_yuan")
FEWEST = 6
"""A ledger with fewer rows than this keeps to single projects."""


def relate(rows: list[Row], rng: random.Random) -> None:
    """Tie some of the rows together, in place; their number does not change."""
    of = {ledger: [r for r in rows if r["ledger"] == ledger and r["disposition"] == "active"] for ledger in Ledger}
    for ledger_rows in of.values():
        rng.shuffle(ledger_rows)
    if min(map(len, of.values())) < FEWEST:
        return
    for _ in range(2):
        _expansion(of[Ledger.COMPLETED].pop(), of[Ledger.UPCOMING].pop())
    building = of[Ledger.IN_CONSTRUCTION]
    _phases(building.pop(), [of[Ledger.COMPLETED].pop(), building.pop()])
    if len(building) >= 2 * FEWEST:
        _parts(building.pop(), [building.pop() for _ in range(3)])


def _child(parent: Row, child: Row, relation: Relation) -> None:
    child |= {name: parent[name] for name in SHARED} | {"parent_key": parent["key"], "relation": relation}


def _expansion(parent: Row, child: Row) -> None:
    """New money beyond the contract: its total is the increment, the finished parent stays where it is."""
    _child(parent, child, Relation.EXPANSION)
    child |= {
        "name": f"{parent['name']}扩建",
        "kind": Kind.EXPANSION,
        "content": f"在现有厂区内扩建，{parent['content']}",
    }


def _phases(heading: Row, phases: list[Row]) -> None:
    """One contract in phases: the heading keeps contract amount and day of signing, its amounts are the sums."""
    name = heading["name"]
    heading["signed_on"] = min(row["signed_on"] for row in (heading, *phases))
    for number, phase in enumerate(phases, 1):
        _child(heading, phase, Relation.PHASE)
        phase |= {
            "phase_no": number,
            "name": f"{name}（{'一二三四'[number - 1]}期）",
            "signed_on": heading["signed_on"],
        }
        phase |= {"contract_amount_yuan": None, "content": heading["content"]}
    heading["contract_amount_yuan"] = sum(phase["total_investment_yuan"] for phase in phases)
    _sum_up(heading, phases)
    heading["has_phases"] = True


def _parts(bundle: Row, parts: list[Row]) -> None:
    """Parts of a bundle report for themselves and are never counted; the bundle counts, with the sums."""
    name = bundle["name"]
    for part, what in zip(parts, ("生产车间", "公用工程", "研发检测楼"), strict=True):
        _child(bundle, part, Relation.PART)
        part |= {"name": f"{name}{what}子项", "contract_amount_yuan": None}
        if part["annual_plan_yuan"] is None:
            part["annual_plan_yuan"] = part["opening_this_year_yuan"] // 80_000 * 100_000
    _sum_up(bundle, parts)


def _sum_up(parent: Row, children: list[Row]) -> None:
    for name in SUMMED:
        known = [child[name] for child in children if child.get(name) is not None]
        parent[name] = sum(known) if known else None
