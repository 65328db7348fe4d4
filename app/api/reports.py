"""Monthly reports of a project."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import write
from app.api.answers import answer, etag
from app.api.body import read_json
from app.api.describing import CHANGING, PAGING, READING, TIME, listed
from app.api.paging import listed_from
from app.api.record_months import ReportPut, ReportWithPhotos
from app.api.routing import router as api_router
from app.api.routing import says
from app.desk import Desk
from app.errors import VersionNeeded
from app.services import photos, reports

router = api_router("Reports")


@router.get(
    "/projects/{id}/reports",
    **says(
        "The monthly reports of a project, newest first",
        query=(*PAGING, *TIME),
        answer=listed(ReportWithPhotos),
        refuses=(404,),
    ),
)
async def list_reports(request: Request) -> Response:
    return await listed_from(request, _list, door.path_id(request))


def _list(desk: Desk, id_: int) -> list[dict[str, Any]]:
    beside = photos.by_month(desk, id_)
    return [{**told, "photos": beside.get(told["month"], [])} for told in reports.list_(desk, id_)]


def _read(desk: Desk, id_: int, month: str) -> dict[str, Any]:
    return {**reports.read(desk, id_, month), "photos": photos.list_(desk, id_, month)}


@router.get(
    "/projects/{id}/reports/{month}", **says("One month's report", answer=ReportWithPhotos, refuses=(404,), **READING)
)
async def read_report(request: Request) -> Response:
    as_of = await door.moment(request)
    caller = door.caller(request, as_of=as_of)
    found = await door.database(request).read(caller, _read, door.path_id(request), door.path_month(request))
    if as_of is not None:
        found["as_of_act"] = as_of
    # Never 304: its tag is the report's version, and a photo that is added leaves that as it was.
    return answer(request, orjson.dumps(found), headers={"ETag": etag(found["version"])})


@router.put(
    "/projects/{id}/reports/{month}",
    **says(
        "Report a month, or change its report",
        description="Give the month's amount or the year's cumulative; the other one is derived. A month below zero, and money "
        "spent above the total investment, need a reason. The first report of a month needs no `If-Match`; a later one does.",
        body=ReportPut,
        answer=ReportWithPhotos,
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
    kept = body.pop("photos", None)
    made = reports.put(desk, id_, month, body, version=version)
    if kept is not None:
        photos.keep_only(desk, id_, month, kept)
    return {**made, "photos": photos.list_(desk, id_, month)}
