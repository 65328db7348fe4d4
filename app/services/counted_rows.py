"""Facts by month counted from rows instead of maintained sums: for one leader's projects, and as of an earlier act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from app.desk import Build, Desk, in_zones, zones_value
from app.models import Project, Report
from app.rules.dated import DECIDING, Dated, dated
from app.rules.reported import OF_PROJECT, OF_REPORT, facts

NEEDED = tuple(dict.fromkeys((*DECIDING, *OF_PROJECT)))
Counted = tuple[str, str, int, int, int]
"""Fact, month or year, projects, sum, known amounts."""


def counted(desk: Desk, key: Hashable, build: Build, values: dict[str, Any]) -> Iterator[Counted]:
    """Every dated fact of the projects that ``build`` chooses, as the desk reads them: now or as of an act."""
    rows = desk.select(Project, ("counted", key), build, values, columns=NEEDED)
    projects = [dict(zip(NEEDED, row, strict=True)) for row in rows]
    given = _reports(desk, [row["id"] for row in projects])
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in projects:
        for found in (*dated(row), *facts(row, given[row["id"]])):
            _add(sums[found.fact, found.period], found)
    return ((*key_, *figures) for key_, figures in sums.items())  # type: ignore[misc]


def of_zones(desk: Desk, ids: Sequence[int] | None) -> Iterator[Counted]:
    """The same over whole zones (None: all she sees)."""
    if ids is None:
        return counted(desk, "everywhere", lambda q, t: q, {})
    values = {"zones_": zones_value(desk.link.dialect, ids)}
    return counted(desk, "zones", lambda q, t: q.where(in_zones(t.c.zone_id, desk.link.dialect, "zones_")), values)


def _add(known: list[int], found: Dated) -> None:
    known[0] += 1
    known[1] += found.amount or 0
    known[2] += found.amount is not None


def _reports(desk: Desk, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    rows = desk.select(
        Report, "counted", lambda q, t: q.where(in_zones(t.c.project_id, desk.link.dialect, "ids_")).order_by(t.c.month),
        {"ids_": zones_value(desk.link.dialect, ids)}, columns=OF_REPORT,
    )  # fmt: skip
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(dict(zip(OF_REPORT, row, strict=True)))
    return found
