"""Rows that stayed out, as a workbook to repair and send again: the sheet as it was above them, each row, and why.

Hidden columns carry the zone and ledger that were chosen, so that the repaired file is understood without any mapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.rules.reads import Cell
from app.sheets.forms import safe_text
from app.sheets.styles import BODY, SHADES
from app.sheets.workbook import Sheet

ZONE, LEDGER = "#zone", "#ledger"
WHY = "#待处理 / to repair"


@dataclass(frozen=True, slots=True)
class Left:
    """One row that stayed out: its number in the file, why, and the zone and ledger chosen for it."""

    row: int
    why: str
    zone: str | None
    ledger: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """What of a sheet goes out: the rows up to the heading's last (from 1), group rows, and the rows that stayed out."""

    sheet: Sheet
    heading: int
    groups: frozenset[int]
    left: Mapping[int, Left]


def write_leftovers(out: BinaryIO, parts: Iterable[Part]) -> int:
    """Write one sheet for each part; returns how many rows that stayed out were written."""
    count = 0
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        plain, head = (
            book.add_format(BODY | {"text_wrap": True}),
            book.add_format(BODY | {"bold": True, "bg_color": SHADES["heading"]}),
        )
        why = book.add_format(BODY | {"text_wrap": True, "bg_color": "#FDF4DC"})
        for n, part in enumerate(parts, 1):
            page = book.add_worksheet(_name(part.sheet.name, n))
            count += _write(page, part, plain, head, why)
        if not book.worksheets():
            book.add_worksheet()
    return count


def _name(name: str, n: int) -> str:
    bare = "".join("_" if sign in "[]:*?/\\'" or not sign.isprintable() else sign for sign in name)
    return f"{n}_{safe_text(bare)}"[:31]


def _write(page: Worksheet, part: Part, plain: Format, head: Format, why: Format) -> int:
    width = part.sheet.width
    rows = part.sheet.rows
    for n in range(part.heading):
        _row(page, n, rows[n] if n < len(rows) else [], head)
    for column, caption in enumerate((ZONE, LEDGER, WHY), width):
        page.write_string(part.heading - 1, column, caption, head)
    _merge(page, part, head)
    at, count = part.heading, 0
    for number in range(part.heading + 1, len(rows) + 1):
        left = part.left.get(number)
        if left is None and number not in part.groups:
            continue
        _row(page, at, rows[number - 1], plain)
        if left is not None:
            count += 1
            for column, text in enumerate((left.zone, left.ledger), width):
                page.write_string(at, column, text or "")
            page.write_string(at, width + 2, safe_text(left.why), why)
        at += 1
    page.set_column(0, max(width - 1, 0), 14)
    page.set_column(width, width + 1, None, None, {"hidden": True})
    page.set_column(width + 2, width + 2, 44)
    page.freeze_panes(part.heading, 0)
    return count


def _row(page: Worksheet, at: int, cells: list[Cell], look: Format) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, bool):
            page.write_boolean(at, column, cell, look)
        elif isinstance(cell, int | float):
            page.write_number(at, column, cell, look)
        elif cell:
            page.write_string(at, column, safe_text(cell), look)


def _merge(page: Worksheet, part: Part, look: Format) -> None:
    """Merged cells of the heading, those that overlap none before."""
    taken: set[tuple[int, int]] = set()
    for top, left, bottom, claimed in part.sheet.merges:
        right = min(claimed, part.sheet.width - 1)
        inside = (
            {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
            if bottom < part.heading
            else set()
        )
        if len(inside) < 2 or inside & taken:
            continue
        taken |= inside
        row: Any = part.sheet.rows[top]
        text = row[left] if left < len(row) and row[left] is not None else ""
        page.merge_range(top, left, bottom, right, safe_text(str(text)), look)
