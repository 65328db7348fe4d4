"""The reports behind a figure of the overview that counts reports: money that arrived, problems named and solved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.models import Project, Report
from app.models.counted import reports_itself
from app.models.reported import is_sum, problem_new, problem_solved
from app.rules.reported import MONEY
from app.services.naming import by_ids

FIGURES = (*MONEY, "problem_new", "problem_solved")
"""Figures that count reports, not projects."""
COLUMNS = ("id", "name", "zone_id", "ledger", "light", "sponsor_leader")


def rows(
    desk: Desk, figure: str, zone_id: int | None, leader: str | None, first: str, last: str, most: int, skip: int
) -> tuple[list[dict[str, Any]], int, int | None]:
    """Reports between two months, newest first: a page of them, how many all are and what they come to."""
    amount = MONEY.get(figure)

    def where(query: Any, table: Any) -> Any:
        query = query.where(table.c.month >= sa.bindparam("first"), table.c.month <= sa.bindparam("last"))
        query = query.where(_counts(desk, table, figure, leader is not None))
        return query if zone_id is None else query.where(table.c.zone_id == sa.bindparam("zone_"))

    def page(query: Any, table: Any) -> Any:
        newest = (table.c.month.desc(), table.c.id.desc())
        return where(query, table).order_by(*newest).limit(sa.bindparam("most")).offset(sa.bindparam("skip"))

    def columns(table: Any) -> list[Any]:
        said = (table.c.problems_own, table.c.problems_government)
        return [table.c.project_id, table.c.month, table.c[amount] if amount else sa.null(), *said]

    def sums(table: Any) -> list[Any]:
        return [sa.func.count(), sa.func.sum(table.c[amount]) if amount else sa.null()]

    values: dict[str, Any] = {"first": first, "last": last, "zone_": zone_id, "leader": leader}
    values = {name: value for name, value in values.items() if value is not None}
    key = (figure, zone_id is None, leader is None)
    found = desk.select(Report, ("report rows", key), page, {**values, "most": most, "skip": skip}, columns=columns)
    count, total = desk.select(Report, ("report sum", key), where, values, columns=sums)[0]
    return _told(desk, found), int(count), None if total is None else int(total)


def _told(desk: Desk, found: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    projects = {p.id: p for p in by_ids(desk, Project, "reported", "id", {row[0] for row in found})}
    return [
        {
            **{name: getattr(projects[id_], name) for name in COLUMNS},
            "on": month,
            "amount": amount,
            "said": " · ".join(text for text in texts if text),
        }
        for id_, month, amount, *texts in found
    ]


def _counts(desk: Desk, table: Any, figure: str, of_leader: bool) -> Any:
    project = desk.table(Project).alias("project_")
    here = [project.c.id == table.c.project_id, reports_itself(project), *desk.then(project)]
    if of_leader:
        here.append(project.c.sponsor_leader == sa.bindparam("leader"))
    if figure in MONEY:
        return sa.and_(table.c[MONEY[figure]].is_not(None), sa.exists().where(*here, sa.not_(is_sum(project))))
    turns = {"problem_new": problem_new, "problem_solved": problem_solved}[figure]
    return sa.and_(turns(table, desk.table(Report), desk.then), sa.exists().where(*here))
