"""A ledger as a workbook that can be printed, edited offline and read back without a difference.

Cells carry the full value in the unit shown and a number format that only shortens what is seen. Months are text (a
month is not a day, and text is safe from the reader's locale); days are real dates, so that they can be filtered.
Rows come from an iterator and leave at once: memory does not grow with the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.sheets.drawing import Drawing, Lines
from app.sheets.forms import (
    KEY_TITLE,
    VERSION_TITLE,
    Form,
    safe_text,
)
from app.sheets.styles import Styles

SPARE_ROWS = 500
"""Rows below the last one that still offer the drop-down lists, for lines added by hand."""
INLINE_CHOICES = 255


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
            sheet = book.add_worksheet(sheet_name(form.sheet_name or form.title, names))
            count += _Writer(sheet, form, styles, lists).write(lines)
        _write_lists(book, lists)
    return count


def sheet_name(called: str, taken: set[str]) -> str:
    """What Excel accepts as a sheet's name: 31 characters, none of its signs, no twin."""
    wanted = "".join("_" if sign in "[]:*?/\\" or not sign.isprintable() else sign for sign in called)
    base = safe_text(wanted).strip("' ")[:28] or "1"
    name, step = base, 1
    while name.lower() in taken or name.lower() == "history":
        step += 1
        name = f"{base}_{step}"
    taken.add(name.lower())
    return name


class _Writer(Drawing):
    """One sheet in the house's own form, from the title down."""

    def __init__(self, sheet: Worksheet, form: Form, styles: Styles, lists: list[tuple[str, ...]]) -> None:
        super().__init__(sheet, styles, form.columns, form.footer)
        self.form, self.lists = form, lists

    def write(self, lines: Lines) -> int:
        self._set_columns()
        self._head()
        first_heading, first_data = self._heading()
        self._set_print(first_heading, first_data)
        self.sheet.freeze_panes(first_data, self._name_end())
        for total in self.form.sums:
            self._sums(total.label, total.totals, self.styles.total)
        self._body(lines)
        self._offer_choices(first_data)
        self._colour_lights(first_data)
        return self.count

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
