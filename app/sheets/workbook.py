"""What reading a file gives: sheets of plain cells, before anything is understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from app.rules.reads import Cell

Merge = tuple[int, int, int, int]
"""first row, first column, last row, last column; 0-based, both ends included."""

FileKind = Literal["xlsx", "xls", "csv"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``rows[r][c]`` is row r+1 of the file; rows may be shorter than the sheet is wide.

    A cell is text, a number, a truth value or None; dates are ISO text. Formulas are the value last computed.
    """

    name: str
    rows: list[list[Cell]]
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False
    widths: dict[int, float] = field(default_factory=dict)
    """Widths of columns in characters, where the file names them."""

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that was read: its name as sent, what it turned out to be, the digest of its bytes, its sheets."""

    filename: str
    kind: FileKind
    sha256: str
    sheets: list[Sheet]
    encoding: str | None = None


@lru_cache(maxsize=1024)
def letter(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA, as the reader sees it."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_number(name: str) -> int:
    """The 0-based number of a column by its letters: A → 0, AA → 26."""
    found = 0
    for sign in name:
        found = found * 26 + ord(sign) - 64
    return found - 1


def address(row: int, column: int) -> str:
    """The name of a cell, from 0-based numbers: (4, 5) → F5."""
    return f"{letter(column)}{row + 1}"


def place_of(name: str) -> tuple[int, int] | None:
    """The 0-based row and column of a cell by its name: F5 → (4, 5); None for what names no cell."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", name)
    return (int(found[2]) - 1, column_number(found[1])) if found else None
