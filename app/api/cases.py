"""Cases of a project's approval chain, its way through it, and what a zone settles itself."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.batches import Batch, write_batch
from app.api.body import read_json
from app.api.describing import (
    AS_OF,
    CHANGING,
    CREATING,
    DAY,
    IF_NONE_MATCH,
    KEY,
    PAGING,
    READING,
    REASON,
    REMOVING,
    TIME,
    VALIDATE_ONLY,
    listed,
    param,
)
from app.api.paging import listed_from
from app.api.record_cases import CaseBatchRead, CaseRead, CoverageRead, PathRead, ZoneCase, ZoneCoverage
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.short_lists import asking
from app.models.case_shapes import BatchCase, CaseBatch, CaseEdit, CaseNew
from app.rules.codes import ChainClass
from app.services import case_lists, case_references, cases, coverage, paths

router = api_router("Approvals")
PLACE = "/projects/{id}/approvals"
CASES = Batch(whole=CaseBatch, item=BatchCase, service=case_references.batch, told=("id", "project_id", "version"))
CLASS = param(
    "class",
    "The class of projects that is meant.",
    {"type": "string", "enum": [c.value for c in ChainClass], "default": "enterprise_industrial"},
)
ON = param("on", "The day on which it is judged; default today, with `as_of` that day.", DAY)
FROM = param("from", "First day of the period of cases; default one year before.", DAY)
WHAT_IF = param(
    "what_if", "Code of an item that the zone would hold as well.", {"type": "string", "maxLength": 40}, many=True
)
AGAINST = param(
    "against",
    "Code of a sister zone, or `county` for what a county settles itself.",
    {"type": "string", "maxLength": 40},
)


@router.get(
    PLACE,
    **says(
        "The cases of a project",
        description="In the order of its chain. A procedure of which only the state is known is a case too, `typed`, without an id.",
        query=(*asking(CaseRead), *PAGING, *TIME),
        answer=listed(CaseRead),
        refuses=(404,),
    ),
)
async def list_cases(request: Request) -> Response:
    return await listed_from(request, cases.list_, door.path_id(request), items=CaseRead)


@router.post(
    PLACE,
    status_code=201,
    **says(
        "Enter a case",
        description="The state and the promised day of one of the five procedures follow on the project in the same act. A step "
        "has one case at a time; another one after it was refused or withdrawn.",
        body=CaseNew,
        answer=CaseRead,
        status=201,
        **{**CREATING, "refuses": (404, 409, 415, 422)},
    ),
)
async def create_case(request: Request) -> Response:
    body, id_ = await read_json(request), door.path_id(request)
    where = f"{BASE}/projects/{id_}/approvals"
    return await write(
        request, cases.create, id_, body, body=body, status=201, locate=lambda made: f"{where}/{made['id']}"
    )


@router.get(PLACE + "/{case_id}", **says("One case", answer=CaseRead, **READING))
async def read_case(request: Request) -> Response:
    return await read(request, cases.read, door.path_id(request), door.path_id(request, "case_id"))


@router.patch(
    PLACE + "/{case_id}",
    **says(
        "Change a case",
        description="Another decision than the one that was kept needs a reason.",
        body=CaseEdit,
        answer=CaseRead,
        **CHANGING,
    ),
)
async def amend_case(request: Request) -> Response:
    body = await read_json(request)
    id_, case_id, version = door.path_id(request), door.path_id(request, "case_id"), door.version_sent(request)
    return await write(request, cases.amend, id_, case_id, body, body=body, version=version)


@router.delete(PLACE + "/{case_id}", **says("Take a case out", answer=CaseRead, **REMOVING))
async def remove_case(request: Request) -> Response:
    id_, case_id = door.path_id(request), door.path_id(request, "case_id")
    return await write(request, cases.remove, id_, case_id, version=door.version_sent(request))


# ── an approval platform ─────────────────────────────────────────────────────────────────────────────────────────────
@router.post(
    "/approvals/batch",
    **says(
        "Enter or change many cases by your own references",
        description="For an approval platform. One act. Each item names its project by id, code, reference or national code. With "
        "`atomic: false` each item stands alone, and the answer is 207 with one result per item.",
        query=(VALIDATE_ONLY,),
        headers=(KEY, REASON),
        body=CaseBatch,
        answer=CaseBatchRead,
        also={207: "`atomic: false`: one result per item, in order"},
        refuses=(404, 409, 415, 422),
    ),
)
async def batch_cases(request: Request) -> Response:
    return await write_batch(request, CASES)


# ── what follows ─────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(
    "/projects/{id}/approval-path",
    **says(
        "A project's way through its approval chain",
        description="Who settles each step, where it leaves the zone first, working days inside and outside, what is late, and when "
        "the construction permit can be expected from promised working days.",
        answer=PathRead,
        **READING,
    ),
)
async def read_path(request: Request) -> Response:
    return await read(request, paths.read, door.path_id(request))


@router.get(
    "/zones/{code}/approval-coverage",
    **says(
        "What a zone settles itself",
        description="Three figures, never one: steps of the chain, whether the chain is closed, cases decided. With what follows: "
        "items never used, what to ask for next, days before and after; `what_if` tells the figures with more items.",
        query=(CLASS, ON, FROM, WHAT_IF, AGAINST, AS_OF),
        headers=(IF_NONE_MATCH,),
        answer=CoverageRead,
        refuses=(404,),
    ),
)
async def read_coverage(request: Request) -> Response:
    sent = request.query_params
    more: dict[str, Any] = {"what_if": sent.getlist("what_if"), "against": sent.get("against")}
    return await read(request, coverage.read, door.path_text(request, "code"), **_judged(request), **more)


@router.get(
    "/zones/{code}/approvals",
    **says(
        "The cases of a zone",
        description="What stands behind the figures of its coverage: `in_zone=true` and `decided_on__gte=…` are the cases decided in "
        "the zone in a period.",
        query=(*asking(ZoneCase), *PAGING, *TIME),
        answer=listed(ZoneCase),
        refuses=(404,),
    ),
)
async def list_zone_cases(request: Request) -> Response:
    return await listed_from(request, case_lists.of_zone, door.path_text(request, "code"), items=ZoneCase)


@router.get(
    "/approval-coverage",
    **says("The three figures of every zone", query=(CLASS, ON, FROM, *PAGING, AS_OF), answer=listed(ZoneCoverage)),
)
async def list_coverage(request: Request) -> Response:
    return await listed_from(request, coverage.city, **_judged(request))


def _judged(request: Request) -> dict[str, Any]:
    sent = request.query_params
    as_of = (sent.get("as_of") or "")[:10] or None
    return {"class_": sent.get("class"), "on": sent.get("on") or as_of, "first": sent.get("from")}
