"""What a zone holds of the catalogue, the steps of its hand-over, batches over several zones, and the lines of responsibility."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import ACTING, CHANGING, PAGING, READING, REMOVING, TIME, listed, param
from app.api.paging import listed_from
from app.api.record_powers import BatchDone, BoundaryRead, DelegationRead, DelegationWithPeriods, GapRead
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.short_lists import asking
from app.desk import Desk
from app.errors import NotFound, VersionNeeded
from app.models.power_shapes import (
    BoundaryEdit,
    BoundaryNew,
    DelegationBatch,
    DelegationEdit,
    DelegationMove,
    DelegationMoves,
)
from app.services import boundaries, delegating, delegations, power_map

router = api_router("Powers")
PLACE = "/zones/{code}/delegations"
PAST = param("past", "The periods before as well.", {"type": "string", "enum": ["true", "false"], "default": "false"})
SISTER = param("with", "Code of the zone to compare with.", required=True)
PUBLISHED = "Of zones that are not yours you read what is published."


def _named(request: Request) -> tuple[str, str]:
    return door.path_text(request, "code"), door.path_text(request, "power")


@router.get(
    PLACE,
    **says(
        "What a zone holds",
        description=f"The last period of each item; `past=true` all of them. {PUBLISHED}",
        query=(PAST, *asking(DelegationRead), *PAGING, *TIME),
        answer=listed(DelegationRead),
        refuses=(404,),
    ),
)
async def list_delegations(request: Request) -> Response:
    code, past = door.path_text(request, "code"), door.flag(request, "past")
    return await listed_from(request, delegations.list_, code, past=past, items=DelegationRead)


@router.get(
    PLACE + "/{power}",
    **says("How a zone holds an item", description=PUBLISHED, answer=DelegationWithPeriods, **READING, refuses=(404,)),
)
async def read_delegation(request: Request) -> Response:
    return await read(request, delegations.read, *_named(request))


@router.put(
    PLACE + "/{power}",
    **says(
        "Give an item to a zone, or change what is written of it",
        description="Nothing is held, or it was revoked: a new period begins, and `form` is needed. Else what is given is changed, "
        "with If-Match; the state changes by a step only. Giving is the city's (`form`, `batch`, `document`, the two days, "
        "`scope_document`), the rest the zone's too. 409 with every reason for what contradicts another period "
        "(`two_at_once`), the basis (`outside_basis`) or the law (`reserved_by_law`).",
        body=DelegationEdit,
        answer=DelegationWithPeriods,
        **CHANGING,
    ),
)
async def put_delegation(request: Request) -> Response:
    body = await read_json(request)
    new = "if-match" not in request.headers
    version = None if new else door.version_sent(request)
    return await write(request, _put, *_named(request), body, body=body, version=version, new=new)


def _put(
    desk: Desk, code: str, power: str, body: dict[str, Any], *, version: int | None, new: bool
) -> dict[str, Any]:  # fmt: skip
    if new and _held(desk, code, power):
        raise VersionNeeded
    return delegations.put(desk, code, power, body, version=version)


def _held(desk: Desk, code: str, power: str) -> bool:
    try:
        return bool(delegations.read(desk, code, power)["state"] != "revoked")
    except NotFound:
        return False


@router.post(
    PLACE + "/{power}/moves",
    status_code=201,
    **says(
        "Take the next step",
        description="`pending` → `taken_over` → `running` → `adjusted` → `revoked`; who runs at once has taken over on the same "
        "day. `taken_over` asks for `receiving_department` (an entrustment for `scope_document` too), `running` for "
        "`effective_from`, `adjusted` and `revoked` for `document`. Adjusting and revoking are the city's.",
        body=DelegationMove,
        answer=DelegationWithPeriods,
        status=201,
        **ACTING,
    ),
)
async def move_delegation(request: Request) -> Response:
    body = await read_json(request)
    place = "/".join(_named(request))
    return await write(
        request, delegations.move, *_named(request), body, body=body, status=201,
        locate=lambda made: f"{BASE}/zones/{place.replace('/', '/delegations/', 1)}",
    )  # fmt: skip


@router.post(
    "/delegations/batch",
    **says(
        "Hand a batch down to several zones",
        description="Every set is items × zones, so that each zone may get others. One act, whole or not at all: 409 "
        "`batch_refused` names each cell that cannot be, with its reason. What is held just so already stays. "
        "`validate_only=true` is the preview.",
        body=DelegationBatch,
        answer=BatchDone,
        **ACTING,
    ),
)
async def give_delegations(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, delegating.give, body, body=body)


@router.post(
    "/delegations/moves",
    **says(
        "Take one step with many delegations",
        description="Such as taking a batch back. One act, whole or not at all.",
        body=DelegationMoves,
        answer=BatchDone,
        **ACTING,
    ),
)
async def move_delegations(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, delegating.move, body, body=body)


@router.get(
    "/zones/{code}/delegation-gap",
    **says(
        "What a sister zone has taken over and this zone has not",
        query=(SISTER, *PAGING, *TIME),
        answer=listed(GapRead),
        refuses=(404,),
    ),
)
async def list_gap(request: Request) -> Response:
    sister = request.query_params.get("with", "")
    if not sister:
        raise door.bad_parameter("with", "This must be given")
    return await listed_from(request, power_map.gap, door.path_text(request, "code"), sister)


# ── responsibilities ─────────────────────────────────────────────────────────────────────────────────────────────────
LINES = "/zones/{code}/boundaries"


def _line(request: Request) -> tuple[str, int]:
    return door.path_text(request, "code"), door.path_id(request)


@router.get(
    LINES, **says("Who answers for what in a zone", query=(*PAGING, *TIME), answer=listed(BoundaryRead), refuses=(404,))
)
async def list_boundaries(request: Request) -> Response:
    return await listed_from(request, boundaries.list_, door.path_text(request, "code"))


@router.post(
    LINES,
    status_code=201,
    **says("Write down who answers for a matter", body=BoundaryNew, answer=BoundaryRead, status=201, **ACTING),
)
async def create_boundary(request: Request) -> Response:
    body, code = await read_json(request), door.path_text(request, "code")
    return await write(
        request, boundaries.create, code, body, body=body, status=201,
        locate=lambda made: f"{BASE}/zones/{code}/boundaries/{made['id']}",
    )  # fmt: skip


@router.get(LINES + "/{id}", **says("One line", answer=BoundaryRead, **READING, refuses=(404,)))
async def read_boundary(request: Request) -> Response:
    return await read(request, boundaries.read, *_line(request))


@router.patch(LINES + "/{id}", **says("Change a line", body=BoundaryEdit, answer=BoundaryRead, **CHANGING))
async def amend_boundary(request: Request) -> Response:
    body = await read_json(request)
    version = door.version_sent(request)
    return await write(request, boundaries.amend, *_line(request), body, body=body, version=version)


@router.delete(LINES + "/{id}", **says("Take a line away", answer=BoundaryRead, **REMOVING))
async def remove_boundary(request: Request) -> Response:
    return await write(request, boundaries.remove, *_line(request), version=door.version_sent(request))
