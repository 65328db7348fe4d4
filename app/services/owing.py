"""Who owes a report: projects that were being built in a period. One condition for the grid, the late list and the city."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.models import Project, Report
from app.rules.calendar import last_day
from app.rules.codes import Ledger
from app.rules.ledgers import LEFT

Record = dict[str, Any]


def days_of(period: Mapping[str, Any]) -> Record:
    """What the condition is asked with."""
    month = period["month"]
    days = {"first_day": f"{period['first_month']}-01", "last_day": last_day(month), "month": month}
    return {**days, "summed": '%"invested_to_date_yuan"%'}


def listed(table: Any) -> Any:
    """It stands in a ledger, and is no heading whose phases report."""
    return sa.and_(*(table.c.disposition != gone.value for gone in sorted(LEFT)), table.c.has_phases.is_(sa.false()))


def owes(desk: Desk, table: Any) -> Any:
    """It was being built in the period and its figures are not part of an opening. A bundle reports, not its parts, until
    it sums what was spent on them: then they do."""
    first: Any = sa.bindparam("first_day")
    last: Any = sa.bindparam("last_day")
    month: Any = sa.bindparam("month")
    c = table.c
    building = sa.and_(c.ledger == Ledger.IN_CONSTRUCTION.value, sa.or_(c.started_on.is_(None), c.started_on <= last))
    finished = sa.and_(c.ledger == Ledger.COMPLETED.value, c.completed_on >= first)
    return sa.and_(
        listed(table),
        sa.not_(_sums_its_spending(table)),
        sa.or_(c.relation.is_(None), c.relation != "part", _is_summed(desk, table)),
        sa.or_(building, finished),
        sa.or_(c.opening_month.is_(None), c.opening_month < month),
    )


def _sums_its_spending(table: Any) -> Any:
    """Its money spent is that of its phases or parts (``rules.family.spends``, as a condition)."""
    return sa.func.coalesce(table.c.family_sums, sa.literal_column("''")).like(sa.bindparam("summed"))


def _is_summed(desk: Desk, table: Any) -> Any:
    parent = table.alias("whole_")
    here = [parent.c.id == table.c.parent_id, _sums_its_spending(parent)]
    if desk.seq is not None:
        here += [parent.c.since <= sa.bindparam("desk_seq"), parent.c.until > sa.bindparam("desk_seq")]
    return sa.exists().where(*here)


def counts(desk: Desk, period: Mapping[str, Any]) -> dict[int, int]:
    """How many reports each zone owes."""
    rows = desk.select(
        Project, "owing", lambda q, t: q.where(owes(desk, t)).group_by(t.c.zone_id), days_of(period),
        columns=lambda t: [t.c.zone_id, sa.func.count()],
    )  # fmt: skip
    return dict(rows)


def reported(desk: Desk, period: Mapping[str, Any]) -> dict[int, dict[str, int]]:
    """Zone → state → how many of the reports owed are there."""
    table = desk.table(Project).alias("owing")

    def of_those(q: Any, t: Any) -> Any:
        here = [table.c.id == t.c.project_id, table.c.deleted_at.is_(None), owes(desk, table)]
        if desk.seq is not None:
            here += [table.c.since <= sa.bindparam("desk_seq"), table.c.until > sa.bindparam("desk_seq")]
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
