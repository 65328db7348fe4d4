"""Months: opened and locked by the city office, submitted by each zone, confirmed or returned by who reviews it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import CREATING, PAGING, READING, TIME, listed
from app.api.paging import listed_from
from app.api.record_months import CityMonthRead, CorrectionRead, PeriodRead, ZoneMonthRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.models.month_shapes import CorrectionNew, MonthOpen, MonthReturn, MonthSubmit
from app.services import corrections, months, periods, zone_months

router = api_router("Months")
STEP: dict[str, Any] = {**CREATING, "refuses": (404, 409, 415, 422)}


@router.get(
    "/months",
    **says("Every period that was opened, newest first", query=(*PAGING, *TIME), answer=listed(PeriodRead)),
)
async def list_months(request: Request) -> Response:
    return await listed_from(request, months.list_)


@router.get(
    "/months/{month}",
    **says(
        "The city's month: where every zone stands, and who is late",
        description="A locked month is told as it was when it was locked.",
        answer=CityMonthRead,
        refuses=(404,),
        **READING,
    ),
)
async def read_month(request: Request) -> Response:
    return await read(request, months.read, door.path_month(request))


@router.post(
    "/months/{month}/open",
    status_code=201,
    **says(
        "Open a month for reporting",
        description="Its days follow from the calendar where they are not given. Nothing is late in a month that is not "
        "opened. `2026-02` covers January too where the calendar says so.",
        body=MonthOpen,
        answer=PeriodRead,
        status=201,
        **STEP,
    ),
)
async def open_month(request: Request) -> Response:
    body = await read_json(request)
    month = door.path_month(request)
    address = lambda made: request.url.path.removesuffix("/open")  # noqa: E731
    return await write(request, periods.open_, month, body, body=body, status=201, locate=address)


@router.post(
    "/months/{month}/lock",
    **says(
        "Lock a month for the whole city",
        description="Its figures are frozen as they stand: `locked_act` names the snapshot. Every zone that owes a report "
        "must have been confirmed (409 `not_confirmed` names those that are not), every earlier month locked. There is no "
        "way back; what is wrong is corrected.",
        body=MonthSubmit,
        answer=CityMonthRead,
        **STEP,
    ),
)
async def lock_month(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, months.lock, door.path_month(request), body, body=body)


@router.get(
    "/zones/{code}/months/{month}",
    **says(
        "A zone's month: its state, and its projects with their reports",
        description="`items` are the projects in construction in the period, which owe a report, and the upcoming ones, "
        "which may give one. A locked month is told as it was when it was locked; `corrections` stand beside it.",
        answer=ZoneMonthRead,
        refuses=(404,),
        **READING,
    ),
)
async def read_zone_month(request: Request) -> Response:
    return await read(request, zone_months.read, door.path_text(request, "code"), door.path_month(request))


@router.post(
    "/zones/{code}/months/{month}/submit",
    **says(
        "Submit a zone's month",
        description="Its reports take no more changes. 409 `reports_missing` names what is missing or must be written "
        "again; with a reason it is submitted all the same.",
        body=MonthSubmit,
        answer=ZoneMonthRead,
        **STEP,
    ),
)
async def submit_month(request: Request) -> Response:
    return await _step(request, zone_months.submit)


@router.post(
    "/zones/{code}/months/{month}/confirm",
    **says("Confirm a zone's month", body=MonthSubmit, answer=ZoneMonthRead, **STEP),
)
async def confirm_month(request: Request) -> Response:
    return await _step(request, zone_months.confirm)


@router.post(
    "/zones/{code}/months/{month}/return",
    **says(
        "Give a month back to its zone",
        description="The reports of `project_ids` must be written again, without it all of them; a reason is needed.",
        body=MonthReturn,
        answer=ZoneMonthRead,
        **STEP,
    ),
)
async def return_month(request: Request) -> Response:
    return await _step(request, zone_months.return_)


async def _step(request: Request, service: Callable[..., Any]) -> Response:
    body = await read_json(request)
    return await write(request, service, door.path_text(request, "code"), door.path_month(request), body, body=body)


# ── corrections ──────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(
    "/projects/{id}/reports/{month}/corrections",
    **says(
        "What was corrected in a locked report", query=(*PAGING, *TIME), answer=listed(CorrectionRead), refuses=(404,)
    ),
)
async def list_corrections(request: Request) -> Response:
    return await listed_from(request, corrections.list_, door.path_id(request), door.path_month(request))


@router.post(
    "/projects/{id}/reports/{month}/corrections",
    status_code=201,
    **says(
        "Correct a field of a locked report",
        description="The snapshot of the month stays; the right value counts from the first open month on.",
        body=CorrectionNew,
        answer=CorrectionRead,
        status=201,
        **STEP,
    ),
)
async def correct_report(request: Request) -> Response:
    body = await read_json(request)
    id_, month = door.path_id(request), door.path_month(request)
    return await write(
        request, corrections.create, id_, month, body, body=body, status=201, locate=lambda made: request.url.path
    )
