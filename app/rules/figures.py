"""Figures that are not money: counts, areas, percentages."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from app.rules.reads import LONGEST, Cell, Read, blank, plain, shown, unreadable

_NUMBER = re.compile(
    r"(?P<about>约|近|超)?\s*(?P<digits>-?(?:(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d*)?|\.\d+))\s*(?P<scale>万|亿)?\s*"
    r"(?P<unit>[^\d\s.,]{0,8})"
)
_POWER = {"": 0, "万": 4, "亿": 8}
_COUNTED = re.compile(r"(?:共|合计)?\s*(\d{1,7})\s*(?:个|项|家|宗|件|户)?")
HIGHEST = Decimal(10) ** 12


def read_number(raw: Cell, units: tuple[str, ...] = ()) -> Read[Decimal]:
    """A figure such as 230亩 or 1.2万, exactly. ``units`` are the units that may follow it; another one is refused."""
    text = plain(raw)
    if (empty := blank(text, raw)) is not None:
        return empty
    match = _NUMBER.fullmatch(text) if len(text) <= LONGEST else None
    if match is None or isinstance(raw, bool) or (isinstance(raw, float) and not math.isfinite(raw)):
        raise unreadable("not_a_number", "“{text}” is not a number", text)
    if match["unit"] and match["unit"] not in units:
        raise unreadable("other_unit", "“{text}” is in another unit than this column", text)
    value = Decimal(re.sub(r"[, ]", "", match["digits"])).scaleb(_POWER[match["scale"] or ""])
    if not 0 <= value <= HIGHEST:
        raise unreadable("out_of_range", "“{text}” is out of range", text)
    if match["about"]:
        return Read(value, shown(raw), "“{text}” is approximate", {"text": text})
    return Read(value, shown(raw))


def read_count(raw: Cell) -> Read[int]:
    """How many: 13, 13个, （共 48 项）."""
    text = plain(raw).strip("()（） ")
    if (empty := blank(text, raw)) is not None:
        return empty
    match = _COUNTED.fullmatch(text)
    if match is None:
        raise unreadable("not_a_count", "“{text}” is not a count", text)
    return Read(int(match[1]), shown(raw))


def read_percent(raw: Cell) -> Read[Decimal]:
    """Percent points: 70, 70% and 0.7 all mean 70. A bare figure up to 1.5 may be either, so it is doubtful."""
    text = plain(raw)
    marked = text.endswith("%")
    number = read_number(text.removesuffix("%"))
    if number.value is None or marked:
        return Read(number.value, shown(raw), number.doubt, number.values)
    if 0 < number.value <= Decimal("1.5"):
        percent = number.value * 100
        return Read(percent, shown(raw), "“{text}” is read as {percent} %", {"text": text, "percent": percent})
    return Read(number.value, shown(raw))
