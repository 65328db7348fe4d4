"""Is this lead or project registered already, somewhere? Two tellings compared, and the keys by which one finds the other.

What is compared: firm, name, credit code, amount and place. What comes of it is a strength and the reasons for it, never a
proof: the city office decides (``services.verdicts``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b

from rapidfuzz import fuzz

from app.rules.firm_names import NEAR, SHORT, Firm, alike, firm, is_firm, plain, sounds
from app.rules.places import split

WITHIN = 0.2
"""Two amounts are alike when they differ by no more than this part of the larger one."""
TAILS = (
    "项目",
    "工程",
    "建设",
    "新建",
    "扩建",
    "改造",
    "技改",
    "生产线",
    "生产",
    "基地",
    "演示",
    "一期",
    "二期",
    "三期",
    "投资",
)
"""Words at the end of a project's name that say nothing of what it is."""
EDGE = 4
"""Characters at the beginning of a firm's name within which one may be wrong, and which find it when a later one is."""
LONG = 6


class Strength(StrEnum):
    """How surely two tellings are one project, the surest first."""

    STRONG = "strong"
    LIKELY = "likely"
    FIRM = "firm"


class Reason(StrEnum):
    """What two tellings have in common."""

    CREDIT_CODE = "credit_code"
    FIRM = "firm"
    FIRM_NEAR = "firm_near"
    NAME = "name"
    NAME_NEAR = "name_near"
    AMOUNT = "amount"
    PLACE = "place"


@dataclass(frozen=True)
class Telling:
    """What is said of a lead or a project. A blank is unknown."""

    name: str | None = None
    investor: str | None = None
    credit_code: str | None = None
    amount_yuan: int | None = None
    location: str | None = None

    def hidden(self) -> Telling:
        """What may be compared with where the other side is not hers to see: no amount and no place, which could be felt
        out step by step."""
        return replace(self, amount_yuan=None, location=None)


@dataclass(frozen=True)
class Likeness:
    strength: Strength
    reasons: tuple[Reason, ...]
    score: float
    """For the order: the surest first."""


def compared(one: Telling, other: Telling) -> Likeness | None:
    """What makes two tellings alike; None when nothing does."""
    one, other = _named_by(one, other), _named_by(other, one)
    code = bool(one.credit_code) and one.credit_code == other.credit_code
    firms = _firms(one, other)
    names = _names(one, other)
    amount, place = _amounts(one.amount_yuan, other.amount_yuan), _places(one.location, other.location)
    strength = _strength(code, firms, names, amount, place, one, other)
    if strength is None:
        return None
    reasons = (
        (code, Reason.CREDIT_CODE),
        (firms is not None and firms > NEAR, Reason.FIRM),
        (firms is not None and SHORT <= firms <= NEAR, Reason.FIRM_NEAR),
        (names is not None and names >= 0.95, Reason.NAME),
        (names is not None and 0.7 <= names < 0.95, Reason.NAME_NEAR),
        (amount is True, Reason.AMOUNT),
        (place, Reason.PLACE),
    )
    sure = {Strength.STRONG: 2.0, Strength.LIKELY: 1.0, Strength.FIRM: 0.0}[strength]
    score = sure + (1.0 if code else firms or 0.0) / 2 + (names or 0.0) / 4 + (amount is True) / 8 + place / 8
    return Likeness(strength, tuple(reason for holds, reason in reasons if holds), score)


def _strength(
    code: bool, firms: float | None, names: float | None, amount: bool | None, place: bool, one: Telling, other: Telling
) -> Strength | None:
    same_firm = code or (firms is not None and firms >= SHORT)
    named = names or 0.0
    if _codes_differ(one, other) and not code:
        same_firm = False
    if same_firm:
        if named >= 0.8 and amount is not False:
            return Strength.STRONG
        if named >= 0.6 or (amount and (names is None or (place and named >= 0.4))):
            return Strength.LIKELY
        return Strength.FIRM
    if firms is None and named >= 0.95 and amount is not False:
        return Strength.STRONG if amount and place else Strength.LIKELY
    if named >= 0.95 and amount and place:
        return Strength.LIKELY
    return None


def _named_by(one: Telling, other: Telling) -> Telling:
    """With the firm of the other one where it names none and its name begins with it."""
    if one.investor or not one.name or not other.investor or is_firm(one.name):
        return one
    said, text = firm(other.investor), plain(one.name)
    begins = any(len(c) >= 3 and t.startswith(c) for c in (said.core, said.whole) for t in (text, split(text)[1]))
    return replace(one, investor=other.investor) if begins else one


def _codes_differ(one: Telling, other: Telling) -> bool:
    return bool(one.credit_code and other.credit_code and one.credit_code != other.credit_code)


def _firms(one: Telling, other: Telling) -> float | None:
    """How surely it is one firm; None where one side names none."""
    mine, theirs = _firm_of(one), _firm_of(other)
    if mine is None or theirs is None:
        return None
    return alike(mine, theirs)


def _firm_of(telling: Telling) -> Firm | None:
    if telling.investor:
        return firm(telling.investor)
    return firm(telling.name) if telling.name and is_firm(telling.name) else None


# ── what the project is called ───────────────────────────────────────────────────────────────────────────────────────
@lru_cache(maxsize=1 << 15)
def subject(name: str | None, investor: str | None) -> str:
    """What a project's name says beside its firm: 年产10万吨铜箔 of 鑫源铜业年产10万吨铜箔项目."""
    if not name or (not investor and is_firm(name)):
        return ""
    text = plain(name)
    known = firm(investor) if investor else None
    for said in (plain(investor or ""), known.whole if known else "", known.core if known else ""):
        if said and text.startswith(said) and len(text) > len(said):
            text = text[len(said) :]
            break
    else:
        text = split(text)[1]
        if known and known.core and text.startswith(known.core):
            text = text[len(known.core) :]
    return _without_tail(text)


def _without_tail(text: str) -> str:
    while tail := next((t for t in TAILS if text.endswith(t)), None):
        text = text[: -len(tail)]
    return text


def _names(one: Telling, other: Telling) -> float | None:
    """How alike the names are; None where one side says nothing beside its firm."""
    mine, theirs = subject(one.name, one.investor), subject(other.name, other.investor)
    if not mine or not theirs:
        return None
    if mine == theirs or sounds(mine) == sounds(theirs):
        return 1.0
    shorter, longer = sorted((mine, theirs), key=len)
    found = fuzz.ratio(mine, theirs) / 100
    if len(shorter) >= 5 and shorter in longer:
        found = max(found, 0.9)
    numbers = _NUMBERS.findall(mine), _NUMBERS.findall(theirs)
    return min(found, 0.7) if all(numbers) and numbers[0] != numbers[1] else found


_NUMBERS = re.compile(r"\d+")


def _amounts(one: int | None, other: int | None) -> bool | None:
    if not one or not other:
        return None
    return abs(one - other) <= WITHIN * max(one, other)


def _places(one: str | None, other: str | None) -> bool:
    mine, theirs = plain(one or ""), plain(other or "")
    shorter, longer = sorted((mine, theirs), key=len)
    return len(shorter) >= 4 and shorter in longer


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
@lru_cache(maxsize=1 << 14)
def _key(*parts: str) -> str:
    """A key as a search term: plain ASCII, and no other term begins with its letter."""
    return "k" + blake2b(" ".join(parts).encode(), digest_size=6).hexdigest()


@dataclass(frozen=True)
class Keys:
    """The keys of a telling, from those that few share to those that many do."""

    firm: tuple[str, ...] = ()
    """Its firm whole, and without one of its first characters; its credit code and its entry in the base."""
    name: tuple[str, ...] = ()
    """What it is called beside its firm, whole."""
    firm_start: tuple[str, ...] = ()
    """The beginning of its firm, with and without the place."""
    name_part: tuple[str, ...] = ()
    """The beginning and the end of what it is called."""

    def __iter__(self) -> Iterator[str]:
        """Every key: a row stands in the index under each."""
        return iter((*self.firm, *self.name, *self.firm_start, *self.name_part))


def keys(
    name: str | None, investor: str | None, credit_code: str | None = None, enterprise_id: int | None = None
) -> Keys:
    """The keys of a telling, all by sound. Two tellings that are alike share one."""
    said = _firm_of(Telling(name, investor))
    firms = list(_of_firm(said)) if said else []
    if credit_code:
        firms.append(_key("c", credit_code))
    if enterprise_id:
        firms.append(_key("i", str(enterprise_id)))
    starts = said or (firm(name) if name else None)  # a name without a firm may begin with it
    called = subject(name, investor)
    read = sounds(called) if len(called) >= EDGE else ()
    return Keys(
        tuple(firms),
        (_key("n", *read),) if read else (),
        _starts(starts) if starts else (),
        (_key("b", *read[:LONG]), _key("e", *read[-LONG:])) if read else (),
    )


@lru_cache(maxsize=1 << 14)
def _of_firm(said: Firm) -> tuple[str, ...]:
    read = sounds(said.core)
    spots = range(min(EDGE, len(read))) if len(read) >= EDGE else ()
    return tuple(dict.fromkeys((_key("f", *read), *(_key("f", *read[:n], *read[n + 1 :]) for n in spots))))


def _starts(said: Firm) -> tuple[str, ...]:
    begun = dict.fromkeys((said.core[:EDGE], said.whole[:EDGE]))
    return tuple(_key("h", *sounds(text)) for text in begun if len(text) == EDGE)
