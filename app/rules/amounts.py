"""Amounts of money: what a person types or a cell holds, into whole yuan (or whole dollars) and back.

All arithmetic is decimal. A value is rounded once, at the last yuan, half up. ``万`` and ``亿`` count money only when
nothing but a currency follows: 2000万件, 5万亩 and 10万千瓦 are quantities and are refused here.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, Literal

from app.errors import Invalid
from app.rules.reads import LONGEST, Cell, Read, blank, plain, shown, unreadable

Currency = Literal["CNY", "USD"]

UNITS: Final[dict[str, tuple[Currency, int]]] = {
    "元": ("CNY", 0),
    "千元": ("CNY", 3),
    "万元": ("CNY", 4),
    "百万元": ("CNY", 6),
    "千万元": ("CNY", 7),
    "亿元": ("CNY", 8),
    "美元": ("USD", 0),
    "万美元": ("USD", 4),
    "百万美元": ("USD", 6),
    "亿美元": ("USD", 8),
}
"""Unit as written in a heading → currency and power of ten."""

ENGLISH: Final = {"billion": 9, "million": 6}
"""Words of scale inside an English amount → power of ten, the larger first."""
MARKS: Final[dict[Currency, str]] = {"CNY": "¥", "USD": "$"}

HIGHEST: Final = 10**15
EXACT: Final = Context(prec=120, rounding=ROUND_HALF_UP)

_DIGITS = r"(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_SCALES = {"": 0, "千": 3, "万": 4, "萬": 4, "百万": 6, "千万": 7, "亿": 8, "億": 8, "万亿": 12, **ENGLISH}
_SCALE = "|".join(sorted(filter(None, _SCALES), key=len, reverse=True))
_MONEY = r"人民币|rmb|cny|usd|us\$|美元|[¥$]"
_AMOUNT = re.compile(
    rf"(?P<about>约|大约|近|超|超过|预计|>|<|≥|≤|不低于|不少于)?\s*(?P<ahead>[-+−](?=\s*(?:{_MONEY})))?\s*(?P<before>{_MONEY})?\s*"
    rf"(?(ahead)|(?P<sign>[-+−])?)\s*(?P<first>{_DIGITS})(?P<power>e[+-]?\d{{1,2}})?\s*(?P<scale>{_SCALE})?"
    rf"(?P<rest>(?:\s*(?:{_DIGITS})\s*(?:{_SCALE}))*)\s*(?P<after>元人民币|人民币|美元|美金|元整|元|圆|yuan|rmb|usd)?"
    r"(?P<more>左右|以上|以下|余|多|上下)?",
    re.IGNORECASE,
)
_STEP = re.compile(rf"({_DIGITS})\s*({_SCALE})", re.IGNORECASE)
_DOLLARS = frozenset({"usd", "us$", "$", "美元", "美金"})
_QUANTITY = re.compile(rf"^[约近超]?\s*(?:{_DIGITS})\s*(?:{_SCALE})?\s*[^\d\s元,.%]")
_OTHER_MONEY = re.compile(r"港元|港币|欧元|日元|英镑|韩元|台币|hkd|eur|jpy|€|£", re.IGNORECASE)


def read_amount(raw: Cell, unit: str = "元", *, negative: bool = False) -> Read[int]:
    """Whole yuan, or whole dollars when ``unit`` is one of dollars; None when the cell is blank.

    ``unit`` (a key of ``UNITS``) holds for bare figures; a unit inside the text wins. Range 0..10^15, below zero only
    where ``negative`` (a month that takes money back). Raises Invalid, and nothing else.
    """
    currency, power = UNITS[unit]
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        if isinstance(raw, float) and not math.isfinite(raw):
            raise unreadable("not_an_amount", "“{text}” is not an amount of money", raw)
        return _number(raw, power, negative)
    text = plain(raw)
    if (empty := blank(text, raw)) is not None:
        return empty
    match = _AMOUNT.fullmatch(text) if len(text) <= LONGEST else None
    if match is None or isinstance(raw, bool):
        raise _why_not(text)
    value = _written(match, text, currency, power, negative)
    if match["about"] or match["more"]:
        return Read(value, shown(raw), "“{text}” is an approximate amount", {"text": text})
    if match["power"]:
        return Read(value, shown(raw), "“{text}” was shortened by a spreadsheet; digits may be lost", {"text": text})
    return Read(value, shown(raw))


def _number(raw: float, power: int, negative: bool) -> Read[int]:
    """The bare number of a cell; whole ones, nearly all, need no decimal."""
    if abs(raw) <= HIGHEST and (isinstance(raw, int) or raw.is_integer()):
        value = int(raw) * 10**power
        if 0 <= value <= HIGHEST:
            return Read(value, str(int(raw)))
    text = shown(raw)
    scaled = raw * 10**power
    if 0 < scaled < HIGHEST and abs(scaled - (nearest := round(scaled))) < 0.4:
        return Read(nearest, text)  # too far from a half for the error of a float to matter
    if abs(raw) > HIGHEST:
        raise unreadable("too_large", "“{text}” is larger than any amount kept here", raw)
    return Read(_whole(Decimal(text), power, negative, text), text)


def _written(match: re.Match[str], text: str, currency: Currency, power: int, negative: bool) -> int:
    before, after = (match["before"] or "").lower(), (match["after"] or "").lower()
    stated = _stated(before, after)
    if stated and stated != currency:
        raise unreadable("other_currency", "“{text}” is in another currency than this column", text)
    scale = (match["scale"] or "").lower()
    if scale or after:
        power = _SCALES[scale]
    total = _decimal(match["first"] + (match["power"] or "")).scaleb(power, EXACT)
    last = power
    for digits, step in _STEP.findall(match["rest"]):
        if not scale or _SCALES[step.lower()] >= last:
            raise _why_not(text)
        last = _SCALES[step.lower()]
        total = EXACT.add(total, _decimal(digits).scaleb(last, EXACT))
    if (match["ahead"] or match["sign"]) in ("-", "−"):
        total = -total
    return _whole(total, 0, negative, text)


def _stated(before: str, after: str) -> Currency | None:
    if before in _DOLLARS or after in _DOLLARS:
        return "USD"
    return "CNY" if before or after else None


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "").replace(" ", ""))


def _whole(number: Decimal, power: int, negative: bool, text: str) -> int:
    if abs(number) > HIGHEST:
        raise unreadable("too_large", "“{text}” is larger than any amount kept here", text)
    yuan = int(number.scaleb(power, EXACT).quantize(Decimal(1), context=EXACT))
    if yuan < 0 and not negative:
        raise unreadable("negative", "“{text}” is below zero", text)
    if abs(yuan) > HIGHEST:
        raise unreadable("too_large", "“{text}” is larger than any amount kept here", text)
    return yuan


def _why_not(text: str) -> Invalid:
    if _OTHER_MONEY.search(text):
        return unreadable("other_currency", "“{text}” is in another currency than this column", text)
    if _QUANTITY.match(text) and not re.match(r"^[\d.,\s万亿]*[-~—至到]", text):
        return unreadable("not_money", "“{text}” is a quantity, not an amount of money", text)
    return unreadable("not_an_amount", "“{text}” is not an amount of money", text)


def in_unit(value: int, unit: str) -> Decimal:
    """The exact figure in ``unit``: 54000 yuan are 5.4 万元."""
    return Decimal(value).scaleb(-UNITS[unit][1], EXACT)


def format_yuan(value: int | None, unit: str = "元", digits: int | None = None) -> str:
    """``value`` in ``unit`` with thousands separators, ``digits`` after the point, half up as Excel shows it.

    ``digits=None`` shows every digit there is and no trailing zeros, and ``read_amount`` of that gives ``value`` back.
    Unknown is the empty text.
    """
    if value is None:
        return ""
    exact = in_unit(value, unit)
    if digits is None:
        full = format(exact, ",f")
        return full.rstrip("0").rstrip(".") if "." in full else full
    rounded = exact.quantize(Decimal(1).scaleb(-digits), context=EXACT)
    return format(rounded or abs(rounded), ",f")


def as_shown(value: int, unit: str) -> int:
    """``value`` rounded to what two places of ``unit`` show of it."""
    return int(in_unit(value, unit).quantize(Decimal("0.01"), context=EXACT).scaleb(UNITS[unit][1], EXACT))


def in_english(value: int, currency: Currency = "CNY") -> tuple[str, str]:
    """An amount as English says it, every digit of it: the figure and its scale, ``("¥520", "million")``.

    Every amount but none at all has a scale, so that it is read back as itself in a column of any unit.
    """
    sign, size = "−" if value < 0 else "", abs(value)
    scale = next((word for word, power in ENGLISH.items() if size >= 10**power), "million")
    full = format(Decimal(size).scaleb(-ENGLISH[scale], EXACT), ",f")
    return sign + MARKS[currency] + (full.rstrip("0").rstrip(".") if "." in full else full), scale if size else ""
