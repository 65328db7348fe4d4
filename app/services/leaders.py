"""The monthly ten of one sponsor leader, and all leaders side by side: counted from the rows of the projects they answer for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.models import Project
from app.models.counted import counts, counts_officially
from app.rules.access import Act
from app.rules.codes import Ledger
from app.rules.dated import BUILT
from app.services import ledgers, monthly
from app.services.asking import Asked
from app.services.counted_rows import counted


def figures(desk: Desk, ids: Sequence[int] | None, leader: str) -> monthly.Figures:
    """Every dated fact of a leader's projects by month, as ``monthly.figures`` has it for zones."""
    found = counted(desk, ("of leader", ids is None), _his(desk, ids), _values(desk, ids, leader))
    return monthly.by_fact(found)


def _his(desk: Desk, ids: Sequence[int] | None) -> Any:
    def where(query: Any, table: Any) -> Any:
        query = query.where(table.c.sponsor_leader == sa.bindparam("leader"))
        return query if ids is None else query.where(in_zones(table.c.zone_id, desk.link.dialect, "zones_"))

    return where


def _values(desk: Desk, ids: Sequence[int] | None, leader: str) -> dict[str, Any]:
    return {"leader": leader} | ({} if ids is None else {"zones_": zones_value(desk.link.dialect, ids)})


def heads(desk: Desk, code: str | None, leader: str) -> dict[str, dict[str, Any]]:
    """The four ledgers of a leader's projects in numbers and money."""
    asked = Asked(zones=(code,) if code else None, filters=(("sponsor_leader", "eq", leader),))
    cells = {key[0]: counted for key, counted in ledgers.grouped(desk, asked, ("ledger",)).items()}
    return {ledger.value: ledgers.head(cells.get(ledger.value)) for ledger in Ledger}


def ten(desk: Desk, code: str | None, leader: str, month: str | None = None) -> dict[str, Any]:
    """The monthly ten of the projects that a leader answers for, in a zone or in all zones she sees; the month shown is
    that of these zones."""
    ids = monthly.zone_ids(desk, code)
    shown = month or monthly.month_shown(desk, monthly.figures(desk, ids))
    return monthly.told(desk, figures(desk, ids, leader), shown, heads(desk, code, leader))


# ── all of them ──────────────────────────────────────────────────────────────────────────────────────────────────────
COLUMNS = (*(ledger.value for ledger in Ledger), "red", "yellow", "total", "planned", "done")


def table(desk: Desk, code: str | None = None) -> dict[str, Any]:
    """Every sponsor leader with official counts by ledger, lights of what is in construction and how far the year's plan
    is done; the one with most red lights first. Projects without a leader stand together at the end."""
    desk.ask(Act.REGISTER_READ)
    ids = monthly.zone_ids(desk, code)
    month = monthly.month_shown(desk, monthly.figures(desk, ids))

    def build(query: Any, t: Any) -> Any:
        query = query.where(counts(t)).group_by(t.c.sponsor_leader)
        return query if ids is None else query.where(in_zones(t.c.zone_id, desk.link.dialect, "zones_"))

    values = {"year": int(month[:4])} | ({} if ids is None else {"zones_": zones_value(desk.link.dialect, ids)})
    rows = desk.select(Project, ("leaders", ids is None), build, values, columns=_columns)
    items = [_line(row, month) for row in rows]
    items.sort(key=lambda line: (line["leader"] is None, -line["red"], -line["in_construction"], line["leader"] or ""))
    return {"month": month, "items": items}


def _columns(t: Any) -> list[Any]:
    official = counts_officially(t)
    building = t.c.ledger == Ledger.IN_CONSTRUCTION.value
    built = sa.and_(
        official,
        sa.or_(*(t.c.ledger == ledger for ledger in BUILT)),
        t.c.annual_plan_yuan.is_not(None),
        t.c.plan_year == sa.bindparam("year"),
    )

    def total(when: Any, value: Any = 1) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((when, value), else_=0)), 0)

    return [
        t.c.sponsor_leader,
        *(total(sa.and_(official, t.c.ledger == ledger.value)) for ledger in Ledger),
        *(total(sa.and_(building, t.c.light == colour)) for colour in ("red", "yellow")),
        total(sa.and_(official, building), t.c.total_investment_yuan),
        total(built, t.c.annual_plan_yuan),
        total(built, t.c.invested_this_year_yuan),
    ]


def _line(row: tuple[Any, ...], month: str) -> dict[str, Any]:
    line = dict(zip(COLUMNS, map(int, row[1:]), strict=True))
    planned, done = ({"count": 0, "sum": line[name], "known": 1} for name in ("planned", "done"))
    return {"leader": row[0], **line, "pace": monthly.pace_of(planned, done, month, of=0)}
