"""Leads: the record, its list, its stages, what is decided, and its landing in a ledger."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.answers import answer
from app.api.body import read_json
from app.api.describing import ACTING, AS_OF, CHANGING, CREATING, IF_NONE_MATCH, PAGING, REMOVING, TIME, listed, param
from app.api.lead_questions import LEADS, chosen, light, question
from app.api.paging import link_next, listed_from, tag_of
from app.api.record_leads import (
    LandingPreview,
    LandingRead,
    LeadGateRead,
    LeadMoveRead,
    LeadRead,
    LeadTransferRead,
)
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.desk import Desk
from app.models.lead_shapes import (
    LandingNew,
    LeadChange,
    LeadDispositionNew,
    LeadMoveNew,
    LeadNew,
    LeadReleaseNew,
    LeadTransferNew,
)
from app.models.shapes import check
from app.rules.codes import LeadStage, Ledger
from app.services import landing, lead_moves, leads, ledgers
from app.services.asking import Asked

router = api_router("Leads")
DELETED = param(
    "deleted", "Whether a deleted one is shown.", {"type": "string", "enum": ["no", "with"], "default": "no"}
)
TO = param("to", "The stage.", {"type": "string", "enum": [s.value for s in LeadStage]}, required=True)
LEDGER = param("ledger", "The ledger.", {"type": "string", "enum": ["reserve", "upcoming"], "default": "reserve"})


def address(record: dict[str, Any]) -> str:
    return f"{BASE}/leads/{record['id']}"


@router.get(
    "/leads",
    **says(
        "Leads of every zone you see",
        description="A confidential one stands under its code name, and its other names are null, for who may not see them: "
        "`named` says which. It cannot be found, filtered or sorted by what is not shown.",
        query=(*LEADS, AS_OF),
        headers=(IF_NONE_MATCH,),
        answer=listed(LeadRead),
        refuses=(404,),
    ),
)
async def list_leads(request: Request) -> Response:
    as_of = await door.moment(request)
    asked, colour, wanted = question(request, as_of), light(request), chosen(request)
    db, counted = door.database(request), door.exact_count(request)
    said = await db.read(door.caller(request, as_of=as_of), _list, asked, colour, counted, slow=counted)
    if as_of is not None:
        said["as_of_act"] = as_of
    said["items"] = [{name: item[name] for name in wanted} for item in said["items"]]
    body = orjson.dumps(said)
    return answer(request, body, tag=tag_of(body), headers=link_next(request, said["next"]))


def _list(desk: Desk, asked: Asked, colour: str | None, counted: bool) -> dict[str, Any]:
    asked = leads.coloured(desk, asked, colour)
    items, following = leads.page(desk, asked)
    return {"items": items, "next": following} | ({"count": ledgers.count(desk, asked)} if counted else {})


@router.post(
    "/leads",
    status_code=201,
    **says(
        "Register a lead",
        description="The moment of the act is the evidence of who was first.",
        body=LeadNew,
        answer=LeadRead,
        status=201,
        **CREATING,
    ),
)
async def create_lead(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _create, body, body=body, status=201, locate=address)


def _create(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    given = check(LeadNew, body)
    placed = {name: given.pop(name) for name in ("zone", "registered_on", "ref") if name in given}
    return leads.create(desk, given, **placed)


@router.get(
    "/leads/{id}",
    **says("One lead", query=(DELETED, *TIME), headers=(IF_NONE_MATCH,), answer=LeadRead, refuses=(404,)),
)
async def read_lead(request: Request) -> Response:
    deleted = request.query_params.get("deleted", "no")
    if deleted not in ("no", "with"):
        raise door.bad_parameter("deleted", "Choose one of: {choices}", choices="no, with")
    return await read(request, leads.read, door.path_id(request), deleted=deleted == "with")


@router.patch("/leads/{id}", **says("Change a lead", body=LeadChange, answer=LeadRead, **CHANGING))
async def amend_lead(request: Request) -> Response:
    body = await read_json(request)
    version = door.version_sent(request)
    return await write(request, leads.amend, door.path_id(request), body, body=body, version=version)


@router.delete("/leads/{id}", **says("Delete a lead that was entered by mistake", answer=LeadRead, **REMOVING))
async def remove_lead(request: Request) -> Response:
    return await write(request, leads.remove, door.path_id(request), version=door.version_sent(request))


@router.post("/leads/{id}/restore", **says("Bring a deleted lead back", answer=LeadRead, **CREATING))
async def restore_lead(request: Request) -> Response:
    return await write(request, leads.restore, door.path_id(request))


# ── stages ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/leads/{id}/gate", **says("What a move would lack", query=(TO,), answer=LeadGateRead, refuses=(404,)))
async def read_lead_gate(request: Request) -> Response:
    to = request.query_params.get("to", "")
    if to not in list(LeadStage):
        raise door.bad_parameter("to", "Choose one of: {choices}", choices=", ".join(LeadStage))
    return await read(request, lead_moves.gate, door.path_id(request), to)


@router.get("/leads/{id}/moves", **says("The stages of a lead", query=(*PAGING, *TIME), answer=listed(LeadMoveRead)))
async def list_lead_moves(request: Request) -> Response:
    return await listed_from(request, lead_moves.history, door.path_id(request))


@router.post(
    "/leads/{id}/moves",
    **says(
        "Move a lead into another stage",
        description="409 `stage_not_met` lists what is `missing`, by stage; `facts` fill it in. A move back needs a reason.",
        body=LeadMoveNew,
        answer=LeadRead,
        **ACTING,
    ),
)
async def move_lead(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _move, door.path_id(request), body, body=body)


def _move(desk: Desk, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    given = check(LeadMoveNew, body)
    return lead_moves.move(
        desk, id_, to=given["to"], on=given.get("on"), edit=given.get("facts"), version=given.get("version")
    )


@router.post(
    "/leads/{id}/dispositions",
    **says(
        "Let a lead rest, lose it, see it withdrawn, or take it up again",
        description="Always with a reason; `lost` says to whom.",
        body=LeadDispositionNew,
        answer=LeadRead,
        **ACTING,
    ),
)
async def dispose_of_lead(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _dispose, door.path_id(request), body, body=body)


def _dispose(desk: Desk, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    return lead_moves.dispose(desk, id_, **check(LeadDispositionNew, body))


@router.post(
    "/leads/{id}/release",
    **says("Show the name of a confidential lead from now on", body=LeadReleaseNew, answer=LeadRead, **ACTING),
)
async def release_lead(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _release, door.path_id(request), body, body=body)


def _release(desk: Desk, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    return leads.release(desk, id_, **check(LeadReleaseNew, body))


@router.get(
    "/leads/{id}/transfers", **says("Zones that a lead was given to", query=PAGING, answer=listed(LeadTransferRead))
)
async def list_lead_transfers(request: Request) -> Response:
    return await listed_from(request, lead_moves.transfers, door.path_id(request))


@router.post(
    "/leads/{id}/transfers",
    **says(
        "Give a lead to another zone",
        description="By the city office, with a reason. `credit_percent` of it stays with the zone that registered it.",
        body=LeadTransferNew,
        answer=LeadRead,
        **ACTING,
    ),
)
async def transfer_lead(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _transfer, door.path_id(request), body, body=body)


def _transfer(desk: Desk, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    return lead_moves.transfer(desk, id_, **check(LeadTransferNew, body))


# ── landing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(
    "/leads/{id}/landing",
    **says(
        "What landing would write, and what the ledger asks for",
        query=(LEDGER,),
        answer=LandingPreview,
        refuses=(404, 409),
    ),
)
async def preview_landing(request: Request) -> Response:
    ledger = request.query_params.get("ledger", Ledger.RESERVE.value)
    if ledger not in ("reserve", "upcoming"):
        raise door.bad_parameter("ledger", "Choose one of: {choices}", choices="reserve, upcoming")
    return await read(request, landing.preview, door.path_id(request), ledger)


@router.post(
    "/leads/{id}/landing",
    status_code=201,
    **says(
        "Make the project of a lead",
        description="From negotiating on into the reserve, once signed into the upcoming too, through the ledger's gate. The "
        "lead is then the early chapter of its project and never counted beside it. `project_id` attaches it to a planned "
        "project instead. A confidential lead is released first (409 `confidential`).",
        body=LandingNew,
        answer=LandingRead,
        status=201,
        **ACTING,
    ),
)
async def land_lead(request: Request) -> Response:
    body = await read_json(request)
    locate = lambda made: f"{BASE}/projects/{made['id']}"  # noqa: E731
    return await write(request, _land, door.path_id(request), body, body=body, status=201, locate=locate)


def _land(desk: Desk, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    return landing.land(desk, id_, **check(LandingNew, body))
