"""Enterprises, what they have invested, and which of them a zone wants to win."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import ACTING, CHANGING, CREATING, PAGING, READING, REMOVING, TIME, listed, param
from app.api.paging import listed_from
from app.api.record_enterprises import EnterpriseRead, InvestmentsRead, LedRead, TargetFirmRead
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.short_lists import asking
from app.desk import Desk
from app.errors import NotFound, VersionNeeded
from app.models.checking import check
from app.models.enterprise_shapes import EnterpriseEdit, EnterpriseMerge, EnterpriseNew, TargetFirmEdit
from app.rules.firm_codes import EnterpriseClass
from app.services import enterprises, target_enterprises

router = api_router("Enterprises")
Q = param(
    "q",
    "A name in any spelling it has or had, its pinyin or initials, or the beginning of a credit code.",
    {"type": "string", "maxLength": 100},
)
CLASS = param("class", "Only of one of these classes.", {"type": "string", "enum": list(EnterpriseClass)}, many=True)
ASKING = (Q, CLASS, *(p for p in asking(EnterpriseRead) if p.name != "q"))
TARGET = "/zones/{code}/target-enterprises/{enterprise_id}"


@router.get(
    "/enterprises",
    **says("Enterprises, by name", query=(*ASKING, *PAGING, *TIME), answer=listed(EnterpriseRead)),
)
async def list_enterprises(request: Request) -> Response:
    sent = request.query_params
    words, classes = sent.get("q", ""), sent.getlist("class")
    return await listed_from(request, enterprises.list_, words, classes=classes, items=EnterpriseRead, searched=True)


@router.post(
    "/enterprises",
    status_code=201,
    **says(
        "A new enterprise",
        description="The credit code is checked; `wrong_check_character` says which one would be right. 409 `code_taken` or "
        "`name_taken` names the one that is known.",
        body=EnterpriseNew,
        answer=EnterpriseRead,
        status=201,
        **CREATING,
    ),
)
async def create_enterprise(request: Request) -> Response:
    body = await read_json(request)
    return await write(
        request, enterprises.create, body, body=body, status=201, locate=lambda made: f"{BASE}/enterprises/{made['id']}"
    )


@router.get("/enterprises/{id}", **says("One enterprise", answer=EnterpriseRead, **READING))
async def read_enterprise(request: Request) -> Response:
    return await read(request, enterprises.read, door.path_id(request))


@router.patch(
    "/enterprises/{id}",
    **says(
        "Change an enterprise; its former name stays findable", body=EnterpriseEdit, answer=EnterpriseRead, **CHANGING
    ),
)
async def amend_enterprise(request: Request) -> Response:
    body = await read_json(request)
    version = door.version_sent(request)
    return await write(request, enterprises.amend, door.path_id(request), body, body=body, version=version)


@router.delete(
    "/enterprises/{id}", **says("Delete an enterprise that nothing names", answer=EnterpriseRead, **REMOVING)
)
async def remove_enterprise(request: Request) -> Response:
    return await write(request, enterprises.remove, door.path_id(request), version=door.version_sent(request))


@router.post("/enterprises/{id}/restore", **says("Bring a deleted enterprise back", answer=EnterpriseRead, **CREATING))
async def restore_enterprise(request: Request) -> Response:
    return await write(request, enterprises.restore, door.path_id(request))


@router.post(
    "/enterprises/{id}/merge",
    **says(
        "Two entries are one firm: this one goes up in another",
        body=EnterpriseMerge,
        answer=EnterpriseRead,
        **ACTING,
    ),
)
async def merge_enterprise(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _merge, door.path_id(request), body, body=body)


def _merge(desk: Desk, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    return enterprises.merge(desk, id_, **check(EnterpriseMerge, body))


@router.get(
    "/enterprises/{id}/investments",
    **says("What an enterprise has invested, as far as you may see", answer=InvestmentsRead, **READING),
)
async def read_investments(request: Request) -> Response:
    return await read(request, _investments, door.path_id(request), slow=True)


def _investments(desk: Desk, id_: int) -> dict[str, Any]:
    items = enterprises.investments(desk, id_)
    return {"items": items, **enterprises.summed(items)}


@router.get(
    "/enterprises/{id}/leads",
    **says(
        "The leads that name an enterprise, as far as you may see",
        description="Confidential ones are among them only for who may read their names.",
        query=PAGING,
        answer=listed(LedRead),
        refuses=(404,),
    ),
)
async def list_leads_of_enterprise(request: Request) -> Response:
    return await listed_from(request, enterprises.leads, door.path_id(request))


# ── targets ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(
    "/zones/{code}/target-enterprises",
    **says(
        "The firms that a zone wants to win",
        query=(*asking(TargetFirmRead), *PAGING, *TIME),
        answer=listed(TargetFirmRead),
        refuses=(404,),
    ),
)
async def list_target_firms(request: Request) -> Response:
    return await listed_from(request, target_enterprises.list_, door.path_text(request, "code"), items=TargetFirmRead)


def _named(request: Request) -> tuple[str, int]:
    return door.path_text(request, "code"), door.path_id(request, "enterprise_id")


@router.get(TARGET, **says("One target of a zone", answer=TargetFirmRead, **READING))
async def read_target_firm(request: Request) -> Response:
    return await read(request, target_enterprises.read, *_named(request))


@router.put(
    TARGET,
    **says(
        "Put a firm on a zone's list, or change what stands there",
        description="If-Match is needed when it is on the list.",
        body=TargetFirmEdit,
        answer=TargetFirmRead,
        **CHANGING,
    ),
)
async def put_target_firm(request: Request) -> Response:
    body = await read_json(request)
    new = "if-match" not in request.headers
    version = None if new else door.version_sent(request)
    return await write(request, _put, *_named(request), body, body=body, version=version, new=new)


def _put(desk: Desk, zone: str, id_: int, body: dict[str, Any], *, version: int | None, new: bool) -> dict[str, Any]:
    if new and _is_target(desk, zone, id_):
        raise VersionNeeded
    return target_enterprises.put(desk, zone, id_, body, version=version)


def _is_target(desk: Desk, zone: str, id_: int) -> bool:
    try:
        target_enterprises.read(desk, zone, id_)
    except NotFound:
        return False
    return True


@router.delete(TARGET, **says("Take a firm off a zone's list", answer=TargetFirmRead, **REMOVING))
async def remove_target_firm(request: Request) -> Response:
    return await write(request, target_enterprises.remove, *_named(request), version=door.version_sent(request))
