"""The ledger as comma-separated text: the twin of the workbook for programs and for very long lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from app.rules.amounts import in_unit
from app.sheets.forms import (
    ESCAPED,
    KEY_TITLE,
    VERSION_TITLE,
    Form,
    FormColumn,
    FormGroup,
    FormLine,
    safe_text,
    starts_like_formula,
)
from app.sheets.headings import LEVELS

MARK = b"\xef\xbb\xbf"
"""Without it a spreadsheet takes UTF-8 for the local encoding and shows rubbish."""


def write_csv(form: Form, lines: Iterable[FormLine | FormGroup]) -> Iterator[bytes]:
    """UTF-8 in pieces, as rows arrive: title, band and unit, one row of captions, then one row a project.

    Group and total rows are left out (a program sums for itself). Money is in the column's unit, in full.
    """
    yield MARK
    for text in (form.title, form.band, form.unit_line):
        if text:
            yield _row([guarded(text)])
    captions = [f"{column.group}{LEVELS}{column.title}" if column.group else column.title for column in form.columns]
    yield _row([guarded(caption) for caption in captions] + [KEY_TITLE, VERSION_TITLE])
    count = 0
    for line in lines:
        if isinstance(line, FormLine):
            count += all(
                value != "" for column, value in zip(form.columns, line.values, strict=True) if column.kind == "serial"
            )
            cells = [_text(column, value, count) for column, value in zip(form.columns, line.values, strict=True)]
            yield _row([*cells, guarded(line.key), "" if line.version is None else str(line.version)])


def _row(cells: list[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def _text(column: FormColumn, value: Any, count: int) -> str:
    if value is None:
        return str(count) if column.kind == "serial" else ""
    if isinstance(value, str):
        return guarded(value)
    if column.kind == "money":
        return _plain(format(in_unit(value, column.unit), "f"))
    if column.kind == "percent":
        return f"{value}%"
    return str(value)


def _plain(figure: str) -> str:
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


def guarded(text: str) -> str:
    """Text that a spreadsheet would run as a formula gets one apostrophe; the reader takes one off again."""
    text = safe_text(text)
    return f"'{text}" if starts_like_formula(text) or ESCAPED.match(text) else text
