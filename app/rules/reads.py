"""What a parser answers: the value it understood, the text it came from, and the doubt that remains, if any.

Nothing is guessed silently. Blank is ``value=None`` without a doubt; a reading that another person might not share
carries a ``doubt`` (a msgid, with ``values`` for its sentence); what cannot be read at all is an ``errors.Invalid``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from app.errors import Invalid

T = TypeVar("T")

Cell = str | int | float | bool | None
"""What a person types or a sheet holds. Dates of a sheet arrive as ISO text."""

NOTHING: Mapping[str, Any] = MappingProxyType({})
LONGEST = 80
"""Characters that a single figure or date may need at most; anything longer is prose in the wrong column."""

NO_VALUE = frozenset({"", "-", "--", "---", "/", "//", "\\", "~", "—", "——", "–", "―", "_", "／", "○"})
NOT_YET = frozenset(
    {"无", "暂无", "待定", "未定", "未知", "不详", "不明", "待补", "待补充", "待确定", "n/a", "na", "tbd"}
)


class Read(NamedTuple, Generic[T]):
    """``value`` (None = unknown), the ``raw`` text as it stood, and a ``doubt`` msgid with its ``values``."""

    value: T | None
    raw: str
    doubt: str | None = None
    values: Mapping[str, Any] = NOTHING


def plain(raw: Cell) -> str:
    """The text of a cell for parsing: full-width forms made narrow, blanks at both ends gone, one line."""
    return _narrow(raw) if isinstance(raw, str) else shown(raw)


def written(raw: Cell) -> str:
    """The words of a cell as they were written, on one line, without marks that nobody sees."""
    return " ".join(shown(raw).replace("\u200b", "").replace("\ufeff", "").split())


@lru_cache(maxsize=4096)
def _narrow(raw: str) -> str:
    """A sheet's row is looked at from several sides, and its words come again in the next one."""
    if raw.isprintable():  # then its only blank is the plain one, and nothing in it is to be taken out
        raw = raw if raw.isascii() else unicodedata.normalize("NFKC", raw)
        return " ".join(raw.split()) if " " in raw else raw
    if not raw.isascii():
        raw = unicodedata.normalize("NFKC", shown(raw)).replace("\u200b", "").replace("\ufeff", "")
    return " ".join(raw.split())


def number_text(number: float) -> str:
    """A number as a sheet shows it: 15 significant digits, so 0.1 + 0.2 is 0.3, and no trailing ``.0``."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    text = format(number, ".15g")
    # 1 yuan in 亿元 is a figure like any other; an exponent would read as one that a spreadsheet has shortened
    return format(Decimal(text), "f") if "e-0" in text or "e-1" in text else text


def shown(raw: Cell) -> str:
    """The cell as it stood, as text that can be stored and sent: no lone surrogates, no endless integers."""
    if isinstance(raw, str):
        return raw if raw.isascii() else raw.encode("utf-8", "replace").decode()
    if isinstance(raw, float):
        return number_text(raw)
    if isinstance(raw, int) and not isinstance(raw, bool) and raw.bit_length() > 200:
        return "…"
    return "" if raw is None else str(raw)


def blank(text: str, raw: Cell = "") -> Read[Any] | None:
    """The answer for a cell that holds no value, or None when there is something to read."""
    if text in NO_VALUE:
        return Read(None, shown(raw))
    if text.lower() in NOT_YET:
        return Read(None, shown(raw), "“{text}” is kept as unknown", {"text": text})
    return None


def unreadable(code: str, msgid: str, raw: Cell, **values: Any) -> Invalid:
    """The refusal of one cell or field; its text is cut so that no message grows with the input."""
    return Invalid(msgid, code=code, text=shown(raw)[:LONGEST], **values)
