"""Rows of projects as the XML of a sheet, in one piece each.

The library writes cell by cell: an object, a check of its place and a handful of calls for every one of a million cells.
Headings, sums and everything around the table go that way; the rows of projects, which are all alike, are put together
here and handed to the same file. Only in ``constant_memory``, where a row leaves as soon as the next begins.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from xlsxwriter.worksheet import Worksheet

from app.rules.amounts import UNITS
from app.sheets.forms import FormColumn, safe_text, starts_like_formula
from app.sheets.styles import Styles
from app.sheets.workbook import letter

FIRST_DAY = 693_594
"""Ordinal of the day that a sheet counts as 0, for every day from March 1900 on."""
_SPECIAL = re.compile(r"[&<>\x00-\x08\x0b-\x1f]|_x[0-9A-Fa-f]{4}_")


class RowText:
    """Writes the rows of one sheet. ``styles`` and widths are those of its columns."""

    def __init__(self, sheet: Worksheet, styles: Styles, columns: Sequence[FormColumn]) -> None:
        self.sheet = sheet
        index = [styles.of(column)._get_xf_index() for column in columns]
        quoted, hidden = styles.quoted._get_xf_index(), styles.hidden._get_xf_index()
        self.openings = [(f'<c r="{letter(at)}', f'" s="{style}"') for at, style in enumerate(index)]
        self.quoted = f'" s="{quoted}"'
        self.key, self.version = ((f'<c r="{letter(len(columns) + more)}', f'" s="{hidden}"') for more in (0, 1))
        self.scales = [10 ** UNITS[c.unit][1] if c.kind == "money" else 0 for c in columns]
        self.kinds = [c.kind for c in columns]

    def write(
        self, row: int, values: Sequence[Any], key: str, version: int | None, points: float | None, level: int = 0
    ) -> None:
        """One row (from 0) of the columns' values and the hidden ones behind them; ``points``: its height, ``level``: how
        deep it can be folded away."""
        sheet, number = self.sheet, str(row + 1)
        if sheet.previous_row < row:
            sheet._write_single_row(row)
        height = f' ht="{points:g}" customHeight="1"' if points is not None else ""
        folds = f' outlineLevel="{level}"' if level else ""
        sheet.outline_row_level = max(sheet.outline_row_level, level)
        parts = [f'<row r="{number}"{height}{folds}>']
        for (opening, style), kind, scale, value in zip(self.openings, self.kinds, self.scales, values, strict=True):
            if value is None or value == "":
                parts.append(f"{opening}{number}{style}/>")
            elif isinstance(value, str):
                parts.append(self._text(opening, number, style, kind, value))
            else:
                shown = value / scale if scale else value / 100 if kind == "percent" else value
                parts.append(f"{opening}{number}{style}><v>{float(shown)!r}</v></c>")
        parts.append(self._string(*self.key, number, key))
        if version is not None:
            parts.append(f"{self.version[0]}{number}{self.version[1]}><v>{version}</v></c>")
        parts.append("</row>")
        sheet.row_data_fh.write("".join(parts))
        sheet._check_dimensions(row, len(values) + 1)
        sheet.previous_row = row + 1

    def _text(self, opening: str, number: str, style: str, kind: str, value: str) -> str:
        if kind == "day" and (day := day_in(value)) is not None:
            return f"{opening}{number}{style}><v>{day.toordinal() - FIRST_DAY}</v></c>"
        text = safe_text(value)
        return self._string(opening, self.quoted if starts_like_formula(text) else style, number, text)

    def _string(self, opening: str, style: str, number: str, text: str) -> str:
        if _SPECIAL.search(text):
            text = self.sheet._escape_control_characters(text)
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        keep = ' xml:space="preserve"' if text and (text[0].isspace() or text[-1].isspace()) else ""
        return f'{opening}{number}{style} t="inlineStr"><is><t{keep}>{text}</t></is></c>'


def rows_of(text: Any, width: float) -> int:
    """Lines that a text takes in a column of so many characters; a Chinese one is two wide."""
    if not isinstance(text, str) or (len(text) * 2 <= width and "\n" not in text):
        return 1
    wide = (len(part.encode("gbk", "replace")) for part in text.split("\n"))
    return sum(max(1, math.ceil(one / max(1.0, width - 1))) for one in wide)


def day_in(text: str) -> date | None:
    """A day that a sheet's calendar can hold."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year > 1900 else None
