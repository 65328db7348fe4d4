"""Values as a person reads them: amounts in the unit shown, months, days, moments. Unknown is the empty text."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from app import clock
from app.rules.amounts import EXACT, as_shown, format_yuan, in_english, in_unit
from app.words import Word, say

UNITS = {"wan": "万元", "yi": "亿元"}
"""Unit as it stands in an address → the unit in which amounts are read and typed."""
WORDS = {"wan": Word("10k yuan"), "yi": Word("100m yuan")}
"""Unit → its msgid."""


@lru_cache(maxsize=50_000)
def amount(yuan: int | None, unit: str = "wan") -> str:
    """An amount in 万元 (``wan``) as it is, at most two places; in 亿元 (``yi``) always with two."""
    if yuan is None:
        return ""
    shown = format_yuan(yuan, UNITS[unit], 2)
    return shown if unit == "yi" else shown.removesuffix(".00")


@lru_cache(maxsize=50_000)
def exact(yuan: int | None, unit: str = "wan") -> str:
    """The amount with every digit, as it is typed: what an editor begins with."""
    return "" if yuan is None else format_yuan(yuan, UNITS[unit])


def signed(yuan: int, unit: str = "wan") -> str:
    """A difference in a column, with its sign."""
    return sign(yuan) + amount(abs(yuan), unit)


def sign(yuan: int) -> str:
    return "+" if yuan > 0 else "−" if yuan < 0 else "±"


def money(yuan: int | None, unit: str, language: str) -> tuple[str, str]:
    """An amount outside a table, as figure and unit: ``("5.20", "亿元")``; English counts as English does, by thousands:
    ``("¥520", "million")``. Both are as exact as the unit shows it.
    """
    if yuan is None:
        return "", ""
    if language == "en":
        return in_english(as_shown(yuan, UNITS[unit]))
    return amount(yuan, unit), say(WORDS[unit], language)


def in_words(yuan: int | None, unit: str, language: str) -> str:
    """An amount as it stands in a sentence: ``5.20 亿元``, ``¥520 million``."""
    return together(money(yuan, unit, language))


def exact_in_words(yuan: int, unit: str, language: str) -> str:
    """An amount in a sentence with every digit it has and no more: ``5.2 亿元``."""
    return together(in_english(yuan) if language == "en" else (exact(yuan, unit), say(WORDS[unit], language)))


def dollars(usd: int | None, language: str) -> str:
    """Dollars in a sentence: ``1,200 万美元``, ``$12 million``."""
    if usd is None:
        return ""
    return together(in_english(usd, "USD") if language == "en" else (number(usd / 10_000), say("10k USD", language)))


def difference(yuan: int, unit: str, language: str) -> str:
    """A difference in a sentence, with its sign."""
    return sign(yuan) + in_words(abs(yuan), unit, language)


def together(said: tuple[str, str]) -> str:
    """Figure and unit, which no line may part."""
    return "\N{NO-BREAK SPACE}".join(filter(None, said))


def percent(part: int | None, whole: int | None) -> str:
    """``part`` of ``whole`` in percent with one place, half up as Excel shows it; unknown when either is, or whole is 0."""
    if part is None or not whole:
        return ""
    share = in_unit(part * 100, "元") / in_unit(whole, "元")
    return format(share.quantize(in_unit(1, "元").scaleb(-1), context=EXACT), ",f")


def number(value: float | None) -> str:
    """A count or a measured quantity with thousands separated."""
    if value is None:
        return ""
    return f"{value:,.10g}" if abs(value) < 1e9 else f"{value:,.0f}"


SUM_OF = {
    (True, True): Word("Sum of its phases ({of})"),
    (True, False): Word("Sum of its phases (known: {known} of {of})"),
    (False, True): Word("Sum of its parts ({of})"),
    (False, False): Word("Sum of its parts (known: {known} of {of})"),
}


def sum_of(sums: dict[str, Any] | None, field: str, heading: bool, language: str) -> str:
    """What an amount is the sum of (``rules.family.told_sums``), and of how many it is known; nothing where it is none."""
    known = sums["known"].get(field) if sums else None
    if sums is None or known is None:
        return ""
    return say(SUM_OF[heading, known == sums["of"]], language, known=known, of=sums["of"])


def moment(at: str | None) -> str:
    """A moment as the clock on the wall said it: ``2026-06-30 16:05``."""
    if not at:
        return ""
    read = datetime.fromisoformat(at).astimezone(clock.house_zone())
    return read.strftime("%Y-%m-%d %H:%M")


def place(latitude: float, longitude: float) -> str:
    """A place on the globe: ``30.5900°N 114.3000°E``."""
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{abs(latitude):.4f}°{north} {abs(longitude):.4f}°{east}"


def shown(value: Any, meta: dict[str, Any], language: str, unit: str = "wan") -> str:
    """Any field's value as text, by the kind its field says (``models.base.meta``)."""
    if value is None or value == "":
        return ""
    kind = meta.get("kind")
    if kind == "yuan":
        return amount(value, unit)
    if kind == "choice":
        return say(f"{meta['codes']}.{value}", language)
    if kind == "flag":
        return say("Yes" if value else "No", language)
    if kind == "measure" or (kind == "count" and meta.get("unit") != "year"):
        return number(value)
    if kind == "moment":
        return moment(value)
    return str(value)
