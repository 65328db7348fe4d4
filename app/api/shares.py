"""共建: partner zones of a project, and what of other zones' projects a partner sees."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import CHANGING, PAGING, READING, TIME, listed
from app.api.paging import listed_from
from app.api.record_shares import SharedRead, SharesRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.models.shapes import SharesEdit
from app.services import shares

router = api_router("Shares")


@router.get("/projects/{id}/shares", **says("The partner zones of a project", answer=SharesRead, **READING))
async def read_shares(request: Request) -> Response:
    return await read(request, shares.of_project, door.path_id(request))


@router.put(
    "/projects/{id}/shares",
    **says(
        "Name all partner zones of a project",
        description="Those left out see it no more. Together at most 100 % of one thing; the project counts where it lies.",
        body=SharesEdit,
        answer=SharesRead,
        **CHANGING,
    ),
)
async def put_shares(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, shares.put, door.path_id(request), body, body=body, version=door.version_sent(request))


@router.get(
    "/zones/{code}/shared",
    **says(
        "Projects of other zones in which this zone has a share",
        description="Heads only, not counted in any ledger, sum or file of this zone. A share that has ended is left out.",
        query=(*PAGING, *TIME),
        answer=listed(SharedRead),
        refuses=(404,),
    ),
)
async def list_shared(request: Request) -> Response:
    return await listed_from(request, shares.with_zone, door.path_text(request, "code"))
