"""The monthly ten: what was signed, started, built, spent and finished, for the month, the year and the year before.

Everything comes from maintained sums. What the register cannot know stands as None, never as 0, and figures for which it
keeps no facts at all are named in ``NOT_KEPT`` instead of being shown empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from app import clock
from app.desk import Desk, zones_value
from app.engine import Sql
from app.models import core
from app.rules.access import Act
from app.rules.codes import Ledger
from app.rules.counting import LIGHTS
from app.rules.money import next_month, pace, tenth
from app.services import ledgers, periods, zones
from app.services.sums import sums_as_of

Count = dict[str, int]
Figures = dict[str, dict[str, tuple[int, int, int]]]
"""Fact → month or year → projects, sum, known amounts."""
FLOWS = ("signed", "to_start", "started", "invested", "registered", "completed", "in_production")
"""Facts that happen in a month."""
STOCKS = ("in_construction", "unregistered", "suspended")
"""Counts of what stands so now."""
NOT_KEPT = ("funds_in_place", "foreign_utilised", "problems")
"""Of the ten, what the register has no maintained sums for yet."""

_SELECT = "SELECT fact, period, sum(projects), sum(amount_sum), sum(amount_known) FROM dated_total WHERE "
_SOME = {
    "sqlite": "zone_id IN (SELECT value FROM json_each(:zones))",
    "postgresql": "zone_id = ANY(CAST(:zones AS bigint[]))",
}
SOME = {dialect: Sql(f"{_SELECT}{where} GROUP BY fact, period") for dialect, where in _SOME.items()}
EVERYWHERE = Sql(
    f"SELECT fact, period, projects, amount_sum, amount_known FROM dated_total WHERE zone_id = {core.EVERYWHERE}"
)
LAST_BEFORE = Sql("SELECT seq FROM act WHERE at <= :at ORDER BY at DESC, seq DESC LIMIT 1")
FIRST = Sql("SELECT at FROM act WHERE seq = 1")


def zone_ids(desk: Desk, code: str | None) -> list[int] | None:
    """The zones that are asked for: one, else all she sees (None: every zone)."""
    desk.ask(Act.REGISTER_READ)
    if code:
        return [zones.id_of(desk, code)]
    return None if desk.actor.everywhere else list(desk.actor.zone_ids or ())


def figures(desk: Desk, ids: Sequence[int] | None) -> Figures:
    """Every dated fact of these zones by month."""
    if ids is None:
        rows = desk.link.rows(EVERYWHERE)
    else:
        rows = desk.link.rows(SOME[desk.link.dialect], {"zones": zones_value(desk.link.dialect, ids)})
    found: Figures = {}
    for fact, period, n, total, known in rows:
        found.setdefault(fact, {})[period] = (int(n), int(total), int(known))
    return found


def month_shown(desk: Desk, found: Figures) -> str:
    """The reporting month: the last one opened; where none was, the newest of which a report came in, else the calendar's."""
    if opened := periods.all_(desk):
        return str(opened[0]["month"])
    now = desk.today[:7]
    return max((period for period in found.get("reporting", {}) if "" < period <= now), default=now)


def ten(desk: Desk, code: str | None = None) -> dict[str, Any]:
    """The monthly ten of a zone, or of all zones she sees."""
    ids = zone_ids(desk, code)
    found = figures(desk, ids)
    return told(desk, ids, found, month_shown(desk, found))


def told(desk: Desk, ids: Sequence[int] | None, found: Figures, month: str) -> dict[str, Any]:
    """The ten from figures already read."""
    heads = ledgers.heads_of(desk, ids)
    began = began_in(desk)
    items = [_flow(name, found, month, began) for name in FLOWS]
    items += [_stock(name, found, heads) for name in STOCKS]
    return {
        "month": month,
        "items": items,
        "start_rate": _start_rate(found, month[:4]),
        "pace": pace_of(
            _between(found, "planned", month[:4]), _between(found, "done_of_plan", month[:4]), month,
            of=heads[Ledger.IN_CONSTRUCTION]["project_count"] + _between(found, "completed", f"{month[:4]}-01", month)["count"],
        ),
        "done_in_year": _between(found, "done_in_year", month[:4]),
        "lights": {colour: sum(head["lights"][colour] for head in heads.values()) for colour in LIGHTS},
        "not_kept": list(NOT_KEPT),
    }  # fmt: skip


def _flow(name: str, found: Figures, month: str, began: str | None) -> dict[str, Any]:
    """A fact in the month, in the year up to it, in the whole year where months are planned, and a year earlier."""
    year, before = month[:4], next_month(month, -12)
    last_year = _between(found, name, f"{before[:4]}-01", before)
    unknown = last_year["count"] == 0 and (began is None or before < began)
    return {
        "figure": name,
        "month": _between(found, name, month),
        "year": None if name == "invested" else _between(found, name, f"{year}-01", month),
        "plan": _between(found, name, f"{year}-01", f"{year}-12") if name == "to_start" else None,
        "last_year": None if unknown or name == "invested" else last_year,
    }


def _stock(name: str, found: Figures, heads: Mapping[str, Any]) -> dict[str, Any]:
    if name == Ledger.IN_CONSTRUCTION:
        amount = heads[name]["amounts"]["total_investment_yuan"]
        now = {"count": heads[name]["project_count"], "sum": amount["official_sum"], "known": amount["official_known"]}
    else:
        now = _between(found, name, "", "9999")
    return {"figure": name, "month": now, "year": None, "plan": None, "last_year": None}


def _between(found: Figures, fact: str, first: str, last: str | None = None) -> Count:
    """What a fact comes to from one month (or year) to another, both counted."""
    hit = [value for period, value in found.get(fact, {}).items() if first <= period <= (last or first)]
    return {"count": sum(v[0] for v in hit), "sum": sum(v[1] for v in hit), "known": sum(v[2] for v in hit)}


def _start_rate(found: Figures, year: str) -> dict[str, Any]:
    """开工率（计划口径）: started ÷ planned to start this year."""
    planned = _between(found, "to_start", f"{year}-01", f"{year}-12")["count"]
    started = _between(found, "to_start_started", f"{year}-01", f"{year}-12")["count"]
    return {"started": started, "planned": planned, "percent": _percent(started, planned)}


def pace_of(planned: Count, done: Count, month: str, *, of: int) -> dict[str, Any]:
    """This year ÷ annual plan over the projects that have one, against the months that have passed."""
    due = Fraction(int(month[5:7]), 12)
    found = pace(done["sum"] if done["known"] else None, planned["sum"], due)
    return {
        "plan_yuan": planned["sum"],
        "done_yuan": done["sum"],
        "with_plan": planned["count"],
        "of": max(of, planned["count"]),
        "percent": tenth(found.done * 100) if found else None,
        "due_percent": tenth(due * 100),
        "points": tenth(found.points) if found else None,
    }


def _percent(part: int, whole: int) -> float | None:
    return tenth(Fraction(part * 100, whole)) if whole else None


# ── what was known at the end of a month ─────────────────────────────────────────────────────────────────────────────
def began_in(desk: Desk) -> str | None:
    """The month in which this register began; None before its first act."""
    at = desk.link.value(FIRST)
    return str(at)[:7] if at else None


def heads_at(desk: Desk, ids: Sequence[int] | None, month: str) -> dict[str, dict[str, Any]] | None:
    """The ledgers at the end of a month: a locked one's snapshot, else as the register knew them then; None when it did
    not exist yet. What an act left behind never changes, so it is worked out once.
    """
    last_day = date.fromisoformat(f"{next_month(month)}-01") - timedelta(days=1)
    period = periods.covering(desk, month)
    seq = period["locked_act"] if period else None
    seq = seq or desk.link.value(LAST_BEFORE, {"at": clock.end_of_day(last_day.isoformat())})
    if not seq:
        return None
    key = ("heads at", seq, None if ids is None else tuple(ids))
    cells = desk.remembered(key, lambda: sums_as_of(desk, ids, seq))
    return {ledger.value: ledgers.head(cells.get(ledger.value)) for ledger in Ledger}
