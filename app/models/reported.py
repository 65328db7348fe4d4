"""What lies in reports, as conditions and amounts of a statement: the rules of ``rules.reported`` for the database.

``report`` is the table of reports (now, or its versions), ``then`` gives the conditions of the moment that is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app.models.counted import names_problem, reports_itself
from app.rules.dated import BUILT

Then = Callable[[Any], list[Any]]
ZERO: Any = sa.literal_column("0")
ONE: Any = sa.literal_column("1")
NO_MONTH: Any = sa.literal_column("''")


def is_sum(table: Any) -> Any:
    """Its money spent is that of its parts or phases (``rules.family.spends``)."""
    return sa.func.coalesce(table.c.family_sums, NO_MONTH).like(sa.literal('%"invested_to_date_yuan"%'))


# ── problems ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def problem_new(table: Any, report: Any, then: Then) -> Any:
    """The condition of a report that names a problem after none."""
    return sa.and_(names_problem(table), _named_before(table, report, then) == ZERO)


def problem_solved(table: Any, report: Any, then: Then) -> Any:
    """The condition of a report that says there is none (any more) after a problem."""
    return sa.and_(_speaks(table), sa.not_(_names(table)), _named_before(table, report, then) == ONE)


def _names(table: Any) -> Any:
    """``names_problem`` that is false, never unknown, where a text is blank."""
    return sa.func.coalesce(names_problem(table), sa.false())


def _speaks(table: Any) -> Any:
    return sa.or_(table.c.problems_own.is_not(None), table.c.problems_government.is_not(None))


def _named_before(table: Any, report: Any, then: Then) -> Any:
    """1 or 0: whether the newest earlier report that says anything of problems names one."""
    earlier = report.alias("earlier_")
    here = [
        earlier.c.project_id == table.c.project_id,
        earlier.c.month < table.c.month,
        earlier.c.deleted_at.is_(None),
        _speaks(earlier),
        *then(earlier),
    ]
    return sa.func.coalesce(_one(sa.case((_names(earlier), ONE), else_=ZERO), earlier, here, table, latest=True), ZERO)


# ── what a project has spent in a year ───────────────────────────────────────────────────────────────────────────────
def has_spent(table: Any, report: Any, then: Then) -> list[Any]:
    """The conditions of a project of which it is known what it spent from ``:january`` to ``:last``."""
    built = sa.or_(*(table.c.ledger == ledger for ledger in BUILT))
    return [reports_itself(table), built, sa.not_(is_sum(table)), spent(table, report, then).is_not(None)]


def spent(table: Any, report: Any, then: Then) -> Any:
    """What was spent from ``:january`` to ``:last``: the last cumulative and the months after it, else the opening and
    the months after it; unknown where nothing is known of the year."""
    c = table.c
    here = sa.and_(c.opening_month >= sa.bindparam("january"), c.opening_month <= sa.bindparam("last"))
    told, of_told = _of_year(table, report.alias("told_"), then)
    stated = [*of_told, told.c.cumulative_this_year_yuan.is_not(None)]
    at = sa.func.coalesce(
        _one(sa.func.max(told.c.month), told, stated, table), sa.case((here, c.opening_month), else_=NO_MONTH)
    )
    any_, of_any = _of_year(table, report.alias("any_"), then)
    begun = sa.case(
        (sa.exists().where(*of_any, any_.c.invested_yuan.is_not(None)).correlate(table), ZERO), else_=sa.null()
    )
    start = sa.func.coalesce(
        _one(told.c.cumulative_this_year_yuan, told, stated, table, latest=True),
        sa.case((here, c.opening_this_year_yuan), else_=begun),
    )
    later, of_later = _of_year(table, report.alias("later_"), then)
    added = _one(sa.func.sum(later.c.invested_yuan), later, [*of_later, later.c.month > at], table)
    return start + sa.func.coalesce(added, ZERO)


def _of_year(table: Any, report: Any, then: Then) -> tuple[Any, list[Any]]:
    """The reports of a project in the year, as far as they lie behind its opening."""
    return report, [
        report.c.project_id == table.c.id,
        report.c.deleted_at.is_(None),
        report.c.month >= sa.bindparam("january"),
        report.c.month <= sa.bindparam("last"),
        report.c.month > sa.func.coalesce(table.c.opening_month, NO_MONTH),
        *then(report),
    ]


def _one(value: Any, table: Any, where: list[Any], outside: Any, *, latest: bool = False) -> Any:
    """One value of the rows of a table that belong to the row outside, as an expression."""
    query = sa.select(value).select_from(table).where(*where).correlate(outside)
    if latest:
        query = query.order_by(table.c.month.desc()).limit(ONE)
    return query.scalar_subquery()
