"""The city's catalogue of items, and which zone holds which: the matrix."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import CHANGING, CREATING, PAGING, READING, TIME, listed, param
from app.api.exports import offered
from app.api.paging import listed_from
from app.api.record_powers import ListDone, MatrixRead, PowerRead, PowerWithZones
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.short_lists import asking
from app.api.uploads import form_of, one_form
from app.desk import Desk
from app.errors import NotFound
from app.models.power_shapes import PowerEdit, PowerNew
from app.rules.codes import DelegationForm, DelegationState, PowerKind
from app.services import exports, power_exports, power_imports, power_map, powers

router = api_router("Powers")
FILTERS = (
    param("department", "Only items of this department.", many=True),
    param("kind", "Only items of this kind.", {"type": "string", "enum": [k.value for k in PowerKind]}, many=True),
    param(
        "state",
        "Only items that a zone shown holds in this state; `none`: does not hold.",
        {"type": "string", "enum": [*(s.value for s in DelegationState), power_map.NONE]},
        many=True,
    ),
    param("zone", "Only these zones.", many=True),
    param("q", "Text in name, code, department or basis.", {"type": "string", "maxLength": 100}),
)


@router.get(
    "/powers",
    **says("The catalogue of items", query=(*asking(PowerRead), *PAGING, *TIME), answer=listed(PowerRead)),
)
async def list_powers(request: Request) -> Response:
    return await listed_from(request, powers.list_, items=PowerRead)


@router.post("/powers", status_code=201, **says("A new item", body=PowerNew, answer=PowerRead, status=201, **CREATING))
async def create_power(request: Request) -> Response:
    body = await read_json(request)
    return await write(
        request, powers.create, body, body=body, status=201, locate=lambda made: f"{BASE}/powers/{made['code']}"
    )


@router.get("/powers/{power}", **says("One item, and the zones that hold it", answer=PowerWithZones, **READING))
async def read_power(request: Request) -> Response:
    return await read(request, powers.read, door.path_text(request, "power"))


@router.patch(
    "/powers/{power}",
    **says(
        "Change an item",
        description="409 `still_held` where zones hold it beyond a new end of its basis, or although it is now reserved.",
        body=PowerEdit,
        answer=PowerRead,
        **CHANGING,
    ),
)
async def amend_power(request: Request) -> Response:
    body = await read_json(request)
    code, version = door.path_text(request, "power"), door.version_sent(request)
    return await write(request, powers.amend, code, body, body=body, version=version)


@router.get(
    "/power-matrix",
    **says(
        "Items × zones, by department",
        description="Zones that hold anything, and yours; at most 24: choose others with `zone`. What a zone holds is published, "
        "so all zones are read by everybody. The single cells are at `/zones/{code}/delegations`.",
        query=(*FILTERS, *TIME),
        answer=MatrixRead,
    ),
)
async def read_matrix(request: Request) -> Response:
    return await read(request, _matrix, asked_of(request))


def asked_of(request: Request) -> power_map.Asked:
    """What of the matrix the address asks for."""
    sent = request.query_params
    departments, kinds, states, zones = (tuple(sent.getlist(n)) for n in ("department", "kind", "state", "zone"))
    return power_map.Asked(departments, kinds, states, zones, sent.get("q", ""))


def _matrix(desk: Desk, asked: power_map.Asked) -> dict[str, Any]:
    found = power_map.matrix(desk, asked)

    def told(group: power_map.Group) -> list[dict[str, Any]]:
        shares = zip(found.columns, group.held, group.shares, strict=True)
        return [{"zone": column.code, "held": held, "percent": share} for column, held, share in shares]

    zones = [
        {"code": column.code, "name": column.name, "held": one["held"], "percent": one["percent"]}
        for column, one in zip(found.columns, told(found.whole), strict=True)
    ]
    departments = [{"department": g.department, "items": g.total, "zones": told(g)} for g in found.groups]
    return {"items": found.whole.total, "zones": zones, "departments": departments}


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(
    "/power-matrix.{form}",
    **says(
        "Items × zones as a file",
        description="`form` is `xlsx` or `csv`. Sent back as an import, it changes nothing.",
        query=FILTERS,
        answer={"type": "string"},
        media_types=(exports.TYPES["xlsx"], "text/csv"),
    ),
)
async def export_matrix(request: Request) -> Response:
    form = request.path_params["form"]
    if form not in ("xlsx", "csv"):
        raise NotFound
    made = await door.database(request).read(
        door.caller(request), power_exports.file, asked_of(request), form, slow=True
    )
    return offered(made)


TEXT = {"type": "string", "maxLength": 200}
DAY = {"type": "string", "format": "date"}
LIST_FORM = form_of(
    ".xlsx, .xls, .et or .csv: a published list",
    zones={"type": "string", "description": "Codes of zones, comma between: every line is given to them", "example": "371500-ETDZ"},
    by_sheet={"type": "string", "enum": ["true", "false"], "description": "Each sheet is for the zone that its name or title names"},
    form={"type": "string", "enum": [f.value for f in DelegationForm], "description": "Where the list names none"},
    state={"type": "string", "enum": ["pending", "taken_over", "running"]},
    batch=TEXT,
    document=TEXT,
    scope_document=TEXT,
    receiving_department=TEXT,
    given_on=DAY,
    effective_from=DAY,
    effective_until=DAY,
)  # fmt: skip


@router.post(
    "/powers/imports",
    status_code=201,
    **says(
        "Import a published list",
        description="Captions as in real lists (序号, 事项名称, 事项类型, 原行使部门, 赋权形式, 备注 …), perhaps a column for each zone. One "
        "act; lines that are refused are left out and told with cell, rule and what to do. Sent twice it writes once. "
        "`validate_only=true` is the preview.",
        body=LIST_FORM,
        answer=ListDone,
        status=201,
        **{**CREATING, "refuses": (403, 413, 415, 422)},
    ),
)
async def import_list(request: Request) -> Response:
    db = door.database(request)
    zones = await db.read(door.caller(request), power_imports.spellings)  # before anything of the file is read
    async with one_form(request) as (values, file):
        content, name = await file.read(), file.filename or ""
    draft = await asyncio.to_thread(power_imports.read_file, content, name, zones)
    said = {**values, "zones": [z.strip() for z in str(values.get("zones") or "").split(",") if z.strip()]}
    said["by_sheet"] = values.get("by_sheet") == "true"
    return await write(
        request, power_imports.commit, draft, said, body=said, content=[values, hashlib.sha256(content).hexdigest()], status=201,
    )  # fmt: skip
