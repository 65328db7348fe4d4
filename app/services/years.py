"""The turn of the year 跨年结转: an act of a person, with a preview. What it carries over, what it asks for, what it closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Invalid, NotFound, Problem
from app.models import BY_MODEL, Plan, Project, Zone, ZoneYear
from app.models.counted import counts, counts_officially
from app.models.shapes import check
from app.models.year_shapes import YearOpen
from app.rules.access import Act
from app.rules.codes import Ledger
from app.services import opened_years, periods, reasons, year_turn, zones

Record = dict[str, Any]
Condition = Callable[[Any], Any]
AT_ONCE = 2_000
"""Projects carried over in one act; further zones follow by the worker, so that nobody waits for a whole country."""
OPENED = ("opened_on", "opened_by", "reason")
COUNTS = ("carried_over", "without_plan", "to_decide", "completed_count", "completed_yuan", "completed_known", "archive_count", "archive_yuan")  # fmt: skip
SHOWN = (
    "id", "name", "code", "planned_start_month", "first_planned_start_month", "postponements", "plan_year", "annual_plan_yuan",
    "invested_this_year_yuan", "invested_to_date_yuan", "total_investment_yuan", "completed_on", "since",
)  # fmt: skip
MOST = 200


# ── what the year finds ──────────────────────────────────────────────────────────────────────────────────────────────
def _building(t: Any) -> Any:
    return sa.and_(counts(t), t.c.ledger == Ledger.IN_CONSTRUCTION.value)


def carried_over(t: Any) -> Any:
    """In construction and begun before the year."""
    begun = sa.or_(t.c.started_on.is_(None), t.c.started_on < sa.bindparam("first_day", type_=t.c.started_on.type))
    return sa.and_(_building(t), begun)


def without_plan(t: Any) -> Any:
    """In construction without a plan of the year."""
    plan = BY_MODEL[Plan].table.alias("planned_")
    known = sa.exists().where(
        plan.c.project_id == t.c.id, plan.c.year == sa.bindparam("year"), plan.c.annual_yuan.is_not(None), plan.c.deleted_at.is_(None)
    )  # fmt: skip
    shown = t.c.plan_year == sa.bindparam("year")
    planned = sa.or_(
        sa.and_(shown, t.c.annual_plan_yuan.is_not(None)),
        sa.and_(sa.or_(t.c.plan_year.is_(None), sa.not_(shown)), known),
    )
    return sa.and_(_building(t), sa.not_(planned))


def to_decide(t: Any) -> Any:
    """Upcoming, and committed to a month before the year, or to none: what becomes of it must be decided."""
    month = sa.func.coalesce(t.c.baseline_start_month, t.c.first_planned_start_month, t.c.planned_start_month)
    passed = sa.or_(month.is_(None), month < sa.bindparam("first_month"))
    return sa.and_(counts(t), t.c.ledger == Ledger.UPCOMING.value, passed)


def _archived(t: Any) -> Any:
    return sa.and_(counts_officially(t), t.c.ledger == Ledger.COMPLETED.value)


def completed(t: Any) -> Any:
    """Completed in the year that is closed."""
    day = t.c.completed_on
    before = sa.bindparam("last_year", type_=day.type)
    return sa.and_(_archived(t), day >= before, day < sa.bindparam("first_day", type_=day.type))


KINDS: dict[str, Condition] = {
    "carried_over": carried_over, "without_plan": without_plan, "to_decide": to_decide, "completed": completed,
}  # fmt: skip


def _values(year: int) -> Record:
    return {"year": year, "first_month": f"{year}-01", "first_day": f"{year}-01-01", "last_year": f"{year - 1}-01-01"}


def _counted(t: Any) -> list[Any]:
    def many(when: Any) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((when, 1), else_=0)), 0)

    def total(when: Any) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((when, t.c.total_investment_yuan), else_=0)), 0)

    done, archive = completed(t), _archived(t)
    known = sa.and_(done, t.c.total_investment_yuan.is_not(None))
    firsts = [many(condition(t)) for condition in (carried_over, without_plan, to_decide)]
    return [t.c.zone_id, *firsts, many(done), total(done), many(known), many(archive), total(archive)]


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def read(desk: Desk, year: int) -> Record:
    """Where the year stands in every zone she sees: opened or not, what it carries over, what is left to decide."""
    desk.ask(Act.REGISTER_READ)
    rows = desk.select(Project, "year by zone", lambda q, t: q.group_by(t.c.zone_id), _values(year), columns=_counted)
    found = {zone_id: dict(zip(COUNTS, map(int, counted), strict=True)) for zone_id, *counted in rows}
    opened = {row.zone_id: row for row in _opened(desk, year)}
    beyond = opened_years.newest(desk)
    names = ("id", "code", "name", "short_name")
    zones_ = desk.select(Zone, "of_month", lambda q, t: q.order_by(t.c.id), columns=names)
    items = [
        {
            "zone": code,
            "name": short or name,
            "opened": id_ in opened or beyond.get(id_, 0) > year,
            **{n: getattr(opened[id_], n) if id_ in opened else None for n in OPENED},
            **(found.get(id_) or dict.fromkeys(COUNTS, 0)),
        }
        for id_, code, name, short in zones_
    ]
    open_ = sum(item["opened"] for item in items)
    december = periods.covering(desk, f"{year - 1}-12")
    return {
        "year": year,
        "items": items,
        "total": {name: sum(item[name] for item in items) for name in COUNTS},
        "opened": open_,
        "left": len(items) - open_,
        "december_locked": december is not None and december["locked_on"] is not None,
    }


def _opened(desk: Desk, year: int) -> list[ZoneYear]:
    return desk.rows(ZoneYear, "of_year", lambda q, t: q.where(t.c.year == sa.bindparam("year")), {"year": year})


def list_(desk: Desk) -> list[Record]:
    """The years that were opened, newest first: in how many zones."""
    desk.ask(Act.REGISTER_READ)
    rows = desk.select(
        ZoneYear, "years", lambda q, t: q.group_by(t.c.year).order_by(t.c.year.desc()),
        columns=lambda t: [t.c.year, sa.func.count(), sa.func.sum(t.c.carried)],
    )  # fmt: skip
    return [{"year": year, "zones": int(n), "carried_over": int(carried)} for year, n, carried in rows]


def of_zone(desk: Desk, code: str, year: int) -> Record:
    """A zone's year: its counts and, by kind, the projects behind them (``MOST`` of each)."""
    zone_id = zones.id_of(desk, code)
    head = next(item for item in read(desk, year)["items"] if item["zone"] == code)
    counts_ = {name: head.pop(name) for name in COUNTS}
    return {"year": year, **head, "counts": counts_, **{kind: _projects(desk, zone_id, year, kind) for kind in KINDS}}


def _projects(desk: Desk, zone_id: int, year: int, kind: str) -> list[Record]:
    rows = desk.select(
        Project, ("year", kind),
        lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone"), KINDS[kind](t))
        .order_by(t.c.total_investment_yuan.desc().nulls_last(), t.c.id).limit(sa.bindparam("most")),
        {**_values(year), "zone": zone_id, "most": MOST}, columns=SHOWN,
    )  # fmt: skip
    found = [dict(zip(SHOWN, row, strict=True)) for row in rows]
    for one in found:
        one["version"] = one.pop("since")
    return found


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def open_(desk: Desk, year: int, values: Record) -> Record:
    """Open a plan year for these zones, or for all that have not opened it. The answer is what ``read`` says then.

    Raises Invalid before December of the year before or without a reason, Conflict where it is open already.
    """
    periods.ask_for_all(desk, Act.YEAR_OPEN)
    given = check(YearOpen, reasons.take(desk, values))
    if not desk.reason:
        reasons.refuse(["reason"])
    if from_when(desk, year):
        raise Invalid.one("/year", "in_the_future", "The year can be opened from December on")
    wanted = _asked(desk, year, given.get("zones"))
    go_on(desk, year, wanted)
    return read(desk, year)


def _asked(desk: Desk, year: int, codes: list[str] | None) -> list[int]:
    open_, known = opened_years.newest(desk), _ids(desk)
    if codes is None:
        left = [id_ for id_ in known.values() if open_.get(id_, 0) < year]
        if not left:
            raise Conflict("{year} has been opened already", code="already_open", year=year)
        return left
    problems = [
        Problem(f"/zones/{n}", "unknown", "There is no zone {zone}", {"zone": code})
        if code not in known
        else Problem(f"/zones/{n}", "already_open", "{year} has been opened already", {"year": year})
        for n, code in enumerate(codes)
        if code not in known or open_.get(known[code], 0) >= year
    ]
    if problems:
        raise Invalid(problems=problems)
    return [known[code] for code in dict.fromkeys(codes)]


def _ids(desk: Desk) -> dict[str, int]:
    return dict(desk.select(Zone, "codes", lambda q, t: q.order_by(t.c.id), columns=("code", "id")))


def go_on(desk: Desk, year: int, zone_ids: list[int], by: str | None = None) -> int:
    """Open the year for as many of these zones as one act takes, and let the worker go on with the others; how many.
    ``by``: who opened it, where the worker goes on."""
    desk.ask(Act.YEAR_OPEN)
    many, taken = year_turn.waiting(desk, year), 0
    now: list[int] = []
    open_ = opened_years.newest(desk)
    left = [id_ for id_ in zone_ids if open_.get(id_, 0) < year]
    for id_ in left:
        taken += many.get(id_, 0)
        if now and taken > AT_ONCE:
            break
        now.append(id_)
    if now:
        year_turn.carry(desk, year, now, by or desk.actor.name)
    rest = left[len(now) :]
    if rest:
        desk.later.append(
            ("open_year", {"year": year, "zones": rest, "by": by or desk.actor.name, "reason": desk.reason})
        )
    return len(now)


def from_when(desk: Desk, year: int) -> str | None:
    """The day from which a year can be opened, where that day has not come."""
    first = f"{year - 1}-12-01"
    return first if desk.today < first else None


def next_(desk: Desk) -> int:
    """The year to be opened next: this one while something still shows an earlier year, else the one to come."""
    year = int(desk.today[:4])
    return year if desk.today[5:7] != "12" and year_turn.shows_earlier(desk, year) else year + 1


def shown(desk: Desk, year: int) -> int:
    """The year, where it can be one of this register. NotFound for one that lies beyond the next."""
    if not 1950 <= year <= int(desk.today[:4]) + 1:
        raise NotFound
    return year
