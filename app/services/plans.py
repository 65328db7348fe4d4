"""Annual plans: what a project is to spend in a year, issued by a document, changed for a reason, never forgotten."""

from __future__ import annotations

from typing import Any

import orjson

from app.desk import Desk
from app.errors import Forbidden, Invalid, NotFound, Problem
from app.models import Plan, Project
from app.models.month_shapes import PlanEdit
from app.models.shapes import check
from app.rules.access import Act, FieldGroup
from app.rules.family import closed, told_sums
from app.services import families, plan_versions, reasons, reports
from app.services.plan_versions import versions

Record = dict[str, Any]
ACCEPTED = ("accepted_on", "accepted_by", "accepted_reason")
FACTS = ("annual_yuan", "months", "goal_text", "document", "issued_on")


def read(desk: Desk, id_: int, year: int) -> Record:
    """The plan of a year: what is in force, the baseline, and every version. NotFound when nothing was planned."""
    project = desk.get(Project, id_, deleted=True)
    known = versions(desk, project, year)
    if not known:
        raise NotFound
    return _told(project, known, year)


def list_(desk: Desk, id_: int) -> list[Record]:
    """The plans of every year, newest first."""
    project = desk.get(Project, id_, deleted=True)
    years = {year for year, rows in plan_versions.of_projects(desk, [id_])[id_].items() if rows}
    if project.plan_year and project.annual_plan_yuan is not None:
        years.add(project.plan_year)
    return [_told(project, versions(desk, project, year), year) for year in sorted(years, reverse=True)]


def exists(desk: Desk, id_: int, year: int) -> bool:
    """Was anything planned for this year?"""
    return bool(versions(desk, desk.get(Project, id_), year))


def _told(project: Project, known: list[Plan], year: int) -> Record:
    now = known[-1]
    return {
        "year": year,
        **_facts(now),
        "baseline_yuan": next((row.annual_yuan for row in known if row.annual_yuan is not None), None),
        "shown": project.plan_year == year,
        "versions": [{"number": n, **_facts(row)} for n, row in enumerate(known, 1)],
        "version": now.since or project.since,
    }


def _facts(row: Plan) -> Record:
    facts = {name: getattr(row, name) for name in FACTS}
    facts["months"] = orjson.loads(row.months) if row.months else None
    accepted = {name: getattr(row, name) for name in ACCEPTED}
    return {**facts, "reason": row.reason, "by": row.written_by, "at": row.created_at, **accepted}


def put(desk: Desk, id_: int, year: int, values: Record, *, version: int | None) -> Record:
    """Write the plan of a year as a whole; what is left out is unknown. Another amount, or other months than were known,
    make a new version and need a reason; the rest completes the version in force.

    Raises Invalid for months that do not add up, Stale, Forbidden.
    """
    project = desk.get(Project, id_, to=Act.PLAN_WRITE)
    if not desk.may_write(FieldGroup.AMOUNTS):
        raise Forbidden("You may not write this field", code="field_not_allowed")
    if "annual_plan_yuan" in closed(told_sums(project.family_sums)):
        families.refuse(project, ["annual_yuan"])
    facts = _checked(check(PlanEdit, reasons.take(desk, values)))
    known = versions(desk, project, year)
    if known and known[-1].id is not None:
        desk.current(known[-1], version)
    elif known:
        desk.current(project, version, changing=plan_versions.PLANNED)
    known = _written(desk, project, known, year, facts)
    desk.keep(known)
    if project.plan_year in (None, year):
        project.plan_year, project.annual_plan_yuan = year, known[-1].annual_yuan
        plan_versions.show(project, known)
        desk.keep(project)
        reports.follow_facts(desk, [project], ["plan_year"])
    return _told(project, known, year)


def _written(desk: Desk, project: Project, known: list[Plan], year: int, facts: Record) -> list[Plan]:
    """The versions with a new one, or with the one in force completed."""
    if known and not (changed := _changes(known[-1], facts)):
        for name, value in facts.items():
            setattr(known[-1], name, value)
        return known
    if known and not desk.reason:
        reasons.refuse(changed)
    return [*known, plan_versions.add(desk, project, known, year=year, **facts)]


def _changes(now: Plan, facts: Record) -> list[str]:
    """What of the plan in force would become another: its amount, its months where they were known."""
    found = ["annual_yuan"] if now.annual_yuan != facts["annual_yuan"] else []
    return found + (["months"] if now.months is not None and now.months != facts["months"] else [])


def _checked(given: Record) -> Record:
    facts: Record = dict.fromkeys(FACTS) | given
    months = {int(m): amount for m, amount in (facts["months"] or {}).items()}
    total = sum(months.values())
    if months and facts["annual_yuan"] is None:
        facts["annual_yuan"] = total
    if facts["annual_yuan"] is None:
        raise Invalid.one("/annual_yuan", "required", "Give the plan of the year, or of its months")
    if months and total != facts["annual_yuan"]:
        values = {"sum": total, "year": facts["annual_yuan"]}
        raise Invalid(
            problems=[
                Problem("/months", "not_the_sum", "The months add up to {sum} yuan, the year to {year} yuan", values)
            ]
        )
    facts["months"] = orjson.dumps({str(m): months[m] for m in sorted(months)}).decode() if months else None
    return facts
