"""The hot reads: one function in one visit to the reading thread: who, stamps, cache, query, bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.answers import answer, etag
from app.api.paging import link_next
from app.cache import Cache, Extra, Finished, Scopes
from app.desk import Desk
from app.engine import Link
from app.services import ledgers, projects, zones
from app.services.asking import Asked
from app.services.records import shape

Make = Callable[[Desk], tuple[bytes, Scopes, Extra]]
Fields = tuple[str, ...] | None
More = Callable[[Desk, Asked], dict[str, Any]]


async def hot(
    request: Request,
    asked: Any,
    make: Make,
    *,
    as_of: int | None,
    slow: bool = False,
    before: Callable[[Desk], Scopes] | None = None,
) -> Finished:
    """A finished answer to ``asked``, the same for everybody of one rights class, one language and one day.

    ``before`` gives its scopes without making it, so that a caller who holds it already costs no query.
    """
    db = door.database(request)
    cache: Cache = request.app.state.cache
    caller = door.caller(request, as_of=as_of)
    held = request.headers.get("if-none-match")
    face = (request.scope["path"], asked, caller.language, as_of)

    def look(link: Link) -> Finished:
        desk = db.desk(link, caller)
        key = (*face, desk.today, desk.actor.rights)
        scopes = None if before is None else lambda: before(desk)
        return cache.finished(link, key, lambda: make(desk), before=scopes, held=held)

    return await (db.slow(look) if slow else db.hot(look))


def scopes_of(desk: Desk, asked_zones: tuple[str, ...] | None) -> Scopes:
    """The zones whose stamps an answer hangs on. As of an act nothing of them can change any more."""
    if desk.seq is not None:
        return ()
    if asked_zones is not None:
        return tuple(zones.id_of(desk, code) for code in asked_zones)
    return None if desk.actor.everywhere else desk.actor.zone_ids


async def list_of(
    request: Request, asked: Asked, fields: Fields, as_of: int | None, *, count: bool = False, more: More | None = None
) -> Response:
    """A page of projects. ``more`` adds members to the answer; ``count`` the number of all items."""
    asked = replace(asked, seq=as_of)

    def make(desk: Desk) -> tuple[bytes, Scopes, Extra]:
        chosen = shape(fields)
        page = ledgers.page(desk, asked, chosen.columns)
        said: dict[str, Any] = {"items": chosen.records(desk, page.rows), "next": page.next}
        if count:
            said["count"] = ledgers.count(desk, asked)
        if more is not None:
            said |= more(desk, asked)
        if as_of is not None:
            said["as_of_act"] = as_of
        return orjson.dumps(said), scopes_of(desk, asked.zones), (page.next,)

    found = await hot(
        request,
        (asked, fields, count),
        make,
        as_of=as_of,
        slow=count or more is not None,
        before=lambda desk: scopes_of(desk, asked.zones),
    )
    return answer(
        request, found.body, tag=found.etag, headers=link_next(request, found.extra[0] if found.extra else None)
    )


async def one_project(request: Request, id_: int, as_of: int | None) -> Response:
    """One project; its ETag is its version. ``deleted=with`` shows a deleted one too."""
    deleted = request.query_params.get("deleted", "no")
    if deleted not in ("no", "with"):
        raise door.bad_parameter("deleted", "Choose one of: {choices}", choices="no, with")

    def make(desk: Desk) -> tuple[bytes, Scopes, Extra]:
        record, zone_id = projects.read_placed(desk, id_, deleted=deleted == "with")
        scopes = (zone_id,) if as_of is None else ()
        if as_of is not None:
            record["as_of_act"] = as_of
        return orjson.dumps(record), scopes, (etag(record["version"]),)

    found = await hot(request, (id_, deleted), make, as_of=as_of)
    return answer(request, found.body, tag=found.extra[0])


async def summed(
    request: Request,
    asked: Any,
    make: Callable[[Desk], Any],
    zones_: tuple[str, ...] | None,
    as_of: int | None,
    *,
    slow: bool = False,
) -> Response:
    """A summary; it hangs on the zones it sums."""

    def made(desk: Desk) -> tuple[bytes, Scopes, Extra]:
        said = {"items": make(desk)} if as_of is None else {"items": make(desk), "as_of_act": as_of}
        return orjson.dumps(said), scopes_of(desk, zones_), ()

    found = await hot(request, asked, made, as_of=as_of, slow=slow, before=lambda desk: scopes_of(desk, zones_))
    return answer(request, found.body, tag=found.etag)
