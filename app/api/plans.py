"""Annual plans of a project."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import CHANGING, PAGING, READING, TIME, listed
from app.api.paging import listed_from
from app.api.records import PlanRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.desk import Desk
from app.errors import VersionNeeded
from app.models.month_shapes import PlanEdit
from app.services import plans

router = api_router("Plans")


@router.get(
    "/projects/{id}/plans",
    **says(
        "The annual plans of a project, newest first", query=(*PAGING, *TIME), answer=listed(PlanRead), refuses=(404,)
    ),
)
async def list_plans(request: Request) -> Response:
    return await listed_from(request, plans.list_, door.path_id(request))


@router.get("/projects/{id}/plans/{year}", **says("The plan of a year", answer=PlanRead, refuses=(404,), **READING))
async def read_plan(request: Request) -> Response:
    return await read(request, plans.read, door.path_id(request), door.path_year(request))


@router.put(
    "/projects/{id}/plans/{year}",
    **says(
        "Write the plan of a year",
        description="Another amount, or other months than were known, make a new version and need a reason; the first "
        "version stays visible as the baseline. Goal, document and day complete the version in force. The plan of the year "
        "that the project shows is its `annual_plan_yuan`. The first plan of a year needs no `If-Match`; a later one does.",
        body=PlanEdit,
        answer=PlanRead,
        **CHANGING,
    ),
)
async def put_plan(request: Request) -> Response:
    body = await read_json(request)
    new = "if-match" not in request.headers
    version = None if new else door.version_sent(request)
    id_, year = door.path_id(request), door.path_year(request)
    return await write(request, _put, id_, year, body, body=body, version=version, new=new)


def _put(desk: Desk, id_: int, year: int, body: dict[str, Any], *, version: int | None, new: bool) -> dict[str, Any]:
    if new and plans.exists(desk, id_, year):
        raise VersionNeeded
    return plans.put(desk, id_, year, body, version=version)
