"""Lists of projects (名单) and who is on them."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import CHANGING, CREATING, PAGING, READING, TIME, listed, param
from app.api.paging import listed_from
from app.api.record_people import ListMember, ListRead, PlaceRead
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.short_lists import asking
from app.desk import Desk
from app.errors import NotFound, VersionNeeded
from app.models.shapes import ListEdit, ListingEdit, ListNew
from app.services import lists

router = api_router("Lists")
PAST = param("past", "Those too that have left.", {"type": "string", "enum": ["true", "false"], "default": "false"})


@router.get("/lists", **says("Every list", query=(*asking(ListRead), *PAGING, *TIME), answer=listed(ListRead)))
async def list_lists(request: Request) -> Response:
    return await listed_from(request, lists.list_, items=ListRead)


@router.post("/lists", status_code=201, **says("A new list", body=ListNew, answer=ListRead, status=201, **CREATING))
async def create_list(request: Request) -> Response:
    body = await read_json(request)
    return await write(
        request, lists.create, body, body=body, status=201, locate=lambda made: f"{BASE}/lists/{made['code']}"
    )


@router.get("/lists/{list}", **says("One list", answer=ListRead, **READING))
async def read_list(request: Request) -> Response:
    return await read(request, lists.read, door.path_text(request, "list"))


@router.patch("/lists/{list}", **says("Change a list", body=ListEdit, answer=ListRead, **CHANGING))
async def amend_list(request: Request) -> Response:
    body = await read_json(request)
    code, version = door.path_text(request, "list"), door.version_sent(request)
    return await write(request, lists.amend, code, body, body=body, version=version)


@router.get(
    "/lists/{list}/projects",
    **says("The projects on a list that you may see", query=(PAST, *PAGING, *TIME), answer=listed(ListMember)),
)
async def list_members(request: Request) -> Response:
    return await listed_from(request, lists.members, door.path_text(request, "list"), past=door.flag(request, "past"))


@router.get("/lists/{list}/projects/{id}", **says("A project's place in a list", answer=PlaceRead, **READING))
async def read_place(request: Request) -> Response:
    return await read(request, lists.place, door.path_text(request, "list"), door.path_id(request))


@router.put(
    "/lists/{list}/projects/{id}",
    **says(
        "Put a project on a list, or change its place there",
        description="If-Match is needed when it is or was on the list. `left_on` takes it off.",
        body=ListingEdit,
        answer=PlaceRead,
        **CHANGING,
    ),
)
async def put_place(request: Request) -> Response:
    body = await read_json(request)
    new = "if-match" not in request.headers
    version = None if new else door.version_sent(request)
    return await write(
        request, _put, door.path_text(request, "list"), door.path_id(request), body, body=body, version=version, new=new
    )


def _put(desk: Desk, code: str, id_: int, body: dict[str, Any], *, version: int | None, new: bool) -> dict[str, Any]:
    if new and _on(desk, code, id_):
        raise VersionNeeded
    return lists.put(desk, code, id_, body, version=version)


def _on(desk: Desk, code: str, id_: int) -> bool:
    try:
        lists.place(desk, code, id_)
    except NotFound:
        return False
    return True
