"""What a workbook tells of single months: 8月完成投资 is the report of August, 1-9月累计 that of September.

Until they are written, the figures of a month stand among the values of a row under names of their own
(``report.2026-08.invested_yuan``), so that the preview compares and shows them as it does every other cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.desk import Desk, in_zones, zones_value
from app.errors import Conflict
from app.models import Project, Report
from app.rules.codes import Ledger
from app.rules.family import spends, told_sums
from app.services import closing, reports
from app.services.closing import SENTENCES
from app.services.draft import Draft, Known
from app.services.field_titles import REPORTED
from app.services.field_titles import told_parts as parts
from app.services.likeness import near, value_of
from app.services.naming import by_ids
from app.sheets.tables import Table
from app.sheets.values import Datum

OF_A_MONTH = ("invested_yuan", "statistical_invested_yuan", "funds_in_place_yuan", "foreign_utilised_usd")
"""Meanings of columns that are figures of one month's report."""
CUMULATIVE = "cumulative_this_year_yuan"
Reported = dict[int, dict[str, Any]]
"""Project → what its reports hold, by the names of such values."""


def name_of(month: str, field: str) -> str:
    return f"{REPORTED}{month}.{field}"


def facts_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that belong to the project itself."""
    return {name: value for name, value in values.items() if parts(name) is None}


def months_of(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The values that belong to reports: month → field → value."""
    found: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        if (told := parts(name)) is not None:
            found.setdefault(told[0], {})[told[1]] = value
    return found


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def tell(draft: Draft, month: str, field: str, datum: Datum) -> None:
    """A cell tells a figure of a month."""
    draft.cells.setdefault(name_of(month, field), datum)
    draft.months.setdefault(name_of(month, field), value_of(datum))


def read(draft: Draft, table: Table, known: Mapping[str, Any], today: str) -> dict[str, Any]:
    """The figures of months that the row tells and that differ from its reports (``known``). What cannot be reported is
    left out with the reason."""
    cells = () if draft.row.fields.isdisjoint(OF_A_MONTH) else draft.row.cells
    for datum in cells:
        target = datum.target
        year, month = target.year or table.year, target.month or table.month
        if target.field in OF_A_MONTH and datum.value is not None and not datum.problem and year and month:
            tell(draft, f"{year}-{month:02d}", target.field, datum)
    ledger = str(draft.known["ledger"]) if draft.known else draft.ledger
    found = {
        n: v for n, v in draft.months.items() if not _same(draft, n, known) and _may_stand(draft, n, ledger, today)
    }
    if found and draft.known is not None:
        draft.known = Known(draft.known.row, {name: known.get(name) for name in found})
    return found


def _may_stand(draft: Draft, name: str, ledger: str | None, today: str) -> bool:
    month, field = parts(name) or ("", "")
    datum = draft.cells[name]
    opening = draft.values.get("opening_month") or (draft.known["opening_month"] if draft.known else None)
    if field in reports.FIGURES and draft.known and spends(told_sums(draft.known["family_sums"])):
        shown = draft.known["invested_this_year_yuan" if field == CUMULATIVE else "invested_this_month_yuan"]
        if draft.known["figures_month"] != month or not near(datum, shown, exact=draft.own):
            draft.note("The register sums this over its phases or parts; the sheet's amount is left out", datum, field)
    elif ledger == Ledger.RESERVE:
        draft.note("Projects in reserve are not reported on by the month", datum, field)
    elif month > today[:7]:
        draft.note("This month has not begun", datum, field)
    elif opening is not None and month <= opening:
        if field != CUMULATIVE:
            draft.note("Months up to {month} are part of the opening", datum, field, month=opening)
    elif month in draft.shut:
        draft.note(SENTENCES[draft.shut[month]], datum, field, month=month)
    else:
        return True
    return False


def _same(draft: Draft, name: str, known: Mapping[str, Any]) -> bool:
    month, field = parts(name) or ("", "")
    before = known.get(name)
    if before is None and field == CUMULATIVE and draft.known and draft.known.get("figures_month") == month:
        before = draft.known["invested_this_year_yuan"]  # it follows from the month's amount that was reported
    return before is not None and near(draft.cells[name], before, exact=draft.own)


# ── what the register knows, and writing ─────────────────────────────────────────────────────────────────────────────
def known_in(desk: Desk, zone_ids: Iterable[int], tables: Iterable[Table]) -> Reported:
    """The reports of these zones for the months that the sheets speak of; nothing is read when they speak of none."""
    months = _spoken_of(tables)
    if not months:
        return {}
    names = (*OF_A_MONTH, CUMULATIVE)
    rows = desk.select(
        Report,
        "told",
        lambda q, t: q.where(
            in_zones(t.c.zone_id, desk.link.dialect, "zones"), t.c.month >= sa.bindparam("first"), t.c.month <= sa.bindparam("last")
        ),
        {"zones": zones_value(desk.link.dialect, sorted(set(zone_ids))), "first": min(months), "last": max(months)},
        columns=("project_id", "month", *names),
    )  # fmt: skip
    found: Reported = {}
    for project_id, month, *values in rows:
        known = {name_of(month, n): v for n, v in zip(names, values, strict=True) if v is not None}
        found.setdefault(project_id, {}).update(known)
    return found


def _spoken_of(tables: Iterable[Table]) -> set[str]:
    """The months of which the sheets tell a figure."""
    return {
        f"{year}-{month:02d}"
        for table in tables
        for column in table.columns
        if column.field in (*OF_A_MONTH, "invested_this_year_yuan")
        and (year := column.target.year or table.year)
        and (month := column.target.month or table.month)
    }


def shut_in(desk: Desk, zone_ids: Iterable[int], tables: Iterable[Table]) -> dict[int, dict[str, str]]:
    """Zone → those of the months spoken of that take no reports there, each with its state."""
    months = _spoken_of(tables)
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for (zone, month), state in closing.closed(desk, {(z, m) for z in zone_ids for m in months}).items():
        found[zone][month] = state
    return found


def write(desk: Desk, written: Iterable[tuple[Project, Draft]], seen: int) -> None:
    """Write the told months as reports. ``seen``: the act that the comparison knew of; a report that somebody wrote since
    stops everything."""
    told = [(project, months) for project, draft in written if draft.months and (months := months_of(draft.values))]
    if not told:
        return
    rows = by_ids(desk, Report, "told", "project_id", [p.id or 0 for p, _ in told], deleted="with")
    by_month = {(row.project_id, row.month): row for row in rows}
    reported = []
    for project, months in told:
        for month, facts in sorted(months.items()):
            row = by_month.get((project.id or 0, month))
            if row is not None and row.since > seen:
                raise Conflict("The register moved on since the preview; look at it again", code="moved_on")
            if facts.get(CUMULATIVE) is not None:
                facts.pop("invested_yuan", None)  # given both, the cumulative holds
            row = row or Report(zone_id=project.zone_id, project_id=project.id or 0, month=month)
            row.deleted_at = None
            reported.append((project, row, facts))
    reports.write(desk, reported)
