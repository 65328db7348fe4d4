"""The annual plan stands in the project's row; what it was before stands in versions. The two always agree.

A plan that was never changed needs no row of its own: the project's row is its first and only version, so that an import
of thousands writes nothing twice. Rows begin when a plan is changed, or says more than its year and its amount.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from app.desk import Desk
from app.models import Plan, Project
from app.services.naming import by_ids

PLANNED = frozenset({"plan_year", "annual_plan_yuan"})
"""Fields of a project that are its annual plan."""
Years = dict[int, list[Plan]]


def of_projects(desk: Desk, ids: Iterable[int]) -> dict[int, Years]:
    """The kept versions by project and year, oldest first. One statement."""
    found: dict[int, Years] = defaultdict(lambda: defaultdict(list))
    for row in sorted(by_ids(desk, Plan, "of_projects", "project_id", ids), key=lambda r: r.number):
        found[row.project_id][row.year].append(row)
    return found


def versions(desk: Desk, project: Project, year: int) -> list[Plan]:
    """Every version of a year's plan, oldest first; a first one that stands in the project's row alone has no id yet."""
    kept = of_projects(desk, [project.id or 0])[project.id or 0][year]
    if kept or project.plan_year != year or project.annual_plan_yuan is None:
        return kept
    return [_first(desk, project, year, project.annual_plan_yuan)]


def add(desk: Desk, project: Project, known: list[Plan], **facts: Any) -> Plan:
    """A further version after the ``known`` ones, not kept yet."""
    number = _free(desk, project, known)
    made = Plan(zone_id=project.zone_id, project_id=project.id or 0, number=number, **facts)
    made.reason, made.written_by = desk.reason, desk.actor.name
    return made


def _first(desk: Desk, project: Project, year: int, amount: int) -> Plan:
    """The version that so far stood in the project's row alone."""
    number = _free(desk, project, [])
    return Plan(zone_id=project.zone_id, project_id=project.id or 0, year=year, number=number, annual_yuan=amount)


def _free(desk: Desk, project: Project, known: list[Plan]) -> int:
    """The next number; those of versions taken back are not used again."""
    taken = by_ids(desk, Plan, "numbers", "project_id", [project.id or 0], deleted="with")
    return max([row.number for row in (*taken, *known)], default=0) + 1


def follow(desk: Desk, projects: list[Project], changed: Collection[str]) -> None:
    """After year or amount of plans were written into rows that are kept: what they said before becomes a version."""
    if not PLANNED.intersection(changed) or desk.book is None:
        return
    before = {p.id: desk.book.before(p) for p in projects}
    moved = [p for p in projects if (was := before[p.id]) and _differs(was, p)]
    known = of_projects(desk, (p.id or 0 for p in moved))
    made: list[Plan] = []
    for project in moved:
        was, years = before[project.id] or {}, known[project.id or 0]
        made += _followed(desk, project, was, years, typed="annual_plan_yuan" in changed)
    desk.keep(made)
    desk.keep(moved)


def _differs(was: dict[str, Any], project: Project) -> bool:
    return any(was[name] != getattr(project, name) for name in PLANNED)


def _followed(desk: Desk, project: Project, was: dict[str, Any], years: Years, *, typed: bool) -> list[Plan]:
    made = []
    if was["annual_plan_yuan"] is not None and not years[was["plan_year"]]:
        made.append(_first(desk, project, was["plan_year"], was["annual_plan_yuan"]))
        years[was["plan_year"]].append(made[0])
    if project.plan_year is None:
        return made
    known = years[project.plan_year]
    if known and project.plan_year != was["plan_year"] and not typed:
        project.annual_plan_yuan = known[-1].annual_yuan  # another year is shown: what was planned for it stands
    elif known and known[-1].annual_yuan != project.annual_plan_yuan:
        known.append(add(desk, project, known, year=project.plan_year, annual_yuan=project.annual_plan_yuan))
        made.append(known[-1])
    show(project, known)
    return made


def show(project: Project, known: list[Plan]) -> None:
    """What a row shows of the plan of its year beside the amount: the baseline and the months of the version in force."""
    amounts = [row.annual_yuan for row in known if row.annual_yuan is not None]
    project.first_annual_plan_yuan = amounts[0] if amounts else project.annual_plan_yuan
    project.plan_months = known[-1].months if known else None
    project.baseline_plan_yuan = next((row.annual_yuan for row in reversed(known) if row.accepted_on), None)


def take_back(desk: Desk, seq: int, projects: list[Project]) -> None:
    """Undo the versions that act ``seq`` wrote for projects whose plan went back to what it was."""
    rows = [r for years in of_projects(desk, (p.id or 0 for p in projects)).values() for v in years.values() for r in v]
    for row in rows:
        if row.since == seq:
            row.deleted_at = desk.now
    desk.keep(rows)
    left = of_projects(desk, (p.id or 0 for p in projects))
    for project in projects:
        show(project, left[project.id or 0][project.plan_year] if project.plan_year else [])
    desk.keep(projects)
