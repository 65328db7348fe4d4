"""A master's blank form as data: everything above and below its rows, with merges and widths, and what each column means.

``layout_of`` takes it from a sheet that was read and understood; ``app.sheets.masters`` writes a ledger into it.
"""

from __future__ import annotations

import re

import msgspec

from app.sheets.forms import DIGITS
from app.sheets.grid import Grid, as_text
from app.sheets.tables import Column, Table
from app.sheets.workbook import Merge, Sheet

MOST_COLUMNS = 200
MOST_ROWS = 60
USUAL_WIDTH = 12.0
SHARES = (
    (re.compile(r"占.{0,4}总投资|总投资.{0,4}(?:比|%)"), "percent_of_total"),
    (re.compile(r"占.{0,2}(?:全?年|年度).{0,2}计划|(?:年|年度)计划.{0,6}(?:比|率|%)"), "percent_of_plan"),
    (re.compile(r"^(?:亮?灯|红黄绿灯|预警)"), "light"),
)
"""Figures that the register computes → the column of a ledger that shows them."""


class LayoutColumn(msgspec.Struct):
    """One column: its captions in one line, the ledger's column (or '' where it stays empty), the unit of an amount."""

    caption: str
    key: str = ""
    unit: str | None = None
    width: float = USUAL_WIDTH


class Layout(msgspec.Struct):
    """``top``: the rows above the data, of which ``heading`` (first, last; from 0) are captions; ``foot``: those below.

    ``merges`` are of the top, ``foot_merges`` of the foot, rows counted from its own first. ``total``: the texts of the
    total row, if the form has one, ``total_below`` the data or above.
    """

    sheet: str
    title_row: int
    heading: tuple[int, int]
    columns: list[LayoutColumn]
    top: list[list[str]]
    merges: list[Merge]
    foot: list[list[str]] = []
    foot_merges: list[Merge] = []
    total: list[str] | None = None
    total_below: bool = False
    grouped_by: str = "none"
    """industry, zone or none."""
    year: int | None = None
    month: int | None = None
    """Of the form that came in: what it is filled with says its own."""
    zone: str | None = None


def layout_of(sheet: Sheet, table: Table) -> Layout | None:
    """The layout of a form; None when the sheet has no heading with a column for the project's name."""
    if table.heading is None or not any(c.field == "name" for c in table.columns):
        return None
    grid = Grid(sheet)
    first, last = table.heading[0] - 1, table.heading[1] - 1
    body = _body(table, last)
    last_top = max([last, *(o.row for o in table.others if o.kind == "heading" and o.row == last + 1)])
    width = min(MOST_COLUMNS, max(len(table.columns), *(len(r) for r in sheet.rows[first : last + 1])))
    foot_from = _foot_from(grid, table, body)
    totals = [o.row for o in table.others if o.kind == "total" and not o.of_which]
    total_row = totals[0] if totals else None
    data = [r.number - 1 for r in table.rows] or [o.row for o in table.others if o.kind in ("group", "unclear")]
    foot = [_texts(grid, row, width) for row in range(foot_from, min(grid.height, foot_from + MOST_ROWS))]
    return Layout(
        sheet=sheet.name,
        title_row=next((r for r in range(first) if not grid.is_blank(r)), 0),
        heading=(first, last),
        columns=[_column(table, at, sheet) for at in range(width)],
        top=[_texts(grid, row, width) for row in range(last_top + 1)],
        merges=[_within(m, width) for m in sheet.merges if m[2] <= last_top and m[1] < width],
        foot=_trimmed(foot),
        foot_merges=[
            _within((m[0] - foot_from, m[1], m[2] - foot_from, m[3]), width)
            for m in sheet.merges
            if m[0] >= foot_from and m[1] < width and m[2] < foot_from + len(_trimmed(foot))
        ],
        total=_texts(grid, total_row, width) if total_row is not None else None,
        total_below=bool(data and total_row is not None and total_row > max(data)),
        grouped_by="industry" if any(o.kind == "group" for o in table.others) else "none",
        year=table.year,
        month=table.month,
        zone=table.zone,
    )


def _body(table: Table, last: int) -> int:
    """The last row of projects, totals or groups, 0-based."""
    rows = [r.number - 1 for r in table.rows]
    return max([last, *rows, *(o.row for o in table.others if o.kind in ("total", "group", "heading", "unclear"))])


def _foot_from(grid: Grid, table: Table, body: int) -> int:
    """The first note or signature below everything else."""
    notes = [o.row for o in table.others if o.kind == "note" and o.row > body]
    return min(notes, default=grid.height)


def _texts(grid: Grid, row: int, width: int) -> list[str]:
    """The cells of a row as text; zeros and blanks of a form that waits to be filled are empty."""
    return [
        "" if isinstance(cell, float | int) else as_text(cell) for cell in (grid.cell(row, at) for at in range(width))
    ]


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    while rows and not any(rows[-1]):
        rows = rows[:-1]
    return rows


def _within(merge: Merge, width: int) -> Merge:
    top, left, bottom, right = merge
    return (top, left, bottom, min(right, width - 1))


def _column(table: Table, at: int, sheet: Sheet) -> LayoutColumn:
    found = table.columns[at] if at < len(table.columns) else None
    width = sheet.widths.get(at, USUAL_WIDTH)
    if found is None:
        return LayoutColumn("", width=width)
    unit = found.target.unit if found.target.value_kind == "money" and found.target.unit in DIGITS else None
    return LayoutColumn(found.caption[:200], _key(found), unit, width)


def _key(column: Column) -> str:
    field = column.field
    if field == "derived":
        return derived_key(column)
    return field if field not in ("key", "version", "project_count") else ""


def derived_key(column: Column) -> str:
    """Which figure of the register a column shows that is not taken: percent_of_plan, percent_of_total, light or none."""
    caption = column.caption.replace(" ", "")
    leaf = caption.rpartition("·")[2]
    known = (key for pattern, key in SHARES if pattern.search(leaf) or pattern.search(caption))
    return next(known, "") if column.field == "derived" else ""


def packed(layout: Layout) -> str:
    """As canonical JSON text."""
    return msgspec.json.encode(layout, order="sorted").decode()


def unpacked(text: str) -> Layout:
    return msgspec.json.decode(text, type=Layout)
