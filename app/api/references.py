"""Projects by the caller's own reference: one, or up to a thousand at once."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import written
from app.api.batches import Batch, write_batch
from app.api.body import read_json, take_reason
from app.api.describing import KEY, REASON, VALIDATE_ONLY, param
from app.api.projects import address
from app.api.records import BatchRead, ProjectRead
from app.api.routing import router as api_router
from app.api.routing import says
from app.desk import Desk
from app.models.shapes import BatchNew, BatchProject, ProjectByReference, Ref, check
from app.services import references

router = api_router("Projects")
PROJECTS = Batch(whole=BatchNew, item=BatchProject, service=references.batch, told=("id", "version"))
FLAG = {"type": "string", "enum": ["true", "false"], "default": "false"}
OVERWRITE = param("overwrite", "Take yours where somebody else changed a field since you wrote it.", FLAG)


@router.put(
    "/projects/by-ref/{source}/{ref_id:path}",
    **says(
        "Create or replace by your own reference",
        description="No If-Match is needed: a source may replace what it wrote itself. Fields left out stay as they are.",
        query=(VALIDATE_ONLY, OVERWRITE),
        headers=(REASON,),
        body=ProjectByReference,
        answer=ProjectRead,
        also={201: "Created"},
        refuses=(404, 409, 415, 422),
    ),
)
async def put_by_reference(request: Request) -> Response:
    body = await read_json(request)
    ref = {"source": door.path_text(request, "source"), "id": door.path_text(request, "ref_id")}
    caller = door.caller(request, reason=take_reason(body))
    done = await door.database(request).act(caller, _upsert, ref, body, door.flag(request, "overwrite"))
    done.status, done.value = done.value["status"], done.value["record"]
    return written(request, caller, done, address)


def _upsert(desk: Desk, ref: dict[str, str], body: dict[str, Any], overwrite: bool) -> dict[str, Any]:
    check(Ref, ref)
    given = check(ProjectByReference, body)
    record, created = references.upsert(desk, ref["source"], ref["id"], given, overwrite=overwrite)
    return {"status": 201 if created else 200, "record": record}


@router.post(
    "/projects/batch",
    **says(
        "Create or replace many by your own references",
        description="One act. With `atomic: false` each item stands alone, and the answer is 207 with one result per item.",
        query=(VALIDATE_ONLY,),
        headers=(KEY, REASON),
        body=BatchNew,
        answer=BatchRead,
        also={207: "`atomic: false`: one result per item, in order"},
        refuses=(404, 409, 415, 422),
    ),
)
async def batch(request: Request) -> Response:
    return await write_batch(request, PROJECTS)
