"""A ledger as a workbook that can be printed, edited offline and read back without a difference.

Cells carry the full value in the unit shown and a number format that only shortens what is seen. Months are text (a
month is not a day, and text is safe from the reader's locale); days are real dates, so that they can be filtered.
Rows come from an iterator and leave at once: memory does not grow with the ledger.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.rules.amounts import in_unit
from app.sheets.forms import (
    KEY_TITLE,
    VERSION_TITLE,
    Form,
    FormColumn,
    FormGroup,
    FormLine,
    safe_text,
    starts_like_formula,
)
from app.sheets.styles import Styles

A3 = 8
SPARE_ROWS = 500
"""Rows below the last one that still offer the drop-down lists, for lines added by hand."""
INLINE_CHOICES = 255
ROW_POINTS, MOST_ROWS, SUM_POINTS = 13.5, 12, 18
"""Height of one line of text, and how many a row shows at most."""

Lines = Iterable[FormLine | FormGroup]


def write_xlsx(out: str | Path | BinaryIO, sheets: Iterable[tuple[Form, Lines]]) -> int:
    """Write one sheet per form to a path or an open binary file; returns how many projects were written."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    count = 0
    with xlsxwriter.Workbook(str(out) if isinstance(out, Path) else out, options) as book:
        styles = Styles(book)
        names: set[str] = set()
        lists: list[tuple[str, ...]] = []
        for form, lines in sheets:
            sheet = book.add_worksheet(_sheet_name(form, names))
            count += _Writer(book, sheet, form, styles, lists).write(lines)
        _write_lists(book, lists)
    return count


def _sheet_name(form: Form, taken: set[str]) -> str:
    """What Excel accepts as a sheet's name: 31 characters, none of its signs, no twin."""
    wanted = "".join(
        "_" if sign in "[]:*?/\\" or not sign.isprintable() else sign for sign in form.sheet_name or form.title
    )
    base = safe_text(wanted).strip("' ")[:28] or "1"
    name, step = base, 1
    while name.lower() in taken or name.lower() == "history":
        step += 1
        name = f"{base}_{step}"
    taken.add(name.lower())
    return name


class _Writer:
    """One sheet, from the title down. In ``constant_memory`` a row that was left cannot be entered again."""

    def __init__(
        self, book: Workbook, sheet: Worksheet, form: Form, styles: Styles, lists: list[tuple[str, ...]]
    ) -> None:
        self.book, self.sheet, self.form, self.styles, self.lists = book, sheet, form, styles, lists
        self.columns = list(form.columns)
        self.width = len(self.columns)
        self.row = 0
        self.count = 0
        self.texts = [(at, column.width) for at, column in enumerate(self.columns) if column.kind == "text"]
        self.formats = [styles.of(column) for column in self.columns]

    def write(self, lines: Lines) -> int:
        self._set_columns()
        self._head()
        first_heading, first_data = self._heading()
        self._set_print(first_heading, first_data)
        self.sheet.freeze_panes(first_data, self._name_end())
        for total in self.form.sums:
            self._sums(total.label, total.totals, self.styles.total)
        for line in lines:
            if isinstance(line, FormGroup):
                self._sums(line.label, line.totals, self.styles.group)
            else:
                self._line(line)
        self._offer_choices(first_data)
        self._colour_lights(first_data)
        return self.count

    def _set_columns(self) -> None:
        for at, column in enumerate(self.columns):
            self.sheet.set_column(at, at, column.width)
        self.sheet.set_column(self.width, self.width + 1, 4, None, {"hidden": True})

    def _set_print(self, first_heading: int, first_data: int) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(A3)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(first_heading, first_data - 1)
        sheet.set_footer(f"&C{self.form.footer}")
        sheet.hide_gridlines(1)

    def _head(self) -> None:
        """Title, band, unit line: each merged over the whole table."""
        for text, style, height in (
            (self.form.title, self.styles.title, 30),
            (self.form.band, self.styles.band, 18),
            (self.form.unit_line, self.styles.unit, 16),
        ):
            if text:
                self.sheet.set_row(self.row, height)
                self._across(safe_text(text), style, 0, self.width - 1)
                self.row += 1

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

    def _heading(self) -> tuple[int, int]:
        """One row of captions, or two where columns are grouped. Returns the first row of it and the first below."""
        first = self.row
        grouped = any(column.group for column in self.columns)
        titles = [safe_text(column.title) for column in self.columns] + [KEY_TITLE, VERSION_TITLE]
        groups = [safe_text(column.group) for column in self.columns] + ["", ""]
        style = self.styles.heading
        self.sheet.set_row(first, 24)
        for at, title in enumerate(titles):
            shared = groups[at] and at > 0 and groups[at] == groups[at - 1]
            self.sheet.write_string(first, at, "" if shared else (groups[at] or title), style)
        if not grouped:
            self.row += 1
            return first, self.row
        self.sheet.set_row(first + 1, 30)
        for at, title in enumerate(titles):
            self.sheet.write_string(first + 1, at, title if groups[at] else "", style)
        self._merge_heading(first, groups)
        self.row += 2
        return first, self.row

    def _merge_heading(self, first: int, groups: Sequence[str]) -> None:
        at = 0
        while at < len(groups):
            end = at
            while groups[at] and end + 1 < len(groups) and groups[end + 1] == groups[at]:
                end += 1
            bottom = first if groups[at] else first + 1
            self._merge(first, at, bottom, end)
            at = end + 1

    def _name_end(self) -> int:
        """Columns that stay in sight when scrolling: all up to the name."""
        return next((at + 1 for at, column in enumerate(self.columns) if column.key == "name"), min(2, self.width))

    def _sums(self, label: str, totals: Mapping[str, Any], style: Styles.Sums) -> None:
        """A total or group row: the label over the columns before the first figure, then the sums."""
        name_end = max(self._name_end(), 1)
        self.sheet.set_row(self.row, SUM_POINTS)
        self._across(safe_text(label), style.label, 0, name_end - 1)
        for at in range(name_end, self.width):
            column = self.columns[at]
            self._cell(at, column, totals.get(column.key), style.of(column))
        self.row += 1

    def _line(self, line: FormLine) -> None:
        self.count += 1
        for at, value in enumerate(line.values):
            column = self.columns[at]
            shown = self.count if value is None and column.kind == "serial" else value
            self._cell(at, column, shown, self.formats[at])
        self.sheet.write_string(self.row, self.width, line.key, self.styles.hidden)
        if line.version is not None:
            self.sheet.write_number(self.row, self.width + 1, line.version, self.styles.hidden)
        self._raise_row(line.values)
        self.row += 1

    def _raise_row(self, values: Sequence[Any]) -> None:
        """As high as its longest text needs: what is wrapped must not be hidden when nobody touches the row's edge."""
        rows = max((rows_of(values[at], width) for at, width in self.texts), default=1)
        if rows > 1:
            self.sheet.set_row(self.row, min(rows, MOST_ROWS) * ROW_POINTS + 2)
        # a row that has left is never asked about again: in a long ledger its height would only take room
        for left in (self.sheet.row_info, self.sheet.row_sizes):
            left.pop(self.row - 2, None)

    def _cell(self, at: int, column: FormColumn, value: Any, style: Format) -> None:
        sheet, row = self.sheet, self.row
        if value is None or value == "":
            sheet.write_blank(row, at, None, style)
        elif isinstance(value, str):
            if column.kind == "day" and (day := _day(value)) is not None:
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

    def _offer_choices(self, first: int) -> None:
        last = self.row + SPARE_ROWS
        for at, column in enumerate(self.columns):
            if not column.choices:
                continue
            source: Any = list(column.choices)
            if len(",".join(column.choices)) > INLINE_CHOICES or any("," in choice for choice in column.choices):
                if column.choices not in self.lists:
                    self.lists.append(column.choices)
                letter = chr(65 + self.lists.index(column.choices))
                source = f"='{LISTS}'!${letter}$1:${letter}${len(column.choices)}"
            # A word outside the list is allowed and only asked about: the form must never eat what a unit has to say.
            self.sheet.data_validation(
                first, at, last, at, {"validate": "list", "source": source, "error_type": "warning"}
            )

    def _colour_lights(self, first: int) -> None:
        for at, column in enumerate(self.columns):
            if column.key == "light" and self.row > first:
                for sign, look in self.styles.lights:
                    rule = {"type": "text", "criteria": "begins with", "value": sign, "format": look}
                    self.sheet.conditional_format(first, at, self.row - 1, at, rule)


LISTS = "#lists"


def _write_lists(book: Workbook, lists: list[tuple[str, ...]]) -> None:
    """Long code lists live on a hidden sheet: a list inside a cell's rule may not exceed 255 characters."""
    if not lists:
        return
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    for row in range(max(map(len, lists))):
        for at, choices in enumerate(lists[:26]):
            if row < len(choices):
                sheet.write_string(row, at, safe_text(choices[row]))


def rows_of(text: Any, width: float) -> int:
    """Lines that a text takes in a column of so many characters; a Chinese one is two wide."""
    if not isinstance(text, str) or (len(text) * 2 <= width and "\n" not in text):
        return 1
    wide = (len(part.encode("gbk", "replace")) for part in text.split("\n"))
    return sum(max(1, math.ceil(one / max(1.0, width - 1))) for one in wide)


def _day(text: str) -> date | None:
    """A day that a sheet's calendar can hold."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year > 1900 else None
