"""A unit that nobody states: do the figures look like the one that is taken? A person decides; nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from app.rules.amounts import UNITS
from app.sheets.tables import Column, Row

WAN = 10_000
LEAST, MOST = 100 * WAN, 1_000_000 * WAN
"""Between one million and ten billion yuan lies the middle project of any list: its total investment, and no amount above."""
SIZES = frozenset({
    "total_investment_yuan", "contract_amount_yuan", "filed_investment_yuan", "statistical_investment_yuan",
    "fixed_investment_yuan",
})  # fmt: skip
"""Amounts that are as large as the project; of the others only the upper end can be told."""
GUESSES = ("万元", "亿元", "元")
FEWEST = 2
"""Figures that a guess needs."""


def doubted(columns: list[Column], rows: list[Row]) -> list[Column]:
    """The columns; one whose unit was assumed and whose figures look like another says so."""
    assumed = {c.index: c for c in columns if c.unit_from in ("assumed", "neighbours") and c.field.endswith("_yuan")}
    if not assumed:
        return columns
    found = dict(_guesses(assumed, rows))
    return [_doubting(c, found[c.index]) if c.index in found else c for c in columns]


def _doubting(column: Column, guess: str) -> Column:
    return replace(column, doubt="No unit is stated; {unit} is taken, but the figures look like {guess}", guess=guess)


def _guesses(assumed: dict[int, Column], rows: list[Row]) -> Iterator[tuple[int, str]]:
    amounts: dict[int, list[int]] = {index: [] for index in assumed}
    for row in rows:
        for datum in row.cells:
            if datum.column in amounts and isinstance(datum.value, int) and datum.value > 0:
                amounts[datum.column].append(datum.value)
    for index, values in amounts.items():
        column = assumed[index]
        guess = _guess(column.field, column.target.unit or "", median(values)) if len(values) >= FEWEST else None
        if guess is not None:
            yield index, guess


def _guess(field: str, unit: str, middle: float) -> str | None:
    """The unit that the figures look like; None where the one taken fits, or no other would."""
    if unit not in UNITS or _fits(field, middle):
        return None
    bare = middle / 10 ** UNITS[unit][1]
    return next((one for one in GUESSES if one != unit and _fits(field, bare * 10 ** UNITS[one][1])), None)


def _fits(field: str, yuan: float) -> bool:
    return yuan <= MOST and (field not in SIZES or yuan >= LEAST)
