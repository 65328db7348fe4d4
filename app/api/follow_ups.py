"""Follow-ups of leads, next steps, and the files beside a lead."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.body import read_json
from app.api.describing import CHANGING, CREATING, PAGING, READING, REMOVING, TIME, listed
from app.api.paging import listed_from
from app.api.record_leads import FollowUpRead, LeadFileRead
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.uploads import form_of, handed_out, one_file
from app.desk import Desk
from app.errors import NotFound
from app.rules.codes import LeadFileKind
from app.services import follow_ups, lead_files
from app.services.follow_ups import FollowUpEdit, FollowUpNew

router = api_router("Leads")
PLACE, ONE = "/leads/{id}/followups", "/leads/{id}/followups/{follow_up_id}"
FORM = form_of(
    "PDF or picture",
    required=("kind",),
    kind={"type": "string", "enum": [k.value for k in LeadFileKind]},
    title={"type": "string", "maxLength": 200},
    dated_on={"type": "string", "format": "date"},
)


@router.get(PLACE, **says("Contacts about a lead, newest first", query=(*PAGING, *TIME), answer=listed(FollowUpRead)))
async def list_follow_ups(request: Request) -> Response:
    return await listed_from(request, follow_ups.list_, door.path_id(request))


@router.post(
    PLACE,
    status_code=201,
    **says(
        "Write down a contact",
        description="It answers the clock. With `progress` the lead counts as moving since that day; `next_step` stands in the "
        "lead until `done_on` says that it was done.",
        body=FollowUpNew,
        answer=FollowUpRead,
        status=201,
        **{**CREATING, "refuses": (404, 409, 415, 422)},
    ),
)
async def add_follow_up(request: Request) -> Response:
    id_, body = door.path_id(request), await read_json(request)
    locate = lambda made: f"{BASE}/leads/{id_}/followups/{made['id']}"  # noqa: E731
    return await write(request, follow_ups.add, id_, body, body=body, status=201, locate=locate)


@router.get(ONE, **says("One contact", answer=FollowUpRead, **READING))
async def read_follow_up(request: Request) -> Response:
    return await read(request, follow_ups.one, *_named(request, "follow_up_id"))


@router.patch(
    ONE,
    **says("Correct a contact, or say that its next step was done", body=FollowUpEdit, answer=FollowUpRead, **CHANGING),
)
async def amend_follow_up(request: Request) -> Response:
    body, version = await read_json(request), door.version_sent(request)
    return await write(request, _amend, *_named(request, "follow_up_id"), body, body=body, version=version)


def _amend(desk: Desk, id_: int, follow_up_id: int, body: dict[str, Any], *, version: int | None) -> dict[str, Any]:
    follow_ups.one(desk, id_, follow_up_id)
    return follow_ups.amend(desk, follow_up_id, body, version=version)


@router.delete(ONE, **says("Take a contact back", answer=FollowUpRead, **REMOVING))
async def remove_follow_up(request: Request) -> Response:
    return await write(request, _remove, *_named(request, "follow_up_id"), version=door.version_sent(request))


def _remove(desk: Desk, id_: int, follow_up_id: int, *, version: int | None) -> dict[str, Any]:
    follow_ups.one(desk, id_, follow_up_id)
    return follow_ups.remove(desk, follow_up_id, version=version)


def _named(request: Request, name: str) -> tuple[int, int]:
    return door.path_id(request), door.path_id(request, name)


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get(
    "/leads/{id}/files",
    **says(
        "The files of a lead",
        description="None of a confidential one for who may not see its name.",
        query=(*PAGING, *TIME),
        answer=listed(LeadFileRead),
    ),
)
async def list_lead_files(request: Request) -> Response:
    return await listed_from(request, lead_files.list_, door.path_id(request))


@router.post(
    "/leads/{id}/files",
    status_code=201,
    **says(
        "Attach a file to a lead",
        body=FORM,
        answer=LeadFileRead,
        status=201,
        **{**CREATING, "refuses": (404, 409, 413, 415, 422)},
    ),
)
async def add_lead_file(request: Request) -> Response:
    id_ = door.path_id(request)
    await door.database(request).read(door.caller(request), lead_files.may_add, id_)  # before anything is kept
    values, stored, name = await one_file(request)
    return await write(
        request,
        lead_files.add,
        id_,
        values,
        body=values,
        content=[values, stored.digest, name],
        status=201,
        locate=lambda made: f"{BASE}/leads/{id_}/files/{made['id']}",
        stored=stored,
        name=name,
    )


@router.get("/leads/{id}/files/{file_id}", **says("What is known of a file", answer=LeadFileRead, **READING))
async def read_lead_file(request: Request) -> Response:
    return await read(request, _of_lead, *_named(request, "file_id"))


def _of_lead(desk: Desk, id_: int, file_id: int) -> dict[str, Any]:
    found = lead_files.open_(desk, file_id)
    if found["lead_id"] != id_:
        raise NotFound
    return found


@router.get(
    "/leads/{id}/files/{file_id}/file",
    **says("The file itself", answer={"type": "string"}, media_types=("application/octet-stream",)),
)
async def download_lead_file(request: Request) -> Response:
    found = await door.database(request).read(door.caller(request), _of_lead, *_named(request, "file_id"))
    return await handed_out(request, found["digest"], found["file_name"], found["media_type"])


@router.delete("/leads/{id}/files/{file_id}", **says("Take a file away", answer=LeadFileRead, **REMOVING))
async def remove_lead_file(request: Request) -> Response:
    version = door.version_sent(request)
    return await write(request, _remove_file, *_named(request, "file_id"), version=version)


def _remove_file(desk: Desk, id_: int, file_id: int, *, version: int | None) -> dict[str, Any]:
    _of_lead(desk, id_, file_id)
    return lead_files.remove(desk, file_id, version=version)
