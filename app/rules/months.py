"""Days, months and spans of time in every form that real forms use.

40377 · 2022.04 · 2026-4 · 2026年4月 · 2026年4月5日 · 2009-2011 · 09.10-11.3 · 2010- · 2007.10至2010.12. A hint that was
never filled in (20XX.0X, ``年 月``) is blank. What two people could read in two ways carries a doubt.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Any, Final, Literal, NamedTuple

from app.rules.reads import LONGEST, NOTHING, Cell, Read, blank, plain, shown, unreadable

Precision = Literal["day", "month", "year"]
EARLIEST: Final = 1950
LATEST: Final = 2099
SERIAL_START: Final = date(1899, 12, 30)
"""Day 0 of a sheet's calendar; 40377 days later is 2010-07-18."""

_UNFILLED = re.compile(
    r"[\dX×*_□〇○?]*年?[\sX×*_□〇○?]*月?[\sX×*_□〇○?]*日?|[12]?\d{0,3}[X×*_□〇○?]+[./年-]?[\dX×*_□〇○?]*月?",
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{4})(?P<sep>[-/.])(\d{1,2})(?P=sep)(\d{1,2})(?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_CHINESE_DAY = re.compile(r"(\d{4})(年)(\d{1,2})月(\d{1,2})[日号]?")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:月份?)?(?P<part>[初底末前]|[上中下]旬)?")
_YEAR = re.compile(r"(\d{4})年?度?(?P<part>年?[初底末]|上半年|下半年|[第]?[一二三四1234]季度|前)?")
_PACKED_DAY = re.compile(r"((?:19|20)\d{2})()(\d{2})(\d{2})")
_PACKED_MONTH = re.compile(r"((?:19|20)\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{2})[./年](\d{1,2})月?")
_SHORT_YEAR = re.compile(r"(\d{2})年")
_BARE_MONTH = re.compile(r"(\d{1,2})月?(?:份|底)?")
_DASHES = str.maketrans(
    {"—": "~", "–": "~", "―": "~", "～": "~", "〜": "~", "至": "~", "到": "~", "-": "-", "−": "-", "‐": "-"}
)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_OPEN_END = frozenset({"", "今", "现在", "目前"})


class When(NamedTuple):
    """A point (``span`` False) or a span; ``start``/``end`` are 'YYYY-MM-DD' or 'YYYY-MM', None where open.

    ``precision`` is how exactly the text said it: of a bare year ``start`` is its January and ``end`` its December.
    """

    start: str | None
    end: str | None
    precision: Precision
    span: bool = False


class _Point(NamedTuple):
    first: str
    last: str
    precision: Precision
    doubt: str | None = None


def read_when(raw: Cell, year: int | None = None) -> Read[When]:
    """A day, a month, a year or a span of them. ``year`` stands in for a month written without one, with a doubt.

    Raises Invalid for anything that is not a date between 1950 and 2099.
    """
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _of_number(raw)
    text = plain(raw)
    if (empty := blank(text, raw)) is not None:
        return empty
    if len(text) > LONGEST or isinstance(raw, bool):
        raise _refused(raw)
    if _UNFILLED.fullmatch(text) and not re.fullmatch(r"\d+|.*\d年.*|\d{1,2}月.*", text):
        return Read(None, shown(raw))
    compact = re.sub(r"(?<=\d) (?=\d{1,2}:)", "T", text).replace(" ", "").translate(_DASHES).replace("-~", "~")
    if compact.isdigit() and len(compact) == 5:
        return _of_number(int(compact))._replace(raw=shown(raw))
    point = _point(compact, year)
    if point is not None:
        return _answer(When(point.first, point.last, point.precision), raw, point.doubt)
    span = _span(compact, year)
    if span is None:
        raise _refused(raw)
    return _answer(span[0], raw, span[1])


def _answer(when: When, raw: Cell, doubt: str | None) -> Read[When]:
    if when.start and when.end and when.start[:7] > when.end[:7]:
        doubt = "“{text}” ends before it starts"
    return Read(when, shown(raw), doubt, {"text": shown(raw)} if doubt else NOTHING)


def _also_a_span(text: str) -> str | None:
    """Where a span is asked for, 2009-11 is November 2009 or the years 2009 to 2011."""
    match = re.fullmatch(r"(\d{2})(\d{2})-(\d{2})", text)
    if match and int(match[3]) > int(match[2]):
        return "“{text}” may be a month or a span of years; it is read as a month"
    return None


def _point(text: str, year: int | None) -> _Point | None:
    """One point in time, or None. An impossible month or day is no point."""
    for pattern in (_DAY, _CHINESE_DAY, _PACKED_DAY):
        if match := pattern.fullmatch(text):
            return _day(int(match[1]), int(match[3]), int(match[4]))
    for pattern in (_PACKED_MONTH, _MONTH):
        if match := pattern.fullmatch(text):
            return _month(int(match[1]), int(match[2]))
    if match := _YEAR.fullmatch(text):
        return _year(int(match[1]), match["part"] or "")
    if match := _SHORT.fullmatch(text):
        return _month(_century(int(match[1])), int(match[2]), _TWO_DIGITS)
    if match := _SHORT_YEAR.fullmatch(text):
        point = _year(_century(int(match[1])), "")
        return point and point._replace(doubt=_TWO_DIGITS)
    if year is not None and (match := re.fullmatch(r"(\d{1,2})月(?:份|底)?", text)):
        return _month(year, int(match[1]), "“{text}” names no year; the year of the sheet is taken")
    return None


_TWO_DIGITS = "“{text}” is read as year and month, the year in two digits"


def _century(short: int) -> int:
    return 2000 + short if short < 70 else 1900 + short


def _day(year: int, month: int, day: int) -> _Point | None:
    if not (EARLIEST <= year <= LATEST and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    iso = f"{year:04}-{month:02}-{day:02}"
    return _Point(iso, iso, "day")


def _month(year: int, month: int, doubt: str | None = None) -> _Point | None:
    if not (EARLIEST <= year <= LATEST and 1 <= month <= 12):
        return None
    iso = f"{year:04}-{month:02}"
    return _Point(iso, iso, "month", doubt)


def _year(year: int, part: str) -> _Point | None:
    if not EARLIEST <= year <= LATEST:
        return None
    if part.endswith(("底", "末")):
        return _month(year, 12)
    if part.endswith("初"):
        return _month(year, 1, "“{text}” is read as January")
    first, last = 1, 12
    if part == "上半年":
        last = 6
    elif part == "下半年":
        first = 7
    elif part.endswith("季度"):
        last = 3 * _QUARTERS[part.removeprefix("第")[0]]
        first = last - 2
    return _Point(f"{year:04}-{first:02}", f"{year:04}-{last:02}", "year")


def _span(text: str, year: int | None) -> tuple[When, str | None] | None:
    """Start and end, with a doubt. ``~`` always divides; a hyphen only where both sides make sense."""
    if text.count("~") == 1:
        cuts = [text.index("~")]
    elif "~" in text:
        return None
    else:
        cuts = [at for at, sign in enumerate(text) if sign == "-"]
    for cut in cuts:
        left, right = text[:cut].removesuffix("起"), text[cut + 1 :].removesuffix("止").lstrip("~")
        if (found := _ends(left, right, year)) is not None:
            return found
    return None


def _ends(left: str, right: str, year: int | None) -> tuple[When, str | None] | None:
    start = _point(left, year)
    if start is None:
        end = _point(right, year) if left == "" else None
        return (When(None, end.last, end.precision, True), end.doubt) if end else None
    if right in _OPEN_END:
        return When(start.first, None, start.precision, True), start.doubt
    end = _point(right, int(start.first[:4])) if not right.isdigit() or len(right) >= 4 else None
    doubt = start.doubt or (end.doubt if end and not right.endswith("月") else None)
    if end is None and start.precision == "month" and (match := _BARE_MONTH.fullmatch(right)):
        end = _month(int(start.first[:4]), int(match[1]))
        doubt = doubt or "“{text}” is read as a span within one year"
    if end is None:
        return None
    exact: Precision = min(start.precision, end.precision, key=("year", "month", "day").index)
    return When(start.first, end.last, exact, True), doubt


def _of_number(raw: float) -> Read[When]:
    """A number typed into a date cell: a sheet's day number, 202204, 20220405, a year, or 2022.04."""
    if not math.isfinite(raw) or not 0 < raw < 1e8:
        raise _refused(raw)
    text = plain(raw)
    if float(raw).is_integer():
        point = _point(text, None)
        if point is not None:
            return _answer(When(point.first, point.last, point.precision), raw, point.doubt)
    elif match := re.fullmatch(r"((?:19|20)\d{2})\.(\d{1,2})", text):
        point = _month(int(match[1]), int(match[2]))
        if point is None:
            raise _refused(raw)
        # The cell cannot tell 2022.1 from 2022.10: both are stored as the same number.
        doubt = "“{text}” may be January or October; it is read as January" if match[2] == "1" else None
        return _answer(When(point.first, point.last, "month"), raw, doubt)
    day = SERIAL_START + timedelta(days=int(raw)) if raw < 100_000 else None
    if day is None or not EARLIEST <= day.year <= LATEST:
        raise _refused(raw)
    return Read(When(day.isoformat(), day.isoformat(), "day"), text)


def _refused(raw: Cell) -> Exception:
    return unreadable("not_a_date", "“{text}” is not a day, a month or a span of time", raw)


def read_month(raw: Cell, *, end: bool = False, year: int | None = None) -> Read[str]:
    """'YYYY-MM'. Of a year or a span the first month is taken, or with ``end`` the last one, with a doubt."""
    read = read_when(raw, year)
    if read.value is None:
        return Read(None, read.raw, read.doubt, read.values)
    when, doubt = read.value, read.doubt
    chosen = (when.end or when.start) if end else (when.start or when.end)
    if chosen is None:
        return Read(None, read.raw, "“{text}” names no month", {"text": read.raw})
    if when.precision == "year":
        doubt = doubt or "“{text}” names no month; {month} is taken"
    elif when.span:
        doubt = doubt or "“{text}” is a span; {month} is taken"
    values: dict[str, Any] = {"text": read.raw, "month": chosen[:7]}
    return Read(chosen[:7], read.raw, doubt, values if doubt else NOTHING)


def read_day(raw: Cell, *, year: int | None = None) -> Read[str]:
    """'YYYY-MM-DD'. Of a month, a year or a span the first day is taken, with a doubt."""
    read = read_when(raw, year)
    if read.value is None or (start := read.value.start) is None:
        return Read(None, read.raw, read.doubt, read.values)
    day = start if len(start) == 10 else f"{start}-01"
    doubt = read.doubt
    if read.value.precision != "day" or read.value.span:
        doubt = doubt or "“{text}” names no day; {day} is taken"
    return Read(day, read.raw, doubt, {"text": read.raw, "day": day} if doubt else NOTHING)


def read_span(raw: Cell, *, year: int | None = None) -> Read[When]:
    """A span of months ('YYYY-MM'). Of bare years January and December are taken, with a doubt.

    A single point is the start of a span whose end is not known.
    """
    read = read_when(raw, year)
    if read.value is None:
        return read
    when, doubt = read.value, read.doubt
    start = when.start and when.start[:7]
    last = when.end and when.end[:7]
    if not when.span and when.precision != "year":
        last, doubt = None, doubt or _also_a_span(plain(raw)) or "“{text}” names a start only"
    if when.precision == "year":
        doubt = doubt or "“{text}” names years only; January and December are taken"
    return Read(When(start, last, when.precision, True), read.raw, doubt, {"text": read.raw} if doubt else NOTHING)
