"""Random projects, families and monthly reports, entered and changed: what the figures of the month are tried on."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from app import clock
from app.db import house
from app.desk import Desk
from app.models import Project, Report
from app.rules.access import Act
from app.rules.money import next_month
from tests.cast import Cast

TODAY = clock.today()
MONTH, YEAR = TODAY[:7], TODAY[:4]


def facts(chance: random.Random) -> dict[str, Any]:
    def day() -> str | None:
        on = date.fromisoformat(TODAY) - timedelta(days=chance.randrange(800))
        return on.isoformat() if chance.random() < 0.6 else None

    def yuan() -> int | None:
        return chance.choice([None, 0, 4_999_999, 5_000_000, chance.randrange(10**10)])

    def month(by: int = 0) -> str | None:
        return next_month(MONTH, -chance.randrange(16) + by) if chance.random() < 0.7 else None

    return {
        "ledger": chance.choice(["reserve", "upcoming", "in_construction", "in_construction", "completed"]),
        "disposition": chance.choice(["active"] * 5 + ["suspended", "deferred", "lost", "withdrawn"]),
        "relation": chance.choice([None] * 6 + ["part", "phase", "expansion"]),
        "has_phases": chance.random() < 0.1,
        "pending": chance.random() < 0.2,
        "disposition_on": day(),
        "signed_on": day(),
        "started_on": day(),
        "completed_on": day(),
        "in_production_on": day(),
        "registered_in_statistics_on": day(),
        "first_planned_start_month": month(6),
        "planned_start_month": month(9),
        "baseline_start_month": month(8) if chance.random() < 0.4 else None,
        "plan_year": chance.choice([None, int(YEAR), int(YEAR) - 1]),
        "annual_plan_yuan": yuan(),
        "contract_amount_yuan": yuan(),
        "total_investment_yuan": yuan(),
        "figures_month": month(),
        "opening_month": month(),
        "invested_this_year_yuan": yuan(),
        "invested_this_month_yuan": chance.choice([None, -5, 7, 10**8]),
        "problems_own": chance.choice([None, "无", "土地未批"]),
        "problems_government": chance.choice([None, None, "无", "用电报装"]),
    }


def said(chance: random.Random) -> dict[str, Any]:
    """What a report says: the month's amount or the year's cumulative, or neither."""
    amounts: dict[str, Any] = {"invested_yuan": chance.choice([0, 5, 10**7, -3])} if chance.random() < 0.6 else {}
    if not amounts and chance.random() < 0.7:
        amounts = {"cumulative_this_year_yuan": chance.choice([0, 9, 10**8])}
    return {
        "state": chance.choice(["draft", "submitted", "confirmed", "returned"]),
        "funds_in_place_yuan": chance.choice([None, None, 0, 3 * 10**6]),
        "foreign_utilised_usd": chance.choice([None, None, 70_000]),
        "problems_own": chance.choice([None, None, "无", " 已解决。", "土地未批"]),
        "problems_government": chance.choice([None, None, None, "None", "用电报装"]),
        "invested_yuan": None,
        "cumulative_this_year_yuan": None,
        **amounts,
    }


def _tie(row: Project, parent: Project | None = None) -> None:
    """A relation holds to a parent of the same zone, or there is none."""
    if parent is not None and row.relation in ("part", "phase"):
        row.parent_id, row.zone_id = parent.id, parent.zone_id
    elif row.parent_id is None:
        row.relation = None


def sow(cast: Cast, seed: int = 41, projects: int = 90) -> None:
    """Projects in both zones with reports of the last months: entered, some changed, moved, made parts, deleted."""
    chance = random.Random(seed)
    zones = [cast.east, cast.west]

    def enter(desk: Desk) -> list[int]:
        desk.ask(Act.PROJECT_CREATE)
        rows = [Project(name=f"P{n}", zone_id=chance.choice(zones), **facts(chance)) for n in range(projects)]
        desk.keep(rows)
        wholes = rows[: projects // 10]
        for row in rows:
            parent = None if row in wholes else chance.choice(wholes)
            _tie(row, parent)
        desk.keep(rows)
        months = [next_month(MONTH, -n) for n in range(16)]
        for row in rows:
            some = chance.sample(months, chance.choice([0, 0, 1, 3, 8]))
            desk.keep([Report(zone_id=row.zone_id, project_id=row.id or 0, month=m, **said(chance)) for m in some])
        return [row.id or 0 for row in rows]

    ids = cast.database.act_now(house(), enter).value

    def change(desk: Desk) -> None:
        desk.ask(Act.PROJECT_AMEND)
        rows = [desk.get(Project, id_, deleted=True) for id_ in chance.sample(ids, projects // 4)]
        for row in rows:
            for name, value in facts(chance).items():
                setattr(row, name, value)
            _tie(row)
            row.deleted_at = desk.now if chance.random() < 0.2 else None
        desk.keep(rows)
        reports = desk.rows(Report, "all", lambda q, t: q.order_by(t.c.id), deleted="with")
        for report in (some := chance.sample(reports, len(reports) // 4)):
            for name, value in said(chance).items():
                setattr(report, name, value)
            report.deleted_at = desk.now if chance.random() < 0.2 else None
        desk.keep(some)

    for _ in range(2):
        cast.database.act_now(house(), change)
