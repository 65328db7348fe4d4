"""Sheets of promotion teams in: sent, looked at, chosen about, committed. Undo is that of every import."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import orjson
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import act, write, written
from app.api.answers import answer, etag
from app.api.body import read_json, take_reason
from app.api.describing import AS_OF, CHANGING, CREATING, KEY, REASON, VALIDATE_ONLY
from app.api.exports import UNIT, offered, unit_of
from app.api.lead_questions import LEADS, light, question
from app.api.record_imports import ImportRead
from app.api.records import Answer
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.uploads import form_of, one_file
from app.db import Caller
from app.desk import Desk
from app.errors import NotFound
from app.models.import_shapes import ImportCommit, check
from app.rules.codes import Channel, LeadStage
from app.services import lead_exports, lead_import_acts, lead_imports, leads
from app.services.asking import Asked
from app.services.exports import Made
from app.services.lead_imports import LeadImportEdit, Prepared
from app.services.lead_previews import preview
from app.services.workbooks import book_of

router = api_router("Leads")
FORM = form_of(
    ".xlsx, .xls, .et or .csv",
    zone={"type": "string", "maxLength": 40, "description": "For rows that name none"},
    channel={"type": "string", "enum": [c.value for c in Channel]},
    keeper={"type": "string", "maxLength": 100},
    screening_result={"type": "string", "maxLength": 500},
)


class LeadRowRead(Answer):
    """A row of the file and what is to become of it."""

    sheet: str
    row: int
    name: str
    state: str
    zone: str | None
    id: int | None
    code: str | None
    fields: list[dict[str, Any]]
    stage: Annotated[LeadStage | None, Field(description="How far its conditions let it go")]
    stage_told: LeadStage | None
    lacks: Annotated[list[str], Field(description="Fields that the next stage asks for")]
    said: Annotated[str | None, Field(description="Written down as a contact")]
    notes: list[dict[str, Any]]
    problems: list[dict[str, Any]]


class LeadImportRead(ImportRead):
    """A file of leads: its preview while it waits."""

    choices: dict[str, Any]
    sheets: list[dict[str, Any]]
    items: list[LeadRowRead]
    reason_needed_for: list[str]
    as_of_act: int | None


@router.post(
    "/leads/imports",
    status_code=201,
    **says(
        "Send a sheet of leads",
        description="Lists of leads, talks, signed and registered ones, weekly sheets and registers of visits are read by their "
        "captions. Then it waits for its commit. The name of the file is not kept: history is read by those who may not see names.",
        body=FORM,
        answer=ImportRead,
        status=201,
        **{**CREATING, "refuses": (404, 409, 413, 415, 422)},
    ),
)
async def send_leads(request: Request) -> Response:
    db = door.database(request)
    await db.read(door.caller(request), lead_imports.admitted)  # before anything of the file is kept
    values, stored, name = await one_file(request)
    reason = take_reason(values)
    book = await asyncio.to_thread(book_of, db.settings, stored.digest, name or "")
    tables = await asyncio.to_thread(lead_imports.understood, book, {})
    caller = door.caller(request, reason=reason, content=[values, stored.digest, name])
    done = await act(request, caller, lead_imports.receive, stored.digest, name or "", values, tables, status=201)
    return written(request, caller, done, lambda made: f"{BASE}/leads/imports/{made['id']}")


@router.get("/leads/imports/{id}", **says("A file of leads: its preview, or what became of it", answer=LeadImportRead))
async def read_lead_import(request: Request) -> Response:
    caller = door.caller(request)
    said = await door.database(request).read(caller, lead_imports.look, door.path_id(request))
    told: dict[str, Any] = {"sheets": [], "items": [], "reason_needed_for": [], "as_of_act": None}
    if said["state"] == "waiting":
        told = preview(await _prepared(request, caller, said), caller.language)
    headers = {"ETag": etag(said["version"]), "Cache-Control": "no-store"}
    return answer(request, orjson.dumps({**said, **told}), headers=headers)


async def _prepared(request: Request, caller: Caller, said: dict[str, Any]) -> Prepared:
    db = door.database(request)
    book = await asyncio.to_thread(book_of, db.settings, said["digest"], said["file_name"])
    tables = await asyncio.to_thread(lead_imports.understood, book, said["choices"])
    found: Prepared = await db.read(caller, lead_imports.prepare, tables, said["choices"], slow=True)
    return found


@router.patch(
    "/leads/imports/{id}",
    **says("Decide about a file of leads that waits", body=LeadImportEdit, answer=ImportRead, **CHANGING),
)
async def amend_lead_import(request: Request) -> Response:
    body, version = await read_json(request), door.version_sent(request)
    return await write(request, lead_imports.choose, door.path_id(request), body, body=body, version=version)


DONE: dict[str, Any] = {"query": (VALIDATE_ONLY,), "headers": (KEY, REASON), "refuses": (404, 409, 415, 422)}


@router.post(
    "/leads/imports/{id}/commit",
    **says("Bring the leads in, as one act", body=ImportCommit, answer=ImportRead, **DONE),
)
async def commit_lead_import(request: Request) -> Response:
    body = await read_json(request)
    given = check(ImportCommit, body)
    caller = door.caller(request)
    said = await door.database(request).read(caller, lead_imports.look, door.path_id(request))
    prepared = await _prepared(request, caller, said) if said["state"] == "waiting" else Prepared([], [], 0)
    seen = given.get("seen")
    return await write(
        request, lead_import_acts.commit, said["id"], prepared, body=body, content=[said["id"], body], seen=seen
    )


@router.post("/leads/imports/{id}/discard", **says("Put a waiting file of leads aside", answer=ImportRead, **DONE))
async def discard_lead_import(request: Request) -> Response:
    return await write(request, lead_imports.discard, door.path_id(request))


@router.get(
    "/leads.{form}",
    **says(
        "Leads as a file",
        description="`form` is `xlsx` or `csv`. What the list shows you, ready to come back through the import.",
        query=(UNIT, *LEADS, AS_OF),
        answer={"type": "string"},
        media_types=("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"),
        refuses=(404,),
    ),
)
async def export_leads(request: Request) -> Response:
    as_of = await door.moment(request)
    asked, colour, form = question(request, as_of), light(request), request.path_params["form"]
    if form not in ("xlsx", "csv"):
        raise NotFound
    caller = door.caller(request, as_of=as_of)
    return offered(await door.database(request).read(caller, _file, asked, colour, unit_of(request), form, slow=True))


def _file(desk: Desk, asked: Asked, colour: str | None, unit: str | None, form: str) -> Made:
    return lead_exports.file(desk, leads.coloured(desk, asked, colour), unit, form)
