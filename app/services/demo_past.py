"""The demo city's past: a year in which projects came in, moved on, and were reported and counted month by month.

Each chapter is an act of somebody at a moment of her own. What the last day adds (leads, lists, powers, cases) is in
``services.demo``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from app import clock
from app.demo import past
from app.demo.dates import days_later
from app.demo.past import Span, Station
from app.desk import Desk
from app.models import Report
from app.rules.access import Act
from app.rules.calendar import STEPS, last_day
from app.services import months, moves, periods, reports, zone_months, zones
from app.services.demo_zones import Told

OFFICE = "市项目办（演示）"
WHY_MISSING = "业主未提供资料（演示）"
SILENT = 3
"""Projects of the first zone that have not reported the last month."""
LATE = -2
"""Since when submission of the last month is due, in days from today."""


@dataclass(frozen=True)
class Chapter:
    """What one person did at one moment. ``who`` None: the house itself."""

    at: str
    day: str
    who: str | None
    tell: Callable[[Desk], Any]


def chapters(city: list[Told], span: Span) -> list[Chapter]:
    """The year, oldest first."""
    return sorted([*_ledgers(city, span), *_months(city, span)], key=lambda chapter: chapter.at)


def _chapter(day: str, time: str, who: str | None, tell: Callable[[Desk], Any]) -> Chapter:
    """On a day at a time, but never later than now."""
    return Chapter(min(clock.at(day, time), clock.moment()), day, who, tell)


# ── the ledgers ──────────────────────────────────────────────────────────────────────────────────────────────────────
def _ledgers(city: list[Told], span: Span) -> Iterator[Chapter]:
    """Projects come in on the first day, then at the end of each month; and those that are there move on."""
    before = f"{span.first}-20"
    for zone in city:
        keys = [key for key, way in zone.ways.items() if way[0].day <= before]
        yield _chapter(before, _time(9, zone), zone.editor, partial(_register, zone, before, keys))
    for day in (*map(last_day, past.months_of(span)), span.today):
        for zone in city:
            yield from _followed(zone, before, day)
        before = day
    for zone in city:
        day = min(days_later(last_day(span.opening), 5), span.today)
        yield _chapter(day, _time(9, zone), OFFICE, partial(_open_books, zone, day, span.opening))


def _time(hour: int, zone: Told) -> str:
    return f"{hour:02d}:{zone.position:02d}"


def _followed(zone: Told, after: str, day: str) -> Iterator[Chapter]:
    """What the editor of a zone wrote on a day about all that happened since an earlier one."""

    def within(then: str) -> bool:
        return after < then <= day

    new = [key for key, way in zone.ways.items() if within(way[0].day)]
    known = [key for key, way in zone.ways.items() if way[0].day <= after]
    moved = {key: passed for key in known if (passed := [s for s in zone.ways[key] if within(s.day)])}
    more = [key for key in known if key not in moved and any(map(within, past.days_of_facts(zone.drafts[key])))]
    if new:
        yield _chapter(day, _time(14, zone), zone.editor, partial(_register, zone, day, new))
    if moved:
        yield _chapter(day, _time(15, zone), zone.editor, partial(_move, zone, day, moved))
    if more:
        yield _chapter(day, _time(16, zone), zone.editor, partial(_amend, zone, day, more))


def _register(zone: Told, day: str, keys: list[str], desk: Desk) -> None:
    desk.ask(Act.PROJECT_CREATE, zones.id_of(desk, zone.code))
    zone.register(desk, day, keys)


def _move(zone: Told, day: str, passed: dict[str, list[Station]], desk: Desk) -> None:
    """Each move on its own day, with what the row says from then on."""
    desk.ask(Act.PROJECT_MOVE, zones.id_of(desk, zone.code))
    rows = zone.rows(desk, passed)
    made = []
    for key, row in rows.items():
        said = past.row_on(zone.drafts[key], passed[key][-1], day)
        for to in passed[key]:
            pending = said["pending"] and to is passed[key][-1]
            made.append(moves.carry(row, to.ledger, to.day, pending, reason=None, override=False, lacks=(), skipped=()))
        zone.say(key, row, said)
    desk.keep(list(rows.values()))
    desk.keep(made)
    reports.follow_facts(desk, list(rows.values()), {"started_on", "completed_on", *past.PLAN})


def _amend(zone: Told, day: str, keys: list[str], desk: Desk) -> None:
    """What became known of projects that stay where they are: entered in statistics, in production."""
    desk.ask(Act.PROJECT_AMEND, zones.id_of(desk, zone.code))
    rows = zone.rows(desk, keys)
    for key, row in rows.items():
        station = past.standing(zone.ways[key], day)
        if station is not None:
            said = past.row_on(zone.drafts[key], station, day)
            zone.say(key, row, {n: said[n] for names in past.ON_A_DAY.values() for n in names if n in said})
    desk.keep(list(rows.values()))


def _open_books(zone: Told, day: str, month: str, desk: Desk) -> None:
    """The money spent until the end of a month, and the plans of the new year."""
    desk.ask(Act.PLAN_WRITE, zones.id_of(desk, zone.code))
    built = {key: s for key, way in zone.ways.items() if (s := past.standing(way, day)) and s.ledger in past.BUILT}
    rows = zone.rows(desk, built)
    for key, row in rows.items():
        draft = zone.drafts[key]
        said = past.row_on(draft, built[key], day)
        zone.say(key, row, {name: said[name] for name in past.PLAN if name in said})
        if draft["started_on"][:7] <= month and key not in zone.sums:
            zone.say(key, row, past.opening(draft, month))
    desk.keep(list(rows.values()))
    reports.follow_facts(desk, list(rows.values()), {*past.PLAN, *past.REPORTED})


# ── the months ───────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Round:
    """The days on which a month was opened, reported, submitted, confirmed and locked; and those on which it was due."""

    month: str
    opened: str
    done: dict[str, str]
    due: dict[str, str]


def _round(month: str, span: Span) -> Round:
    """A month was asked for when it was over. The last one is under way: its days lie around today."""
    over = last_day(month)
    if month != span.last:
        days = {step: days_later(over, by) for step, by in zip(STEPS, (3, 5, 6, 8), strict=True)}
        return Round(month, over, days, days)
    due = {step: days_later(span.today, LATE + by) for step, by in zip(STEPS, (-3, 0, 1, 3), strict=True)}
    done = {step: days_later(span.today, LATE + by) for step, by in (("report", -4), ("submit", -1), ("confirm", 0))}
    clamped = {step: min(max(day, over), span.today) for step, day in done.items()}
    return Round(month, max(over, days_later(span.today, LATE - 8)), clamped, due)


def _months(city: list[Told], span: Span) -> Iterator[Chapter]:
    """Every month is opened by the city, reported, submitted and confirmed zone by zone, and locked by the city."""
    spent = {zone.code: _spending(zone, span.reported) for zone in city}
    for month in span.reported:
        its, late = _round(month, span), month == span.last
        yield _chapter(its.opened, "18:00", OFFICE, partial(_open, its))
        for zone in city:
            behind = late and zone.position == 0
            told = spent[zone.code].get(month, {})
            kept = dict(list(told.items())[: len(told) - SILENT]) if behind else told
            if kept:
                yield _chapter(its.done["report"], _time(19, zone), zone.editor, partial(_report, zone, month, kept))
            if not behind:
                yield _chapter(its.done["submit"], _time(20, zone), zone.editor, partial(_submit, zone, month))
                yield _chapter(its.done["confirm"], _time(21, zone), zone.reviewer, partial(_confirm, zone, month))
        if "lock" in its.done:
            yield _chapter(its.done["lock"], "22:00", OFFICE, partial(_lock, month))


Costs = dict[str, dict[str, tuple[int, int]]]
"""Month → key of a project → what the month cost, and all that was spent by its end."""


def _spending(zone: Told, reported: list[str]) -> Costs:
    found: Costs = {}
    for key, draft in zone.drafts.items():
        if not draft.get("started_on") or key in zone.sums:
            continue
        sum_ = draft.get("opening_before_year_yuan") or 0
        for month, cost in past.spending(draft, reported):
            sum_ += cost
            found.setdefault(month, {})[key] = (cost, sum_)
    return found


def _open(its: Round, desk: Desk) -> None:
    periods.open_(desk, its.month, {f"{step}_due_on": day for step, day in its.due.items()})


def _report(zone: Told, month: str, told: dict[str, tuple[int, int]], desk: Desk) -> None:
    zone_id = zones.id_of(desk, zone.code)
    desk.ask(Act.REPORT_WRITE, zone_id)
    rows = zone.rows(desk, told)
    reports.write(
        desk,
        [
            (rows[key], Report(zone_id=zone_id, project_id=rows[key].id or 0, month=month), {
                "invested_yuan": cost, "progress_text": past.progress(zone.drafts[key], spent),
            })
            for key, (cost, spent) in told.items()
        ],
    )  # fmt: skip


def _submit(zone: Told, month: str, desk: Desk) -> None:
    zone_months.submit(desk, zone.code, month, {"reason": WHY_MISSING})


def _confirm(zone: Told, month: str, desk: Desk) -> None:
    zone_months.confirm(desk, zone.code, month, {})


def _lock(month: str, desk: Desk) -> None:
    months.lock(desk, month, {})
