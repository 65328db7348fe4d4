"""One project on one page: labels left of their values, block by block, its months, and room for signatures.

Hidden at the right end: key and version of the project, and in each row what its labels mean, so that an edited page is
compared cell by cell when it comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

from app.sheets.drawing import ROW_POINTS, Drawing
from app.sheets.forms import LABEL_EVERY, PAGE_TITLE, VERSION_TITLE, FormColumn, safe_text
from app.sheets.rowtext import rows_of
from app.sheets.styles import Styles
from app.sheets.writing import INLINE_CHOICES, sheet_name

A4 = 9
LABEL, VALUE, PAIRS = 15.0, 30.0, 2
WIDE = VALUE + LABEL + VALUE
"""Widths in characters: of a label, of its value, of a value that has the row for itself."""
MOST_LINES = 24


@dataclass(frozen=True, slots=True)
class PageCell:
    """A label and its value. ``column`` says how it is shown; ``wide``: it has the row for itself."""

    column: FormColumn
    value: Any
    wide: bool = False


@dataclass(frozen=True, slots=True)
class PageForm:
    """A page to be written. ``months`` are rows of texts and amounts under the captions ``month_columns``, shown only."""

    title: str
    key: str
    version: int
    blocks: Sequence[tuple[str, Sequence[PageCell]]]
    unit_line: str = ""
    band: str = ""
    months: tuple[str, Sequence[FormColumn], Sequence[Sequence[Any]]] | None = None
    signatures: Sequence[str] = field(default_factory=tuple)
    footer: str = "&P / &N"


def write_page(out: Path, form: PageForm) -> None:
    """Write the page as a workbook of one sheet."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(out), options) as book:
        _Page(book.add_worksheet(sheet_name(form.title, set())), Styles(book), form).write()


class _Page(Drawing):
    """One page under the pen: two pairs of a label and its value beside each other."""

    def __init__(self, sheet: Any, styles: Styles, form: PageForm) -> None:
        widths = [LABEL, VALUE] * PAIRS
        super().__init__(sheet, styles, [FormColumn("", "", width=width) for width in widths], form.footer)
        self.form = form

    def write(self) -> None:
        form, styles = self.form, self.styles
        self._set_columns()
        self._set_page()
        for text, style, height, told in (
            (form.title, styles.title, 30, (PAGE_TITLE, form.key)),
            (" ".join(t for t in (form.band, form.unit_line) if t), styles.unit, 16, (VERSION_TITLE, form.version)),
        ):
            self.sheet.set_row(self.row, height)
            self._across(safe_text(text), style, 0, self.width - 1)
            self._hide(*told)
            self.row += 1
        for title, cells in form.blocks:
            self._block(title)
            for pair in _rows(cells):
                self._pair(pair)
        if form.months is not None:
            self._months(*form.months)
        for text in form.signatures:
            self.sheet.set_row(self.row, 26)
            self._across(safe_text(text), styles.left, 0, self.width - 1)
            self.row += 1

    def _set_page(self) -> None:
        self.sheet.set_portrait()
        self.sheet.set_paper(A4)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer(f"&C{self.footer}")
        self.sheet.hide_gridlines(1)

    def _block(self, title: str) -> None:
        self.sheet.set_row(self.row, 20)
        self._across(safe_text(title), self.styles.group.label, 0, self.width - 1)
        self.row += 1

    def _pair(self, cells: Sequence[PageCell]) -> None:
        lines = 1
        for n, cell in enumerate(cells):
            at = n * LABEL_EVERY
            self.sheet.write_string(self.row, at, safe_text(cell.column.title), self.styles.heading)
            style = self.styles.of(cell.column, {"align": "left"})
            self._cell(at + 1, cell.column, cell.value, style)
            if cell.column.choices and len(",".join(cell.column.choices)) <= INLINE_CHOICES:
                rule = {"validate": "list", "source": list(cell.column.choices), "error_type": "warning"}
                self.sheet.data_validation(self.row, at + 1, self.row, at + 1, rule)
            lines = max(lines, rows_of(cell.column.title, LABEL), rows_of(cell.value, WIDE if cell.wide else VALUE))
        style = self.styles.of(cells[0].column)
        for at in range(len(cells) * LABEL_EVERY, self.width):
            self.sheet.write_blank(self.row, at, None, style)
        if cells[0].wide:
            self._merge(self.row, 1, self.row, self.width - 1)
        self._hide(",".join(_meaning(cell.column) for cell in cells))
        self.sheet.set_row(self.row, max(20.0, min(lines, MOST_LINES) * ROW_POINTS + 6))
        self.row += 1

    def _months(self, title: str, columns: Sequence[FormColumn], rows: Sequence[Sequence[Any]]) -> None:
        self._block(title)
        for at, column in enumerate(columns):
            self.sheet.write_string(self.row, at, safe_text(column.title), self.styles.heading)
        self.row += 1
        for row in rows:
            for at, (column, value) in enumerate(zip(columns, row, strict=True)):
                self._cell(at, column, value, self.styles.of(column))
            lines = max(rows_of(value, VALUE) for value in row)
            self.sheet.set_row(self.row, max(18.0, min(lines, MOST_LINES) * ROW_POINTS + 4))
            self.row += 1

    def _hide(self, *told: Any) -> None:
        for n, value in enumerate(told):
            self.sheet.write(self.row, self.width + n, value, self.styles.hidden)


def _rows(cells: Sequence[PageCell]) -> list[list[PageCell]]:
    """Two to a row; one that is wide alone."""
    rows: list[list[PageCell]] = []
    for cell in cells:
        last = rows[-1] if rows else None
        if last is not None and not cell.wide and not last[0].wide and len(last) < PAIRS:
            last.append(cell)
        else:
            rows.append([cell])
    return rows


def _meaning(column: FormColumn) -> str:
    return f"{column.key}/{column.unit}" if column.kind == "money" else column.key
