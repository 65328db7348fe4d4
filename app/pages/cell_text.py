"""What a person typed into a cell, as the change it means; and the sentence that says it was understood."""

from __future__ import annotations

from typing import Any

from app.errors import Invalid
from app.pages import figures
from app.pages.environment import field_meta
from app.rules.codes import Procedure
from app.rules.months import read_day
from app.services.typed import Understood, understand
from app.words import say

STATES = {f"{p.value}_state": f"{p.value}_promised_on" for p in Procedure}


def change_of(field: str, text: str, unit: str, noun: str = "project") -> tuple[dict[str, Any], Understood]:
    """The change that ``text`` means for a cell, as field → value, and what was understood.

    ``unit``: wan or yi. A day typed into the state of a procedure is the day it is promised for, and says that the
    procedure is under way. Raises Invalid at the field.
    """
    promised = STATES.get(field)
    if promised and text[:1].isdecimal():
        read = read_day(text)
        found = Understood(read.value, read.doubt, dict(read.values))
        return {field: "in_progress", promised: read.value}, found
    found = understand(field, text, figures.UNITS[unit], noun)
    return {field: found.value}, found


def said(field: str, found: Understood, unit: str, language: str, noun: str = "project") -> str:
    """What was understood, in words: ``2,050 万元``. Empty for a blank."""
    if found.value is None:
        return ""
    meta = field_meta(noun, field)
    if field in STATES and str(found.value)[:1].isdecimal():
        return say("In progress, promised for {day}", language, day=found.value)
    if meta.get("kind") == "yuan":
        return figures.exact_in_words(found.value, unit, language)
    return figures.shown(found.value, meta, language)


def mine(field: str, found: Understood, unit: str, language: str, noun: str = "project") -> str:
    """What was understood, as it stands beside what another wrote: an amount in the unit of the whole table."""
    if field_meta(noun, field).get("kind") == "yuan":
        return figures.exact(found.value, unit)
    return said(field, found, unit, language, noun)


def sides(field: str, value: Any, unit: str, language: str, noun: str = "project") -> str:
    """A stored value as it stands in previews and conflicts."""
    meta = field_meta(noun, field)
    return figures.shown(value, meta, language, unit)


def must_be_field(name: str, noun: str = "project") -> str:
    """The name of a field that can be typed. Raises Invalid for any other."""
    if field_meta(noun, name).get("group") is None:
        raise Invalid.one("/field", "unknown_field", "There is no field of this name that can be written here")
    return name
