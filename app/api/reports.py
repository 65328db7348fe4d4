"""Monthly reports of a project."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import CHANGING, PAGING, READING, TIME, listed
from app.api.paging import listed_from
from app.api.records import ReportRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.desk import Desk
from app.errors import VersionNeeded
from app.models.shapes import ReportEdit
from app.services import reports

router = api_router("Reports")


@router.get(
    "/projects/{id}/reports",
    **says(
        "The monthly reports of a project, newest first",
        query=(*PAGING, *TIME),
        answer=listed(ReportRead),
        refuses=(404,),
    ),
)
async def list_reports(request: Request) -> Response:
    return await listed_from(request, reports.list_, door.path_id(request))


@router.get(
    "/projects/{id}/reports/{month}", **says("One month's report", answer=ReportRead, refuses=(404,), **READING)
)
async def read_report(request: Request) -> Response:
    return await read(request, reports.read, door.path_id(request), door.path_month(request))


@router.put(
    "/projects/{id}/reports/{month}",
    **says(
        "Report a month, or change its report",
        description="Give the month's amount or the year's cumulative; the other one is derived. A month below zero, and money "
        "spent above the total investment, need a reason. The first report of a month needs no `If-Match`; a later one does.",
        body=ReportEdit,
        answer=ReportRead,
        **CHANGING,
    ),
)
async def put_report(request: Request) -> Response:
    body = await read_json(request)
    new = "if-match" not in request.headers
    version = None if new else door.version_sent(request)
    id_, month = door.path_id(request), door.path_month(request)
    return await write(request, _put, id_, month, body, body=body, version=version, new=new)


def _put(desk: Desk, id_: int, month: str, body: dict[str, Any], *, version: int | None, new: bool) -> dict[str, Any]:
    if new and reports.exists(desk, id_, month):
        raise VersionNeeded
    return reports.put(desk, id_, month, body, version=version)
