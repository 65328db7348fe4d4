"""A zone's month: who owes a report and who has given one, and the steps submit, confirm, return."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.errors import Conflict, Invalid, Problem
from app.models import Project, Report, ZoneMonth
from app.models.month_shapes import MonthReturn, MonthSubmit
from app.models.shapes import check
from app.rules.access import Act
from app.rules.calendar import days_late
from app.rules.codes import Ledger, ZoneMonthState
from app.rules.month_states import report_after, zone_after
from app.services import bundle_months, closing, corrections, owing, papers, periods, reasons, reports, zones
from app.words import Word

Record = dict[str, Any]
FIELDS = (
    "submitted_on", "submitted_by", "missing_reason", "confirmed_on", "confirmed_by", "returned_on", "returned_by", "returned_reason",
)  # fmt: skip
DONE = ("submitted", "confirmed")
HEAD = ("id", "code", "name", "ledger", "relation", "disposition", "responsible_person")
STEPS = {"submit": Act.MONTH_SUBMIT, "confirm": Act.MONTH_CONFIRM, "return": Act.MONTH_RETURN}


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def read(desk: Desk, code: str, month: str) -> Record:
    """A zone's month: its state, what is late, and its projects with their reports (``items``). A locked month is its
    frozen snapshot; what was corrected since stands beside it."""
    period = periods.find(desk, month)
    zone_id = zones.id_of(desk, code)
    desk.ask(Act.REGISTER_READ, zone_id)
    then = frozen(desk, period)
    row = closing.rows(then, [zone_id], [month]).get((zone_id, month))
    items = _items(then, zone_id, period)
    return {
        "month": month,
        "zone": code,
        **head(then, period, row, items),
        "period": period,
        "items": items,
        "corrections": corrections.of_zone(desk, zone_id, period),
        "paper": _paper(desk, zone_id, month),
        "version": row.since if row else 0,
    }


def _paper(desk: Desk, zone_id: int, month: str) -> Record | None:
    """The newest paper of the month, with the scan that may have come since the lock."""
    known = papers.of_month(desk, zone_id, month)
    return papers.told(known[0]) if known else None


def frozen(desk: Desk, period: Record) -> Desk:
    """The desk as of the lock, for a locked period; an earlier moment that was asked for stands."""
    act = period["locked_act"]
    return desk.at(act) if act is not None and (desk.seq is None or desk.seq > act) else desk


def head(desk: Desk, period: Record, row: ZoneMonth | None, items: list[Record]) -> Record:
    """State, days and counts of a zone's month."""
    missing = [item for item in items if item["owes"] and item["state"] not in DONE]
    owed = [item for item in items if item["owes"]]
    facts = {name: getattr(row, name) if row else None for name in FIELDS}
    found = closing.state(period, row)
    return {
        "state": found,
        **facts,
        "late_days": late(period, found, facts["submitted_on"], desk.today),
        "owed": len(owed),
        "reported": sum(item["state"] not in ("not_submitted", "returned") for item in owed),
        "missing": [
            {n: item[n] for n in ("id", "name", "responsible_person", "state")} for item in missing if item["state"] in ("not_submitted", "returned")
        ],
    }  # fmt: skip


def late(period: Record, found: str, submitted_on: str | None, today: str) -> int:
    """For how many days a zone's month was, or is, overdue."""
    done = submitted_on if found != ZoneMonthState.OPEN else None
    return days_late(period["submit_due_on"], done or period["locked_on"] or today)


def some(desk: Desk, code: str, month: str, ids: list[int]) -> Record:
    """These projects of the grid as they now stand, and the state of the month: what follows an edit."""
    period = periods.find(desk, month)
    zone_id = zones.id_of(desk, code)
    desk.ask(Act.REGISTER_READ, zone_id)
    then = frozen(desk, period)
    row = closing.rows(then, [zone_id], [month]).get((zone_id, month))
    return {"month": month, "state": closing.state(period, row), "items": _items(then, zone_id, period, ids)}


def _items(desk: Desk, zone_id: int, period: Record, ids: list[int] | None = None) -> list[Record]:
    """The projects of the grid with their report of the period: those that owe one, and upcoming ones, which may."""
    projects, owed = _projects(desk, zone_id, period, ids)
    told, sums = reports.told(desk, projects, period["month"]), bundle_months.sums(desk, projects, period)
    return [_item(p, (p.id or 0) in owed, told[p.id or 0], period) | {"sums": sums.get(p.id or 0)} for p in projects]


SHOWN = (Ledger.IN_CONSTRUCTION, Ledger.COMPLETED, Ledger.UPCOMING)
"""Ledgers in the order in which the grid shows them; completed ones stand there while they owe a last report."""


def _projects(desk: Desk, zone_id: int, period: Record, ids: list[int] | None) -> tuple[list[Project], set[int]]:
    values = {"zone": zone_id, **owing.days_of(period)}
    if ids is not None:
        values["ids_"] = zones_value(desk.link.dialect, sorted(ids))

    def here(t: Any, *more: Any) -> Any:
        among = () if ids is None else (in_zones(t.c.id, desk.link.dialect, "ids_"),)
        return sa.and_(t.c.zone_id == sa.bindparam("zone"), *among, *more)

    def in_grid(t: Any) -> Any:
        standing = sa.or_(t.c.ledger == Ledger.IN_CONSTRUCTION.value, t.c.ledger == Ledger.UPCOMING.value)
        return sa.or_(owing.owes(t), sa.and_(owing.listed(t), standing))

    part = "all" if ids is None else "some"
    rows: list[Project] = desk.rows(Project, ("month_grid", part), lambda q, t: q.where(here(t, in_grid(t))), values)
    owed = desk.select(
        Project, ("month_owed", part), lambda q, t: q.where(here(t, owing.owes(t))), values, columns=("id",)
    )
    rows.sort(key=lambda p: (SHOWN.index(Ledger(p.ledger)), -(p.total_investment_yuan or 0), p.id or 0))
    return rows, {id_ for (id_,) in owed}


def _item(project: Project, owed: bool, told: list[Record], period: Record) -> Record:
    now = told[0] if told and told[0]["month"] == period["month"] else None
    before = next((r for r in told if r["month"] < period["month"]), None)
    copied = bool(
        now and before and not now["no_change"] and now["progress_text"] and now["progress_text"] == before["progress_text"]
    )  # fmt: skip
    return {
        **{name: getattr(project, name) for name in HEAD},
        "total_investment_yuan": project.total_investment_yuan,
        "annual_plan_yuan": project.annual_plan_yuan,
        "owes": owed,
        "state": now["state"] if now else "not_submitted",
        "late": bool(now and now["late"]),
        "copied": copied,
        "version": project.since,
        "report": now,
        "before": before,
    }


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def submit(desk: Desk, code: str, month: str, values: Record) -> Record:
    """Submit a zone's month to whoever reviews it. Reports that are missing stop it unless a reason is given: then they
    stay missing, and the reason stands beside them."""
    row = _step(desk, code, month, "submit")
    check(MonthSubmit, reasons.take(desk, values))
    period = periods.find(desk, month)
    lacking = head(desk, period, row, _items(desk, row.zone_id, period))["missing"]
    if lacking and not desk.reason:
        raise Conflict(
            "{n} reports are missing: report them, or say why they are missing",
            code="reports_missing", n=len(lacking), extra={"missing": lacking},
        )  # fmt: skip
    row.submitted_on, row.submitted_by = desk.today, desk.actor.name
    row.missing_reason = desk.reason if lacking else None
    row.returned_on = row.returned_by = row.returned_reason = None
    ready = [r for r in _reports(desk, row.zone_id, period) if report_after(r.state, "submit")]
    for report in ready:
        report.state = report_after(report.state, "submit") or report.state
        report.submitted_on, report.returned_reason = report.submitted_on or desk.today, None
    desk.keep(ready)
    desk.keep(row)
    told = read(desk, code, month)
    return {**told, "paper": papers.issue(desk, row.zone_id, told)}


def confirm(desk: Desk, code: str, month: str, values: Record) -> Record:
    """Confirm what a zone submitted, all of it."""
    row = _step(desk, code, month, "confirm")
    check(MonthSubmit, reasons.take(desk, values))
    row.confirmed_on, row.confirmed_by = desk.today, desk.actor.name
    given = _reports(desk, row.zone_id, periods.find(desk, month))
    for report in given:
        report.state = report_after(report.state, "confirm") or report.state
    desk.keep(given)
    desk.keep(row)
    return read(desk, code, month)


def return_(desk: Desk, code: str, month: str, values: Record) -> Record:
    """Give a month back to its zone for a reason: the reports named in ``project_ids``, else all of them, must be written
    again; the others stay as they were submitted."""
    row = _step(desk, code, month, "return")
    given = check(MonthReturn, reasons.take(desk, values))
    if not desk.reason:
        reasons.refuse(["reason"])
    wanted = set(given.get("project_ids") or [])
    known = [r for r in _reports(desk, row.zone_id, periods.find(desk, month)) if report_after(r.state, "return")]
    problems = [
        Problem(f"/project_ids/{n}", "not_reported", "There is no submitted report of this project")
        for n, id_ in enumerate(given.get("project_ids") or [])
        if id_ not in {r.project_id for r in known}
    ]
    if problems:
        raise Invalid(problems=problems)
    back = [r for r in known if not wanted or r.project_id in wanted]
    for report in back:
        report.state, report.returned_reason = report_after(report.state, "return") or report.state, desk.reason
    desk.keep(back)
    row.returned_on, row.returned_by, row.returned_reason = desk.today, desk.actor.name, desk.reason
    row.confirmed_on = row.confirmed_by = None
    desk.keep(row)
    return read(desk, code, month)


def _step(desk: Desk, code: str, month: str, step: str) -> ZoneMonth:
    """The zone's month in the state to which the step leads, not kept yet. Refuses a step that may not be made from where
    it stands."""
    zone_id = zones.id_of(desk, code)
    desk.ask(STEPS[step], zone_id)
    periods.row(desk, month)
    row = closing.rows(desk, [zone_id], [month]).get((zone_id, month)) or ZoneMonth(zone_id=zone_id, month=month)
    after = zone_after(row.state, step)
    if after is None:
        raise Conflict(
            "The month is {state}; this step cannot be made from there",
            code="wrong_state", state=Word(f"ZoneMonthState.{row.state}"), extra={"state": row.state},
        )  # fmt: skip
    row.state = after
    return row


def _reports(desk: Desk, zone_id: int, period: Record) -> list[Report]:
    """The reports of a zone in a period."""
    return desk.rows(
        Report, "of_period",
        lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone"), t.c.month >= sa.bindparam("first"), t.c.month <= sa.bindparam("last")),
        {"zone": zone_id, "first": period["first_month"], "last": period["month"]},
    )  # fmt: skip
