"""Plans and money spent of invented projects: most keep the pace, some lag, a few lag badly."""

from __future__ import annotations

import random
from typing import Any

from app.rules.money import due_share, months_between

WAN = 10_000
STEP = 10 * WAN


def opening_of(row: dict[str, Any], month: str, rng: random.Random) -> dict[str, Any]:
    """Annual plan and opening of a project under construction, as of the end of ``month``.

    ``lagging`` says whether it is well behind. Together the amounts stay below the total.
    """
    total, year, began = row["total_investment_yuan"], month[:4], row["started_on"][:7]
    before = 0 if began[:4] == year else _round(total * min(0.55, 0.04 * months_between(began, f"{year}-01")))
    plan = max(100 * WAN, _round((total - before) * rng.uniform(0.45, 0.8)))
    due = float(due_share(month, planned_start_month=row["planned_start_month"]))
    behind, lagging = _behind(rng)
    this_year = _round(plan * max(0.02, due - behind)) if due else 0
    this_year = min(this_year, total - before)
    months = max(1, months_between(max(began, f"{year}-01"), month) + 1)
    return {
        "plan_year": int(year),
        "annual_plan_yuan": None if rng.random() < 0.06 else plan,
        "opening_month": month,
        "opening_before_year_yuan": before,
        "opening_this_year_yuan": this_year,
        "month_invested_yuan": None if rng.random() < 0.06 else _round(this_year / months * rng.uniform(0.5, 1.4)),
        "lagging": lagging,
    }


def _behind(rng: random.Random) -> tuple[float, bool]:
    """How far behind the plan, as a share of it (below zero: ahead), and whether that is much."""
    fate = rng.random()
    if fate < 0.72:
        return rng.uniform(-0.12, 0.08), False
    if fate < 0.91:
        return rng.uniform(0.11, 0.29), True
    return rng.uniform(0.32, 0.5), True


def _round(yuan: float) -> int:
    return int(yuan) // STEP * STEP
