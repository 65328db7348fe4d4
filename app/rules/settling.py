"""What is derived from a project's own facts whenever it is written: money spent, nature, light."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from app.rules.family import spends, told_sums
from app.rules.ledgers import nature
from app.rules.lights import LightFacts, Lit, light
from app.rules.money import Opening, spent


def year_shown(row: Any, today: str) -> int:
    """The year whose figures the row shows: its plan's, else its opening's, else the calendar's."""
    if row.plan_year:
        return int(row.plan_year)
    return int((row.opening_month or row.figures_month or today)[:4])


def derive(row: Any, today: str, rules: Mapping[str, Any]) -> None:
    """Fill the derived columns of a project row from its own facts. ``today`` is the day of the act, ``2026-06-30``;
    ``rules`` are the light rules in force."""
    if row.annual_plan_yuan is not None and row.plan_year is None:
        row.plan_year = int((row.opening_month or today)[:4])
    if row.first_annual_plan_yuan is None:
        row.first_annual_plan_yuan = row.annual_plan_yuan
    year = year_shown(row, today)
    found = nature(
        row.ledger,
        year,
        started_on=row.started_on,
        completed_on=row.completed_on,
        planned_completion_month=row.planned_completion_month,
    )
    row.construction_nature = row.nature_by_hand or (found and found.value)
    _money(row, year)
    _light(row, today, rules)


def _money(row: Any, year: int) -> None:
    """Without monthly reports the opening is all that is known; without one the amounts are unknown, never zero.

    With reports or with children that were spent on the amounts follow from other rows: ``services.reports`` and
    ``rules.gathering`` have written them.
    """
    if row.figures_month is not None or spends(told_sums(row.family_sums)):
        return
    if row.opening_month is None:
        row.invested_before_this_year_yuan = row.invested_this_year_yuan = row.invested_to_date_yuan = None
        return
    opening = Opening(row.opening_month, row.opening_before_year_yuan, row.opening_this_year_yuan)
    month = row.opening_month if int(row.opening_month[:4]) >= year else f"{year}-01"
    found = spent(month, opening, (), zone_live_from=row.opening_month)
    row.invested_before_this_year_yuan = found.before_this_year_yuan
    row.invested_this_year_yuan = found.this_year_yuan
    row.invested_to_date_yuan = found.to_date_yuan


def judged(row: Any, today: str, rules: Mapping[str, Any]) -> Lit:
    """The light of a project's row on this day under these rules; the row stays as it is."""
    facts = LightFacts(
        ledger=row.ledger,
        disposition=row.disposition,
        planned_start_month=row.baseline_start_month or row.first_planned_start_month or row.planned_start_month,
        first_start_month=row.first_planned_start_month,
        postponements=row.postponements,
        started_on=row.started_on,
        registered_in_statistics_on=row.registered_in_statistics_on,
        total_investment_yuan=row.total_investment_yuan,
        plan_year=row.plan_year,
        annual_plan_yuan=None if row.annual_plan_yuan is None else plan_judged_by(row),
        plan_changed=row.annual_plan_yuan != plan_judged_by(row),
        plan_months=months_of_plan(row.plan_months),
        this_year_yuan=row.invested_this_year_yuan,
    )
    return light(facts, today, row.figures_month or row.opening_month, rules)


def _light(row: Any, today: str, rules: Mapping[str, Any]) -> None:
    """The light on the day of the act, its reason as code and numbers, and the day on which it turns by itself."""
    lit = judged(row, today, rules)
    row.light = lit.colour.value
    row.light_reason = orjson.dumps(lit.reason, option=orjson.OPT_SORT_KEYS).decode()
    row.light_turns_on = lit.turns_on


def plan_judged_by(row: Any) -> int | None:
    """The annual plan by which the pace is judged: the first of the year, unless the city office accepted another."""
    found: int | None = row.first_annual_plan_yuan if row.baseline_plan_yuan is None else row.baseline_plan_yuan
    return found


def months_of_plan(stored: str | None) -> dict[int, int] | None:
    """The plan by month, as a row keeps it: ``{"1": 400, "2": …}``."""
    return {int(month): amount for month, amount in orjson.loads(stored).items()} if stored else None
