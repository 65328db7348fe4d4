"""The period that a title or a heading names: 2010年1-7月, 至2009年底, 2010年度, 8月, 本月, 开工累计.

Used twice: the title gives a sheet its year and month, and each heading gives its column a place in time, where what is
not named (年度计划, 本月完成) is taken from the title.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from app.rules.reads import plain

Extent = Literal["year", "year_to_date", "month", "part", "before_year", "to_date"]
"""year: the whole of it · year_to_date: January to ``last`` · month: ``last`` alone · part: any other run of months ·
before_year: everything before January of ``year`` · to_date: since the start of the project."""


class Period(NamedTuple):
    """``year``, ``first``, ``last`` are None where the text does not say; ``rest`` is the text without the period."""

    extent: Extent | None
    year: int | None
    first: int | None
    last: int | None
    rest: str


_Y = r"(?P<year>(?:19|20)\d{2})年?度?"
_YEAR = re.compile(_Y)
_UP_TO = r"(?:(?:自|从)?(?:项目)?开工(?:建设)?以?来?)?(?:累计)?(?:[至到]|截[至止](?:到)?)"
_RULES: tuple[tuple[Extent, re.Pattern[str]], ...] = (
    ("before_year", re.compile(rf"{_UP_TO}(?P<before>(?:19|20)\d{{2}})年?(?:度)?(?:年?[底末]|12月[底末]?)(?:为?止)?")),
    (
        "before_year",
        re.compile(
            rf"(?:{_UP_TO})?(?:上一?|去|前一?)年度?(?:年?[底末])(?:为?止)?|以前年度|(?:上一?|去)年度?(?=累计)|历年(?=累计|完成)"
        ),
    ),
    ("to_date", re.compile(rf"{_UP_TO}{_Y}(?P<last>\d{{1,2}})月份?[底末]?(?:为?止)?")),
    (
        "to_date",
        re.compile(
            r"(?:自|从)?(?:项目)?(?:开工|开始|建设)(?:建设)?(?:以?来|至今|起|到目前)?(?=累计|$)|(?:至|到)目前|(?:截[至止]到?)?目前(?=累计)|总累计"
        ),
    ),
    (
        "year_to_date",
        re.compile(
            r"年初(?:以来)?[至到~-](?:本|当|上)?月[底末]?|今年以来|年初以来|(?:[本今当]年|年度|年内)(?=累计|实际累计)"
        ),
    ),
    ("part", re.compile(rf"(?:{_Y})?(?P<first>\d{{1,2}})月?份?[-~至到](?P<last>\d{{1,2}})月份?[底末]?")),
    ("part", re.compile(rf"(?:{_Y})?(?P<first>\d{{1,2}})月?份?[-~至到](?:<?[MmXx×]>?|_*)月份?")),
    (
        "month",
        re.compile(
            rf"{_Y}(?P<last>\d{{1,2}})月份?|(?<!\d)(?P<year_>(?:19|20)\d{{2}})[-./](?P<last_>\d{{1,2}})(?![\d-])"
        ),
    ),
    ("month", re.compile(r"(?<!\d)(?P<last>\d{1,2})月份?(?!\d)|[本当]月")),
    ("year", re.compile(rf"{_Y}(?:全年)?|[本今当]年度?|全年度?|年度")),
)


def read_period(text: str) -> Period:
    """The first period that ``text`` names, most exact form first; ``extent`` is None when it names none."""
    compact = (
        plain(text).replace(" ", "").replace("—", "~").replace("～", "~").replace("–", "~").replace("累积", "累计")
    )
    for extent, pattern in _RULES:
        if (match := pattern.search(compact)) is None:
            continue
        rest = compact[: match.start()] + compact[match.end() :]
        found = _of(extent, match.groupdict(), rest)
        if found is not None:
            return found
    return Period(None, None, None, None, compact)


def _of(extent: Extent, groups: Mapping[str, str | None], rest: str) -> Period | None:
    said = {name.rstrip("_"): text for name, text in groups.items() if text}
    year = int(said["year"]) if "year" in said else None
    if "before" in said:
        year = int(said["before"]) + 1
    first, last = _month(said.get("first")), _month(said.get("last"))
    if first == 0 or last == 0:
        return None
    if year is None and extent in ("year_to_date", "part", "month") and (apart := _YEAR.search(rest)):
        # 2010年全市…完成情况表（1-3月）: the year stands apart from its months
        year, rest = int(apart["year"]), rest[: apart.start()] + rest[apart.end() :]
    if extent == "part" and first == 1:
        return Period("year_to_date", year, 1, last, rest)
    return Period(extent, year, first, last, rest)


def _month(digits: str | None) -> int | None:
    """1-12, None when the text names none, 0 when it names one that does not exist."""
    if not digits:
        return None
    return int(digits) if 1 <= int(digits) <= 12 else 0
