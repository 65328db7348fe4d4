"""What the API answers: JSON bytes, versions as ETags, and the headers that go with them."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.handing import unchanged

CACHED = "private, no-cache"
"""Keep it, but ask every time: the answer to that question is cheap (304)."""
HIDDEN_IN_REHEARSAL = ("id", "code", "version")


def etag(version: int) -> str:
    """The ETag of a thing is its version, the number of the act that last changed it."""
    return f'"{version}"'


def answer(
    request: Request, body: bytes, *, tag: str | None = None, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """JSON that is ready; 304 when the caller has it already."""
    made = {"Cache-Control": CACHED, "Vary": "Authorization, Accept-Language", **(headers or {})}
    if tag is not None:
        made["ETag"] = tag
        if request.method in ("GET", "HEAD") and unchanged(request, tag):
            return Response(b"", 304, made)
    return Response(body, status, made, "application/json")


def said(request: Request, value: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Plain values as JSON. One record carries its version as ETag."""
    version = value.get("version") if isinstance(value, dict) else None
    tag = etag(version) if isinstance(version, int) else None
    return answer(request, orjson.dumps(value), tag=tag, status=status, headers=headers)


def rehearsed(value: Any) -> Any:
    """The answer of ``validate_only``: all but what only a commit can give."""
    if not isinstance(value, dict):
        return value
    kept = {k: v for k, v in value.items() if k not in HIDDEN_IN_REHEARSAL}
    if isinstance(kept.get("items"), list):
        kept["items"] = [rehearsed(item) for item in kept["items"]]
    if "move" in kept:
        kept["move"] = rehearsed(kept["move"])
    return kept
