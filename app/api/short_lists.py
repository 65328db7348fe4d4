"""Lists that are short enough to be read whole (zones, units, people, lists): asked like a list of projects.

What can be asked follows from the shape of an item: text in any of its words, one or several values of a field, ranges
of numbers and days, an order, and which fields are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import ge, gt, le, lt
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request

from app.api import door
from app.api.describing import param
from app.api.routing import Param
from app.rules.search_terms import fold, sort_key

Item = dict[str, Any]
UNASKED = frozenset({"phone", "zone"})
"""A number that is masked for some must not be found by asking for it; zones have a parameter of their own."""
RANGES: dict[str, Callable[[Any, Any], bool]] = {"gte": ge, "lte": le, "gt": gt, "lt": lt}
WORDS = param("q", "Text in any of the item's words.", {"type": "string", "maxLength": 100})


@cache
def asking(shape: type[BaseModel]) -> tuple[Param, ...]:
    """The parameters of a list of such items."""
    fields = _fields(shape)
    named = ", ".join(_members(shape))
    found = [
        WORDS,
        param("sort", f"Fields, comma between, `-` before one for the largest first: {', '.join(fields)}."),
        param("fields", f"Only these members of an item, comma between: {named}."),
    ]
    for name, schema in fields.items():
        found.append(param(name, f"Only where `{name}` is one of these.", schema, many=True))
        if _ranged(schema):
            found += [param(f"{name}__{way}", f"Only where `{name}` is {way} this.", schema) for way in RANGES]
    return tuple(found)


def asked_for(request: Request, shape: type[BaseModel], items: Sequence[Item], *, searched: bool = False) -> list[Item]:
    """The items that the address asks for, in its order, with the members it wants. Raises 400 for what cannot be asked.

    ``searched``: the service has looked for the words already.
    """
    sent, fields = request.query_params, _fields(shape)
    found = list(items)
    if not searched and (words := fold(sent.get("q", ""))):
        found = [item for item in found if any(words in fold(text) for text in _texts(item))]
    for name, schema in fields.items():
        if values := {_value(schema, v) for v in sent.getlist(name)}:
            found = [item for item in found if item[name] in values]
        for way, holds in RANGES.items():
            if (bound := sent.get(f"{name}__{way}")) is not None:
                limit = _value(schema, bound)
                found = [item for item in found if item[name] is not None and holds(item[name], limit)]
    return _picked(request, shape, _ordered(request, fields, found))


def _ordered(request: Request, fields: dict[str, Any], items: list[Item]) -> list[Item]:
    """Unknown is the smallest value, text goes by its pinyin; equal ones keep the order of the register."""
    sent = request.query_params.get("sort")
    for said in reversed(sent.split(",") if sent else []):
        name = said.removeprefix("-")
        if name not in fields:
            raise door.bad_parameter("sort", "It cannot be sorted by {field}", field=name[:80])
        items = sorted(items, key=_key_of(name), reverse=said.startswith("-"))
    return items


def _key_of(name: str) -> Callable[[Item], tuple[bool, Any]]:
    def key(item: Item) -> tuple[bool, Any]:
        value = item[name]
        return (value is not None, sort_key(value) if isinstance(value, str) else value or 0)

    return key


def _picked(request: Request, shape: type[BaseModel], items: list[Item]) -> list[Item]:
    sent = request.query_params.get("fields")
    if sent is None:
        return items
    wanted = list(dict.fromkeys(sent.split(",")))
    for name in wanted:
        if name not in _members(shape):
            raise door.bad_parameter("fields", "There is no field {field}", field=name[:80])
    return [{name: item[name] for name in wanted} for item in items]


def _texts(item: Item) -> list[str]:
    found = [v for n, v in item.items() if isinstance(v, str) and n not in UNASKED]
    return found + [v for many in item.values() if isinstance(many, list) for v in many if isinstance(v, str)]


def _value(schema: dict[str, Any], sent: str) -> Any:
    """What was sent, as the item has it; that it can be read was checked against the schema before."""
    if schema["type"] == "boolean":
        return sent == "true"
    return {"integer": int, "number": float}.get(schema["type"], str)(sent)


def _ranged(schema: dict[str, Any]) -> bool:
    return schema["type"] in ("integer", "number") or schema.get("format") in ("date", "date-time")


@cache
def _members(shape: type[BaseModel]) -> tuple[str, ...]:
    return tuple(shape.model_fields)


@cache
def _fields(shape: type[BaseModel]) -> dict[str, dict[str, Any]]:
    """The plain members of an item that can be asked for, each with its JSON schema."""
    whole = shape.model_json_schema()
    found = {}
    for name, said in whole["properties"].items():
        plain = next((one for one in said.get("anyOf", [said]) if one.get("type") != "null"), said)
        if "$ref" in plain:
            plain = whole["$defs"][plain["$ref"].rsplit("/", 1)[1]]
        if name not in UNASKED and plain.get("type") in ("string", "integer", "number", "boolean"):
            kept = {k: plain[k] for k in ("type", "enum", "format", "pattern") if k in plain}
            found[name] = kept | ({"enum": ["true", "false"]} if kept["type"] == "boolean" else {})
    return found
