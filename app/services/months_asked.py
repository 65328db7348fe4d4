"""``month=`` of a question: which act answers it. A locked month is its frozen snapshot; an open one is answered as the
register stands, and only while the register holds nothing of a later month. What cannot be answered exactly is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import sqlalchemy as sa

from app import clock
from app.desk import Desk
from app.engine import Sql
from app.errors import BadRequest, Problem
from app.models import Move, Project, Report
from app.rules.access import Act
from app.rules.calendar import last_day
from app.services import periods

DAYS = (
    "signed_on", "started_on", "completed_on", "in_production_on", "registered_in_statistics_on", "disposition_on",
    "entered_ledger_on",
)  # fmt: skip
"""Days of facts in a project's row."""
MONTH = r"(19[5-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])"
MOMENT = Sql("SELECT at FROM act WHERE seq = :seq")


class Asked(NamedTuple):
    """The act as of which is read (None: now), and whether that is ``locked`` or ``provisional``."""

    seq: int | None
    state: str


def at(desk: Desk, month: str, as_of: int | None) -> Asked:
    """What answers a question about ``month``, as it was known after act ``as_of`` where one is named too.

    Raises BadRequest for a month that has not begun, one that was never opened, January where it is reported with
    February, and an open month beside facts of later ones.
    """
    desk.ask(Act.REGISTER_READ)
    if month > desk.today[:7]:
        raise _refused(Problem("/month", "bad_parameter", "This month has not begun"))
    period = periods.covering(desk, month)
    if period is not None and period["month"] != month:
        raise _refused(
            Problem(
                "/month",
                "bad_parameter",
                "It is reported together with {month}; ask for that",
                {"month": period["month"]},
            )
        )
    if period is not None and period["locked_act"] is not None:
        if as_of is not None and as_of < period["locked_act"]:
            raise _refused(Problem("/month", "bad_parameter", "It was not locked then; ask with as_of alone"))
        return Asked(period["locked_act"], "locked")
    if period is None and month != desk.today[:7]:
        raise _refused(
            Problem("/month", "bad_parameter", "{month} has not been opened for reporting", {"month": month})
        )
    if as_of is not None and (desk.link.value(MOMENT, {"seq": as_of}) or "") <= clock.end_of_day(last_day(month)):
        return Asked(as_of, "provisional")  # known before the month was over: nothing later can be in it
    if as_of is not None or _has_later(desk, month):
        raise _refused(
            Problem(
                "/month",
                "bad_parameter",
                "It is not locked, and the register knows of later months already; ask with as_of alone",
            )
        )
    return Asked(None, "provisional")


def readable(month: str) -> None:
    """Refuse what is no month; nothing at all is none asked for."""
    if month and not re.fullmatch(MONTH, month):
        raise _refused(Problem("/month", "bad_parameter", "Write the month as 2026-06"))


def _refused(problem: Problem) -> BadRequest:
    return BadRequest("A parameter of the address cannot be read", code="bad_parameter", problems=[problem])


def _has_later(desk: Desk, month: str) -> bool:
    """Is there a fact, a move, a report or a plan year of hers after this month? What stands now is then not the month."""

    def facts(q: Any, t: Any) -> Any:
        days = [t.c[name] > sa.bindparam("day", type_=t.c[name].type) for name in DAYS]
        return q.where(sa.or_(*days, t.c.plan_year > sa.bindparam("year"))).limit(1)

    def moves(q: Any, t: Any) -> Any:
        return q.where(t.c.happened_on > sa.bindparam("day", type_=t.c.happened_on.type)).limit(1)

    def reports(q: Any, t: Any) -> Any:
        return q.where(t.c.month > sa.bindparam("month")).limit(1)

    values = {"day": last_day(month), "month": month, "year": int(month[:4])}
    asked: tuple[tuple[Any, Callable[[Any, Any], Any], tuple[str, ...]], ...] = (
        (Report, reports, ("month",)), (Move, moves, ("day",)), (Project, facts, ("day", "year")),
    )  # fmt: skip
    return any(
        desk.select(noun, "after the month", build, {name: values[name] for name in names}, columns=("id",))
        for noun, build, names in asked
    )
