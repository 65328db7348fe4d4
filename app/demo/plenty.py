"""Very many invented rows, cheaply: for the benchmark and for ledgers of thousands of rows.

Every row is a demo project with another zone, name, amount and people, so dates, states and amounts stay consistent.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from app.demo import wares
from app.demo.projects import DEMO, SIZES, projects
from app.rules.codes import ZoneKind, ZoneLevel

WAN = 10_000
TIES = ("key", "parent_key", "relation", "phase_no", "has_phases", "evidence", "month_invested_yuan")
"""What ties a row to others or is not a column: left out here."""


def many_zones(number: int) -> list[dict[str, Any]]:
    """So many invented zones, with codes of no real region."""
    return [
        {
            "code": f"{900_000 + at:06d}-OTHER",
            "name": f"第 {at + 1} 开发区{DEMO}",
            "short_name": f"{at + 1} 区{DEMO}",
            "level": ZoneLevel.PROVINCIAL,
            "kind": ZoneKind.OTHER,
        }
        for at in range(number)
    ]


def many_projects(number: int, zone_codes: list[str], seed: int) -> Iterator[dict[str, Any]]:
    """``number`` rows with the column names of the register and ``zone``, evenly over the zones, all names different."""
    rng = random.Random(f"plenty/{seed}")
    patterns = [_pattern(row) for zone in SIZES for row in projects(zone, seed)]
    stems, sectors, goods = _words()
    for at in range(number):
        row = dict(patterns[int(rng.random() * len(patterns))])
        firm = stems[int(rng.random() * len(stems))] + sectors[int(rng.random() * len(sectors))]
        row["name"] = f"{firm}{goods[int(rng.random() * len(goods))]}{at}号{DEMO}"
        if row["investor_name"]:
            row["investor_name"] = f"{firm}有限公司{DEMO}"
        if row["total_investment_yuan"] is not None:
            row["total_investment_yuan"] += int(rng.random() * 5_000) * WAN
        row["zone"] = zone_codes[at % len(zone_codes)]
        yield row


def _pattern(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in TIES and name != "national_code"}


def _words() -> tuple[tuple[str, ...], list[str], list[str]]:
    sectors = sorted({sector for firms, _ in wares.WARES.values() for sector in firms})
    goods = sorted({good for _, made in wares.WARES.values() for good, _ in made})
    return wares.STEMS, sectors, goods
