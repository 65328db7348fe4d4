"""Monthly reports: what a month added, and how a project's row follows from its opening and its reports.

A report gives the month's amount or the year's cumulative; the other follows. It is a draft until its zone submits the month;
what then becomes of it stands in ``zone_months``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Invalid, NotFound
from app.models import Project, Report, Transfer
from app.models.shapes import ReportEdit, check
from app.rules import money
from app.rules.access import Act
from app.rules.calendar import days_late
from app.rules.codes import Ledger, ReportState
from app.rules.family import spends, told_sums
from app.rules.money import Opening, Spent, next_month
from app.rules.month_states import report_after
from app.rules.settling import year_shown
from app.services import closing, families, opened_years, periods, plan_versions, reasons
from app.services.calendar import calendar
from app.services.naming import by_ids

Record = dict[str, Any]
FIGURES = ("invested_yuan", "cumulative_this_year_yuan")
AMOUNTS = (*FIGURES, "funds_in_place_yuan", "statistical_invested_yuan", "foreign_utilised_usd")
FACTS = (
    *AMOUNTS, "progress_text", "problems_own",
    "problems_government", "next_steps", "no_change_reason",
)  # fmt: skip
SHOWN = ("progress_text", "problems_own", "problems_government")
"""Texts of the newest report that the project's row shows."""
REPORTED = (Ledger.UPCOMING, Ledger.IN_CONSTRUCTION, Ledger.COMPLETED)
FOLLOWED = frozenset(
    {"plan_year", "opening_month", "opening_before_year_yuan", "opening_this_year_yuan", "started_on", "completed_on"}
)
"""Fields of a project on which its sums hang beside its reports."""


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def read(desk: Desk, id_: int, month: str) -> Record:
    """One report with what follows from it. NotFound when nobody reported the month."""
    found = next((r for r in list_(desk, id_) if r["month"] == month), None)
    if found is None:
        raise NotFound
    return found


def exists(desk: Desk, id_: int, month: str) -> bool:
    """Has the month been reported?"""
    desk.get(Project, id_)
    return any(row.month == month for row in _of(desk, [id_])[id_])


def list_(desk: Desk, id_: int) -> list[Record]:
    """The reports of a project, newest first: facts, ``state``, the derived figures, ``incomplete_months``."""
    return told(desk, [desk.get(Project, id_, deleted=True)])[id_]


def told(desk: Desk, projects: list[Project], month: str | None = None) -> dict[int, list[Record]]:
    """The reports of each of these projects, newest first; only up to ``month`` where one is named. A few statements."""
    by_project = _of(desk, [p.id or 0 for p in projects])
    lives = since(desk, projects)
    found: dict[int, list[Record]] = {}
    for project in projects:
        id_ = project.id or 0
        rows = [row for row in by_project[id_] if month is None or row.month <= month]
        shown = rows if month is None else rows[-2:]
        found[id_] = [_told(desk, project, rows, row, lives[id_]) for row in reversed(shown)]
    return found


def _told(desk: Desk, project: Project, rows: list[Report], row: Report, live: Since) -> Record:
    by_then = _spent(project, rows, row.month, live)
    period = periods.covering(desk, row.month)
    due = period["submit_due_on"] if period else None
    facts = {name: getattr(row, name) for name in FACTS}
    return {
        "month": row.month,
        **facts,
        "invested_yuan": _added(project, rows, row, live),
        "cumulative_this_year_yuan": by_then.this_year_yuan,
        "invested_to_date_yuan": by_then.to_date_yuan,
        "given": next((name for name in FIGURES if facts[name] is not None), None),
        "no_change": row.no_change_reason is not None,
        "incomplete_months": list(by_then.incomplete_months),
        "state": row.state,
        "locked": period is not None and period["locked_on"] is not None,
        "late": due is not None and days_late(due, row.submitted_on or desk.today) > 0,
        "returned_reason": row.returned_reason,
        "handed_in": row.handed_in,
        "by": row.reported_by,
        "at": row.updated_at,
        "version": row.since,
    }


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def put(desk: Desk, id_: int, month: str, values: Record, *, version: int | None) -> Record:
    """Report a month, or change its report; fields left out stay. The project's row follows in the same act.

    Raises Invalid for a month that cannot be reported, two figures at once, a month below zero or money spent above the
    total without a reason, and no figure, no text and no reason why nothing changed; Stale, Conflict.
    """
    project = desk.get(Project, id_, to=Act.REPORT_WRITE)
    facts = check(ReportEdit, reasons.take(desk, values), partial=True)
    may_report(desk, project, month)
    row = next((r for r in _of(desk, [id_], deleted="with")[id_] if r.month == month), None)
    if row is None and month.endswith("-01") and calendar(desk)["january_with_february"]:
        raise Conflict("January is reported together with February; report February", code="january_with_february")
    if row is not None and row.deleted_at is not None:
        revive(row)
    elif row is not None:
        desk.current(row, version)
    row = row or Report(zone_id=project.zone_id, project_id=id_, month=month)
    write(desk, [(project, row, facts)])
    return read(desk, id_, month) | {"version": row.since}


def revive(row: Report) -> None:
    """A report that was taken back is written anew: nothing of what it said holds any more."""
    row.deleted_at = row.submitted_on = row.returned_reason = row.handed_in = None
    row.state = ReportState.DRAFT
    for name in FACTS:
        setattr(row, name, None)


def withdraw(desk: Desk, taken: list[tuple[Project, Report]]) -> None:
    """Take back reports of which nothing is left; their projects follow."""
    closing.refuse_closed(desk, [row for _, row in taken])
    for _, row in taken:
        row.deleted_at = desk.now
    desk.keep([row for _, row in taken])
    projects = [project for project, _ in taken]
    follow(desk, projects)
    desk.keep(projects)


def write(desk: Desk, reported: list[tuple[Project, Report, Record]], *, correcting: bool = False) -> None:
    """Set facts on reports (new or known) and let their projects follow: many at once for an import.

    Raises Conflict where a month takes no reports any more; ``correcting`` writes into a locked one.
    """
    if not correcting:
        closing.refuse_closed(desk, [row for _, row, _ in reported])
    for project, row, facts in reported:
        _is_a_sum(project, facts)
        _set(row, facts)
        row.state = row.state if correcting else report_after(row.state, "write") or row.state
        row.reported_by = desk.actor.name
        if desk.actor.bound is None:  # whoever else goes on with a reporter's draft has taken it over
            row.handed_in = row.handed_in or None
    desk.keep([row for _, row, _ in reported])
    projects = list({project.id: project for project, _, _ in reported}.values())
    before = {p.id: p.invested_to_date_yuan for p in projects}
    by_project = follow(desk, projects)
    for project, row, _ in reported:
        _asks_why(desk, project, by_project[project.id or 0], row)
        _within_total(desk, project, before[project.id])
        _shown(project, row, desk.today)
    desk.keep(projects)


def _set(row: Report, facts: Record) -> None:
    if all(facts.get(name) is not None for name in FIGURES):
        raise Invalid.one(
            "/cumulative_this_year_yuan", "one_of", "Give the month's amount or the year's cumulative, not both"
        )
    for name, value in facts.items():
        setattr(row, name, value)
        if name in FIGURES and value is not None:  # the other one follows from now on
            setattr(row, FIGURES[1 - FIGURES.index(name)], None)
    said = [name for name in FACTS if getattr(row, name) is not None]
    if not said:
        raise Invalid.one("/no_change_reason", "required", "Report something, or say why nothing changed")
    if row.no_change_reason is not None and all(getattr(row, name) is None for name in FIGURES):
        row.invested_yuan = 0


def _is_a_sum(project: Project, facts: Record) -> None:
    """What was spent on phases or parts is reported there; texts are welcome here too."""
    if spends(told_sums(project.family_sums)):
        families.refuse(project, [name for name in AMOUNTS if facts.get(name) is not None])


def may_report(desk: Desk, project: Project, month: str) -> None:
    """Refuse a month of which this project cannot be reported."""
    if project.ledger not in REPORTED:
        raise Conflict("Projects in reserve are not reported on by the month", code="not_reported")
    if month > desk.today[:7]:
        raise Invalid.one("/month", "in_the_future", "This month has not begun")
    if project.opening_month is not None and month <= project.opening_month:
        raise Invalid.one(
            "/month", "in_the_opening", "Months up to {month} are part of the opening", month=project.opening_month
        )


def _asks_why(desk: Desk, project: Project, rows: list[Report], row: Report) -> None:
    """A month below zero (核减) needs a reason."""
    added = _added(project, rows, row, since(desk, [project])[project.id or 0])
    if added is not None and added < 0 and not desk.reason:
        reasons.refuse([next(name for name in FIGURES if getattr(row, name) is not None)])


def _within_total(desk: Desk, project: Project, before: int | None) -> None:
    total, spent = project.total_investment_yuan, project.invested_to_date_yuan
    if total is None or spent is None or spent <= total or desk.reason or (before is not None and before >= spent):
        return
    raise Invalid.one(
        "/invested_yuan",
        "reason_required",
        "Spent {spent} yuan of {total} yuan: correct the figure, or say why",
        spent=f"{spent:,}",
        total=f"{total:,}",
    )


def _shown(project: Project, row: Report, today: str) -> None:
    """The texts of the newest report stand in the project's row; told again they are as new as the report."""
    if row.month == project.figures_month:
        for name in SHOWN:
            if getattr(row, name) is not None:
                setattr(project, name, getattr(row, name))
        if row.progress_text is not None:
            project.progress_told_on = today


# ── what follows ─────────────────────────────────────────────────────────────────────────────────────────────────────
def follow(desk: Desk, projects: list[Project]) -> dict[int, list[Report]]:
    """Write into the rows (not kept yet) what follows from opening and reports; the reports by project, oldest first."""
    by_project = _of(desk, [p.id or 0 for p in projects])
    lives = since(desk, [p for p in projects if by_project[p.id or 0]])
    for project in projects:
        rows = by_project[project.id or 0]
        if spends(told_sums(project.family_sums)):
            continue
        if rows:
            _settle(project, rows, lives[project.id or 0], desk.today)
        elif project.figures_month is not None:  # its last report was taken back: the opening alone is known again
            project.figures_month = project.invested_this_month_yuan = None
            project.incomplete_months = "[]"
    return by_project


def follow_facts(desk: Desk, projects: list[Project], changed: Iterable[str]) -> None:
    """After facts of projects changed on which plans and sums hang: versions of plans and rows follow, and are kept."""
    changed = set(changed)
    plan_versions.follow(desk, projects, changed)
    reported = [p for p in projects if p.figures_month is not None] if FOLLOWED & changed else []
    if reported:
        follow(desk, reported)
        desk.keep(reported)


def take_back(desk: Desk, seq: int, wrote: dict[int, Record], projects: list[Project]) -> None:
    """Undo what the act ``seq`` wrote into reports (id → difference) that nobody has changed since; their projects follow."""
    rows = [row for row in by_ids(desk, Report, "written", "id", wrote) if row.since == seq]
    shut = closing.closed(desk, {(row.zone_id, row.month) for row in rows})
    rows = [row for row in rows if (row.zone_id, row.month) not in shut]
    for row in rows:
        diff = wrote[row.id or 0]
        if diff.get("month", [row.month])[0] is None:
            row.deleted_at = desk.now
        for name in FACTS:
            if name in diff and row.deleted_at is None:
                setattr(row, name, diff[name][0])
    desk.keep(rows)
    touched = {row.project_id for row in rows}
    mine = [project for project in projects if project.id in touched and project.deleted_at is None]
    follow(desk, mine)
    desk.keep(mine)


def _settle(project: Project, rows: list[Report], live: Since, today: str) -> None:
    month = money.last_counted(_year(project, rows, live, today), _opening(project), _facts(rows))
    found = _spent(project, rows, month, live)
    last = next((r for r in reversed(rows) if r.month <= month), None)
    project.figures_month = last.month if last else month
    project.invested_before_this_year_yuan = found.before_this_year_yuan
    project.invested_this_year_yuan = found.this_year_yuan
    project.invested_to_date_yuan = found.to_date_yuan
    project.invested_this_month_yuan = _added(project, rows, last, live) if last and last.month == month else None
    project.incomplete_months = orjson.dumps(found.incomplete_months).decode()


def _year(project: Project, rows: list[Report], live: Since, today: str) -> int:
    """The year shown: the plan's, which only a person turns; without one that of the newest report, but none beyond the
    year that was opened for the zone."""
    if project.plan_year:
        return year_shown(project, today)
    newest = int(rows[-1].month[:4])
    return newest if live.year_opened is None else min(newest, live.year_opened)


def _spent(project: Project, rows: list[Report], month: str, live: Since) -> Spent:
    started, completed = project.started_on, project.completed_on
    return money.spent(
        month,
        _opening(project),
        _facts(r for r in rows if r.month <= month),
        zone_live_from=live.live_from,
        january_with_february=live.january_with_february,
        started_month=started[:7] if started else None,
        completed_month=completed[:7] if completed else None,
    )


def _added(project: Project, rows: list[Report], row: Report, live: Since) -> int | None:
    before = next_month(row.month, -1)
    opening = project.opening_month
    known = None if row.month.endswith("-01") else _spent(project, rows, before, live)
    if opening is not None and before < opening:
        known = None
    return money.in_month(_fact(row), _spent(project, rows, row.month, live), known)


def _opening(project: Project) -> Opening | None:
    if project.opening_month is None:
        return None
    return Opening(project.opening_month, project.opening_before_year_yuan, project.opening_this_year_yuan)


def _fact(row: Report) -> money.Report:
    return money.Report(row.month, row.invested_yuan, row.cumulative_this_year_yuan)


def _facts(rows: Iterable[Report]) -> list[money.Report]:
    return [_fact(row) for row in rows]


def _of(desk: Desk, ids: list[int], **kw: Any) -> dict[int, list[Report]]:
    found: dict[int, list[Report]] = defaultdict(list)
    for row in by_ids(desk, Report, "of_projects", "project_id", ids, **kw):
        found[row.project_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda r: r.month)
    return found


class Since(NamedTuple):
    """From when on a project is reported here, and in which manner."""

    live_from: str
    january_with_february: bool
    year_opened: int | None
    """The newest plan year that was opened for its zone."""


def since(desk: Desk, projects: list[Project]) -> dict[int, Since]:
    """The first month from which each project is reported here: its zone's, or earlier the one of a zone it lay in
    before."""
    together = bool(calendar(desk)["january_with_february"])
    zones = {zone: _live_from(desk, zone) for zone in {p.zone_id for p in projects}}
    found = {p.id or 0: zones[p.zone_id] for p in projects}
    before: list[Transfer] = by_ids(desk, Transfer, "of_projects", "project_id", found)
    for given in before:
        found[given.project_id] = min(found[given.project_id], given.live_from or found[given.project_id])
    opened = opened_years.newest(desk)
    return {p.id or 0: Since(found[p.id or 0], together, opened.get(p.zone_id)) for p in projects}


def _live_from(desk: Desk, zone_id: int) -> str:
    """The first month that a zone reports here: the one after its earliest opening, or its earliest report. What came
    from another zone says nothing of this one."""
    zone, desk = {"zone": zone_id}, desk.unbound()
    opening: Any = desk.select(
        Project, "live_opening",
        lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone"), t.c.opening_month.is_not(None), _at_home(desk, t.c.id))
        .order_by(t.c.opening_month).limit(1),
        zone, columns=("opening_month",),
    )  # fmt: skip
    reported: Any = desk.select(
        Report, "live_report",
        lambda q, t: q.where(t.c.zone_id == sa.bindparam("zone"), _at_home(desk, t.c.project_id))
        .order_by(t.c.zone_id, t.c.month).limit(1),
        zone, columns=("month",),
    )  # fmt: skip
    known = [next_month(m) for (m,) in opening] + [m for (m,) in reported]
    return min(known, default=desk.today[:7])


def _at_home(desk: Desk, project_id: Any) -> Any:
    """The condition of a project that was never given from another zone."""
    given = desk.table(Transfer)
    here = [given.c.project_id == project_id]
    if desk.seq is not None:
        here += [given.c.since <= sa.bindparam("desk_seq"), given.c.until > sa.bindparam("desk_seq")]
    return sa.not_(sa.exists().where(*here))
