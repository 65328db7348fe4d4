"""Cursors: opaque to the caller, bound to the query they came from, so that a cursor from another query is 400."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

import orjson
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.answers import answer
from app.api.short_lists import asked_for
from app.errors import BadRequest

DEFAULT, MOST = 50, 1000


def limit(request: Request) -> int:
    return door.number(request, "limit", DEFAULT, 1, MOST)


def seal(request: Request, position: Any) -> str:
    """A cursor: the position, under a digest of the query it belongs to."""
    body = orjson.dumps([_query(request), position])
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def unseal(request: Request) -> Any:
    """The position in the ``cursor`` parameter; None when there is none. Raises 400 for a cursor from another query."""
    sent = request.query_params.get("cursor")
    if sent is None:
        return None
    try:
        query, position = orjson.loads(base64.urlsafe_b64decode(sent + "=" * (-len(sent) % 4)))
    except (ValueError, TypeError, binascii.Error) as error:
        raise _foreign() from error
    if query != _query(request):
        raise _foreign()
    return position


def _foreign() -> BadRequest:
    return BadRequest.parameter("cursor", "This cursor belongs to another query; begin again without it", "bad_cursor")


def _query(request: Request) -> str:
    """What must stay the same from page to page: everything but the cursor and the size of the page."""
    kept = sorted((n, v) for n, v in request.query_params.multi_items() if n not in ("cursor", "limit", "count"))
    return blake2b(repr((request.url.path, kept)).encode(), digest_size=9).hexdigest()


def link_next(request: Request, cursor: str | None) -> dict[str, str]:
    """The ``Link`` header to the next page."""
    if cursor is None:
        return {}
    kept = [(n, v) for n, v in request.query_params.multi_items() if n != "cursor"]
    return {"Link": f'<{request.url.path}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'}


def small_list(request: Request, items: Sequence[dict[str, Any]], **more: Any) -> Response:
    """A page of a register that is short enough to be read whole: the position is the number of items before."""
    position = unseal(request)
    start = position if isinstance(position, int) and position >= 0 else 0
    if position is not None and start == 0:
        raise _foreign()
    page = list(items[start : start + limit(request)])
    end = start + len(page)
    following = seal(request, end) if end < len(items) else None
    body = orjson.dumps({"items": page, "next": following, **more})
    return answer(request, body, tag=tag_of(body), headers=link_next(request, following))


async def listed_from(
    request: Request,
    service: Callable[..., list[dict[str, Any]]],
    *args: Any,
    items: type[BaseModel] | None = None,
    slow: bool = False,
    searched: bool = False,
    **kw: Any,
) -> Response:
    """A page of what a service lists whole, now or as of a moment. ``items``: the shape that the list can be asked by;
    ``searched``: but for its words, which the service has looked for."""
    as_of = await door.moment(request)
    found = await door.database(request).read(door.caller(request, as_of=as_of), service, *args, slow=slow, **kw)
    if items is not None:
        found = asked_for(request, items, found, searched=searched)
    return small_list(request, found, **({} if as_of is None else {"as_of_act": as_of}))


def tag_of(body: bytes) -> str:
    """The weak ETag of an answer that is made anyway."""
    return f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
