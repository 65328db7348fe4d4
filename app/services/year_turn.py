"""The turn of the year in the rows: what is unfinished is carried over, and shows the new year with a plan yet to come.

Until a person opens the year for its zone, a ledger goes on showing December, whatever the calendar says. What was planned
for the year before stays among the versions of plans; what was spent in it becomes what was spent before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.errors import Conflict
from app.models import Project, ZoneYear
from app.rules.codes import Ledger
from app.rules.counting import why_not_counted
from app.rules.gathering import turn_own
from app.rules.ledgers import LEFT
from app.services import opened_years, plan_versions, reports


def to_carry(table: Any) -> Any:
    """The condition of a project that shows an earlier year and is not finished. In reserve and before the start only those
    that show a year at all are concerned."""
    c = table.c
    shows = sa.or_(c.plan_year.is_not(None), c.figures_month.is_not(None), c.opening_month.is_not(None))
    return sa.and_(
        *(c.disposition != gone.value for gone in sorted(LEFT)),
        c.ledger != Ledger.COMPLETED.value,
        sa.or_(c.ledger == Ledger.IN_CONSTRUCTION.value, shows),
        sa.or_(c.plan_year.is_(None), c.plan_year < sa.bindparam("year")),
    )


def waiting(desk: Desk, year: int) -> dict[int, int]:
    """How many projects of each zone would be carried over."""
    rows = desk.select(
        Project, "to carry by zone", lambda q, t: q.where(to_carry(t)).group_by(t.c.zone_id), {"year": year},
        columns=lambda t: [t.c.zone_id, sa.func.count()],
    )  # fmt: skip
    return dict(rows)


def shows_earlier(desk: Desk, year: int) -> bool:
    """Does any project still show the plan of an earlier year?"""
    found = desk.select(
        Project, "shows earlier",
        lambda q, t: q.where(to_carry(t), t.c.plan_year.is_not(None)).limit(1), {"year": year}, columns=("id",),
    )  # fmt: skip
    return bool(found)


def carry(desk: Desk, year: int, zone_ids: Iterable[int], by: str) -> None:
    """Open a year for these zones: all that is unfinished goes with it, in the act under way."""
    ids = sorted(zone_ids)
    rows = desk.rows(
        Project, "to carry",
        lambda q, t: q.where(in_zones(t.c.zone_id, desk.link.dialect, "zones_"), to_carry(t)),
        {"zones_": zones_value(desk.link.dialect, ids), "year": year},
    )  # fmt: skip
    carried = dict.fromkeys(ids, 0)
    for row in rows:
        carried[row.zone_id] += _is_carried_over(row, year)
    turn(desk, rows, year)
    facts: dict[str, Any] = {"opened_on": desk.today, "opened_by": by, "reason": desk.reason}
    desk.keep([ZoneYear(zone_id=id_, year=year, carried=carried[id_], **facts) for id_ in ids])


def _is_carried_over(row: Project, year: int) -> bool:
    """Is it one of those that a ledger counts as 续建 in this year?"""
    begun = row.started_on is None or int(row.started_on[:4]) < year
    return row.ledger == Ledger.IN_CONSTRUCTION and begun and why_not_counted(vars(row)) is None


def turn(desk: Desk, rows: list[Project], year: int) -> None:
    """Show these projects in a year: nothing is planned for it unless it was planned already, and what was called new or
    completing by hand was so in the year before."""
    for row in rows:
        row.plan_year, row.annual_plan_yuan, row.nature_by_hand = year, None, None
        turn_own(row, year)
    desk.keep(rows)
    plan_versions.follow(desk, rows, ["plan_year"])
    reported = [row for row in rows if row.figures_month is not None]
    reports.follow(desk, reported)
    _above_zero(reported)
    desk.keep(reported)


def _above_zero(rows: list[Project]) -> None:
    """Refuse a year that would begin below zero: somebody took back, in its first months, what was spent before it."""
    wrong = [row for row in rows if (row.invested_this_year_yuan or 0) < 0 or (row.invested_to_date_yuan or 0) < 0]
    if wrong:
        raise Conflict(
            "The year would begin below zero: {projects}. Correct December instead of the month that takes it back",
            code="below_zero", projects=", ".join(row.name for row in wrong[:10]),
            extra={"projects": [{"id": row.id, "name": row.name} for row in wrong]},
        )  # fmt: skip


def bring_up(desk: Desk, project: Project) -> None:
    """A project that comes back into the ledgers shows the year that they show by now."""
    year = opened_years.of(desk, project.zone_id)
    left = project.disposition in {gone.value for gone in LEFT} or project.deleted_at is not None
    if year is None or left or project.ledger == Ledger.COMPLETED or (project.plan_year or 9999) >= year:
        return
    turn(desk, [project], year)
