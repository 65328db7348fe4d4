"""Data the city office keeps: gates of the ledgers, the list of industries."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import write
from app.api.answers import answer
from app.api.body import read_json
from app.api.describing import CHANGING, PAGING, READING, REASON, TIME, listed
from app.api.paging import listed_from, tag_of
from app.api.record_sums import GatesRead, IndustryRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.desk import Desk
from app.models.shapes import IndustriesEdit, check
from app.rules.access import Act
from app.services import industries
from app.services.entering import gates

router = api_router("Settings")


@router.get("/settings/gates", **says("What each ledger asks for before a project enters", answer=GatesRead, **READING))
async def read_gates(request: Request) -> Response:
    as_of = await door.moment(request)
    found = await door.database(request).read(door.caller(request, as_of=as_of), _gates)
    body = orjson.dumps({"gates": found})
    return answer(request, body, tag=tag_of(body))


def _gates(desk: Desk) -> dict[str, object]:
    desk.ask(Act.REGISTER_READ)
    return dict(gates(desk))


@router.get(
    "/settings/industries", **says("The city's list of industries", query=(*PAGING, *TIME), answer=listed(IndustryRead))
)
async def list_industries(request: Request) -> Response:
    return await listed_from(request, industries.list_)


@router.put(
    "/settings/industries",
    **says(
        "Write entries of the list of industries; those not named stay",
        description="Projects whose industry the list comes to know get its code in the same act.",
        body=IndustriesEdit,
        answer=listed(IndustryRead),
        **{**CHANGING, "headers": (REASON,), "refuses": (409, 415, 422)},
    ),
)
async def put_industries(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _put_industries, body, body=body)


def _put_industries(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    return {"items": industries.put(desk, check(IndustriesEdit, body)["items"]), "next": None}
