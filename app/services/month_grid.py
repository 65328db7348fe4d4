"""Typing into the month's grid: cells of several projects' reports as one act, each with the version that was read."""

from __future__ import annotations

from typing import Any

from app.desk import Desk
from app.errors import NotFound
from app.models import Project, Report
from app.models.shapes import ReportEdit, check
from app.rules.access import Act
from app.services import periods, reports, zones
from app.services.naming import by_ids

Record = dict[str, Any]


def put(desk: Desk, code: str, month: str, edits: list[Record]) -> list[int]:
    """``[{id, version, values}]``, all or nothing. A save whose fields nobody touched meanwhile goes through; a report of
    which nothing is left is taken back, as an empty row is none.

    Raises Stale, Invalid, Conflict where the month takes no reports, NotFound for a project of another zone.
    """
    periods.find(desk, month)
    zone_id = zones.id_of(desk, code)
    desk.ask(Act.REPORT_WRITE, zone_id)
    known = _known(desk, month, [edit["id"] for edit in edits])
    written: list[tuple[Project, Report, Record]] = []
    emptied: list[tuple[Project, Report]] = []
    for edit in edits:
        project = desk.get(Project, edit["id"], to=Act.REPORT_WRITE)
        if project.zone_id != zone_id:
            raise NotFound
        facts = check(ReportEdit, edit["values"], partial=True)
        reports.may_report(desk, project, month)
        row = _row(desk, project, month, known.get(edit["id"]), edit.get("version"), facts)
        if not _empty(row, facts):
            written.append((project, row, facts))
        elif row.id is not None:
            emptied.append((project, row))
    if emptied:
        reports.withdraw(desk, emptied)
    if written:
        reports.write(desk, written)
    return [edit["id"] for edit in edits]


def _known(desk: Desk, month: str, ids: list[int]) -> dict[int, Report]:
    rows: list[Report] = by_ids(desk, Report, "of_projects", "project_id", ids, deleted="with")
    return {row.project_id: row for row in rows if row.month == month}


def _row(
    desk: Desk, project: Project, month: str, row: Report | None, version: int | None, facts: Record
) -> Report:  # fmt: skip
    if row is None:
        return Report(zone_id=project.zone_id, project_id=project.id or 0, month=month)
    if row.deleted_at is not None:
        reports.revive(row)
    else:
        desk.current(row, version, changing=facts)
    return row


def _empty(row: Report, facts: Record) -> bool:
    """Would nothing be left? That nothing was spent follows from "nothing changed", and goes with it."""
    left = {name: facts.get(name, getattr(row, name)) for name in reports.FACTS}
    if (
        "no_change_reason" in facts
        and facts["no_change_reason"] is None
        and row.no_change_reason
        and not left["invested_yuan"]
    ):
        left["invested_yuan"] = None
    return all(value is None for value in left.values())
