"""What a person typed or pasted into a cell, understood as the field's value. Nothing is guessed silently."""

from __future__ import annotations

import math
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, get_args

from app.errors import Invalid
from app.models import LeadFacts, ProjectFacts, ReportFacts
from app.models.base import meta
from app.rules.amounts import read_amount
from app.rules.months import read_day, read_month
from app.rules.reads import NO_VALUE, plain
from app.words import LANGUAGES, word

SHAPES = {"project": ProjectFacts, "report": ReportFacts, "lead": LeadFacts}
"""Nouns whose fields can be typed."""
YES = {"是", "有", "yes", "y", "true", "1", "√", "✓"}
NO = {"否", "无", "no", "n", "false", "0", "×"}


class Understood(NamedTuple):
    """The value, and the doubt that remains: a msgid with its values, or None."""

    value: Any
    doubt: str | None = None
    values: Any = None


def understand(field: str, text: str, unit: str = "万元", noun: str = "project") -> Understood:
    """The value of ``text`` for a field of a project, a report or a lead. ``unit`` holds for bare figures of money (元, 万元, 亿元).

    Raises Invalid at the field: an unknown field, or text that cannot be read as its kind.
    """
    facts = SHAPES[noun].model_fields.get(field)
    if facts is None:
        raise Invalid.one(f"/{field}", "unknown_field", "There is no field of this name that can be written here")
    if plain(text) in NO_VALUE:
        return Understood(None)
    try:
        return _by_kind(field, facts, text, unit, noun)
    except Invalid as refusal:
        if refusal.problems:
            raise
        raise Invalid.one(f"/{field}", refusal.code, refusal.msgid, **refusal.values) from refusal


def _by_kind(field: str, facts: Any, text: str, unit: str, noun: str) -> Understood:
    kind, unit_of_field = meta(facts).get("kind"), meta(facts).get("unit")
    if kind == "yuan":
        return _read(read_amount(text, unit, negative=_may_be_negative(facts)))
    if unit_of_field == "usd":
        return _read(read_amount(text, "万美元"))
    if kind == "month":
        return _read(read_month(text))
    if kind == "day":
        return _read(read_day(text))
    if kind == "choice":
        return Understood(_choice(field, text, noun))
    if kind == "flag":
        return Understood(_flag(field, text))
    if kind in ("count", "measure", "ref"):
        return Understood(_number(field, text, whole=kind != "measure"))
    return Understood(text.strip())


def _may_be_negative(facts: Any) -> bool:
    """A month may take money back; every other amount is none below zero."""
    return any(getattr(limit, "ge", 0) < 0 for limit in facts.metadata)


def _read(read: Any) -> Understood:
    return Understood(read.value, read.doubt, dict(read.values))


def _choice(field: str, text: str, noun: str) -> str:
    found = spellings(field, noun).get(plain(text).lower())
    if found is None:
        raise Invalid.one(f"/{field}", "not_in_list", "“{text}” is not in the list of this column", text=text[:40])
    return found


def codes_of(field: str, noun: str = "project") -> type[StrEnum]:
    """The closed list of a field."""
    for part in get_args(SHAPES[noun].model_fields[field].annotation):
        if isinstance(part, type) and issubclass(part, StrEnum):
            return part
    raise KeyError(field)


@lru_cache(maxsize=64)
def spellings(field: str, noun: str = "project") -> dict[str, str]:
    """Every way to write a member: its code, and its word in each language."""
    codes = codes_of(field, noun)
    return {
        s.lower(): m.value for m in codes for s in (m.value, *(word(m, codes.__name__, lang) for lang in LANGUAGES))
    }


def _flag(field: str, text: str) -> bool:
    said = plain(text).lower()
    if said not in YES | NO:
        raise Invalid.one(f"/{field}", "wrong_type", "Write yes or no")
    return said in YES


def _number(field: str, text: str, *, whole: bool) -> int | float:
    said = plain(text).replace(",", "")
    for unit in ("平方米", "吨标准煤", "m2", "亩", "人", "㎡", "年"):
        said = said.removesuffix(unit).strip()
    try:
        number = float(said)
    except ValueError:
        raise Invalid.one(f"/{field}", "wrong_type", "“{text}” is not a number", text=text[:40]) from None
    if math.isnan(number) or abs(number) > 1e15 or (whole and number != int(number)):
        raise Invalid.one(f"/{field}", "wrong_type", "“{text}” is not a number", text=text[:40])
    return int(number) if whole else number
