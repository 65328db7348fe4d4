"""The demo city's cases: written beside its projects, after what its zones hold."""

from __future__ import annotations

from app.demo.cases import cases, served
from app.desk import Desk
from app.models import Case, Project
from app.services import coverage_rows
from app.services.zone_search import numbered


def enter(desk: Desk, made: list[Project], seed: int) -> None:
    """Enter the cases of the demo projects. Their rows say already what these cases say."""
    items, named = coverage_rows.items(desk), numbered(desk)
    ways = {}
    rows = []
    for project in made:
        code = named[project.zone_id][0]
        if code not in ways:
            ways[code] = served(coverage_rows.held(desk, code), items)
        for facts in cases(vars(project), seed, ways[code], desk.today):
            rows.append(Case(zone_id=project.zone_id, project_id=project.id or 0, **facts))
    desk.keep(rows)
