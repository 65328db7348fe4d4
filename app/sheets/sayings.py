"""What a person says of a sheet: where its heading stands, what a column means, what a row is. It overrules what was found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.rules.amounts import UNITS
from app.sheets.fields import FIELDS
from app.sheets.grid import Grid
from app.sheets.rows import Columns, Line, RowKind, counted_in
from app.sheets.tables import Column
from app.sheets.targets import UNKNOWN, Dimension, Setting, Target, split_unit
from app.sheets.vocabulary import ledger_in

NOT_TAKEN, NOT_KNOWN = "none", "unknown"
"""Two ways of meaning no field: she leaves the column out, or nobody knows what it is."""
KINDS: dict[str, Dimension] = {
    "annual_plan_yuan": "plan", "goal_text": "plan", "invested_before_this_year_yuan": "before_year",
    "invested_this_year_yuan": "year_to_date", "invested_to_date_yuan": "to_date", "invested_yuan": "month",
    "funds_in_place_yuan": "year_to_date", "statistical_invested_yuan": "year_to_date", "foreign_utilised_usd": "year_to_date",
}  # fmt: skip
"""Fields that have a place in time, and which."""
SAYABLE = tuple(name for name in FIELDS if name not in ("key", "version"))
"""What a person may say a column means."""
MONEY_UNITS = tuple(UNITS)


@dataclass(frozen=True, slots=True)
class ColumnSaid:
    """What a column means: a name of ``SAYABLE``, ``none`` or ``unknown``; None leaves what was found."""

    field: str | None = None
    unit: str | None = None
    year: int | None = None
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """About one sheet: ``columns`` by 0-based number, ``lines`` by row of the file, ``heading`` its rows from 1.

    ``labels``: of a page about one project, what the label in a cell means, by the name of the cell. ``page``: of one that
    this register wrote, its labels by their cells, in the reader's words; nothing else of it is read.
    """

    heading: tuple[int, int] | None = None
    columns: Mapping[int, ColumnSaid] = field(default_factory=dict)
    lines: Mapping[int, RowKind] = field(default_factory=dict)
    labels: Mapping[str, ColumnSaid] = field(default_factory=dict)
    page: Mapping[str, str] | None = None


NOTHING_SAID = Said()


def target_said(found: Target, said: ColumnSaid, path: tuple[str, ...], setting: Setting) -> Target:
    """The meaning of a column as she says it; what she leaves open stays as it was found, or as the sheet says."""
    if said.field in (NOT_TAKEN, NOT_KNOWN):
        return UNKNOWN
    target = found
    if said.field is not None and said.field != found.field:
        unit = next((one for _, one in map(split_unit, reversed(path)) if one), None)
        kind = KINDS.get(said.field, "plain")
        dated = kind != "plain"
        target = Target(said.field, None, found.year if dated else None, found.month if dated else None, kind)
        target = target._replace(unit=unit if target.value_kind in ("money", "number") else None)
    if target.kind != "plain":
        year = said.year or target.year or setting.year
        month = said.month or target.month or (setting.month if target.kind in ("month", "year_to_date") else None)
        target = target._replace(year=year, month=month)
    if said.unit is not None and target.value_kind == "money":
        target = target._replace(unit=said.unit)
    return target._replace(doubt=None)


def column_said(column: Column, said: ColumnSaid) -> Column:
    """The column marked as hers. One that nobody knows keeps its doubt; one that she leaves out has none."""
    doubt = None if said.field != NOT_KNOWN else "No field of the register matches this caption"
    if said.field is None and said.unit is None:
        doubt = column.doubt
    return replace(column, doubt=doubt, by_hand=True, unit_from="hand" if said.unit else column.unit_from)


def lines_said(grid: Grid, lines: list[Line], places: Columns, said: Mapping[int, RowKind]) -> list[Line]:
    """The rows with what she says they are."""
    return [_line(grid, line, places, said.get(line.row + 1)) for line in lines] if said else lines


def _line(grid: Grid, line: Line, places: Columns, kind: RowKind | None) -> Line:
    if kind is None or kind == line.kind:
        return line
    name = grid.text(line.row, places.name)
    lead = next((grid.text(line.row, at) for at in grid.filled(line.row)), "")
    text = re.sub(r"\s+", " ", name or lead)
    if kind == "group":
        return Line(line.row, kind, text, 2 if ledger_in(text) else 1, counted_in(text))
    if kind == "total":
        return Line(line.row, kind, text, 0, counted_in(text))
    return Line(line.row, kind, text)
