"""One cell into one understood value, by what its column means. Every value keeps the text it came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from app.errors import Invalid
from app.rules.amounts import read_amount
from app.rules.figures import read_count, read_number, read_percent
from app.rules.months import When, read_day, read_month, read_span
from app.rules.reads import NOT_YET, NOTHING, Cell, Read, blank, plain
from app.sheets.grid import as_text
from app.sheets.targets import Target
from app.sheets.vocabulary import CHOICES, FLAGS, choice, ledger_in

MARKS = "★☆●○▲△◆◇■□※◎"
_CHILD = re.compile(r"^[(（](\d{1,3})[)）]\s*|^[①-⑳]\s*")
_UNIT_AND_PERSON = re.compile(
    r"(?P<unit>\S.*?(?:公司|集团|厂|局|政府|委员会|管委会|委|中心|院|办公室|办|处|镇|街道|医院|学校|大学|站|所|部)(?:[（(][^）)]*[）)])?)(?:\s{2,}|\s*\n\s*)"
    r"(?P<person>\S[\s\S]{1,30})"
)
_HAN_NAME = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_ONE_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}")
_AREA_UNITS = ("亩", "m2", "平方米", "㎡", "吨标煤", "吨标准煤", "人", "平方公里")
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff）)])[ \t\u3000]*\n[ \t\u3000]*(?=[\u4e00-\u9fff（(])")

LONGEST_PAIR = 200
SEVERAL = "“{text}” holds several values"


class Datum(msgspec.Struct, frozen=True, gc=False):
    """One cell understood: ``value`` in register terms, ``raw`` as it stood, a ``doubt`` or a ``problem``.

    Money is whole yuan or dollars; days and months are ISO text; a number is Decimal; a span is ``months.When``. Both
    sentences are msgids filled from ``values``. ``column`` is 0-based. A large file holds a million of these, so they
    are kept out of the garbage collector's rounds; nothing in them can point back.
    """

    target: Target
    column: int
    raw: str
    value: Any
    doubt: str | None = None
    problem: str | None = None
    values: Mapping[str, Any] = NOTHING

    @property
    def field(self) -> str:
        return self.target.field


class Name(NamedTuple):
    """A project's name without its ``marks`` (★ and the like); ``child``: it stood as (1), (2) under another."""

    text: str
    marks: str
    child: bool


def read_name(raw: Cell) -> Name:
    """A name as units write it: flags before or after it are taken off and kept."""
    text = one_line(as_text(raw))
    bare = text.strip(MARKS + " \u3000")
    before, _, after = text.partition(bare) if bare else (text, "", "")
    marks = "".join(sign for sign in before + after if sign in MARKS)
    child = _CHILD.match(bare)
    return Name(bare[child.end() :].strip() if child else bare, marks, child is not None)


def one_line(text: str) -> str:
    """Line breaks inside a Chinese name are only for the width of its cell."""
    return (
        " ".join(_BETWEEN.sub("", text).replace("\t", " ").splitlines()).strip()
        if "\n" in text or "\t" in text
        else text
    )


Reader = Callable[[Target, Cell, int | None], Read[Any]]


def reader_of(target: Target) -> Reader:
    """The one function that reads every cell of a column; chosen once, not once a cell."""
    return _READERS[target.value_kind]


def read_cell(reader: Reader, target: Target, column: int, raw: Cell, year: int | None = None) -> Datum | None:
    """The value of one cell, or None where it is blank. A cell that cannot be read is a Datum with a ``problem``."""
    if isinstance(raw, str) and (not raw or raw.isspace()):
        return None
    try:
        value, text, doubt, values = reader(target, raw, year)
    except Invalid as refusal:
        return Datum(target, column, as_text(raw), None, None, refusal.msgid, refusal.values)
    if value is None and doubt is None:
        return None
    return Datum(target, column, text, value, doubt, None, values)


def _money(target: Target, raw: Cell, year: int | None) -> Read[int]:
    return read_amount(raw, target.unit or "元", negative=target.kind in ("month", "year_to_date"))


def _number(target: Target, raw: Cell, year: int | None) -> Read[Any]:
    return read_number(raw, _AREA_UNITS)


def _text(target: Target, raw: Cell, year: int | None) -> Read[str]:
    text = as_text(raw)
    return Read(text or None, text)


def _code(target: Target, raw: Cell, year: int | None) -> Read[str]:
    if isinstance(raw, float) and abs(raw) >= 1e15:
        return Read(
            None, as_text(raw), "“{text}” was typed as a number; its last digits are lost", {"text": as_text(raw)}
        )
    return _text(target, raw, year)


def _person(target: Target, raw: Cell, year: int | None) -> Read[str]:
    """Names, several divided by 、. Blanks inside a name of two characters are only for show."""
    text = as_text(raw)
    if text not in NOT_YET and _ONE_PERSON.fullmatch(text):
        return Read(text, text)
    if blank(plain(text)) is not None:
        return Read(None, text)
    if split := _UNIT_AND_PERSON.fullmatch(text):
        return Read(
            _people(split["person"])[0], text, "“{text}” names a unit and a person; the person is taken", {"text": text}
        )
    names, certain = _people(text)
    return Read(names, text) if certain else Read(names, text, SEVERAL, {"text": text})


def _unit_and_person(text: str) -> re.Match[str] | None:
    return _UNIT_AND_PERSON.fullmatch(text) if len(text) <= LONGEST_PAIR else None


def _people(text: str) -> tuple[str, bool]:
    joined = _HAN_NAME.sub(r"\1\2", text)
    parts = [part for part in re.split(r"[、,，;；/\n]+|[ \u3000]{2,}", joined) if part.strip()]
    if len(parts) == 1 and re.fullmatch(r"[\u4e00-\u9fff]{2,4}(?: [\u4e00-\u9fff]{2,4})+", joined):
        parts = joined.split(" ")
    return "、".join(part.strip() for part in parts), len(parts) < 2 or bool(re.search(r"[、,，;；/\n]", joined))


def _choice(target: Target, raw: Cell, year: int | None) -> Read[str]:
    text = as_text(raw)
    code = _word(target.field, text)
    if code is None:
        return Read(None, text, "“{text}” is not one of the known words", {"text": text})
    return Read(code, text)


@lru_cache(maxsize=1024)
def _word(field: str, text: str) -> str | None:
    return choice(field, plain(text)) if field in CHOICES and len(text) < 40 else None


def _flag(target: Target, raw: Cell, year: int | None) -> Read[bool]:
    text = as_text(raw)
    value = FLAGS.get(plain(text).lower())
    return (
        Read(value, text) if value is not None else Read(None, text, "“{text}” is neither yes nor no", {"text": text})
    )


def _ledger(target: Target, raw: Cell, year: int | None) -> Read[str]:
    text = as_text(raw)
    ledger = ledger_in(plain(text))
    return Read(ledger, text) if ledger else Read(None, text, "“{text}” names no ledger", {"text": text})


def _day(target: Target, raw: Cell, year: int | None) -> Read[str]:
    if isinstance(raw, str):
        return _day_of(raw, year)
    return read_day(raw, year=year)


def _month(target: Target, raw: Cell, year: int | None) -> Read[str]:
    if isinstance(raw, str):
        return _month_of(raw, target.field != "planned_start_month", year)
    return read_month(raw, end=target.field != "planned_start_month", year=year)


@lru_cache(maxsize=4096)
def _day_of(raw: str, year: int | None) -> Read[str]:
    """A ledger holds few different dates many times over."""
    if plain(raw) in FLAGS:
        return Read(None, raw, "“{text}” says whether, not when", {"text": raw})
    return read_day(raw, year=year)


@lru_cache(maxsize=4096)
def _month_of(raw: str, end: bool, year: int | None) -> Read[str]:
    return read_month(raw, end=end, year=year)


def _span(target: Target, raw: Cell, year: int | None) -> Read[When]:
    return read_span(raw, year=year)


def _owner(target: Target, raw: Cell, year: int | None) -> Read[str]:
    """A unit, or a unit with a person after a run of blanks; the person is told in the values."""
    text = as_text(raw)
    if split := _unit_and_person(text):
        values = {"text": text, "unit": split["unit"], "person": _people(split["person"])[0]}
        return Read(one_line(split["unit"]), text, "“{text}” names a unit and a person; the unit is taken", values)
    return Read(text or None, text)


def _derived(target: Target, raw: Cell, year: int | None) -> Read[Any]:
    text = as_text(raw)
    return Read(text or None, text)


_READERS: dict[str, Reader] = {
    "text": _text,
    "name": _text,
    "person": _person,
    "unit_person": _owner,
    "money": _money,
    "number": _number,
    "count": lambda target, raw, year: read_count(raw),
    "percent": lambda target, raw, year: read_percent(raw),
    "day": _day,
    "month": _month,
    "span": _span,
    "choice": _choice,
    "flag": _flag,
    "zone": _text,
    "ledger": _ledger,
    "serial": _text,
    "code": _code,
    "derived": _derived,
}
