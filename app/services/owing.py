"""Who owes a report of a period and who has given one: one condition for the grid, the late list, the city and the overview.

The same is counted in the sums by month (``rules.owing``, ``rules.reported``), so that the first screen need not ask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.models import Project, Report
from app.rules.calendar import last_day
from app.rules.codes import Ledger, ReportState
from app.rules.ledgers import LEFT

Record = dict[str, Any]


def days_of(period: Mapping[str, Any]) -> Record:
    """What the condition is asked with."""
    month, first = period["month"], period["first_month"]
    return {"first_day": f"{first}-01", "last_day": last_day(month), "month": month}


def listed(table: Any) -> Any:
    """It stands in a ledger, and is no heading whose phases report."""
    return sa.and_(*(table.c.disposition != gone.value for gone in sorted(LEFT)), table.c.has_phases.is_(sa.false()))


def owes(table: Any) -> Any:
    """The condition of a project that owes a report of the period: ``rules.owing.months_owed`` for the database."""
    first: Any = sa.bindparam("first_day")
    last: Any = sa.bindparam("last_day")
    month: Any = sa.bindparam("month")
    c = table.c
    completed = _month(c.completed_on)
    finished = sa.and_(
        c.ledger == Ledger.COMPLETED.value,
        c.completed_on >= first,
        sa.or_(c.started_on.is_(None), _month(c.started_on) <= completed),
        sa.or_(c.opening_month.is_(None), c.opening_month < completed),
    )
    return sa.and_(
        listed(table),
        sa.or_(c.part_count.is_(None), c.part_count == 0),
        sa.or_(c.ledger == Ledger.IN_CONSTRUCTION.value, finished),
        sa.or_(c.started_on.is_(None), c.started_on <= last),
        sa.or_(c.opening_month.is_(None), c.opening_month < month),
    )


def _month(column: Any) -> Any:
    return sa.func.substr(sa.cast(column, sa.Text), 1, 7)


def has_reported(desk: Desk, table: Any) -> Any:
    """The condition of a project whose report of the period is given; a returned one must be written again."""
    report = desk.table(Report).alias("report_")
    here = [
        report.c.project_id == table.c.id,
        report.c.month == sa.bindparam("month"),
        report.c.deleted_at.is_(None),
        report.c.state != ReportState.RETURNED.value,
    ]
    return sa.exists().where(*here, *desk.then(report))


def counts(desk: Desk, period: Mapping[str, Any]) -> dict[int, int]:
    """How many reports each zone owes."""
    rows = desk.select(
        Project, "owing", lambda q, t: q.where(owes(t)).group_by(t.c.zone_id), days_of(period),
        columns=lambda t: [t.c.zone_id, sa.func.count()],
    )  # fmt: skip
    return dict(rows)


def reported(desk: Desk, period: Mapping[str, Any]) -> dict[int, dict[str, int]]:
    """Zone → state → how many of the reports owed are there."""
    table = desk.table(Project).alias("owing")

    def of_those(q: Any, t: Any) -> Any:
        here = [table.c.id == t.c.project_id, table.c.deleted_at.is_(None), owes(table), *desk.then(table)]
        return (
            q.where(t.c.month == sa.bindparam("month"), sa.exists().where(*here))
            .group_by(t.c.zone_id, t.c.state)
        )  # fmt: skip

    rows = desk.select(
        Report, "reported", of_those, days_of(period), columns=lambda t: [t.c.zone_id, t.c.state, sa.func.count()]
    )
    found: dict[int, dict[str, int]] = {}
    for zone, state, n in rows:
        found.setdefault(zone, {})[state] = n
    return found


# ── from the sums by month ───────────────────────────────────────────────────────────────────────────────────────────
def owed_and_missing(dated: Mapping[Any, Sequence[int]], period: Mapping[str, Any]) -> tuple[int, int]:
    """How many reports are owed and how many of them are missing, from ``(fact, month) → (projects, …)``."""
    if not period.get("owed", True):
        return 0, 0
    first, month = period["first_month"], period["month"]
    owed = given = 0
    for (fact, at), figures in dated.items():
        if fact == "owing_from" and at <= month:
            owed += figures[0]
        elif fact == "owing_until" and at < first:
            owed -= figures[0]
        elif at == month and (fact == "reported" or (fact == "reported_early" and first < month)):
            given += figures[0]
    return owed, owed - given
