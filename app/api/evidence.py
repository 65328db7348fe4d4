"""Evidence: files that prove something about a project."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import read, write
from app.api.describing import CREATING, PAGING, READING, REMOVING, TIME, listed
from app.api.paging import listed_from
from app.api.records import EvidenceRead
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.uploads import form_of, handed_out, one_file
from app.desk import Desk
from app.errors import NotFound
from app.rules.codes import EvidenceKind
from app.services import evidence

router = api_router("Evidence")
"""Headers of a file that somebody sent: whatever it is, it does nothing in a browser."""
FORM = form_of(
    "PDF or picture",
    required=("kind",),
    kind={"type": "string", "enum": [k.value for k in EvidenceKind]},
    title={"type": "string", "maxLength": 200},
    dated_on={"type": "string", "format": "date"},
)


@router.get(
    "/projects/{id}/evidence", **says("The evidence of a project", query=(*PAGING, *TIME), answer=listed(EvidenceRead))
)
async def list_evidence(request: Request) -> Response:
    return await listed_from(request, evidence.list_, door.path_id(request))


@router.post(
    "/projects/{id}/evidence",
    status_code=201,
    **says(
        "Attach a file",
        description="When it proves the ledger the project stands in, 待核 clears and `settled` says so.",
        body=FORM,
        answer=EvidenceRead,
        status=201,
        **{**CREATING, "refuses": (404, 409, 413, 415, 422)},
    ),
)
async def add_evidence(request: Request) -> Response:
    id_ = door.path_id(request)
    await door.database(request).read(
        door.caller(request), evidence.may_add, id_
    )  # before anything of the file is kept
    values, stored, name = await one_file(request)
    return await write(
        request,
        evidence.add,
        id_,
        values,
        body=values,
        content=[values, stored.digest, name],
        status=201,
        locate=lambda made: f"{BASE}/projects/{id_}/evidence/{made['id']}",
        stored=stored,
        name=name,
    )


@router.get("/projects/{id}/evidence/{evidence_id}", **says("One piece of evidence", answer=EvidenceRead, **READING))
async def read_evidence(request: Request) -> Response:
    return await read(request, _of_project, door.path_id(request), door.path_id(request, "evidence_id"))


def _of_project(desk: Desk, id_: int, evidence_id: int) -> dict[str, Any]:
    found = evidence.open_(desk, evidence_id)
    if found["project_id"] != id_:
        raise NotFound
    return found


@router.get(
    "/projects/{id}/evidence/{evidence_id}/file",
    **says("The file itself", answer={"type": "string"}, media_types=("application/octet-stream",)),
)
async def download_evidence(request: Request) -> Response:
    db = door.database(request)
    found = await db.read(
        door.caller(request), _of_project, door.path_id(request), door.path_id(request, "evidence_id")
    )
    return await handed_out(request, found["digest"], found["file_name"], found["media_type"])


@router.delete("/projects/{id}/evidence/{evidence_id}", **says("Take a file away", answer=EvidenceRead, **REMOVING))
async def remove_evidence(request: Request) -> Response:
    id_, evidence_id = door.path_id(request), door.path_id(request, "evidence_id")
    return await write(request, _remove, id_, evidence_id, version=door.version_sent(request))


def _remove(desk: Desk, id_: int, evidence_id: int, *, version: int | None) -> dict[str, Any]:
    _of_project(desk, id_, evidence_id)
    return evidence.remove(desk, evidence_id, version=version)
