"""Ledgers as files: the same workbook as the page gives."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.describing import AS_OF, AT_MONTH, param
from app.api.ledgers import ledger_of
from app.api.questions import FILTERS, SORT, ZONES, question
from app.api.routing import router as api_router
from app.api.routing import says
from app.errors import NotFound
from app.handing import Whole
from app.services import exports, form_exports, project_exports
from app.services.asking import Asked

router = api_router("Ledgers")
UNIT = param("unit", "万元 (`wan`) or 亿元 (`yi`).", {"type": "string", "enum": ["wan", "yi"]})
DECLARED: dict[str, Any] = {
    "description": "`form` is `xlsx` or `csv`.",
    "answer": {"type": "string"},
    "media_types": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"),
}
FORM = param("form", "Name of a master's form: the ledger comes out in its layout and units, as xlsx only.")
PARAMETERS = (UNIT, FORM, SORT, AS_OF, AT_MONTH, *FILTERS)


@router.get(
    "/zones/{code}/ledgers/{ledger}.{form}", **says("A ledger of a zone as a file", query=PARAMETERS, **DECLARED)
)
async def export_ledger(request: Request) -> Response:
    as_of = await door.moment(request)
    asked = question(request, zone=door.path_text(request, "code"), ledger=ledger_of(request), seq=as_of)
    return await _file(request, asked, as_of)


@router.get(
    "/ledgers/{ledger}.{form}",
    **says("A ledger over all zones you see as a file", query=(ZONES, *PARAMETERS), **DECLARED),
)
async def export_city_ledger(request: Request) -> Response:
    as_of = await door.moment(request)
    return await _file(request, question(request, ledger=ledger_of(request), seq=as_of), as_of)


@router.get(
    "/projects/{id}.xlsx",
    **says(
        "One project on its own page",
        description="Sent back as an import, it is compared cell by cell.",
        query=(UNIT,),
        answer={"type": "string"},
        media_types=(exports.TYPES["xlsx"],),
        refuses=(404,),
    ),
)
async def export_project(request: Request) -> Response:
    id_, unit = door.path_id(request), unit_of(request) or "wan"
    return offered(await door.database(request).read(door.caller(request), project_exports.file, id_, unit, slow=True))


def unit_of(request: Request) -> str | None:
    unit = request.query_params.get("unit")
    if unit not in (None, "wan", "yi"):
        raise door.bad_parameter("unit", "Choose one of: {choices}", choices="wan, yi")
    return unit


def offered(made: exports.Made) -> Response:
    """A file that was written for this answer."""
    headers = {"Cache-Control": "no-store"}
    return Whole(made.path, passing=True, media_type=made.media_type, filename=made.name, headers=headers)


async def _file(request: Request, asked: Asked, as_of: int | None) -> Response:
    form, unit = request.path_params["form"], unit_of(request)
    master = request.query_params.get("form")
    if form not in ("xlsx", "csv"):
        raise NotFound
    if master is not None and (form != "xlsx" or unit is not None):
        raise door.bad_parameter("form", "A form is written as xlsx, in its own units")
    caller, db = door.caller(request, as_of=as_of), door.database(request)
    if master is not None:
        made = await db.read(caller, form_exports.file, asked, master, slow=True)
    else:
        made = await db.read(caller, exports.file, asked, unit, form, slow=True)
    return offered(made)
