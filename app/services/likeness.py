"""Does a cell say what the register holds already? As far as the cell says it, and no further."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from app.rules.amounts import UNITS
from app.sheets.forms import DIGITS
from app.sheets.values import Datum


def value_of(datum: Datum) -> Any:
    """The cell's value as the register keeps it."""
    return float(datum.value) if isinstance(datum.value, Decimal) else datum.value


def near(datum: Datum, before: Any, *, exact: bool) -> bool:
    """Equal within the precision that the cell shows: 1.24 in 亿元 is 123,700,000 yuan, 2009.10 any day of that month.

    ``exact`` for our own workbooks: they carry full values, so only what they showed (saved as shown, by a program that
    keeps no more) is the same, and nothing else is rounded away.
    """
    value = value_of(datum)
    if before is None or value is None:
        return before is None and value is None
    if equal(before, value):
        return True
    kind = datum.target.value_kind
    if exact:
        return kind == "money" and int(value) == _as_shown(datum, int(before))
    if kind == "money":
        return 2 * abs(int(before) - int(value)) <= _last_digit(datum)
    if kind in ("day", "span") and isinstance(value, str):
        told = _told_until(datum.raw)
        return str(before)[:told] == value[:told]
    return False


def equal(before: Any, value: Any) -> bool:
    """The same value; blanks and line breaks inside a text are only for show."""
    if isinstance(before, str) and isinstance(value, str):
        return before == value or _flat(before) == _flat(value)
    if isinstance(before, float) or isinstance(value, float):
        if before is None or value is None:
            return before is value
        return abs(float(before) - float(value)) <= 1e-9 * max(1.0, abs(float(before)))
    return bool(before == value)


def _flat(text: str) -> str:
    return "".join(text.split())


def _told_until(raw: str) -> int:
    """How much of ``2009-10-15`` the text tells: the year, the month, or the day."""
    groups = len(re.findall(r"\d+", raw.split("~", maxsplit=1)[0]))
    if groups == 1 and len(raw.strip()) > 4:
        return 10  # 40377 or 20091015: a day in one number
    return {1: 4, 2: 7}.get(groups, 10)


def _as_shown(datum: Datum, yuan: int) -> int:
    """The amount as the format of our own cells shows it: 120,045,670 yuan is seen as 12,004.57 in 万元."""
    unit = datum.target.unit or "元"
    step: int = 10 ** max(0, UNITS.get(unit, ("CNY", 0))[1] - DIGITS.get(unit, 2))
    return (yuan + step // 2) // step * step


def _last_digit(datum: Datum) -> int:
    """What one step of the last digit shown is worth in yuan: 5.40 in 亿元 is shown to the million."""
    power = UNITS.get(datum.target.unit or "元", ("CNY", 0))[1]
    digits = datum.raw.strip()
    if not re.fullmatch(r"[\d., -]+", digits):
        return 1
    decimals = len(digits.partition(".")[2])
    return int(10 ** max(0, power - decimals))
