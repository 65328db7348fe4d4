"""What happened: to one project, and the feed of every change."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.api import door, paging
from app.api.answers import answer
from app.api.describing import LIMIT, PAGING, listed, param
from app.api.records import ChangesRead, HistoryRead, OriginRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.services import history, provenance

router = api_router("History")
FIELD = param("field", "Only changes of this field.")
CURSOR = param("cursor", "Where the page before ended: its `next`.")
AFTER = param("after", "Where you left off: the `next` of the answer before. Left out: from the beginning.")


@router.get(
    "/projects/{id}/history",
    **says(
        "What happened to a project, newest first",
        query=(LIMIT, CURSOR, FIELD),
        answer=listed(HistoryRead),
        refuses=(404,),
    ),
)
async def list_history(request: Request) -> Response:
    field, limit = request.query_params.get("field"), paging.limit(request)
    if field is not None and not field.isidentifier():
        raise door.bad_parameter("field", "There is no field {field}", field=field[:80])
    caller, before = door.caller(request), _position(request)
    found = await door.database(request).read(
        caller, history.of_project, door.path_id(request), field=field, before=before, limit=limit
    )
    return _page(request, found, limit)


@router.get(
    "/leads/{id}/history",
    **says(
        "What happened to a lead, newest first",
        description="Names are null for who may not see those of confidential leads.",
        query=(LIMIT, CURSOR),
        answer=listed(HistoryRead),
        refuses=(404,),
    ),
)
async def list_lead_history(request: Request) -> Response:
    limit, before = paging.limit(request), _position(request)
    found = await door.database(request).read(
        door.caller(request), history.of_lead, door.path_id(request), before=before, limit=limit
    )
    return _page(request, found, limit)


def _position(request: Request) -> int | None:
    before = paging.unseal(request)
    if before is not None and not isinstance(before, int):
        raise door.bad_parameter("cursor", "This cursor belongs to another query; begin again without it")
    return before


def _page(request: Request, found: list[dict[str, Any]], limit: int) -> Response:
    following = paging.seal(request, found[-1]["version"]) if len(found) == limit else None
    body = orjson.dumps({"items": found, "next": following})
    return answer(request, body, tag=paging.tag_of(body), headers=paging.link_next(request, following))


@router.get(
    "/projects/{id}/origins",
    **says("Where the figures of a project came from", query=PAGING, answer=listed(OriginRead), refuses=(404,)),
)
async def list_origins(request: Request) -> Response:
    return await paging.listed_from(request, provenance.of_project, door.path_id(request))


@router.get(
    "/changes",
    **says(
        "The feed of every change you may see, in order and without a gap, deletes included",
        description="`next` is always there: ask again with `after` set to it. Nothing new: no items and the same `next`.",
        query=(LIMIT, AFTER),
        answer=ChangesRead,
    ),
)
async def list_changes(request: Request) -> Response:
    caller, limit = door.caller(request), paging.limit(request)
    found, last = await door.database(request).read(caller, history.changes, after=_place(request), limit=limit)
    body = orjson.dumps({"items": found, "next": f"{last[0]}.{last[1]}"})
    return answer(request, body, tag=paging.tag_of(body))


def _place(request: Request) -> tuple[int, int]:
    """A place in the feed: act number and position in the act."""
    sent = request.query_params.get("after")
    if sent is None:
        return 0, -1
    seq, _, n = sent.partition(".")
    if not (seq.isascii() and seq.isdigit() and len(seq) <= 18) or not (
        n.lstrip("-").isdigit() and n.isascii() and len(n) <= 10
    ):
        raise door.bad_parameter("after", "This cursor is not one of ours")
    return int(seq), int(n)
