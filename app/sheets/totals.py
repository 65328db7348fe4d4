"""The sheet's own totals beside the sums of its rows. A difference is told and never blocks: real forms have many."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import takewhile

from app.errors import Invalid
from app.rules.amounts import read_amount
from app.rules.figures import read_count
from app.sheets.grid import Grid, is_figure
from app.sheets.rows import Line, is_part, parts_lead
from app.sheets.tables import Check, Column, Row
from app.sheets.workbook import address


def compare(grid: Grid, lines: list[Line], columns: list[Column], rows: list[Row]) -> list[Check]:
    """Every figure of every total and group row against the rows it covers."""
    by_row = {one.number - 1: one for one in rows}
    checks: list[Check] = []
    for at, line in enumerate(lines):
        if line.kind not in ("total", "group") or line.of_which:
            continue
        covered = [by_row[row] for row in _covered(lines, at) if row in by_row]
        checks += _figures(grid, line, columns, covered)
    return checks


def stated(grid: Grid, first: int, columns: list[Column]) -> list[Check]:
    """The figures of a sheet that names no project, row by row under their labels."""
    checks: list[Check] = []
    for row in range(first, grid.height):
        label = next((grid.text(row, at) for at in grid.filled(row) if not is_figure(grid.cell(row, at))), "")
        line = Line(row, "total", label, 0, _counted(grid, row, columns))
        checks += _figures(grid, line, columns, [])
    return checks


def _counted(grid: Grid, row: int, columns: list[Column]) -> int | None:
    for column in columns:
        if column.field == "project_count":
            with suppress(Invalid):
                return read_count(grid.cell(row, column.index)).value
    return None


def _covered(lines: list[Line], at: int) -> list[int]:
    """The rows that a total or group row speaks for.

    A group reaches down to the next group of its order or above; a total of the whole sheet has all rows. One of a part
    (南岸市合计, 小计) reaches down where such totals lead their parts in this sheet, and up where they close them.
    """
    line = lines[at]
    if line.kind == "group":
        return _down(lines, at, lambda other: (other.kind == "group" and other.order <= line.order) or _named(other))
    if _named(line):
        return _down(lines, at, _named) if parts_lead(lines) else _up(lines, at, _named)
    if is_part(line):
        if parts_lead(lines):
            return _down(lines, at, lambda other: other.kind in ("group", "total") and not other.of_which)
        return _up(lines, at, lambda other: other.kind in ("group", "total"))
    return [other.row for other in lines if other.kind == "data"]


def _named(line: Line) -> bool:
    """A total of one place or part (南岸市合计), not of the whole sheet and not a sub-total."""
    return is_part(line) and "小计" not in line.text


def _down(lines: list[Line], at: int, stops: Callable[[Line], bool]) -> list[int]:
    return _until(lines[at + 1 :], stops)


def _up(lines: list[Line], at: int, stops: Callable[[Line], bool]) -> list[int]:
    return _until(lines[:at][::-1], stops)


def _until(lines: list[Line], stops: Callable[[Line], bool]) -> list[int]:
    return [other.row for other in takewhile(lambda other: not stops(other), lines) if other.kind == "data"]


def _figures(grid: Grid, line: Line, columns: list[Column], covered: list[Row]) -> list[Check]:
    checks = []
    heads = [row for row in covered if row.level == 0]
    if line.counted is not None:
        checks.append(_check(line, 0, "project_count", "", line.counted, len(heads) if covered else None, len(heads)))
    for column in columns:
        if column.target.value_kind != "money":
            continue
        with suppress(Invalid):
            said = read_amount(grid.cell(line.row, column.index), column.target.unit or "元", negative=True).value
            if said is not None:
                computed = _sum(covered, column.index) if covered else None
                checks.append(_check(line, column.index, column.field, column.caption, said, computed, len(heads)))
    return checks


def _check(line: Line, column: int, field: str, caption: str, stated: int, computed: int | None, rows: int) -> Check:
    return Check(line.row + 1, line.text, address(line.row, column), field, caption, stated, computed, rows)


def _sum(rows: list[Row], column: int) -> int:
    """Parts are counted only where the project above them states no figure of its own."""
    total, parts_count = 0, True
    for row in rows:
        value = row.amount(column)
        if row.level == 0:
            parts_count = value is None
            total += value or 0
        elif parts_count:
            total += value or 0
    return total
