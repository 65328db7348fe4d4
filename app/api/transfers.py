"""Transfers of a project to another zone."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import write
from app.api.body import read_json
from app.api.describing import ACTING, PAGING, TIME, listed
from app.api.paging import listed_from
from app.api.projects import address
from app.api.records import TransferRead, TransferredRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.desk import Desk
from app.models.shapes import TransferNew, check
from app.services import transfers

router = api_router("Transfers")


@router.post(
    "/projects/{id}/transfers",
    status_code=201,
    **says(
        "Give a project to another zone",
        description="For the city office. Phases, parts and expansions go with it, and so does everything that hangs on it; "
        "its code and reference stay. People and units of the old zone answer for it no more from that day on. Needs a "
        "`reason`. 409 `left` when it has left the ledgers, `has_parent` for a child alone.",
        body=TransferNew,
        answer=TransferredRead,
        status=201,
        **ACTING,
    ),
)
async def transfer_project(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _transfer, door.path_id(request), body, body=body, status=201, locate=address)


def _transfer(desk: Desk, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    return transfers.transfer(desk, id_, **check(TransferNew, body))


@router.get(
    "/projects/{id}/transfers",
    **says(
        "From where to where a project was given", query=(*PAGING, *TIME), answer=listed(TransferRead), refuses=(404,)
    ),
)
async def list_transfers(request: Request) -> Response:
    return await listed_from(request, transfers.list_, door.path_id(request))
