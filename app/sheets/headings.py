"""Where the heading of a table stands and what stands above each column.

One to six rows; merged cells, or the empty cells that WPS leaves of them; captions with line breaks; blank rows inside;
a caption that is missing. The row with the most known captions is the anchor; the block grows up and down from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.sheets.grid import Grid, is_figure
from app.sheets.targets import Setting, is_caption, split_unit, target_of

SEARCHED_ROWS = 60
SEARCHED_COLUMNS = 400
MOST_LEVELS = 6
MOST_SAID = 12
"""Rows that a person may say are a heading."""
LEVELS = " · "
"""Between two levels of captions where they must stand in one cell, as in our own text files."""
ANY = Setting(2000, 1)
"""A setting that completes every period, for asking only whether a caption is known."""
_NOT_A_HEADING = re.compile(
    r"单位[:：]|^(?:填报|报送|制表|填表|审核|截[至止]).{0,8}[:：]|^\d{4}年\d{1,2}月(?:\d{1,2}日)?$|^(?:备注|注|说明)[:：]"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """Rows ``first`` to ``last`` (0-based) and, for each column, its captions from top to bottom."""

    first: int
    last: int
    paths: list[tuple[str, ...]]


def find_heading(grid: Grid) -> Heading | None:
    """The heading of the sheet's table, or None where no row reads like one."""
    scores = {row: _score(grid, row) for row in range(min(grid.height, SEARCHED_ROWS))}
    anchor = max(scores, key=lambda row: (scores[row], -row), default=None)
    if anchor is None or scores[anchor] < 2:
        anchor = _plain_heading(grid)
    if anchor is None:
        return None
    first = _grow_up(grid, anchor)
    return heading_at(grid, first, _grow_down(grid, first, anchor))


def heading_at(grid: Grid, first: int, last: int) -> Heading | None:
    """The heading that stands in these rows (0-based), as a person says; None where they hold nothing."""
    last = min(last, grid.height - 1, first + MOST_SAID - 1)
    if not 0 <= first <= last:
        return None
    paths = [_path(grid, first, last, column) for column in range(min(grid.width, SEARCHED_COLUMNS))]
    while paths and not paths[-1]:
        paths.pop()
    return Heading(first, last, paths) if paths else None


def _score(grid: Grid, row: int) -> int:
    """How many different known captions stand in a row; a row with figures or remarks is no heading."""
    captions = set()
    for column in grid.filled(row)[:SEARCHED_COLUMNS]:
        if is_figure(grid.cell(row, column)):
            return 0
        text = grid.text(row, column)
        if text not in captions and is_caption(text):
            captions.add(text)
    return len(captions)


def _plain_heading(grid: Grid) -> int | None:
    """Of a table about something else: the first row of three or more texts with a row of the same columns below."""
    for row in range(min(grid.height - 1, 10)):
        columns = grid.filled(row)
        if len(columns) >= 3 and not any(is_figure(grid.cell(row, column)) for column in columns):
            return row if set(grid.filled(row + 1)) & set(columns) else None
    return None


def _grow_up(grid: Grid, anchor: int) -> int:
    """Rows above the anchor that hold headings of several columns: not a title, not a unit line."""
    first = anchor
    while first > 0 and anchor - first < MOST_LEVELS and _is_upper(grid, first - 1):
        first -= 1
    return first


def _is_upper(grid: Grid, row: int) -> bool:
    columns = grid.filled(row)
    if not columns or any(is_figure(grid.cell(row, column)) for column in columns):
        return False
    if any(_NOT_A_HEADING.search(grid.text(row, column)) for column in columns):
        return False
    if len(columns) >= 2:
        return True
    merge = grid.merge_at(row, columns[0])
    if merge is None:
        return columns[0] > 1 and is_caption(grid.text(row, columns[0]))
    return merge[1] > 0 and merge[3] < grid.width - 1


def _grow_down(grid: Grid, first: int, anchor: int) -> int:
    last = anchor
    while last + 1 < grid.height and last + 1 - first < MOST_LEVELS:
        if _merged_into(grid, first, last) or _is_lower(grid, first, last, last + 1):
            last += 1
        elif grid.is_blank(last + 1) and last + 2 < grid.height and _is_lower(grid, first, last, last + 2):
            last += 2
        else:
            break
    return last


def _merged_into(grid: Grid, first: int, last: int) -> bool:
    """Two or more cells of the heading reach down into the next row."""
    reaching = {
        merge
        for column in range(min(grid.width, SEARCHED_COLUMNS))
        if (merge := grid.merge_at(last + 1, column)) and first <= merge[0] <= last
    }
    return len(reaching) >= 2


def _is_lower(grid: Grid, first: int, last: int, row: int) -> bool:
    """A row of sub-captions: text only, nothing below 序号 and 项目名称, and only below headings of several columns."""
    columns = grid.filled(row)[:SEARCHED_COLUMNS]
    if not columns or any(is_figure(grid.cell(row, column)) for column in columns):
        return False
    single = _single_columns(grid, first, last)
    if single & set(columns):
        return False
    return all(_below_group(grid, first, last, row, column, bool(single)) for column in columns)


def _single_columns(grid: Grid, first: int, last: int) -> set[int]:
    """The columns of 序号 and 项目名称, which have no sub-captions; below them a text begins the table's body."""
    return {
        column
        for row in range(first, last + 1)
        for column in grid.filled(row)[:SEARCHED_COLUMNS]
        if target_of((grid.text(row, column),), ANY).field in ("serial", "name")
    }


def _below_group(grid: Grid, first: int, last: int, row: int, column: int, anchored: bool) -> bool:
    above = grid.merge_at(last, column)
    if above is not None and above[0] >= first and above[3] > above[1]:
        return above[2] < row
    if grid.text(last, column) == "":
        return above is None
    # Without recorded merges a group is a caption whose right neighbour is empty; where nothing else tells heading from
    # body, that neighbour must be named in this very row.
    return grid.text(last, column + 1) == "" and (anchored or grid.text(row, column + 1) != "")


def _path(grid: Grid, first: int, last: int, column: int) -> tuple[str, ...]:
    """The captions over one column, each once; a heading over several columns counts for all of them."""
    path: list[str] = []
    for row in range(first, last + 1):
        text = _caption(grid, first, last, row, column)
        if text and (not path or path[-1] != text or grid.merge_at(row, column) is None):
            path += text.split(LEVELS)
    return tuple(path)


def _caption(grid: Grid, first: int, last: int, row: int, column: int) -> str:
    merge = grid.merge_at(row, column)
    if merge is not None and merge[0] >= first:
        return grid.text(merge[0], merge[1]) if merge[0] == row else ""
    own = grid.text(row, column)
    if own or row == last or not _named_below(grid, row, last, column):
        return own
    for left in range(column - 1, -1, -1):
        if _edge(grid, first, row, left + 1):
            return ""
        text = grid.text(row, left)
        if text:
            inherits = _named_below(grid, row, last, left) and grid.merge_at(row, left) is None
            return text if inherits else ""
    return ""


def _named_below(grid: Grid, row: int, last: int, column: int) -> bool:
    return any(grid.text(below, column) for below in range(row + 1, last + 1))


def _edge(grid: Grid, first: int, row: int, column: int) -> bool:
    """True where a higher heading begins at ``column``: groups below it do not reach across."""
    return any(grid.text(above, column) for above in range(first, row))


def joined(path: tuple[str, ...]) -> str:
    """The captions of a column as one line, without units: 2010年实际完成情况 · 1-3月实际完成投资."""
    return LEVELS.join(split_unit(part)[0] for part in path)
