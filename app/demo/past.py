"""The past of invented projects: how each came through the ledgers, what its row said on the way, and what each month cost.

A demo whose register began this morning has no month to compare with and no history to read. So it is told from a year ago on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from app.demo.dates import days_later
from app.demo.spending import STEP
from app.demo.wares import STAGES
from app.rules.codes import Disposition, Ledger, Procedure, ProcedureState
from app.rules.ledgers import ORDER
from app.rules.money import next_month

Row = dict[str, Any]
BUILT = (Ledger.IN_CONSTRUCTION, Ledger.COMPLETED)
PLANNED = ("planned_start_month", "first_planned_start_month", "planned_completion_month", "planned_production_month")
PLAN = ("plan_year", "annual_plan_yuan")
FROM: dict[Ledger, tuple[str, ...]] = {
    Ledger.UPCOMING: PLANNED,
    Ledger.IN_CONSTRUCTION: ("started_on", "filed_investment_yuan", "national_code"),
    Ledger.COMPLETED: ("completed_on",),
}
"""What a row does not say before it stands in this ledger."""
ON_A_DAY = {
    "registered_in_statistics_on": ("registered_in_statistics_on", "statistical_investment_yuan"),
    "in_production_on": ("in_production_on",),
}
"""Facts that become known on a day of their own, with what is known from then on."""
SAID_TODAY = {
    "disposition", "disposition_on", "disposition_reason", "destination", "bottleneck", "problems_own", "problems_government",
    "progress_text", "postponements",
}  # fmt: skip
"""What is told only on the last day."""
REPORTED = {"opening_month", "opening_before_year_yuan", "opening_this_year_yuan"}
"""What stands in the opening and in the months instead."""


@dataclass(frozen=True)
class Station:
    """The day on which a project came into a ledger."""

    day: str
    ledger: Ledger


def stations(project: Row, today: str) -> list[Station]:
    """The way of a project to where it stands, oldest first."""
    rng = random.Random(f"past/{project['key']}")
    signed = project.get("signed_on")
    first = signed or days_later(today, -rng.randint(60, 900))
    way = [Station(first, Ledger.RESERVE)]
    started = project.get("started_on")
    if project["ledger"] != Ledger.RESERVE:
        until = min(started or today, days_later(first, 150))
        way.append(Station(_between(first, until, rng.uniform(0.2, 0.7)), Ledger.UPCOMING))
    if started:
        way.append(Station(started, Ledger.IN_CONSTRUCTION))
    if project.get("completed_on"):
        way.append(Station(project["completed_on"], Ledger.COMPLETED))
    return way


def standing(way: list[Station], day: str) -> Station | None:
    """Where a project stood at the end of a day; None before it was known."""
    return next((station for station in reversed(way) if station.day <= day), None)


def days_of_facts(project: Row) -> Iterator[str]:
    """The days on which a row came to say more, beside those of its moves."""
    yield from (project[name] for name in ON_A_DAY if project.get(name))


def row_on(project: Row, station: Station, day: str) -> Row:
    """What the row of a project said at the end of a day on which it stood there. Its money stands in opening and reports."""
    here = ORDER.index(station.ledger)
    unknown = SAID_TODAY | REPORTED | {n for ledger, names in FROM.items() if ORDER.index(ledger) > here for n in names}
    unknown |= {n for own, names in ON_A_DAY.items() if (project.get(own) or "9999") > day for n in names}
    if station.ledger not in BUILT or str(project.get("plan_year")) > day[:4]:
        unknown |= set(PLAN)
    row = {name: value for name, value in project.items() if name not in unknown}
    final = station.ledger == project["ledger"]
    if not final or station.ledger == Ledger.UPCOMING:
        row |= _procedures(station.ledger)
    return row | {
        "ledger": station.ledger,
        "disposition": Disposition.ACTIVE,
        "entered_ledger_on": station.day,
        "pending": final and project.get("pending", False),
    }


def row_today(project: Row, station: Station) -> Row:
    """What the row of a project says on the day of the telling. Its money stands in opening and reports."""
    said = {name: value for name, value in project.items() if name not in REPORTED}
    return said | {"entered_ledger_on": station.day}


def _procedures(ledger: Ledger) -> Row:
    """The five procedures on the way: the first under way when the project is upcoming, all done when it is built."""
    states: dict[Procedure, ProcedureState | None]
    if ledger == Ledger.RESERVE:
        states = dict.fromkeys(Procedure)
    elif ledger == Ledger.UPCOMING:
        states = {**dict.fromkeys(Procedure, ProcedureState.NOT_STARTED), Procedure.FILING: ProcedureState.IN_PROGRESS}
    else:
        states = {**dict.fromkeys(Procedure, ProcedureState.DONE)}
    promised = {f"{procedure}_promised_on": None for procedure in Procedure}
    return {f"{procedure}_state": state for procedure, state in states.items()} | promised


def _between(first: str, last: str, share: float) -> str:
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days
    return days_later(first, int(max(0, days) * share))


# ── money ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def opening(project: Row, month: str) -> Row:
    """The opening of a project at the end of ``month``: all that was spent until then. In January it holds the new year too."""
    spent = project.get("opening_before_year_yuan") or 0
    began = project["started_on"][:4]
    if month.endswith("-01"):
        return {name: project.get(name) for name in REPORTED} | {"opening_month": month}
    before = 0 if began == month[:4] else spent * 6 // 10 // STEP * STEP
    if (project.get("completed_on") or "9999")[:7] <= month:
        before = spent  # what it cost in its last year is nobody's question any more
    return {
        "opening_month": month,
        "opening_before_year_yuan": before,
        "opening_this_year_yuan": spent - before,
    }


def spending(project: Row, months: list[str]) -> list[tuple[str, int]]:
    """What each of these months of one year cost a project, from its start to its completion; together what it has spent this
    year. ``months`` are those that are reported, the last one the month in which the project's figures stand."""
    start, end = project["started_on"][:7], (project.get("completed_on") or "9999-12")[:7]
    own = [m for m in months if start <= m and (m <= end or m == months[0])]
    total = project.get("opening_this_year_yuan") or 0
    if not own or (end < months[0] and not total):
        return []
    rng = random.Random(f"spending/{project['key']}")
    told = project.get("month_invested_yuan")
    last = min(told, total) if told is not None and own[-1] == months[-1] else None
    weights = [rng.uniform(0.6, 1.4) for _ in own]
    if last is not None and len(own) > 1:
        return [*_shared(total - last, own[:-1], weights[:-1]), (own[-1], last)]
    return _shared(total, own, weights)


def _shared(total: int, months: list[str], weights: list[float]) -> list[tuple[str, int]]:
    """A sum over months by their weights, in round amounts."""
    marks = [sum(weights[:n]) for n in range(len(weights) + 1)]
    edges = [int(total * mark / marks[-1]) // STEP * STEP for mark in marks[:-1]] + [total]
    return [(month, after - before) for month, (before, after) in zip(months, pairwise(edges), strict=True)]


def progress(project: Row, spent: int) -> str:
    """How far the works are when so much has been spent."""
    share = spent / project["total_investment_yuan"]
    return STAGES[min(len(STAGES) - 1, int(share * len(STAGES)))]


# ── the calendar of the telling ──────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Span:
    """From when on the past is told, and which months are reported."""

    today: str
    last: str
    """The last month that is reported."""
    first: str
    """The month in which the register began: so that the last one has one a year before it."""
    opening: str
    """The month at whose end money was counted: the December before, or the January that has no report of its own."""
    reported: list[str]
    """The months that are reported, oldest first: January's is part of February's."""


def span(today: str) -> Span:
    last = next_month(today[:7], -1)
    year = int(last[:4])
    reported = [f"{year}-{n:02d}" for n in range(2, int(last[5:]) + 1)]
    return Span(today, last, next_month(last, -12), f"{year - 1}-12" if reported else last, reported)


def months_of(told: Span) -> list[str]:
    """Every month from the beginning to the last one reported."""
    found = [told.first]
    while found[-1] < told.last:
        found.append(next_month(found[-1]))
    return found
