"""Corrections of a locked month: the snapshot stays, the right figure counts in the first month that is still open."""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Invalid, Problem
from app.models import Correction, Project, Report
from app.models.month_shapes import CorrectionNew
from app.models.shapes import ReportEdit, check
from app.rules.access import Act
from app.rules.codes import ReportState
from app.services import periods, reasons, reports
from app.services.naming import by_ids

Record = dict[str, Any]
FIELDS = (
    "id",
    "project_id",
    "month",
    "field",
    "reason",
    "document",
    "counts_from",
    "corrected_by",
    "created_at",
    "since",
)


def create(desk: Desk, id_: int, month: str, values: Record) -> Record:
    """Put right one field of a locked month's report: ``{field, value, reason, document?}``.

    Raises Conflict where the month is not locked, Invalid for a value the field cannot have or without a reason.
    """
    project = desk.get(Project, id_, to=Act.REPORT_CORRECT)
    given = check(CorrectionNew, reasons.take(desk, values))
    period = periods.covering(desk, month)
    if period is None or period["locked_on"] is None:
        raise Conflict("{month} is not locked; change the report itself", code="not_locked", month=month)
    reason = desk.reason or ""
    if not reason:
        reasons.refuse(["reason"])
    field = given["field"]
    value = _value(field, given.get("value"))
    row = _report(desk, project, month)
    before = getattr(row, field)
    if before == value:
        raise Invalid.one("/value", "same", "This stands there already")
    reports.write(desk, [(project, row, {field: value})], correcting=True)
    made = Correction(
        zone_id=project.zone_id, project_id=id_, month=month, field=field, before=_text(before), after=_text(value),
        reason=reason, document=given.get("document"), counts_from=periods.counted_in(desk, period["month"]),
        corrected_by=desk.actor.name,
    )  # fmt: skip
    desk.keep(made)
    return _told(made)


def _report(desk: Desk, project: Project, month: str) -> Report:
    """The report of the month; one that was never given is made by its correction."""
    found: list[Report] = by_ids(desk, Report, "of_projects", "project_id", [project.id or 0])
    known = next((row for row in found if row.month == month), None)
    if known is None:
        reports.may_report(desk, project, month)
    return known or Report(
        zone_id=project.zone_id, project_id=project.id or 0, month=month, state=ReportState.CONFIRMED
    )


def _value(field: str, value: Any) -> Any:
    """The value as its field takes it; what is wrong with it is wrong with ``/value``."""
    try:
        return check(ReportEdit, {field: value}, partial=True)[field]
    except Invalid as refusal:
        raise Invalid(problems=[Problem("/value", p.code, p.msgid, p.values) for p in refusal.problems]) from refusal


def _text(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _told(row: Correction) -> Record:
    facts = {name: getattr(row, name) for name in FIELDS}
    facts["by"], facts["at"], facts["version"] = (facts.pop(n) for n in ("corrected_by", "created_at", "since"))
    for name in ("before", "after"):
        stored = getattr(row, name)
        facts[name] = orjson.loads(stored) if stored is not None else None
    return facts


def list_(desk: Desk, id_: int, month: str) -> list[Record]:
    """What was corrected in one project's month, oldest first."""
    desk.get(Project, id_, deleted=True)
    found: list[Correction] = by_ids(desk, Correction, "of_projects", "project_id", [id_])
    return [_told(row) for row in found if row.month == month]


def of_zone(desk: Desk, zone_id: int, period: Record) -> list[Record]:
    """What was corrected in a zone's period, oldest first."""
    found = desk.rows(
        Correction, "of_zone",
        lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone"), t.c.month >= sa.bindparam("first"), t.c.month <= sa.bindparam("last"))
        .order_by(t.c.id),
        {"zone": zone_id, "first": period["first_month"], "last": period["month"]},
    )  # fmt: skip
    names = {
        p.id: p.name for p in by_ids(desk, Project, "named", "id", (row.project_id for row in found), deleted="with")
    }
    return [{**_told(row), "name": names.get(row.project_id)} for row in found]
