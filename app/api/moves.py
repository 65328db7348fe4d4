"""Moves between ledgers, and what one would lack."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import ACTING, DAY, PAGING, READING, TIME, listed, param
from app.api.paging import listed_from
from app.api.projects import address
from app.api.records import GateRead, MovedRead, MoveRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.desk import Desk
from app.models.shapes import MoveNew, check
from app.rules.codes import Ledger
from app.services import moves

router = api_router("Moves")
TO = param("to", "The ledger to move into.", {"type": "string", "enum": [m.value for m in Ledger]}, required=True)
ON = param("on", "Day of the fact; left out: today.", DAY)


@router.post(
    "/projects/{id}/moves",
    status_code=201,
    **says(
        "Move a project into another ledger",
        description="409 `gate_not_met` lists in `missing` what the ledger asks for. Without evidence the project is 待核 until it comes.",
        body=MoveNew,
        answer=MovedRead,
        status=201,
        **ACTING,
    ),
)
async def move_project(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _move, door.path_id(request), body, body=body, status=201, locate=address)


def _move(desk: Desk, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    return moves.move(desk, id_, **check(MoveNew, body))


@router.get(
    "/projects/{id}/moves",
    **says("The ledger history of a project", query=(*PAGING, *TIME), answer=listed(MoveRead), refuses=(404,)),
)
async def list_moves(request: Request) -> Response:
    return await listed_from(request, moves.history, door.path_id(request))


@router.get(
    "/projects/{id}/gate",
    **says(
        "What a move would lack, without making it",
        answer=GateRead,
        refuses=(404,),
        **{**READING, "query": (TO, ON, *TIME)},
    ),
)
async def read_gate(request: Request) -> Response:
    to, on = request.query_params.get("to"), door.day(request, "on")
    if to not in list(Ledger):
        raise door.bad_parameter("to", "Choose one of: {choices}", choices=", ".join(Ledger))
    return await read(request, moves.gate, door.path_id(request), to, on)
