"""One fact, one place: the state and the promised day of a procedure stand on the project's row and in its case, the same.

A case that is written writes the row too (``services.cases``). Here the other direction: whoever writes the row, through
whichever service, has its case follow in the same act. A row without a case is the case itself, until somebody knows more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import orjson

from app.engine import Link, Sql
from app.models.base import NOUNS
from app.models.cases import STANDS, Case
from app.rules.cases import NODE_COLUMNS, PROCEDURES, PROMISED, STATE, told_by_state

Values = tuple[Any, ...]
Written = Iterable[tuple[int, Values | None, Values]]
_STEPS = ", ".join(f"'{name}'" for name in PROCEDURES)
_CASES = f"SELECT {{columns}} FROM approval_case WHERE {STANDS} AND step IN ({_STEPS}) AND project_id"
_AMONG = {"sqlite": "IN (SELECT value FROM json_each(:ids))", "postgresql": "= ANY(CAST(:ids AS bigint[]))"}


class Adopting(Protocol):
    """An act under way, as far as it is needed here."""

    link: Link

    def adopted(self, model: type[Case], found: Iterable[Values]) -> list[Case]: ...


def followed(act: Adopting, projects: Written) -> list[Case]:
    """The cases of the projects that an act wrote, as these rows have it now, to be kept."""
    rows = retold(projects)
    cases = act.adopted(Case, standing(act.link, list(rows)))
    for case in cases:
        follow(case, rows[case.project_id])
    return cases


def standing(link: Link, project_ids: list[int]) -> list[Values]:
    """The cases of these projects that stand for one of their procedures."""
    if not project_ids:
        return []
    columns = ", ".join(NOUNS["approval_case"].columns)
    ids = project_ids if link.dialect == "postgresql" else orjson.dumps(project_ids).decode()
    return link.rows(Sql(_CASES.format(columns=columns) + f" {_AMONG[link.dialect]} ORDER BY id"), {"ids": ids})


def retold(projects: Written) -> dict[int, dict[str, Any]]:
    """The projects whose procedures are not what they were, with these columns as they are now. New ones have no cases."""
    noun = NOUNS["project"]
    chosen = noun.chosen(*NODE_COLUMNS)
    found = {}
    for id_, first, now in projects:
        if first is not None and (said := chosen(now)) != chosen(first):
            found[id_] = dict(zip(NODE_COLUMNS, said, strict=True))
    return found


def follow(case: Case, node: dict[str, Any]) -> None:
    """Let a case say what the project's row says."""
    state, promised_on = node[STATE.format(case.step)], node[PROMISED.format(case.step)]
    result = told_by_state(case.result, state)
    if result != case.result:
        case.result = result  # type: ignore[assignment]
        case.decided_on = case.days_used = None
    if result != "withdrawn":
        case.promised_on = promised_on


_APART = (
    "SELECT p.code FROM (SELECT project_id, step, result, promised_on FROM approval_case WHERE "
    f"{STANDS}) c JOIN project p ON p.id = c.project_id WHERE c.step = '{{step}}' AND "
    "(coalesce(p.{step}_state, '') <> CASE WHEN c.result IS NULL THEN 'in_progress' ELSE 'done' END "
    "OR coalesce(CAST(p.{step}_promised_on AS TEXT), '') <> coalesce(CAST(c.promised_on AS TEXT), ''))"
)
APART = Sql(" UNION ALL ".join(_APART.format(step=step) for step in PROCEDURES))


def apart(link: Link) -> list[str]:
    """The codes of projects whose row says of a procedure what its case does not: none, unless a table was written past
    the register."""
    return [code for (code,) in link.rows(APART)]
