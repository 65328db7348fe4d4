"""The parameters of an address against what their operation declares: everything that is wrong with them, at once."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from app.errors import BadRequest, Problem

if TYPE_CHECKING:
    from app.api.routing import Param


def refuse_unfit(request: Request, declared: Mapping[str, Param]) -> None:
    """An unknown parameter is refused, never ignored; so is one given twice that can only be meant once, one that is
    missing, and a value that its schema does not take. What only the service can judge (a field to sort by, a cursor) is
    left to it. Raises ``BadRequest`` with all problems."""
    problems = list(_problems(request, declared))
    if problems:
        raise BadRequest("A parameter of the address cannot be read", code="bad_parameter", problems=problems)


def _problems(request: Request, declared: Mapping[str, Param]) -> Iterator[Problem]:
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        known = declared.get(name)
        if known is None:
            yield Problem(f"/{name[:80]}", "unknown_parameter", "There is no parameter of this name here")
        elif name in seen and not known.many:
            yield Problem(f"/{name}", "bad_parameter", "This parameter can be given once only")
        elif "\x00" in value or not _utf8(value):
            yield Problem(f"/{name}", "bad_parameter", "Control characters are not accepted")
        elif (said := _fault(name, known.schema, value)) is not None:
            yield Problem(f"/{name}", "bad_parameter", *said)
        seen.add(name)
    for name, known in declared.items():
        if known.required and name not in seen:
            yield Problem(f"/{name}", "bad_parameter", "This must be given")


def _utf8(value: str) -> bool:
    return "\ufffd" not in value and not any(0xD800 <= ord(c) <= 0xDFFF for c in value)


def _fault(name: str, schema: dict[str, Any], value: str) -> tuple[str, dict[str, Any]] | None:
    """What a schema has against a value: a msgid and its values."""
    if "enum" in schema:
        wrong = value not in schema["enum"]
        return ("Choose one of: {choices}", {"choices": ", ".join(schema["enum"])}) if wrong else None
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        fits = re.fullmatch(r"[0-9]{1,18}", value) is not None and least <= int(value) <= most
        return None if fits else ("A whole number from {least} to {most}", {"least": least, "most": most})
    return None if _reads(schema, value) else ("This value cannot be used for {field}", {"field": name})


def _reads(schema: dict[str, Any], value: str) -> bool:
    """Can it be read as what the schema calls it?"""
    try:
        if schema["type"] == "integer":
            return re.fullmatch(r"-?[0-9]{1,18}", value) is not None
        if schema["type"] == "number":
            return math.isfinite(float(value))
        if schema.get("format") == "date":
            return date.fromisoformat(value).isoformat() == value
        if schema.get("format") == "date-time":
            return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
    shaped = re.search(schema["pattern"], value) is not None if "pattern" in schema else True
    return shaped and len(value) <= schema.get("maxLength", len(value))
