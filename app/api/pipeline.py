"""Figures of the pipeline: the funnel, the rates, the targets, and the rows behind them."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import AS_OF, AT_MONTH, CHANGING, IF_NONE_MATCH, MONTH, PAGING, READING, listed, param
from app.api.paging import listed_from
from app.api.record_pipeline import FunnelRead, PipelineRowRead, RatesRead, TargetRead, TargetsRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.desk import Desk
from app.errors import VersionNeeded
from app.models.target_shapes import TargetEdit
from app.services import funnel, rates, targets

router = api_router("Pipeline")
ZONE = param("zone", "Of this zone alone; left out: of all zones you see together.")
YEAR = {"type": "integer", "minimum": 1950, "maximum": 2199}
UNTIL = param(
    "month",
    "Facts up to the end of this month; left out: of the calendar's month. " + AT_MONTH.description,
    MONTH,
)
SINCE = param("since", "All signed since January of this year; left out: since January of the month's year.", YEAR)
BEGAN = (
    param("from", "Leads that began in this month or later; left out: January of the month's year.", MONTH),
    param("to", "Leads that began in this month or earlier; left out: the month.", MONTH),
)
LOOKING: dict[str, Any] = {"headers": (IF_NONE_MATCH,), "refuses": (404,)}


@router.get(
    "/rates",
    **says(
        "What became of what was signed",
        description="履约率, 落地率, 开工率（招商口径）, 投产率 and 资金到位率 over first definitive contracts, wherever they stand: on a "
        "lead or on the project it became. Expansions and framework agreements stand apart; who withdrew stays in the "
        "denominator. `plan_start` 开工率（计划口径） and `statistics` 入统率 are over the ledgers.",
        query=(
            ZONE,
            SINCE,
            param("by", "Each zone beside the whole.", {"type": "string", "enum": ["zone"]}),
            UNTIL,
            AS_OF,
        ),
        answer=RatesRead,
        **LOOKING,
    ),
)
async def read_rates(request: Request) -> Response:
    said = request.query_params
    return await read(request, rates.read, **_rates(request), by=said.get("by"), slow=True)


@router.get(
    "/rates/{rate}/{part}",
    **says(
        "The contracts of one side of a rate",
        description="`part` is `numerator`, `denominator`, `pending` or `unknown`; the rows of `plan_start` are those of the "
        "figure `to_start`.",
        query=(ZONE, SINCE, UNTIL, AS_OF, *PAGING),
        answer=listed(PipelineRowRead),
        refuses=(404,),
    ),
)
async def list_rate(request: Request) -> Response:
    rate, part = door.path_text(request, "rate"), door.path_text(request, "part")
    return await listed_from(request, rates.list_, rate, part, slow=True, **_rates(request))


def _rates(request: Request) -> dict[str, Any]:
    said = request.query_params
    since = said.get("since")
    return {"zone": said.get("zone"), "month": said.get("month"), "since": int(since) if since else None}


@router.get(
    "/funnel",
    **says(
        "The funnel of leads",
        description="Of the leads that began in some months: how many reached each stage, how many went on, how long they "
        "stood there, and why and to whom they were lost.",
        query=(
            ZONE, *BEGAN, param("by", "The same leads apart.", {"type": "string", "enum": [*funnel.KEYS]}), UNTIL, AS_OF,
        ),
        answer=FunnelRead,
        **LOOKING,
    ),
)  # fmt: skip
async def read_funnel(request: Request) -> Response:
    return await read(request, funnel.read, **_funnel(request), by=request.query_params.get("by"), slow=True)


@router.get(
    "/funnel/{stage}/{side}",
    **says(
        "The leads behind a bar of the funnel",
        description="`side` is `reached`, `here` (who stands in the stage and is not given up) or `lost` (who was lost in it).",
        query=(ZONE, *BEGAN, UNTIL, AS_OF, *PAGING),
        answer=listed(PipelineRowRead),
        refuses=(404,),
    ),
)
async def list_funnel(request: Request) -> Response:
    stage, side = door.path_text(request, "stage"), door.path_text(request, "side")
    return await listed_from(request, funnel.list_, stage, side, slow=True, **_funnel(request))


def _funnel(request: Request) -> dict[str, Any]:
    said = request.query_params
    return {"zone": said.get("zone"), "first": said.get("from"), "last": said.get("to"), "month": said.get("month")}


# ── targets ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(
    "/targets",
    **says(
        "Targets of a year, and how far they are",
        description="Of the zones that have one. The forecast takes the open leads of a class by stage, each at the share of "
        "decided leads that got from there to the goal: the zone's own, or that of all zones you see where it has fewer "
        "than 5. When it will be is not asked.",
        query=(ZONE, param("year", "Left out: the year of the month.", YEAR), UNTIL, AS_OF),
        answer=TargetsRead,
        **LOOKING,
    ),
)
async def read_targets(request: Request) -> Response:
    said = request.query_params
    year = said.get("year")
    return await read(
        request, targets.read, said.get("zone"), int(year) if year else None, said.get("month"), slow=True
    )


@router.get(
    "/zones/{code}/targets/{year}",
    **says("What is asked of a zone in a year", answer=TargetRead, **{**READING, "query": (AS_OF,), "refuses": (404,)}),
)
async def read_target(request: Request) -> Response:
    return await read(request, targets.one, door.path_text(request, "code"), door.path_year(request))


@router.put(
    "/zones/{code}/targets/{year}",
    **says(
        "Set the target of a zone and year",
        description="By the city office, as a whole. Other classes than were asked for need a reason. No class at all: "
        "nothing is asked for. The first needs no `If-Match`, a later one does.",
        body=TargetEdit,
        answer=TargetRead,
        **{**CHANGING, "refuses": (404, *CHANGING["refuses"])},
    ),
)
async def put_target(request: Request) -> Response:
    body = await read_json(request)
    new = "if-match" not in request.headers
    version = None if new else door.version_sent(request)
    code, year = door.path_text(request, "code"), door.path_year(request)
    return await write(request, _put, code, year, body, body=body, version=version, new=new)


def _put(desk: Desk, code: str, year: int, body: dict[str, Any], *, version: int | None, new: bool) -> dict[str, Any]:
    if new and targets.exists(desk, code, year):
        raise VersionNeeded
    return targets.put(desk, code, year, body, version=version)
