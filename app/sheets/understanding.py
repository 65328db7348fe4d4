"""A sheet of cells into a table of projects: kind, title, unit, columns, groups, rows, totals, and every doubt.

Pure: no file and no register is touched. Whoever imports decides what to do with a doubt; nothing is settled here that
a person could see differently.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from app.rules.reads import Cell
from app.sheets import shares
from app.sheets.columns import columns_under, setting_of, unit_of
from app.sheets.fields import ValueKind
from app.sheets.grid import Grid, as_text
from app.sheets.headings import Heading, find_heading, heading_at
from app.sheets.kinds import Judged, is_page, kind_of
from app.sheets.one_page import Page, read_page
from app.sheets.origins import Origin, ZoneOf, place
from app.sheets.plausible import doubted
from app.sheets.rows import Columns, Line, classify, columns_of, is_part, parts_lead
from app.sheets.sayings import NOTHING_SAID, Said, lines_said
from app.sheets.tables import Column, Row, Table
from app.sheets.targets import Target
from app.sheets.titles import read_title
from app.sheets.totals import compare, stated
from app.sheets.values import MARKS, Datum, Name, Reader, one_line, read_cell, read_name, reader_of
from app.sheets.workbook import Sheet

PERSON_BESIDE = {
    "investor_name": "owner_contact",
    "responsible_unit": "responsible_person",
    "service_unit": "service_person",
}
"""Where the person goes who stands in one cell with her unit."""
MOST_MET = 2000
"""Different cells of a column that are remembered; a column of names or amounts has no use for more."""


def understand(sheet: Sheet, zone_of: ZoneOf | None = None, said: Said = NOTHING_SAID) -> Table:
    """The sheet as a table. Never raises, whatever a sheet may hold.

    ``zone_of`` maps a zone's name to its code, None where it is not known; with it names are recognised that do not end
    in 开发区 and the like. What a person ``said`` of the sheet overrules what is found.
    """
    grid = Grid(sheet)
    if said.page is not None:
        why = "A page about one project, as this register writes it"
        return _page_table(grid, ("project_page", why, {}), read_page(grid, zone_of, said))
    heading = heading_at(grid, said.heading[0] - 1, said.heading[1] - 1) if said.heading else find_heading(grid)
    if heading is None or (said.heading is None and is_page(grid, heading)):
        if is_page(grid, heading):
            return _page_table(grid, kind_of(grid, heading, [], None, []), read_page(grid, zone_of, said))
        title = read_title(grid, min(3, grid.height))
        kind, reason, values = kind_of(grid, heading, [], None, [])
        return Table(sheet.name, kind, reason, values, title.text, title.zone)
    title = read_title(grid, heading.first)
    origin = Origin(sheet.name, title, setting_of(title, heading, sheet.name), zone_of)
    columns = columns_under(heading, origin.setting, title.unit, said.columns)
    places = columns_of(heading, [column.target for column in columns])
    if places is None:
        return _table(grid, heading, origin, columns, None, [])
    if columns[places.name].field == "" and not columns[places.name].by_hand:
        doubt = "The caption of this column is missing"
        columns[places.name] = replace(columns[places.name], target=Target("name"), doubt=doubt)
    lines = lines_said(grid, classify(grid, heading, places), places, said.lines)
    return _table(grid, heading, origin, columns, places, lines)


def _page_table(grid: Grid, judged: Judged, page: Page) -> Table:
    kind, reason, values = judged
    setting, title = page.origin.setting, page.origin.title
    return Table(
        grid.name, kind, reason, values, title.text, title.zone, setting.year, setting.month, unit_of(page.columns, title),
        setting.ledger, None, page.columns, [page.row] if page.row else [], page.others,
    )  # fmt: skip


def _table(
    grid: Grid, heading: Heading, origin: Origin, columns: list[Column], places: Columns | None, lines: list[Line]
) -> Table:
    kind, reason, values = kind_of(grid, heading, [column.target for column in columns], places, lines)
    rows = _rows(grid, lines, columns, places, origin) if places is not None else []
    columns = doubted(columns, rows)
    below = heading.last + 1
    return Table(
        sheet=grid.name,
        kind=kind,
        reason=reason,
        reason_values=values,
        title=origin.title.text,
        zone=origin.title.zone,
        year=origin.setting.year,
        month=origin.setting.month,
        unit=unit_of(columns, origin.title),
        ledger=origin.setting.ledger,
        heading=(heading.first + 1, below),
        columns=columns,
        rows=rows,
        others=[line for line in lines if line.kind not in ("data", "blank")],
        checks=[*compare(grid, lines, columns, rows), *shares.compare(grid, lines, columns)]
        if places is not None
        else stated(grid, below, columns),
    )


def _rows(grid: Grid, lines: list[Line], columns: list[Column], places: Columns, origin: Origin) -> list[Row]:
    """The projects, each with the groups it stands under and the zone and ledger these name."""
    apart = (places.name, places.serial)
    plans = [
        _Plan(column.index, column.target, reader_of(column.target), column.target.value_kind, {})
        for column in columns
        if (column.field or column.caption) and column.index not in apart
    ]
    groups: list[Line] = []
    has_own = any(plan.target.field in ("zone", "ledger") for plan in plans)
    named: tuple[str, ...] = ()
    found = origin.found([])
    rows: list[Row] = []
    lead = parts_lead(lines)
    for line in lines:
        if line.kind == "group" or (line.kind == "total" and not line.of_which and line.order == 0):
            groups = _entered(groups, line, lead)
            named, found = tuple(group.text for group in groups), origin.found(groups)
        elif line.kind == "data":
            row = _row(grid, line, plans, places, origin)
            row.groups = named
            place(row, found, origin, has_own)
            rows.append(row)
    return rows


def _entered(groups: list[Line], line: Line, lead: bool) -> list[Line]:
    """The groups that hold from here on. A part's own total opens it where such totals ``lead``, else it closes one."""
    if line.kind == "total":
        return [line] if lead and is_part(line) and "小计" not in line.text else groups
    return [group for group in groups if group.order < line.order] + [line]


class _Plan(NamedTuple):
    """How the cells of one column are read."""

    at: int
    target: Target
    reader: Reader
    kind: ValueKind
    met: dict[Cell, Datum | None]
    """What was read of the column so far: the words of a column come again and again."""

    def read(self, raw: Cell, year: int | None) -> Datum | None:
        """The cell, read once for all rows that hold the same."""
        if isinstance(raw, bool):  # True is no key beside 1
            return read_cell(self.reader, self.target, self.at, raw, year)
        if raw in self.met:
            return self.met[raw]
        datum = read_cell(self.reader, self.target, self.at, raw, year)
        if len(self.met) < MOST_MET:
            self.met[raw] = datum
        return datum


def _row(grid: Grid, line: Line, plans: list[_Plan], places: Columns, origin: Origin) -> Row:
    raw_name = grid.cell(line.row, places.name)
    own = bool(places.key is not None and grid.text(line.row, places.key))
    name = Name(one_line(as_text(raw_name)), "", False) if own else read_name(raw_name)
    serial = as_text(grid.cell(line.row, places.serial)) if places.serial is not None else ""
    marks = name.marks if serial.isalnum() else name.marks + "".join(sign for sign in serial if sign in MARKS)
    cells: list[Datum] = []
    raws, year = grid.rows[line.row], origin.setting.year
    for plan in plans:
        raw = raws[plan.at] if plan.at < len(raws) else None
        if raw is None or raw == "":
            datum = _from_above(grid, line.row, plan, year) if grid.merges else None
        else:
            datum = plan.read(raw, year)
        if datum is not None:
            cells.append(datum)
            if plan.kind == "unit_person" and "person" in datum.values:
                cells.append(_person_of(datum))
    return Row(origin.sheet, line.row + 1, name.text, serial, marks, 1 if name.child else line.level, cells)


def _from_above(grid: Grid, row: int, plan: _Plan, year: int | None) -> Datum | None:
    """The cell merged down over this one: words hold for every row, an amount belongs to the first one only."""
    merge = grid.merge_at(row, plan.at)
    if merge is None or merge[0] == row:
        return None
    raw = grid.cell(merge[0], merge[1])
    if plan.kind in ("money", "number", "count"):
        values = {"text": as_text(raw)}
        return Datum(plan.target, plan.at, "", None, "“{text}” stands for several rows", None, values)
    return read_cell(plan.reader, plan.target, plan.at, raw, year)


def _person_of(datum: Datum) -> Datum:
    """The person in a cell that names a unit and a person."""
    target = Target(PERSON_BESIDE[datum.target.field])
    return Datum(target, datum.column, datum.raw, datum.values["person"], datum.doubt, None, datum.values)
