"""Projects: the record, its changes, exits and opening."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import ACTING, AS_OF, CHANGING, CREATING, IF_NONE_MATCH, READING, REMOVING, TIME, listed, param
from app.api.listing import list_of, one_project
from app.api.questions import LEDGERS, LISTING, ZONES, chosen, question
from app.api.records import OpeningRead, ProjectRead
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.desk import Desk
from app.models.shapes import DispositionNew, OpeningEdit, ProjectEdit, ProjectNew, check
from app.services import projects

router = api_router("Projects")
DELETED = param(
    "deleted", "Whether a deleted one is shown.", {"type": "string", "enum": ["no", "with"], "default": "no"}
)


def address(record: dict[str, Any]) -> str:
    return f"{BASE}/projects/{record['id']}"


@router.get(
    "/projects/{id}",
    **says(
        "One project",
        description="A deleted one is 404 with the code `deleted`, its id and `deleted_at` (it can come back, so it is not gone "
        "for good as 410 would say); `deleted=with` shows it, `POST …/restore` brings it back.",
        query=(DELETED, *TIME),
        headers=(IF_NONE_MATCH,),
        answer=ProjectRead,
        refuses=(404,),
    ),
)
async def read_project(request: Request) -> Response:
    return await one_project(request, door.path_id(request), await door.moment(request))


@router.get(
    "/projects",
    **says(
        "Projects of every zone you see",
        query=(ZONES, LEDGERS, *LISTING, AS_OF),
        headers=(IF_NONE_MATCH,),
        answer=listed(ProjectRead),
        refuses=(404,),
    ),
)
async def list_projects(request: Request) -> Response:
    as_of = await door.moment(request)
    return await list_of(request, question(request), chosen(request), as_of, count=door.exact_count(request))


@router.post(
    "/projects",
    status_code=201,
    **says("Register a project", body=ProjectNew, answer=ProjectRead, status=201, **CREATING),
)
async def create_project(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _create, body, body=body, status=201, locate=address)


def _create(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    given = check(ProjectNew, body)
    placed = {name: given.pop(name) for name in ("zone", "ledger", "ref", "override") if name in given}
    dates = {name: given.pop(name, None) for name in ("started_on", "completed_on")}
    return projects.create(desk, given, dates=dates, **placed)


@router.patch("/projects/{id}", **says("Change a project", body=ProjectEdit, answer=ProjectRead, **CHANGING))
async def amend_project(request: Request) -> Response:
    body = await read_json(request)
    id_, version = door.path_id(request), door.version_sent(request)
    return await write(request, projects.amend, id_, body, body=body, version=version)


@router.delete("/projects/{id}", **says("Delete a project; it can be restored", answer=ProjectRead, **REMOVING))
async def remove_project(request: Request) -> Response:
    return await write(request, projects.remove, door.path_id(request), version=door.version_sent(request))


@router.post("/projects/{id}/restore", **says("Bring a deleted project back", answer=ProjectRead, **CREATING))
async def restore_project(request: Request) -> Response:
    return await write(request, projects.restore, door.path_id(request))


@router.post(
    "/projects/{id}/dispositions",
    **says(
        "Defer, suspend, let go or resume",
        body=DispositionNew,
        answer=ProjectRead,
        **ACTING,
    ),
)
async def dispose_of_project(request: Request) -> Response:
    body = await read_json(request)
    return await write(request, _dispose, door.path_id(request), body, body=body)


def _dispose(desk: Desk, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    return projects.dispose(desk, id_, **check(DispositionNew, body))


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(
    "/projects/{id}/opening",
    **says("Money spent before reporting here began", answer=OpeningRead, refuses=(404,), **READING),
)
async def read_opening(request: Request) -> Response:
    return await read(request, projects.opening, door.path_id(request))


@router.put(
    "/projects/{id}/opening",
    **says("Write the opening; a later change needs a reason", body=OpeningEdit, answer=OpeningRead, **CHANGING),
)
async def put_opening(request: Request) -> Response:
    body = await read_json(request)
    return await write(
        request, _put_opening, door.path_id(request), body, body=body, version=door.version_sent(request)
    )


def _put_opening(desk: Desk, id_: int, body: dict[str, Any], *, version: int | None) -> dict[str, Any]:
    given = {"before_year_yuan": None, "this_year_yuan": None, **check(OpeningEdit, body)}
    return projects.put_opening(desk, id_, given, version=version)
