"""What stands above the table: title, zone, year and month, unit, ledger."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.rules.amounts import UNITS
from app.rules.periods import Period, read_period
from app.sheets.grid import Grid
from app.sheets.targets import UNIT_WORDS
from app.sheets.vocabulary import ledger_in

_UNIT_LINE = re.compile(rf"单位[:：]\s*(?:人民币)?({'|'.join(map(re.escape, UNIT_WORDS))})")
_UNIT_BRACKET = re.compile(rf"[(\[【](?:单位[:：]?)?({'|'.join(map(re.escape, UNITS))})[)\]】]")
_ZONE = re.compile(
    r"[\u4e00-\u9fffA-Za-z()]{1,24}?(?:经济技术开发区|高新技术产业开发区|经济开发区|旅游度假区|综合保税区|经开区|高新区|开发区|投资区|度假区|"
    r"保税区|示范区|试验区|产业园区|工业园区|产业园|工业园|工业区|集聚区|园区|新区|新城)"
)
_NOISE = re.compile(r"^(?:关于|附件\d*[:：]?|表\d+[:：]?|全市|各)|^\d+[.、]")


@dataclass(frozen=True, slots=True)
class Title:
    """``text`` as written or ''; the name of a ``zone`` in it; ``unit`` of money; ``period`` as far as named."""

    text: str
    zone: str | None
    period: Period
    unit: str | None
    ledger: str | None


def read_title(grid: Grid, above: int) -> Title:
    """Everything in the rows before ``above``. The title is the first line that is neither a unit nor a remark."""
    lines = [grid.text(row, column) for row in range(above) for column in grid.filled(row)]
    unit = next((found for line in lines if (found := unit_in(line))), None)
    named = [line for line in lines if not re.match(r"^[^\s]{0,6}单位[:：]|^附件\s*\d*$|^(?:填报|报送|制表)", line)]
    text = max(named[:3], key=len, default="")
    period = read_period(text)
    if period.last is None:
        period = next((p for line in lines if (p := read_period(line)).year and p.last), period)
    return Title(text, zone_in(text), period, unit, ledger_in(text))


def unit_in(line: str) -> str | None:
    """The unit of money that a line states: 计量单位：万元, 单位 万元, （万元）."""
    compact = line.replace(" ", "")
    match = _UNIT_LINE.search(compact) or _UNIT_BRACKET.search(compact)
    return match[1] if match and match[1] in UNITS else None


def zone_in(text: str) -> str | None:
    """The name of a zone at the start of a title or heading, as written; None if there is none."""
    bare = re.sub(r"^[一二三四五六七八九十]+[、.]|^\([一二三四五六七八九十]+\)", "", text.replace(" ", ""))
    bare = re.sub(r"^(?:(?:19|20)\d{2}年?度?)?(?:\d{1,2}(?:[-~至]\d{1,2})?月份?)?", "", bare)
    match = _ZONE.match(_NOISE.sub("", bare))
    return match[0].strip("()") if match else None
