"""Periods: the months that the city office opens for reporting. Nothing is late in a period that is not opened."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models import Period
from app.models.month_shapes import MonthOpen
from app.models.shapes import check
from app.rules.access import Act
from app.rules.calendar import STEPS, due_day, first_month, last_day
from app.rules.money import next_month
from app.services import reasons
from app.services.calendar import calendar

Record = dict[str, Any]
DUES = tuple(f"{step}_due_on" for step in STEPS)
FIELDS = ("month", "first_month", "cut_off_on", *DUES, "opened_on", "locked_on", "locked_by", "since")


def all_(desk: Desk) -> list[Record]:
    """Every period that was opened, newest first. ``locked_act`` is its snapshot once it is locked."""

    def look() -> list[Record]:
        rows = desk.select(Period, "all", lambda q, t: q.order_by(t.c.month.desc()), columns=FIELDS)
        return [_told(dict(zip(FIELDS, row, strict=True))) for row in rows]

    desk.ask(Act.REGISTER_READ)
    return desk.remembered("periods", look)


def _told(facts: Record) -> Record:
    facts["version"] = facts.pop("since")
    return {**facts, "locked_act": facts["version"] if facts["locked_on"] else None}


def covering(desk: Desk, month: str) -> Record | None:
    """The period to which a month belongs; None when none was opened for it."""
    return next((p for p in all_(desk) if p["first_month"] <= month <= p["month"]), None)


def before(desk: Desk, month: str) -> str:
    """The month before: the one before the period's first."""
    return next_month(str(of_month(desk, month)["first_month"]), -1)


def find(desk: Desk, month: str) -> Record:
    """The period under this key. NotFound when it was not opened."""
    found = next((p for p in all_(desk) if p["month"] == month), None)
    if found is None:
        raise NotFound("{month} has not been opened for reporting", month=month)
    return found


def of_month(desk: Desk, month: str) -> Record:
    """The period under this key, or what it would cover if it were opened: then nothing is ``owed`` in it, as soon as any
    was."""
    known = next((p for p in all_(desk) if p["month"] == month), None)
    first = first_month(month, calendar(desk))
    return known or {"month": month, "first_month": first, "locked_act": None, "owed": not all_(desk)}


def row(desk: Desk, month: str) -> Period:
    """The period as a row that can be changed. NotFound when it was not opened, Conflict when it is locked."""
    found = desk.rows(Period, "by_month", lambda q, t: q.where(t.c.month == sa.bindparam("month")), {"month": month})
    if not found:
        raise NotFound("{month} has not been opened for reporting", month=month)
    if found[0].locked_on is not None:
        raise Conflict("{month} is locked; what is wrong is corrected", code="locked", month=month)
    return found[0]


def counted_in(desk: Desk, month: str) -> str:
    """The period in which something that belongs to a locked ``month`` counts: the first one after it that is open."""
    later = [p for p in all_(desk) if p["month"] > month]
    still = [p["month"] for p in later if p["locked_on"] is None]
    return min(still) if still else next_month(max([month, *(p["month"] for p in later)]))


def open_(desk: Desk, month: str, values: Record) -> Record:
    """Open a month for reporting; its days follow from the calendar where they are not given.

    Raises Conflict for one that is open already, or January where it is reported with February; Invalid.
    """
    ask_for_all(desk, Act.MONTH_OPEN)
    given = check(MonthOpen, reasons.take(desk, values), partial=True)
    kept = calendar(desk)
    if month > desk.today[:7]:
        raise Invalid.one("/month", "in_the_future", "This month has not begun")
    if month.endswith("-01") and kept["january_with_february"]:
        raise Conflict("January is reported together with February; open February", code="january_with_february")
    if covering(desk, month) is not None:
        raise Conflict("{month} has been opened already", code="already_open", month=month)
    days = {f"{step}_due_on": due_day(month, step, kept) for step in STEPS}
    facts = {"cut_off_on": last_day(month), **days, **{n: v for n, v in given.items() if v is not None}}
    _in_order(facts)
    desk.keep(Period(month=month, first_month=first_month(month, kept), opened_on=desk.today, **facts))
    return find(desk, month)


def after(desk: Desk, known: list[Record]) -> str:
    """The month to open next: the one after the newest, else the one before this; never January alone where it is
    reported with February."""
    month = next_month(known[0]["month"] if known else desk.today[:7], 1 if known else -1)
    together = month.endswith("-01") and calendar(desk)["january_with_february"]
    return next_month(month) if together else month


def ask_for_all(desk: Desk, act: Act) -> None:
    """Leave for what reaches every zone: it is not hers who sees only some."""
    desk.ask(act)
    if not desk.actor.everywhere:
        raise Forbidden("This reaches every zone, and you do not see them all")


def _in_order(facts: Record) -> None:
    for earlier, later in pairwise(DUES):
        if facts[later] < facts[earlier]:
            raise Invalid.one(f"/{later}", "dates_crossed", "It is due before what it waits for")
