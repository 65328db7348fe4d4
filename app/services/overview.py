"""The first screen of leaders: the ledgers by zone, the monthly ten, who stands still, who has not reported.

Read together, so that its figures agree; all of it comes from maintained sums and three short index walks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.desk import Desk
from app.models import Zone
from app.rules.codes import Ledger
from app.rules.counting import LIGHTS
from app.rules.money import next_month
from app.services import ledgers, monthly, periods, waiting
from app.services.ledger_pages import names_of_zones
from app.services.whole_sums import LEDGERS, Cells, Table

AT_ONCE = 50
"""Zones on one page of the table."""
LATE_SHOWN = 10
PLANS = Table(
    "dated_total",
    ("fact", "period"),
    ("projects", "amount_sum", "amount_known"),
    where="zone_id <> 0 AND fact IN ('planned', 'done_of_plan', 'completed', 'reporting')",
)
NOTHING: dict[Any, Any] = {}


@dataclass(frozen=True, eq=False)
class Line:
    """One zone of the table: the same object until one of its figures changes."""

    id: int
    code: str
    name: str
    heads: dict[str, tuple[int, int]]
    """Ledger → official count and pending."""
    total_yuan: int
    """Official total investment in construction."""
    pace: dict[str, Any]
    lights: dict[str, int]
    """Of the projects in construction."""
    expected: int
    missing: int
    """Projects of which a report is due, and of how many it has not come."""


SORTS: dict[str, Callable[[Line], Any]] = {
    "zone": lambda line: line.code,
    **{ledger.value: (lambda line, of=ledger.value: line.heads[of][0]) for ledger in Ledger},  # type: ignore[misc]
    "total": lambda line: line.total_yuan,
    "percent": lambda line: -1 if line.pace["percent"] is None else line.pace["percent"],
    **{colour: (lambda line, of=colour: line.lights[of]) for colour in LIGHTS},  # type: ignore[misc]
    "missing": lambda line: line.missing,
}
"""What the table of zones can be sorted by."""


def overview(desk: Desk, code: str | None = None, sort: str = "-red", skip: int = 0) -> dict[str, Any]:
    """Everything on the page: ``month, opened, locked, heads, before, year_ago, ten, lines, total, late, waiting``.

    ``before`` and ``year_ago`` are the ledgers as they were known then, None when the register did not exist.
    """
    ids = monthly.zone_ids(desk, code)
    found = monthly.figures(desk, ids)
    month = monthly.month_shown(desk, found)
    lines = _lines(desk, ids, month)
    ordered = sorted(lines, key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    zone_id = ids[0] if code and ids else None
    late = sorted((line for line in lines if line.missing), key=lambda line: (-line.missing, line.code))
    stuck = {way: waiting.longest(desk, way, zone_id) for way in waiting.WAITS}
    return {
        "month": month,
        "opened": any(period["month"] == month for period in periods.all_(desk)),
        "locked": any(period["month"] == month and period["locked_act"] for period in periods.all_(desk)),
        "heads": ledgers.heads_of(desk, ids),
        "before": monthly.heads_at(desk, ids, next_month(month, -1)),
        "year_ago": monthly.heads_at(desk, ids, next_month(month, -12)),
        "ten": monthly.told(desk, ids, found, month),
        "lines": ordered[skip : skip + AT_ONCE],
        "total": len(lines),
        "late": late[:LATE_SHOWN],
        "late_count": len(late),
        "waiting": stuck,
        "zone_names": names_of_zones(desk, {row["zone_id"] for rows in stuck.values() for row in rows}),
    }


# ── the table of zones ───────────────────────────────────────────────────────────────────────────────────────────────
_made: dict[int, tuple[Cells, Cells, object, str, Line]] = {}
"""Zone → its line as last made over every zone, with what it was made of: as good as long as that stands."""
_all: list[tuple[object, object, object, str, list[Line]]] = []
"""The last whole table, likewise."""


def _lines(desk: Desk, ids: Sequence[int] | None, month: str) -> list[Line]:
    zones = desk.remembered("zones of the overview", lambda: _zones(desk))
    if ids is not None:
        sums, plans = LEDGERS.of_zones(desk.link, ids), PLANS.of_zones(desk.link, ids)
        return [
            _line(zone, sums.get(zone[0], NOTHING), plans.get(zone[0], NOTHING), month)
            for zone in zones
            if zone[0] in ids
        ]
    sums, plans = LEDGERS.of_all(desk.link).cells, PLANS.of_all(desk.link).cells
    if not _all or _all[0][0] is not sums or _all[0][1] is not plans or _all[0][2] is not zones or _all[0][3] != month:
        _all[:] = [(sums, plans, zones, month, [_known_line(zone, sums, plans, month) for zone in zones])]
    return _all[0][4]


def _known_line(zone: tuple[int, str, str], sums: dict[int, Cells], plans: dict[int, Cells], month: str) -> Line:
    cells, dated = sums.get(zone[0], NOTHING), plans.get(zone[0], NOTHING)
    known = _made.get(zone[0])
    if known is None or known[0] is not cells or known[1] is not dated or known[2] != zone or known[3] != month:
        known = _made[zone[0]] = (cells, dated, zone, month, _line(zone, cells, dated, month))
    return known[4]


def _zones(desk: Desk) -> list[tuple[int, str, str]]:
    rows = desk.select(Zone, "lines", lambda q, t: q.order_by(t.c.code), columns=("id", "code", "short_name", "name"))
    return [(id_, code, short or name) for id_, code, short, name in rows]


def _line(zone: tuple[int, str, str], cells: Cells, dated: dict[Any, Any], month: str) -> Line:
    heads = {ledger.value: ledgers.head(cells.get(ledger.value)) for ledger in Ledger}
    built = heads[Ledger.IN_CONSTRUCTION]
    due = {period: figures[0] for (fact, period), figures in dated.items() if fact == "reporting"}
    year = month[:4]
    finished = sum(v[0] for (f, p), v in dated.items() if f == "completed" and f"{year}-01" <= p <= month)
    return Line(
        *zone,
        {name: (head["project_count"], head["pending_count"]) for name, head in heads.items()},
        built["amounts"]["total_investment_yuan"]["official_sum"],
        monthly.pace_of(
            _count(dated, "planned", year),
            _count(dated, "done_of_plan", year),
            month,
            of=built["project_count"] + finished,
        ),
        built["lights"],
        sum(due.values()),
        sum(n for period, n in due.items() if period < month),
    )


def _count(dated: Cells, fact: str, period: str) -> dict[str, int]:
    count, total, known = dated.get((fact, period), (0, 0, 0))
    return {"count": count, "sum": total, "known": known}
