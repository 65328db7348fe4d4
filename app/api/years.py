"""The turn of the year: opened by the city office, decided by the zones; and baselines that the city office accepts."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import ACTING, IF_NONE_MATCH, PAGING, listed
from app.api.paging import listed_from
from app.api.record_years import OpenedYear, YearRead, ZoneYearRead
from app.api.records import ProjectRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.desk import Desk
from app.models.year_shapes import BaselineAccept, StartDecision, YearOpen
from app.services import baselines, start_decisions, years

router = api_router("Months")
LOOKING: dict[str, Any] = {"headers": (IF_NONE_MATCH,), "refuses": (404,)}


@router.get("/years", **says("The plan years that were opened, newest first", query=PAGING, answer=listed(OpenedYear)))
async def list_years(request: Request) -> Response:
    return await listed_from(request, years.list_)


@router.get(
    "/years/{year}",
    **says(
        "The turn of a year: what it carries over, what it asks for, what it closes",
        description="Before it is opened this is the preview, afterwards what is left to do. A year beyond the next is 404.",
        answer=YearRead,
        **LOOKING,
    ),
)
async def read_year(request: Request) -> Response:
    return await read(request, _read, door.path_year(request), slow=True)


def _read(desk: Desk, year: int) -> dict[str, Any]:
    return years.read(desk, years.shown(desk, year))


@router.post(
    "/years/{year}/open",
    status_code=201,
    **says(
        "Open a plan year 跨年结转",
        description="Until then the ledgers go on showing December. Every unfinished project is carried over: its spending "
        "so far stands as before the year, its plan is unknown until one is written (one that was written beforehand "
        "counts), last year's stays among its plans. What was upcoming and did not start waits for a decision. Possible "
        "from December on, once for each zone; a reason is needed. `validate_only=true` is the preview.",
        body=YearOpen,
        answer=YearRead,
        status=201,
        **ACTING,
    ),
)
async def open_year(request: Request) -> Response:
    body = await read_json(request)
    year = door.path_year(request)
    address = lambda made: request.url.path.removesuffix("/open")  # noqa: E731
    return await write(request, years.open_, year, body, body=body, status=201, locate=address)


@router.get(
    "/zones/{code}/years/{year}",
    **says("The projects of a zone that the turn of the year concerns", answer=ZoneYearRead, **LOOKING),
)
async def read_zone_year(request: Request) -> Response:
    return await read(request, _of_zone, door.path_text(request, "code"), door.path_year(request), slow=True)


def _of_zone(desk: Desk, code: str, year: int) -> dict[str, Any]:
    return years.of_zone(desk, code, years.shown(desk, year))


@router.post(
    "/projects/{id}/years/{year}/decision",
    **says(
        "Decide what becomes of a project that did not start in the year before",
        description="`new_month` commits it to a month of the year: its light is judged by that month, the first month and "
        "the number of postponements stay. `reserve` moves it back, `exit` takes it out of the ledgers; both need a reason.",
        body=StartDecision,
        answer=ProjectRead,
        **ACTING,
    ),
)
async def decide_start(request: Request) -> Response:
    body = await read_json(request)
    id_, year = door.path_id(request), door.path_year(request)
    return await write(request, start_decisions.decide, id_, year, body, body=body)


@router.post(
    "/projects/{id}/baseline",
    **says(
        "Accept what is planned now as what lights compare with",
        description="For the city office. Lights compare with the first committed start and the first annual plan of the "
        "year; whoever postpones or lowers turns nothing green. Once accepted, they compare with what is in force now; the "
        "first stays visible. 409 `nothing_to_accept` where it is no other.",
        body=BaselineAccept,
        answer=ProjectRead,
        **ACTING,
    ),
)
async def accept_baseline(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, baselines.accept, door.path_id(request), body, body=body)
