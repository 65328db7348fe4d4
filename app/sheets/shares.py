"""Shares that a sheet states (占年计划%, 占总投资%) beside what its own amounts come to. Told where they differ, never written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from app.errors import Invalid
from app.rules.amounts import read_amount
from app.rules.figures import read_number
from app.rules.reads import plain
from app.sheets.blanks import derived_key
from app.sheets.grid import Grid
from app.sheets.rows import Line
from app.sheets.tables import Check, Column
from app.sheets.workbook import address

MOST = 1000
"""Differences that are told."""
PARTS: dict[str, tuple[tuple[tuple[str, ...], ...], str]] = {
    "percent_of_plan": ((("invested_this_year_yuan",),), "annual_plan_yuan"),
    "percent_of_total": (
        (("invested_to_date_yuan",), ("invested_before_this_year_yuan", "invested_this_year_yuan")), "total_investment_yuan",
    ),
}  # fmt: skip
"""A share → what may stand above the line (the first that the sheet has), and what below it."""
HALF, FINE = Decimal("0.5"), Decimal("0.06")
"""How far a share may be off that is told as a whole number, or more closely."""


class _Share(NamedTuple):
    """A column of shares, and the columns of the amounts that it is made of."""

    column: Column
    parts: tuple[Column, ...]
    whole: Column


def compare(grid: Grid, lines: list[Line], columns: list[Column]) -> list[Check]:
    """The shares that are not what the amounts of their own row come to."""
    shares = list(_shares(columns))
    return list(islice(_differing(grid, lines, shares), MOST)) if shares else []


def _shares(columns: list[Column]) -> Iterator[_Share]:
    found = {column.field: column for column in reversed(columns)}
    for column in columns:
        ways, below = PARTS.get(derived_key(column), ((), ""))
        above = next((way for way in ways if found.keys() >= set(way)), None)
        if above is not None and below in found:
            yield _Share(column, tuple(found[name] for name in above), found[below])


def _differing(grid: Grid, lines: list[Line], shares: list[_Share]) -> Iterator[Check]:
    for line in lines:
        if line.kind not in ("data", "total", "group"):
            continue
        for share in shares:
            stated, computed = _stated(grid, line.row, share.column), _computed(grid, line.row, share)
            if stated is None or computed is None:
                continue
            # 0.238 and 23.8 are both written for 23.8 %, also in one column
            told = min(stated, key=lambda one: abs(one - computed))
            if abs(told - computed) > (HALF if told == told.to_integral_value() else FINE):
                at, caption = address(line.row, share.column.index), share.column.caption
                values = float(round(told, 2)), float(round(computed, 2))
                yield Check(line.row + 1, line.text, at, "percent", caption, *values, 1)


def _stated(grid: Grid, row: int, column: Column) -> tuple[Decimal, ...] | None:
    """The share as it may be meant: as percent points, and a bare small figure also as a fraction."""
    text = plain(grid.cell(row, column.index))
    with suppress(Invalid):
        value = read_number(text.removesuffix("%")).value
        if value is not None:
            return (value,) if text.endswith("%") or abs(value) > 2 else (value, value * 100)
    return None


def _computed(grid: Grid, row: int, share: _Share) -> Decimal | None:
    parts, whole = [_amount(grid, row, column) for column in share.parts], _amount(grid, row, share.whole)
    known = [part for part in parts if part is not None]
    return Decimal(100 * sum(known)) / whole if whole and len(known) == len(parts) else None


def _amount(grid: Grid, row: int, column: Column) -> int | None:
    with suppress(Invalid):
        return read_amount(grid.cell(row, column.index), column.target.unit or "元", negative=True).value
    return None
