"""Units, people, who answers for which project, and hand-over."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import ACTING, CHANGING, CREATING, PAGING, READING, TIME, listed, param
from app.api.paging import listed_from
from app.api.record_people import HandoverPreview, HandoverRead, PersonRead, ResponsibilitiesRead, UnitRead
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.short_lists import asking
from app.desk import Desk
from app.models.shapes import (
    HandoverNew,
    PersonEdit,
    PersonNew,
    ResponsibilitiesEdit,
    UnitEdit,
    UnitMerge,
    UnitNew,
    check,
)
from app.services import handovers, people, responsibilities, units

router = api_router("People")
ZONE = param("zone", "Those of this zone and of the city. Left out: all you see.")


def zone_asked(request: Request) -> str | None:
    return request.query_params.get("zone")


# ── units ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(
    "/units",
    **says(
        "Units you may see", query=(ZONE, *asking(UnitRead), *PAGING, *TIME), answer=listed(UnitRead), refuses=(404,)
    ),
)
async def list_units(request: Request) -> Response:
    return await listed_from(request, units.list_, zone_asked(request), items=UnitRead)


@router.post("/units", status_code=201, **says("A new unit", body=UnitNew, answer=UnitRead, status=201, **CREATING))
async def create_unit(request: Request) -> Response:
    body = await read_json(request)
    return await write(
        request, units.create, body, body=body, status=201, locate=lambda made: f"{BASE}/units/{made['id']}"
    )


@router.get("/units/{id}", **says("One unit", answer=UnitRead, **READING))
async def read_unit(request: Request) -> Response:
    return await read(request, units.read, door.path_id(request))


@router.patch(
    "/units/{id}", **says("Change a unit; its former name stays findable", body=UnitEdit, answer=UnitRead, **CHANGING)
)
async def amend_unit(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, units.amend, door.path_id(request), body, body=body, version=door.version_sent(request))


@router.post(
    "/units/{id}/merge",
    **says(
        "Let a unit go up in another",
        body=UnitMerge,
        answer=UnitRead,
        **ACTING,
    ),
)
async def merge_unit(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _merge, door.path_id(request), body, body=body)


def _merge(desk: Desk, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    return units.merge(desk, id_, **check(UnitMerge, body))


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(
    "/people",
    **says(
        "People you may see",
        query=(ZONE, *asking(PersonRead), *PAGING, *TIME),
        answer=listed(PersonRead),
        refuses=(404,),
    ),
)
async def list_people(request: Request) -> Response:
    return await listed_from(request, people.list_, zone_asked(request), items=PersonRead)


@router.post(
    "/people", status_code=201, **says("A new person", body=PersonNew, answer=PersonRead, status=201, **CREATING)
)
async def create_person(request: Request) -> Response:
    body = await read_json(request)
    return await write(
        request, people.create, body, body=body, status=201, locate=lambda made: f"{BASE}/people/{made['id']}"
    )


@router.get("/people/{id}", **says("One person", answer=PersonRead, **READING))
async def read_person(request: Request) -> Response:
    return await read(request, people.read, door.path_id(request))


@router.patch("/people/{id}", **says("Change a person", body=PersonEdit, answer=PersonRead, **CHANGING))
async def amend_person(request: Request) -> Response:
    body = await read_json(request)
    return await write(
        request, people.amend, door.path_id(request), body, body=body, version=door.version_sent(request)
    )


# ── who answers for what ─────────────────────────────────────────────────────────────────────────────────────────────
@router.get(
    "/projects/{id}/responsibilities",
    **says("Who answers and answered for a project", answer=ResponsibilitiesRead, **READING),
)
async def read_responsibilities(request: Request) -> Response:
    return await read(request, responsibilities.of_project, door.path_id(request))


@router.put(
    "/projects/{id}/responsibilities",
    **says(
        "Everybody who answers from now on; those left out end",
        body=ResponsibilitiesEdit,
        answer=ResponsibilitiesRead,
        **CHANGING,
    ),
)
async def put_responsibilities(request: Request) -> Response:
    body = await read_json(request)
    id_, version = door.path_id(request), door.version_sent(request)
    return await write(request, responsibilities.put, id_, body, body=body, version=version)


@router.post(
    "/handovers",
    status_code=201,
    **says("Hand over from one to another", body=HandoverNew, answer=HandoverRead, status=201, **CREATING),
)
async def hand_over(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, handovers.handover, body, body=body, status=201)


@router.post(
    "/handovers/preview",
    **says("What a hand-over would change", body=HandoverNew, answer=HandoverPreview, refuses=(404, 415, 422)),
)
async def preview_handover(request: Request) -> Response:
    body = await read_json(request)
    return await read(request, handovers.handover_preview, body)
