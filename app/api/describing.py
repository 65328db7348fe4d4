"""Parameters that many operations share, described once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.api.routing import Param

DAY = {"type": "string", "format": "date", "examples": ["2026-06-30"]}
MONTH = {"type": "string", "pattern": r"^\d{4}-\d\d$", "examples": ["2026-06"]}


def param(name: str, description: str, schema: dict[str, Any] | None = None, **kw: Any) -> Param:
    return Param(name, schema or {"type": "string"}, description, **kw)


VALIDATE_ONLY = param(
    "validate_only",
    "Everything but the commit: the same status and body, without `id`, `code` and `version`; nothing is stored.",
    {"type": "string", "enum": ["true", "false"], "default": "false"},
)
AS_OF = param(
    "as_of",
    "What the register knew at the end of a day (`2026-06-30`) or at a moment (`2026-06-30T08:00:00+08:00`). "
    "Rights are today's. The answer then says `as_of_act`. The future is 400.",
)
AT_MONTH = param(
    "month",
    "The period asked for. A locked month is its frozen snapshot, `as_of_act` is its lock. One that is not locked is "
    "provisional, and answered only while the register holds nothing of later months; else 400: ask with `as_of`. "
    "`2026-02` covers January where the calendar says so. `Month-State` says which it was.",
    MONTH,
)
LIMIT = param("limit", "Most items in one answer.", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50})
CURSOR = param("cursor", "Where the page before ended: its `next`, with the same other parameters.")
IF_MATCH = param("If-Match", 'The version that you read, in quotes: `"42"`.', where="header", required=True)
IF_NONE_MATCH = param("If-None-Match", "The ETag that you hold: 304 when it still is right.", where="header")
REASON = param("X-Reason", "Why, kept in history: UTF-8, percent-encoded or as it is.", where="header")
KEY = param(
    "Idempotency-Key",
    "Up to 200 visible characters. The same key with the same request is answered as the first time, for 24 hours, with "
    "`Idempotent-Replayed: true`; with another request it is 422.",
    where="header",
)
TIME = (AS_OF, AT_MONTH)
READING: dict[str, Any] = {"query": TIME, "headers": (IF_NONE_MATCH,)}
PAGING = (LIMIT, CURSOR)
CREATING: dict[str, Any] = {"query": (VALIDATE_ONLY,), "headers": (KEY, REASON), "refuses": (409, 415, 422)}
ACTING: dict[str, Any] = {**CREATING, "refuses": (404, 409, 412, 415, 422)}
"""A step of something that stands already, such as a move or a merge."""
CHANGING: dict[str, Any] = {
    "query": (VALIDATE_ONLY,),
    "headers": (IF_MATCH, REASON),
    "refuses": (409, 412, 415, 422, 428),
}
REMOVING: dict[str, Any] = {"query": (VALIDATE_ONLY,), "headers": (IF_MATCH, REASON), "refuses": (409, 412, 422, 428)}


NEXT = {"type": ["string", "null"], "description": "Cursor of the next page; null: this was the last"}


@dataclass(frozen=True)
class Listed:
    """A list of ``item`` in an answer, and the members that stand beside it."""

    item: Any
    more: dict[str, Any]


def listed(item: Any, *, paged: bool = True) -> Listed:
    """``{"items": […], "next": …}``; a summary has no pages."""
    return Listed(item, {"next": NEXT} if paged else {})
