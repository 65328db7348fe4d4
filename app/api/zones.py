"""Zones and their figures by year."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import CHANGING, CREATING, PAGING, READING, REASON, TIME, listed, param
from app.api.paging import listed_from
from app.api.records import IndicatorRead, ZoneRead
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.short_lists import asking
from app.desk import Desk
from app.models.shapes import IndicatorsEdit, ZoneEdit, ZoneNew, check
from app.services import zones

router = api_router("Zones")
YEAR = param("year", "Figures of this year only.", {"type": "integer", "minimum": 1949, "maximum": 2200})


@router.get("/zones", **says("Zones you may see", query=(*asking(ZoneRead), *PAGING, *TIME), answer=listed(ZoneRead)))
async def list_zones(request: Request) -> Response:
    return await listed_from(request, zones.list_, items=ZoneRead)


@router.post(
    "/zones", status_code=201, **says("Register a zone", body=ZoneNew, answer=ZoneRead, status=201, **CREATING)
)
async def create_zone(request: Request) -> Response:
    body = await read_json(request)
    return await write(
        request, zones.create, body, body=body, status=201, locate=lambda made: f"{BASE}/zones/{made['code']}"
    )


@router.get("/zones/{code}", **says("One zone", answer=ZoneRead, refuses=(404,), **READING))
async def read_zone(request: Request) -> Response:
    return await read(request, zones.read, door.path_text(request, "code"))


@router.patch("/zones/{code}", **says("Change a zone", body=ZoneEdit, answer=ZoneRead, **CHANGING))
async def amend_zone(request: Request) -> Response:
    body = await read_json(request)
    code, version = door.path_text(request, "code"), door.version_sent(request)
    return await write(request, zones.amend, code, body, body=body, version=version)


@router.get(
    "/zones/{code}/indicators",
    **says("Figures of a zone by year", query=(YEAR, *PAGING, *TIME), answer=listed(IndicatorRead), refuses=(404,)),
)
async def list_indicators(request: Request) -> Response:
    year = door.number(request, "year", 0, 1949, 2200) or None
    return await listed_from(request, zones.indicators, door.path_text(request, "code"), year)


@router.put(
    "/zones/{code}/indicators",
    **says(
        "Write figures of a zone for a year; those not named stay",
        body=IndicatorsEdit,
        answer=listed(IndicatorRead),
        **{**CHANGING, "headers": (REASON,), "refuses": (404, 409, 415, 422)},
    ),
)
async def put_indicators(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _put_indicators, door.path_text(request, "code"), body, body=body)


def _put_indicators(desk: Desk, code: str, body: dict[str, Any]) -> dict[str, Any]:
    given = check(IndicatorsEdit, body)
    return {"items": zones.put_indicators(desk, code, given["year"], given["items"]), "next": None}
