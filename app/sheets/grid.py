"""A sheet as its reader sees it: the text of a cell, and the merged cell that covers it."""

from __future__ import annotations

import re

from app.rules.reads import Cell, number_text, plain, written
from app.sheets.workbook import Merge, Sheet

_FIGURE = re.compile(r"[-+]?[\d,]+(?:\.\d+)?%?")


MOST_COVERED = 2_000_000
"""Cells under merged ranges; beyond it ranges are ignored, for a file may claim thousands that overlap."""


EMPTY = frozenset({None, "", "\u200b", "\ufeff"})
"""Cells that hold nothing, though a file may list them."""


class Grid:
    """Cells by 0-based row and column; anything outside the sheet is empty."""

    def __init__(self, sheet: Sheet) -> None:
        self.name = sheet.name
        self.rows = sheet.rows
        self.height = len(sheet.rows)
        self.width = sheet.width
        self.merges = sheet.merges
        self._starts: dict[tuple[int, int], Merge] = {(one[0], one[1]): one for one in sheet.merges}
        self._covered: dict[tuple[int, int], Merge] = {}
        left = MOST_COVERED
        for one in sheet.merges:
            area = (min(one[2], self.height) - one[0] + 1) * (min(one[3], self.width) - one[1] + 1)
            if 0 < area <= left:
                left -= area
                self._cover(one)

    def _cover(self, merge: Merge) -> None:
        """Only as far as there are cells: a merge may claim a million rows."""
        top, left, bottom, right = merge
        for row in range(top, min(bottom, self.height - 1) + 1):
            for column in range(left, min(right, self.width - 1) + 1):
                self._covered[row, column] = merge

    def cell(self, row: int, column: int) -> Cell:
        if not 0 <= row < self.height or column < 0:
            return None
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def text(self, row: int, column: int) -> str:
        """The cell's text, narrow and on one line; blanks alone are empty."""
        return plain(self.cell(row, column))

    def merge_at(self, row: int, column: int) -> Merge | None:
        """The merged cell that covers this one, wherever it starts."""
        return self._covered.get((row, column))

    def merged_text(self, row: int, column: int) -> str:
        """The text shown here, also where it stands in the first cell of a merge."""
        merge = self.merge_at(row, column)
        return self.text(merge[0], merge[1]) if merge else self.text(row, column)

    def merged_written(self, row: int, column: int) -> str:
        """The same as it was written, wide brackets and all, on one line: what is kept word for word."""
        merge = self.merge_at(row, column)
        return written(self.cell(merge[0], merge[1]) if merge else self.cell(row, column))

    def filled(self, row: int) -> list[int]:
        """Columns of ``row`` that hold anything but blanks: a cell of spaces is what many forms use for empty."""
        return [
            column
            for column, cell in enumerate(self.rows[row])
            if cell not in EMPTY and not (type(cell) is str and cell.isspace())
        ]

    def is_blank(self, row: int) -> bool:
        return not self.filled(row)


def is_figure(cell: Cell) -> bool:
    """A number, or text that is nothing but one."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return True
    return isinstance(cell, str) and _FIGURE.fullmatch(plain(cell)) is not None


def is_zero(cell: Cell) -> bool:
    """Blank forms are printed with zeros."""
    return (isinstance(cell, (int, float)) and cell == 0) or (
        isinstance(cell, str) and plain(cell) in ("", "0", "0.0", "0%")
    )


def as_text(cell: Cell) -> str:
    """A cell as text that keeps its line breaks: for descriptions, which are stored as they are read."""
    if isinstance(cell, str):
        text = cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell
        return text.strip(" \t\n\u3000\xa0\ufeff\u200b")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if cell is None:
        return ""
    return number_text(cell) if isinstance(cell, float) else str(cell)
