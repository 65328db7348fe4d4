"""The fingerprint of a heading: by it the next workbook of the same unit is known again, whatever month it tells of."""

from __future__ import annotations

import hashlib
import re

from app.sheets.fields import caption
from app.sheets.tables import Column, Table
from app.sheets.targets import is_caption

OURS = "#"
"""Captions that begin so were put there by us (a key, a remark) and are no part of what the unit keeps."""


def fingerprint(table: Table) -> str | None:
    """64 hexadecimal digits over the captions in their order; None for a sheet without a heading; on a page about one project the cells of
    the captions count too. Years, months and other
    figures in captions do not count: 1-7月完成 and 1-8月完成 are one column of one layout."""
    if table.kind == "project_page":
        # what stands where a label would may be a value of this one project: only known captions and their cells count
        told = [f"{c.letter} {_bare(c)}" for c in table.columns if is_caption(c.caption)]
    elif table.heading is not None:
        told = [_bare(c) for c in table.columns]
    else:
        return None
    while told and not told[-1]:
        told.pop()
    if not any(told):
        return None
    return hashlib.sha256("\x1f".join(told).encode("utf-8", "replace")).hexdigest()


def heading_text(table: Table, longest: int = 200) -> str:
    """The captions in one line, for a person to know the layout by."""
    return " · ".join(c.caption for c in table.columns if c.caption and not c.caption.startswith(OURS))[:longest]


def _bare(column: Column) -> str:
    return "" if column.caption.startswith(OURS) else re.sub(r"\d+", "0", caption(column.caption))
