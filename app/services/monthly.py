"""The monthly ten: what was signed, started, built, spent and finished, for the month, the year and the year before.

Everything comes from maintained sums; of one sponsor leader it is counted from the rows. What the register cannot know
stands as None, never as 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from app.rules.dated import LEASTS, of_size
from app.rules.money import next_month, pace, tenth
from app.rules.reported import MONEY, REPORTED
from app.services import counted_rows, ledgers, opened_years, owing, periods, zones
from app.services.sums import sums_as_of

Count = dict[str, int]
Figures = dict[str, dict[str, tuple[int, int, int]]]
"""Fact → month or year → projects, sum, known amounts."""
FLOWS = (
    "signed", "to_start", "started", "completed", "in_production", "registered", "problem_new", "problem_solved", *MONEY,
)  # fmt: skip
"""Facts that happen in a month."""
STOCKS = ("unregistered", "suspended", "problem_open")
"""Counts of what stands so now."""
SIZED = ("signed", "started", "building", "completed")
"""What is told by size class: in the year up to the month, and what is in construction now."""

_SELECT = "SELECT fact, period, sum(projects), sum(amount_sum), sum(amount_known) FROM dated_total WHERE "
_SOME = {
    "sqlite": "zone_id IN (SELECT value FROM json_each(:zones))",
    "postgresql": "zone_id = ANY(CAST(:zones AS bigint[]))",
}
SOME = {dialect: Sql(f"{_SELECT}{where} GROUP BY fact, period") for dialect, where in _SOME.items()}
EVERYWHERE = Sql(
    f"SELECT fact, period, projects, amount_sum, amount_known FROM dated_total WHERE zone_id = {core.EVERYWHERE}"
)
LAST = Sql("SELECT seq, hash FROM head")
LAST_BEFORE = Sql("SELECT seq FROM act WHERE at <= :at ORDER BY at DESC, seq DESC LIMIT 1")
FIRST = Sql("SELECT at FROM act WHERE seq = 1")


def zone_ids(desk: Desk, code: str | None) -> list[int] | None:
    """The zones that are asked for: one, else all she sees (None: every zone)."""
    desk.ask(Act.REGISTER_READ)
    if code:
        return [zones.id_of(desk, code)]
    return None if desk.actor.everywhere else list(desk.actor.zone_ids or ())


_held: list[tuple[tuple[Any, ...] | None, Figures]] = []
"""The figures of every zone together, with the act they were read at."""


def figures(desk: Desk, ids: Sequence[int] | None) -> Figures:
    """Every dated fact of these zones by month. What is held for all zones is not to be changed."""
    if desk.seq is not None:
        return by_fact(counted_rows.of_zones(desk, ids))
    if ids is not None:
        return by_fact(desk.link.rows(SOME[desk.link.dialect], {"zones": zones_value(desk.link.dialect, ids)}))
    last = desk.link.row(LAST)
    if not _held or _held[0][0] != last:
        _held[:] = [(last, by_fact(desk.link.rows(EVERYWHERE)))]
    return _held[0][1]


def by_fact(rows: Iterable[tuple[Any, ...]]) -> Figures:
    found: Figures = {}
    for fact, period, n, total, known in rows:
        found.setdefault(fact, {})[period] = (int(n), int(total), int(known))
    return found


def month_shown(desk: Desk, found: Figures) -> str:
    """The reporting month: the last one opened, or the January of a year that every zone has opened since; where none was,
    the newest of which a report came in, else the calendar's."""
    if opened := periods.all_(desk):
        year = opened_years.of_all(desk, None)
        return max(str(opened[0]["month"]), f"{year}-01" if year else "")
    now = desk.today[:7]
    return max((m for fact in ("reported", "spent") for m in found.get(fact, {}) if m <= now), default=now)


def ten(desk: Desk, code: str | None = None, month: str | None = None) -> dict[str, Any]:
    """The monthly ten of a zone, or of all zones she sees, of the month shown or of another. One leader's is
    ``leaders.ten``."""
    ids = zone_ids(desk, code)
    found = figures(desk, ids)
    return told(desk, found, month or month_shown(desk, found), ledgers.heads_of(desk, ids))


def told(desk: Desk, found: Figures, month: str, heads: Mapping[str, Any]) -> dict[str, Any]:
    """The ten from figures already read."""
    began, year, first = began_in(desk), month[:4], str(periods.of_month(desk, month)["first_month"])
    owed, missing = reports(desk, found, month)
    completed = between(found, "completed", f"{year}-01", month)["count"]
    return {
        "month": month,
        "first_month": first,
        "items": [
            *(_flow(name, found, month, began, first) for name in FLOWS),
            _invested(found, month, began, first),
            _standing(heads),
            *(_item(name, between(found, name, "", "9999")) for name in STOCKS),
        ],
        "sizes": [_of_size(found, least, month) for least in LEASTS],
        "start_rate": start_rate(found, year),
        "pace": pace_of(
            between(found, "planned", year), between(found, "done_of_plan", year), month,
            of=heads[Ledger.IN_CONSTRUCTION]["project_count"] + completed,
        ),
        "curve": curve(found, month),
        "reports": {"owed": owed, "missing": missing},
        "lights": {colour: sum(head["lights"][colour] for head in heads.values()) for colour in LIGHTS},
    }  # fmt: skip


def reports(desk: Desk, found: Figures, month: str) -> tuple[int, int]:
    """How many reports of the month are owed, and how many are missing."""
    names = ("owing_from", "owing_until", *REPORTED)
    dated = {(fact, at): figures for fact in names for at, figures in found.get(fact, {}).items()}
    return owing.owed_and_missing(dated, periods.of_month(desk, month))


def _item(
    figure: str, month: Count, year: Count | None = None, plan: Count | None = None, last: Count | None = None
) -> dict[str, Any]:
    return {"figure": figure, "month": month, "year": year, "plan": plan, "last_year": last}


def _flow(name: str, found: Figures, month: str, began: str | None, first: str) -> dict[str, Any]:
    """A fact in the month (from ``first`` on, where January is reported with it), in the year up to it, in the whole year where months are planned, and a year earlier."""
    year = month[:4]
    planned = between(found, name, f"{year}-01", f"{year}-12") if name == "to_start" else None
    up_to = between(found, name, f"{year}-01", month)
    return _item(name, between(found, name, first, month), up_to, planned, _last_year(found, name, month, began))


def _last_year(found: Figures, name: str, month: str, began: str | None) -> Count | None:
    """The same period a year earlier; None where the register did not exist then and no row says anything of it."""
    before = next_month(month, -12)
    last_year = between(found, name, f"{before[:4]}-01", before)
    return None if last_year["count"] == 0 and (began is None or before < began) else last_year


def _invested(found: Figures, month: str, began: str | None, first: str) -> dict[str, Any]:
    """What the month added goes by the newest reports; what the year has, by what each month moved it."""
    spent = between(found, "spent", f"{month[:4]}-01", month)
    planned, last = between(found, "planned", month[:4]), _last_year(found, "spent", month, began)
    return _item("invested", between(found, "invested", first, month), spent, planned, last)


def _standing(heads: Mapping[str, Any]) -> dict[str, Any]:
    head = heads[Ledger.IN_CONSTRUCTION]
    amount = head["amounts"]["total_investment_yuan"]
    now = {"count": head["project_count"], "sum": amount["official_sum"], "known": amount["official_known"]}
    return _item(Ledger.IN_CONSTRUCTION, now)


def _of_size(found: Figures, least: int, month: str) -> dict[str, Any]:
    """How many projects of so much money and more."""
    sums: dict[str, Count] = {}
    for name in SIZED:
        span = ("", "") if name == "building" else (f"{month[:4]}-01", month)
        classes = [between(found, of_size(name, size), *span) for size in LEASTS if size >= least]
        sums[name] = {key: sum(one[key] for one in classes) for key in ("count", "sum", "known")}
    return {"least_yuan": least, **sums}


def between(found: Figures, fact: str, first: str, last: str | None = None) -> Count:
    """What a fact comes to from one month (or year) to another, both counted."""
    until = first if last is None else last
    hit = [value for period, value in found.get(fact, {}).items() if first <= period <= until]
    return {"count": sum(v[0] for v in hit), "sum": sum(v[1] for v in hit), "known": sum(v[2] for v in hit)}


def start_rate(found: Figures, year: str) -> dict[str, Any]:
    """开工率（计划口径）: started ÷ planned to start this year."""
    planned = between(found, "to_start", f"{year}-01", f"{year}-12")["count"]
    started = between(found, "to_start_started", f"{year}-01", f"{year}-12")["count"]
    return {"started": started, "planned": planned, "percent": _percent(started, planned)}


def curve(found: Figures, month: str) -> list[dict[str, Any]]:
    """The year month by month over the projects with an annual plan: what was to be spent by its end, and what was, up to
    the month shown and from the first month of which anything is known. None is unknown."""
    months = [f"{month[:4]}-{number:02d}" for number in range(1, 13)]
    if not between(found, "planned", month[:4])["sum"]:
        return []
    from_month = {int(at[5:]): sums[1] for at, sums in found.get("plan_from", {}).items() if at[:4] == month[:4]}
    known = min((at for at in found.get("spent_of_plan", {}) if at[:4] == month[:4]), default="9999")
    points = []
    for number, at in enumerate(months, 1):
        even = sum(Fraction(plan * max(0, number - start + 1), 13 - start) for start, plan in from_month.items())
        planned = round(even) + between(found, "plan_month", months[0], at)["sum"]
        done = between(found, "spent_of_plan", months[0], at)["sum"] if known <= at <= month else None
        points.append({"month": at, "planned_yuan": planned, "done_yuan": done})
    return points


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
    seq = period["locked_act"] if period and period["month"] == month else None
    seq = seq or _last_act(desk, last_day.isoformat())
    if not seq:
        return None

    def look() -> dict[str, dict[str, Any]]:
        cells = sums_as_of(desk, ids, seq)
        return {ledger.value: ledgers.head(cells.get(ledger.value)) for ledger in Ledger}

    return desk.remembered(("heads at", seq, None if ids is None else tuple(ids)), look)


def _last_act(desk: Desk, day: str) -> int | None:
    """The last act up to the end of a day. Of a day that is over it stays the last."""

    def look() -> int | None:
        found: int | None = desk.link.value(LAST_BEFORE, {"at": clock.end_of_day(day)})
        return found

    return desk.remembered(("last act of", day), look) if day < desk.today else look()
