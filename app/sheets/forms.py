"""What a ledger on paper is made of: the form, its columns, and the lines that fill it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

ColumnKind = Literal["text", "serial", "money", "number", "count", "percent", "month", "day", "choice"]

KEY_TITLE = "#key"
VERSION_TITLE = "#version"
PAGE_TITLE, LABEL_EVERY = "#page", 2
"""In the hidden column of a page about one project; below it stands in each row what its labels mean. A label
stands in every second column."""
"""Captions of the two hidden columns by which our own workbook is known again, row by row."""

DIGITS = {"元": 0, "万元": 2, "亿元": 2, "万美元": 2, "美元": 0}


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column. ``group`` is the heading above it (neighbours with the same group share one cell).

    ``unit`` (a key of ``amounts.UNITS``) is what money is shown in; ``digits`` only how it is shown: the cell always
    carries the full value. ``choices`` are the labels of a drop-down list. ``width`` is in characters.
    """

    key: str
    title: str
    kind: ColumnKind = "text"
    group: str = ""
    width: float = 12
    unit: str = "万元"
    digits: int | None = None
    choices: tuple[str, ...] = ()

    @property
    def shown_digits(self) -> int:
        return DIGITS.get(self.unit, 2) if self.digits is None else self.digits


@dataclass(frozen=True, slots=True)
class Form:
    """A sheet to be written. ``sums`` are rows above the data, as in real forms: 合计, and what is pending beside it.

    ``band`` is a line under the title that no print may lose (演示数据). ``footer`` uses Excel's &P and &N.
    """

    title: str
    columns: Sequence[FormColumn]
    sheet_name: str = ""
    unit_line: str = ""
    band: str = ""
    sums: Sequence[FormGroup] = ()
    footer: str = "&P / &N"


@dataclass(frozen=True, slots=True)
class FormLine:
    """One project: ``values`` in the order of the columns (money in yuan, days and months ISO, percent points).

    A serial of None is the next number, an empty one none: a part or a heading of phases does not count. ``key`` and
    ``version`` go into the hidden columns, so that an edited copy can be compared cell by cell.
    """

    values: Sequence[Any]
    key: str = ""
    version: int | None = None
    level: int = 0
    """1: it stands under the line above, and can be folded away there."""


@dataclass(frozen=True, slots=True)
class FormGroup:
    """A group row with sub-totals, ``一、市经开区（27项）``, or a row of totals. ``totals`` by column key, money in yuan."""

    label: str
    totals: Mapping[str, Any] = field(default_factory=dict)


def safe_text(text: str) -> str:
    """What a file can hold: no lone surrogates."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


FORMULA_SIGNS = "=+\\-@\t\r＝＋－＠"
"""What a formula may begin with, as a class of characters; where Chinese is written, the full-width signs are taken for it too."""
_FORMULA = re.compile(f"[{FORMULA_SIGNS}]")
ESCAPED = re.compile(f"'+[{FORMULA_SIGNS}]")
"""What would be a formula, after the apostrophe that keeps it from being one."""


def starts_like_formula(text: str) -> bool:
    """Text that a spreadsheet would take for a formula when its cell is edited or its file is comma-separated."""
    return _FORMULA.match(text) is not None
