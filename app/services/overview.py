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
from app.services import leaders, ledgers, monthly, owing, periods, waiting
from app.services.ledger_pages import names_of_zones
from app.services.whole_sums import DATED, LEDGERS, Cells

AT_ONCE = 50
"""Zones on one page of the table."""
LATE_SHOWN = 10
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
    owed: int
    missing: int
    """Reports of the month that are owed, and how many of them are missing."""


SORTS: dict[str, Callable[[Line], Any]] = {
    "zone": lambda line: line.code,
    **{ledger.value: (lambda line, of=ledger.value: line.heads[of][0]) for ledger in Ledger},  # type: ignore[misc]
    "total": lambda line: line.total_yuan,
    "percent": lambda line: -1 if line.pace["percent"] is None else line.pace["percent"],
    **{colour: (lambda line, of=colour: line.lights[of]) for colour in LIGHTS},  # type: ignore[misc]
    "missing": lambda line: line.missing,
}
"""What the table of zones can be sorted by."""


def overview(
    desk: Desk, code: str | None = None, sort: str = "-red", skip: int = 0, leader: str | None = None
) -> dict[str, Any]:
    """Everything on the page: ``month, opened, locked, heads, before, year_ago, ten, lines, total, late, waiting``.

    ``before`` and ``year_ago`` are the ledgers as they were known then, None when the register did not exist. Of one leader
    only his own figures are told: no ledgers of another time, no table of zones.
    """
    ids = monthly.zone_ids(desk, code)
    found = monthly.figures(desk, ids)
    month = monthly.month_shown(desk, found)
    zone_id = ids[0] if code and ids else None
    stuck = {way: waiting.longest(desk, way, zone_id, leader=leader) for way in waiting.WAITS}
    period = periods.of_month(desk, month)
    told = {
        "month": month,
        "opened": "opened_on" in period,
        "locked": period["locked_act"] is not None,
        "waiting": stuck,
        "zone_names": names_of_zones(desk, {row["zone_id"] for rows in stuck.values() for row in rows}),
    }
    if leader is not None:
        ten = leaders.ten(desk, code, leader)
        nothing: dict[str, Any] = {
            "before": None,
            "year_ago": None,
            "lines": [],
            "total": 0,
            "late": [],
            "late_count": 0,
        }
        return {**told, **nothing, "heads": leaders.heads(desk, code, leader), "ten": ten}
    heads = ledgers.heads_of(desk, ids)
    earlier = (periods.before(desk, month), next_month(month, -12))
    before, year_ago = (monthly.heads_at(desk, ids, at) for at in earlier)
    return {
        **told,
        "heads": heads,
        "before": before,
        "year_ago": year_ago,
        "ten": _ten(desk, ids, found, month, heads),
        **_of_zones(desk, ids, period, sort, skip),
    }


_tens: list[tuple[object, dict[str, Any], tuple[str, str], dict[str, Any]]] = []
"""The ten over every zone as last told, with the figures and ledgers it was made of."""


def _ten(desk: Desk, ids: Sequence[int] | None, found: monthly.Figures, month: str, heads: dict[str, Any]) -> Any:
    if ids is not None:
        return monthly.told(desk, found, month, heads)
    on = (month, desk.today)
    if not _tens or _tens[0][0] is not found or _tens[0][1] != heads or _tens[0][2] != on:
        _tens[:] = [(found, heads, on, monthly.told(desk, found, month, heads))]
    return _tens[0][3]


def _of_zones(desk: Desk, ids: Sequence[int] | None, period: dict[str, Any], sort: str, skip: int) -> dict[str, Any]:
    """The table of zones, one page of it, and those that lack most reports."""
    lines = _lines(desk, ids, period)
    ordered, late = lines.by(sort), lines.by("late")
    shown = {"lines": ordered[skip : skip + AT_ONCE], "total": len(ordered)}
    return {**shown, "late": late[:LATE_SHOWN], "late_count": len(late)}


class Lines:
    """The lines of a table, each order of them worked out once."""

    def __init__(self, lines: list[Line]) -> None:
        self.all = lines
        self._by: dict[str, list[Line]] = {}

    def by(self, sort: str) -> list[Line]:
        """In the order asked for; ``late``: only those that lack reports, most first."""
        found = self._by.get(sort)
        if found is None and sort == "late":
            found = sorted((line for line in self.all if line.missing), key=lambda line: (-line.missing, line.code))
        elif found is None:
            found = sorted(self.all, key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
        self._by[sort] = found
        return found


# ── the table of zones ───────────────────────────────────────────────────────────────────────────────────────────────
Zones = list[tuple[int, str, str]]
"""Id, code and name, in the order of the codes."""


@dataclass(frozen=True)
class Whole:
    """The table over every zone, with what it was made of."""

    sums: dict[int, Cells]
    plans: dict[int, Cells]
    zones: Zones
    span: tuple[Any, ...]
    lines: Lines


_all: list[Whole] = []
"""The last whole table."""


def _lines(desk: Desk, ids: Sequence[int] | None, period: dict[str, Any]) -> Lines:
    zones = desk.remembered("zones of the overview", lambda: _zones(desk))
    if ids is None:
        return _whole(zones, LEDGERS.of_all(desk.link).cells, DATED.of_all(desk.link).cells, period)
    known, sums, plans = set(ids), LEDGERS.of_zones(desk.link, ids), DATED.of_zones(desk.link, ids)
    return Lines([_of_zone(zone, sums, plans, period) for zone in zones if zone[0] in known])


def _whole(zones: Zones, sums: dict[int, Cells], plans: dict[int, Cells], period: dict[str, Any]) -> Lines:
    """Only lines of zones whose figures have changed are made again."""
    span = _span(period)
    old = _all[0] if _all and _all[0].span == span and _all[0].zones == zones else None
    if old is None:
        lines = Lines([_of_zone(zone, sums, plans, period) for zone in zones])
    elif old.sums is sums and old.plans is plans:
        return old.lines
    else:
        fresh = {
            id_
            for now, then in ((sums, old.sums), (plans, old.plans))
            for id_, cells in now.items()
            if then.get(id_) is not cells
        }
        pairs = zip(zones, old.lines.all, strict=True)
        lines = Lines([_of_zone(zone, sums, plans, period) if zone[0] in fresh else line for zone, line in pairs])
    _all[:] = [Whole(sums, plans, zones, span, lines)]
    return lines


def _of_zone(
    zone: tuple[int, str, str], sums: dict[int, Cells], plans: dict[int, Cells], period: dict[str, Any]
) -> Line:
    return _line(zone, sums.get(zone[0], NOTHING), plans.get(zone[0], NOTHING), period)


def _zones(desk: Desk) -> Zones:
    rows = desk.select(Zone, "lines", lambda q, t: q.order_by(t.c.code), columns=("id", "code", "short_name", "name"))
    return [(id_, code, short or name) for id_, code, short, name in rows]


def _line(zone: tuple[int, str, str], cells: Cells, dated: dict[Any, Any], period: dict[str, Any]) -> Line:
    heads = {ledger.value: ledgers.head(cells.get(ledger.value)) for ledger in Ledger}
    built, month = heads[Ledger.IN_CONSTRUCTION], period["month"]
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
        *owing.owed_and_missing(dated, period),
    )


def _span(period: dict[str, Any]) -> tuple[Any, ...]:
    """What a line hangs on in the period."""
    return period["first_month"], period["month"], period.get("owed", True)


def _count(dated: Cells, fact: str, period: str) -> dict[str, int]:
    count, total, known = dated.get((fact, period), (0, 0, 0))
    return {"count": count, "sum": total, "known": known}
