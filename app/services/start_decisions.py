"""Upcoming projects that did not start in the year that is over: a new month, back to reserve, or out."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid
from app.models import Project
from app.models.shapes import check
from app.models.year_shapes import StartDecision
from app.rules.access import Act, FieldGroup
from app.rules.codes import Disposition, Ledger
from app.rules.ledgers import LEFT
from app.services import moves, opened_years, projects, reasons
from app.services.records import record

Record = dict[str, Any]
ACTS = {"new_month": Act.PROJECT_AMEND, "reserve": Act.PROJECT_MOVE, "exit": Act.PROJECT_EXIT}


def committed(project: Project) -> str | None:
    """The month to which a start is committed in the year shown."""
    return project.baseline_start_month or project.first_planned_start_month or project.planned_start_month


def decide(desk: Desk, id_: int, year: int, values: Record, *, version: int | None = None) -> Record:
    """Decide about one: ``new_month`` is the first commitment of the new year, by which its light is judged; the slip and
    the month first of all stay. ``reserve`` is a move back, ``exit`` a withdrawal; both need a reason.

    Raises Conflict where the year was not opened or there is nothing to decide, Invalid for a month outside the year.
    """
    given = check(StartDecision, reasons.take(desk, values))
    project = desk.get(Project, id_, to=ACTS[given["decision"]])
    _open_question(desk, project, year)
    if given["decision"] == "reserve":
        return moves.move(desk, id_, to=Ledger.RESERVE.value, version=version)
    if given["decision"] == "exit":
        leave = Disposition.WITHDRAWN.value
        return projects.dispose(desk, id_, disposition=leave, destination=given.get("destination"), version=version)
    return _commit(desk, project, year, given.get("month"), version)


def open_year(desk: Desk, project: Project) -> int | None:
    """The year for which a project waits for this decision."""
    year = opened_years.of(desk, project.zone_id) if project.ledger == Ledger.UPCOMING else None
    return year if year and project.deleted_at is None and _waits(project, year) else None


def _waits(project: Project, year: int) -> bool:
    upcoming = project.ledger == Ledger.UPCOMING and project.disposition not in {gone.value for gone in LEFT}
    return upcoming and (committed(project) or "") < f"{year}-01"


def _open_question(desk: Desk, project: Project, year: int) -> None:
    if (opened_years.of(desk, project.zone_id) or 0) < year:
        raise Conflict("{year} has not been opened for this zone", code="not_open", year=year)
    if not _waits(project, year):
        raise Conflict("There is nothing to decide here any more", code="decided")


def _commit(desk: Desk, project: Project, year: int, month: str | None, version: int | None) -> Record:
    desk.current(project, version, changing=("planned_start_month", "ledger", "disposition", "deleted_at"))
    if not desk.may_write(FieldGroup.FACTS):
        raise Forbidden("You may not write this field", code="field_not_allowed")
    if month is None:
        raise Invalid.one("/month", "required", "This must be given")
    if not month.startswith(f"{year}-"):
        raise Invalid.one(
            "/month", "out_of_range", "Choose a month of {year}; what starts later goes back to reserve", year=year
        )
    projects.apply(desk, project, {"planned_start_month": month})
    project.baseline_start_month = month
    desk.keep(project)
    return record(desk, project)
