"""From a request to one service and back: the two ways in which every operation of the API works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.answers import answer, etag, rehearsed, said
from app.api.body import take_reason
from app.db import Answer, Caller
from app.errors import Busy, Conflict

Locate = Callable[[Any], str]
"""From what was made to the address where it is found."""


async def write(
    request: Request,
    service: Callable[..., Any],
    *args: Any,
    body: dict[str, Any] | None = None,
    content: Any = None,
    status: int = 200,
    locate: Locate | None = None,
    **kw: Any,
) -> Response:
    """Run a service as one act and answer what it came to. The reason is taken out of ``body`` before the service sees it.

    ``content`` stands for the request under an idempotency key when the body alone does not say it all.
    """
    whole = content if content is not None or body is None else dict(body)
    reason = take_reason(body) if body is not None else None
    caller = door.caller(request, reason=reason, content=whole)
    done = await act(request, caller, service, *args, status=status, **kw)
    return written(request, caller, done, locate)


async def act(request: Request, caller: Caller, service: Callable[..., Any], *args: Any, **kw: Any) -> Answer:
    """The act itself. Who waits in vain for the same request under the same key is told that it is still under way."""
    under_way: Counter[tuple[str, str]] = request.app.state.under_way
    name = (door.bearer(request), caller.key or "")
    under_way[name] += 1
    try:
        return await door.database(request).act(caller, service, *args, **kw)
    except Busy as busy:
        if caller.key is None or under_way[name] < 2:
            raise
        raise Conflict(
            "The same request is still being worked on; ask again in a moment", code="under_way", headers=busy.headers
        ) from busy
    finally:
        under_way[name] -= 1
        if not under_way[name]:
            del under_way[name]


def written(request: Request, caller: Caller, done: Answer, locate: Locate | None = None) -> Response:
    """The answer to an act: its value, its version, where it is found, and whether it was told before."""
    headers = {"Cache-Control": "no-store"}
    if done.replayed:
        headers["Idempotent-Replayed"] = "true"
    if caller.rehearse:
        return answer(request, orjson.dumps(rehearsed(done.value)), status=done.status, headers=headers)
    if locate is not None and done.status == 201:
        headers["Location"] = locate(done.value)
    version = done.value.get("version") if isinstance(done.value, dict) else None
    tag = etag(version) if isinstance(version, int) else None
    return answer(request, done.body, tag=tag, status=done.status, headers=headers)


async def read(request: Request, service: Callable[..., Any], *args: Any, slow: bool = False, **kw: Any) -> Response:
    """Read one thing, now or as of a moment."""
    as_of = await door.moment(request)
    caller = door.caller(request, as_of=as_of)
    value = await door.database(request).read(caller, service, *args, slow=slow, **kw)
    if as_of is not None and isinstance(value, dict):
        value = {**value, "as_of_act": as_of}
    return said(request, value)
