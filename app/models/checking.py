"""What came in from outside, checked once for every door: all problems at once, each with a pointer, a code and a sentence.

The values are judged as JSON would be, strictly: ``"5"`` is not a number, ``true`` is not 1. What no database can hold or
nobody could read again (NaN, integers beyond 63 bits, lone surrogates, control characters) is refused before anything else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from copy import copy
from functools import lru_cache
from typing import Any, get_args

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic_core import PydanticUndefined

from app.errors import Invalid, Problem
from app.models.base import FOREVER, meta
from app.models.types import NO_DAY, NO_MOMENT, NO_MONTH, NO_YEAR, Text, trimmed

UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ASIDE = re.compile(r"\[key\]|(?:literal|list)\[.*\]", re.DOTALL)
"""Steps of a place that the checker adds and the caller never wrote: the key of a group, the branch of a choice of shapes."""
DEEPEST = 20
"""Levels of nesting that any body may need; deeper ones are refused before they can exhaust a stack."""


class Body(BaseModel):
    """What every body has in common: nothing but what is described, enum members by their words."""

    model_config = ConfigDict(extra="forbid", use_enum_values=True)


class Edit(Body):
    """A body in which everything may be left out; what is left out stays as it is."""


SENTENCES: dict[str, tuple[str, str]] = {
    "missing": ("required", "This must be given"),
    "extra_forbidden": (
        "unknown_field",
        "There is no field of this name that can be written here",
    ),
    "string_type": ("wrong_type", "Text is expected"),
    "int_type": ("wrong_type", "A whole number is expected"),
    "int_from_float": ("wrong_type", "A whole number is expected"),
    "int_parsing": ("wrong_type", "A whole number is expected"),
    "int_parsing_size": ("out_of_range", "This number is too large"),
    "float_type": ("wrong_type", "A number is expected"),
    "finite_number": ("wrong_type", "A number is expected"),
    "bool_type": ("wrong_type", "True or false is expected"),
    "list_type": ("wrong_type", "A list is expected"),
    "model_type": ("wrong_type", "A group of fields is expected"),
    "model_attributes_type": ("wrong_type", "A group of fields is expected"),
    "enum": ("not_in_list", "Choose one of: {choices}"),
    "literal_error": ("not_in_list", "Choose one of: {choices}"),
    "greater_than_equal": ("out_of_range", "At least {least}"),
    "less_than_equal": ("out_of_range", "At most {most}"),
    "string_too_long": ("too_long", "At most {most} characters"),
    "string_too_short": ("required", "This must be given"),
    "string_pattern_mismatch": ("malformed", "This is not written as it should be"),
    "too_long": ("too_long", "At most {most} entries"),
    "too_short": ("required", "This must be given"),
}
OTHER_SENTENCES: dict[str, tuple[str, str]] = {
    NO_DAY: ("not_a_day", "Write the day as 2026-06-30"),
    NO_MOMENT: ("not_a_moment", "Write the moment as 2026-06-20T14:33:05"),
    NO_MONTH: ("not_a_month", "Write the month as 2026-06"),
    NO_YEAR: ("out_of_range", "The year must be between 1949 and 2200"),
    "plain": ("control_characters", "Control characters are not accepted"),
    "other": ("invalid", "This value cannot be accepted"),
}
PLAIN, OTHER = OTHER_SENTENCES["plain"], OTHER_SENTENCES["other"]
HOUSE_SENTENCES: dict[str, tuple[str, str]] = {
    "ledger": ("only_by_move", "The ledger changes only by a move"),
    "started_on": ("only_by_move", "This day is written by the move"),
    "completed_on": ("only_by_move", "This day is written by the move"),
}
"""Fields that exist and cannot be written here, with the way in which they are."""


def check(shape: type[BaseModel], values: Mapping[str, Any], partial: bool = False) -> dict[str, Any]:
    """The values of ``shape`` as plain values, only those that were given; a blank text is None, unknown.

    ``partial`` asks for no field at all (an edit); None still is no value for a field that must have one. Raises
    ``Invalid`` naming every problem, with pointers such as ``/total_investment_yuan``.
    """
    given = {name: trimmed(value) for name, value in values.items()}
    problems = list(poison(given))
    spoilt = {p.pointer.split("/")[1] for p in problems if p.pointer}
    clean = {n: v for n, v in given.items() if n.isascii() and not (spoilt and token(n) in spoilt)}
    problems += [
        Problem("/" + token(n), *SENTENCES["extra_forbidden"])
        for n in given
        if not n.isascii() and token(n) not in spoilt
    ]
    found: dict[str, Any] = {}
    try:
        # by JSON text, because strict validation of Python values would want enum members instead of their words
        made = made_of(shape, partial=partial).model_validate_json(orjson.dumps(clean), strict=True)
        found = made.model_dump(exclude_unset=True)
    except ValidationError as error:
        problems += [_problem(shape, e) for e in error.errors(include_url=False)]
    problems = [p for p in problems if not (p.code == "required" and p.pointer[1:] in spoilt)]
    if problems:
        raise Invalid(problems=problems)
    return found


class Plain:
    """Says of whole numbers and texts at sight that ``check`` would keep them as they are: a sheet has a million of them.

    By the limits of the shape itself. What it does not say of a value, ``check`` says.
    """

    def __init__(self, shape: type[BaseModel]) -> None:
        self.whole: dict[str, tuple[int, int]] = {}
        self.texts: dict[str, int] = {}
        for name, field in shape.model_fields.items():
            limits = {
                k: v
                for m in field.metadata
                for k in ("ge", "le", "max_length")
                if (v := getattr(m, k, None)) is not None
            }
            kinds = (field.annotation, *get_args(field.annotation))
            if int in kinds and limits.keys() == {"ge", "le"}:
                self.whole[name] = (limits["ge"], limits["le"])
            if (Text in kinds or str in kinds) and limits.keys() == {"max_length"}:
                self.texts[name] = limits["max_length"]

    def keeps(self, name: str, value: Any) -> bool:
        if type(value) is int:
            low, high = self.whole.get(name, (1, 0))
            return low <= value <= high
        if type(value) is not str or not 0 < len(value) <= self.texts.get(name, 0):
            return False
        if value.isprintable():  # then it holds no sign that could be refused, and of blanks only the plain one
            return value[0] != " " != value[-1]
        return value == trimmed(value) and "\r" not in value and not _unreadable(value)


def token(name: str) -> str:
    """One step of a JSON pointer; what UTF-8 cannot write is replaced."""
    return name.encode("utf-8", "replace").decode()[:200].replace("~", "~0").replace("/", "~1")


def poison(value: Any, pointer: str = "", depth: int = 0) -> Iterator[Problem]:
    """Every value inside ``value`` that no database could hold or nobody could read again."""
    if depth > DEEPEST:
        yield Problem(pointer, "too_deep", "This is nested too deeply")
    elif isinstance(value, Mapping):
        yield from _poison_inside(value, pointer, depth + 1)
    elif isinstance(value, list | tuple):
        for n, inner in enumerate(value):
            yield from poison(inner, f"{pointer}/{n}", depth + 1)
    elif isinstance(value, str):
        if _unreadable(value):
            yield Problem(pointer, *PLAIN)
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield Problem(pointer, *SENTENCES["float_type"])
    elif isinstance(value, int) and abs(value) > FOREVER:
        yield Problem(pointer, *SENTENCES["int_parsing_size"])


def _poison_inside(values: Mapping[str, Any], pointer: str, depth: int) -> Iterator[Problem]:
    for name, inner in values.items():
        if _unreadable(name):
            yield Problem(f"{pointer}/{token(name)}", *PLAIN)
        elif not _sound(inner):
            yield from poison(inner, f"{pointer}/{token(name)}", depth)


def _sound(value: Any) -> bool:
    """True for the plain values that nearly every field holds: no need to build the pointer of a problem."""
    kind = type(value)
    if kind is str:
        return UNREADABLE.search(value) is None
    return value is None or kind is bool or (kind is int and abs(value) <= FOREVER)


def _unreadable(text: str) -> bool:
    return UNREADABLE.search(text) is not None


def _problem(shape: type[BaseModel], error: Any) -> Problem:
    where = "".join(f"/{token(str(step))}" for step in error["loc"] if not ASIDE.fullmatch(str(step)))
    name = str(error["loc"][0]) if error["loc"] else ""
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "extra_forbidden" and name in HOUSE_SENTENCES:
        return Problem(where, *HOUSE_SENTENCES[name])
    if error.get("input") is None and kind.endswith("_type"):
        return Problem(where, *SENTENCES["missing"])
    if kind == "value_error":
        return Problem(where, *OTHER_SENTENCES.get(str(context.get("error")), PLAIN))
    if kind == "too_long" and isinstance(error.get("input"), str):
        kind = "string_too_long"
    code, msgid = SENTENCES.get(kind, OTHER)
    values = {
        "choices": str(context.get("expected", "")).replace("'", "").replace(" or ", ", "),
        "least": context.get("ge"),
        "most": context.get("le", context.get("max_length")),
    }
    return Problem(where, code, msgid, {k: v for k, v in values.items() if "{" + k + "}" in msgid})


@lru_cache(maxsize=256)
def made_of(shape: type[BaseModel], *, partial: bool, name: str = "") -> type[BaseModel]:
    """``shape`` as it comes in: the same fields and limits (a naive copy loses them), anything else refused.

    ``partial``: no field is asked for. Otherwise those are that may not be unknown and have no value of their own.
    """
    partial = partial or issubclass(shape, Edit)
    fields: dict[str, Any] = {}
    for field_name, field in shape.model_fields.items():
        copied = copy(field)
        unknowable = field.default is None and not _takes_none(field.annotation)
        if partial:
            copied.default, copied.default_factory = None, None
        elif unknowable:
            copied.default = PydanticUndefined
        copied.json_schema_extra = _told(field)
        fields[field_name] = (field.annotation, copied)
    base = Edit if partial else Body
    return create_model(name or shape.__name__, __base__=base, __doc__=shape.__doc__, **fields)


def _told(field: Any) -> dict[str, Any]:
    """What a caller may know of a field beside its limits: unit and group."""
    known = meta(field)
    told = {f"x-{k}": known.get(k) or known.get(f"x-{k}") for k in ("unit", "group")}
    return {k: v for k, v in told.items() if v}


def _takes_none(annotation: Any) -> bool:
    return annotation is Any or type(None) in get_args(annotation)
