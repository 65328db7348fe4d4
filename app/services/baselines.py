"""Baselines: lights compare with what was first committed to in the year, until the city office accepts a change of it."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.errors import Conflict
from app.models import Project
from app.models.shapes import check
from app.models.year_shapes import BaselineAccept
from app.rules.access import Act
from app.rules.family import closed, told_sums
from app.rules.settling import plan_judged_by
from app.services import families, plan_versions, reasons
from app.services.records import record

Record = dict[str, Any]


def changed(project: Project) -> list[str]:
    """What of a project's commitments is another than its baseline: the city office may accept it."""
    start = project.baseline_start_month or project.first_planned_start_month
    found = [] if project.started_on or project.planned_start_month in (None, start) else ["planned_start_month"]
    summed = "annual_plan_yuan" in closed(told_sums(project.family_sums))
    if not summed and project.annual_plan_yuan is not None and project.annual_plan_yuan != plan_judged_by(project):
        found.append("annual_plan_yuan")
    return found


def told(desk: Desk, id_: int) -> list[Record]:
    """What the city office could accept of a project: ``{of, judged, now}``."""
    project = desk.get(Project, id_)
    start = project.baseline_start_month or project.first_planned_start_month
    judged = {"planned_start_month": start, "annual_plan_yuan": plan_judged_by(project)}
    return [{"of": name, "judged": judged[name], "now": getattr(project, name)} for name in changed(project)]


def accept(desk: Desk, id_: int, values: Record) -> Record:
    """Accept the planned start or the annual plan that is in force: lights compare with it from now on. What was first
    committed to stays visible. Raises Conflict where nothing has changed, Invalid without a reason."""
    project = desk.get(Project, id_, to=Act.BASELINE_ACCEPT)
    given = check(BaselineAccept, reasons.take(desk, values))
    field = given["of"]
    desk.current(project, given.get("version"), changing=("planned_start_month", *plan_versions.PLANNED, "deleted_at"))
    if field == "annual_plan_yuan" and field in closed(told_sums(project.family_sums)):
        families.refuse(project, [field])
    if field not in changed(project):
        raise Conflict("Lights compare with this already; there is nothing to accept", code="nothing_to_accept")
    if not desk.reason:
        reasons.refuse(["reason"])
    if field == "planned_start_month":
        project.baseline_start_month = project.planned_start_month
    else:
        _accept_plan(desk, project)
    desk.keep(project)
    return record(desk, project)


def _accept_plan(desk: Desk, project: Project) -> None:
    known = plan_versions.versions(desk, project, project.plan_year or 0)
    now = known[-1]
    now.accepted_on, now.accepted_by, now.accepted_reason = desk.today, desk.actor.name, desk.reason
    desk.keep(known)
    plan_versions.show(project, known)
