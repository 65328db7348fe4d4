"""Photos of a project's month: up to six, beside its report."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.describing import CREATING, PAGING, READING, REMOVING, TIME, listed
from app.api.paging import listed_from
from app.api.record_months import PhotoRead
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.uploads import form_of, handed_out, one_form
from app.desk import Desk
from app.errors import NotFound
from app.pictures import take
from app.rules.shots import number
from app.services import photos

router = api_router("Photos")
PLACE = "/projects/{id}/reports/{month}/photos"
FORM = form_of(
    "JPEG, PNG or WebP",
    taken_at={"type": "string", "example": "2026-06-20T14:33:05"},
    latitude={"type": "number", "minimum": -90, "maximum": 90},
    longitude={"type": "number", "minimum": -180, "maximum": 180},
)


@router.get(PLACE, **says("The photos of a project's month", query=(*PAGING, *TIME), answer=listed(PhotoRead)))
async def list_photos(request: Request) -> Response:
    return await listed_from(request, photos.list_, door.path_id(request), door.path_month(request))


@router.post(
    PLACE,
    status_code=201,
    **says(
        "Add a photo to a month",
        description="At most six a month, as long as its report may be written. The picture is turned upright, made at most "
        "1600 pixels long and written anew as JPEG; when and where it was taken is read from it first and stands in the "
        "answer only. `taken_at` (by the clock of the place), `latitude` and `longitude` are for a device that made it small "
        "before; what the file itself says goes first, and `told_by` says who told it.",
        body=FORM,
        answer=PhotoRead,
        status=201,
        **{**CREATING, "refuses": (404, 409, 413, 415, 422)},
    ),
)
async def add_photo(request: Request) -> Response:
    id_, month = door.path_id(request), door.path_month(request)
    db = door.database(request)
    await db.read(door.caller(request), photos.may_add, id_, month)  # before anything of the file is read
    async with one_form(request) as (values, file):
        taken = await asyncio.to_thread(take, db.settings, file.file, file.filename)
    values |= {n: number(values[n]) for n in ("latitude", "longitude") if n in values}
    return await write(
        request,
        photos.add,
        id_,
        month,
        values,
        body=values,
        content=[values, taken.stored.digest, taken.sent],
        status=201,
        locate=lambda made: f"{BASE}/projects/{id_}/reports/{month}/photos/{made['id']}",
        stored=taken.stored,
        shot=taken.shot,
        name=taken.sent,
    )


@router.get(PLACE + "/{photo_id}", **says("One photo", answer=PhotoRead, **READING))
async def read_photo(request: Request) -> Response:
    return await read(request, _of_month, *_named(request))


def _named(request: Request) -> tuple[int, str, int]:
    return door.path_id(request), door.path_month(request), door.path_id(request, "photo_id")


def _of_month(desk: Desk, id_: int, month: str, photo_id: int) -> dict[str, Any]:
    found = photos.open_(desk, photo_id)
    if (found["project_id"], found["month"]) != (id_, month):
        raise NotFound
    return found


@router.get(
    PLACE + "/{photo_id}/file",
    **says("The picture itself", answer={"type": "string"}, media_types=("image/jpeg",)),
)
async def download_photo(request: Request) -> Response:
    db = door.database(request)
    found = await db.read(door.caller(request), _of_month, *_named(request))
    return await handed_out(request, found["digest"], found["file_name"], "image/jpeg")


@router.delete(PLACE + "/{photo_id}", **says("Take a photo away", answer=PhotoRead, **REMOVING))
async def remove_photo(request: Request) -> Response:
    return await write(request, _remove, *_named(request), version=door.version_sent(request))


def _remove(desk: Desk, id_: int, month: str, photo_id: int, *, version: int | None) -> dict[str, Any]:
    _of_month(desk, id_, month, photo_id)
    return photos.remove(desk, photo_id, version=version)
