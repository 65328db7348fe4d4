"""Drawing one sheet row by row: what the house's own form and a master's have in common.

Cells carry the full value in the unit shown and a number format that only shortens what is seen. In ``constant_memory`` a
row that was left cannot be entered again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.rules.amounts import in_unit
from app.sheets.forms import FormColumn, FormGroup, FormLine, safe_text, starts_like_formula
from app.sheets.rowtext import RowText, day_in, rows_of
from app.sheets.styles import Styles

A3 = 8
ROW_POINTS, MOST_ROWS, SUM_POINTS = 13.5, 12, 18
"""Height of one line of text, how many a row shows at most, and the height of a row of sums."""
Lines = Iterable[FormLine | FormGroup]


class Drawing:
    """One sheet under the pen. ``row`` is the next one to be written, ``count`` the projects written so far, ``number`` the
    last serial: a serial of None is the next number, an empty one none."""

    hidden = 2
    """Columns at the right end that nobody sees."""

    def __init__(self, sheet: Worksheet, styles: Styles, columns: Sequence[FormColumn], footer: str) -> None:
        self.sheet, self.styles, self.footer = sheet, styles, footer
        self.columns = list(columns)
        self.width = len(self.columns)
        self.row = 0
        self.count = 0
        self.number = 0
        self.texts = [(at, column.width) for at, column in enumerate(self.columns) if column.kind == "text"]
        self.serial = next((at for at, column in enumerate(self.columns) if column.kind == "serial"), None)
        self.rows: RowText | None = None

    def _body(self, lines: Lines) -> None:
        for line in lines:
            if isinstance(line, FormGroup):
                self._sums(line.label, line.totals, self.styles.group)
            else:
                self._line(line)

    def _set_columns(self) -> None:
        for at, column in enumerate(self.columns):
            self.sheet.set_column(at, at, column.width)
        self.sheet.set_column(self.width, self.width + self.hidden - 1, 4, None, {"hidden": True})

    def _set_print(self, first_heading: int, first_data: int) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(A3)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(first_heading, first_data - 1)
        sheet.set_footer(f"&C{self.footer}")
        sheet.hide_gridlines(1)
        sheet.outline_settings(True, False, True, False)  # the line that folds others stands above them

    def _across(self, text: str, style: Format, first: int, last: int) -> None:
        """Text over several columns of the current row."""
        self.sheet.write_string(self.row, first, text, style)
        for column in range(first + 1, last + 1):
            self.sheet.write_blank(self.row, column, None, style)
        self._merge(self.row, first, self.row, last)

    def _merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Declare cells merged that are already written: ``merge_range`` would go back to rows that have left."""
        if (top, left) != (bottom, right):
            self.sheet.merge.append([top, left, bottom, right])

    def _name_end(self) -> int:
        """Columns that stay in sight when scrolling: all up to the name."""
        return next((at + 1 for at, column in enumerate(self.columns) if column.key == "name"), min(2, self.width))

    def _sums(self, label: str, totals: Mapping[str, Any], style: Styles.Sums) -> None:
        """A total or group row: the label over the columns before the first figure, then the sums."""
        name_end = max(self._name_end(), 1)
        room = sum(column.width for column in self.columns[:name_end])
        self.sheet.set_row(self.row, max(SUM_POINTS, rows_of(label, room * 0.9) * ROW_POINTS + 2))
        self._across(safe_text(label), style.label, 0, name_end - 1)
        for at in range(name_end, self.width):
            column = self.columns[at]
            self._cell(at, column, totals.get(column.key), style.of(column))
        self.row += 1

    def _line(self, line: FormLine) -> None:
        self.count += 1
        values = list(line.values)
        if self.serial is not None and values[self.serial] is None:
            self.number += 1
            values[self.serial] = self.number
        if self.rows is None:
            self.rows = RowText(self.sheet, self.styles, self.columns)
        rows = max((rows_of(values[at], width) for at, width in self.texts), default=1)
        points = min(rows, MOST_ROWS) * ROW_POINTS + 2 if rows > 1 else None
        self.rows.write(self.row, values, line.key, line.version, points, line.level)
        self.row += 1

    def _cell(self, at: int, column: FormColumn, value: Any, style: Format) -> None:
        sheet, row = self.sheet, self.row
        if value is None or value == "":
            sheet.write_blank(row, at, None, style)
        elif isinstance(value, str):
            if column.kind == "day" and (day := day_in(value)) is not None:
                sheet.write_datetime(row, at, day, style)
            else:
                text = safe_text(value)
                sheet.write_string(row, at, text, self.styles.quoted if starts_like_formula(text) else style)
        elif column.kind == "money":
            sheet.write_number(row, at, float(in_unit(value, column.unit)), style)
        elif column.kind == "percent":
            sheet.write_number(row, at, float(value) / 100, style)
        else:
            sheet.write_number(row, at, float(value), style)
