"""Workbooks in: send one, see what it would change, decide, commit, accept as the opening, undo."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.api import door
from app.api.acting import act, write, written
from app.api.answers import answer, etag
from app.api.body import read_json, take_reason
from app.api.describing import CHANGING, CREATING, KEY, PAGING, REASON, VALIDATE_ONLY, listed, param
from app.api.paging import listed_from, small_list
from app.api.record_imports import ImportDone, ImportPreview, ImportRead, ImportRowRead, ImportUndone
from app.api.routing import BASE, says
from app.api.routing import router as api_router
from app.api.uploads import form_of, one_file
from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Invalid
from app.models.import_shapes import ImportCommit, ImportEdit, ImportReason, check
from app.rules.access import Act
from app.services import imports, intake, leftovers, previews, undoing
from app.services.preparing import Prepared, prepare
from app.services.workbooks import Understood, opened, spellings

router = api_router("Imports")
MOST_ROWS = 1000
"""Rows that one answer holds; the others have an address of their own."""
FORM = form_of(
    ".xlsx, .xls, .et or .csv (UTF-8, GBK, GB18030)",
    zone={"type": "string", "maxLength": 40, "description": "Fills what the sheets leave open"},
    ledger={"type": "string", "enum": ["reserve", "upcoming", "in_construction", "completed"]},
    force={"type": "string", "enum": ["true", "false"]},
    opening={"type": "string", "enum": ["true", "false"]},
)
STATE = param(
    "state",
    "Only rows of which this becomes.",
    {"type": "string", "enum": ["new", "changed", "same", "move", "left", "doubtful", "refused", "elsewhere"]},
)
DONE: dict[str, Any] = {
    "query": (VALIDATE_ONLY,),
    "headers": (KEY, REASON),
    "refuses": (404, 409, 415, 422),
}


@router.get("/imports", **says("Files that came in, newest first", query=PAGING, answer=listed(ImportRead)))
async def list_imports(request: Request) -> Response:
    return await listed_from(request, imports.list_, limit=MOST_ROWS)


@router.post(
    "/imports",
    status_code=201,
    **says(
        "Send a workbook",
        description="It is read at once, so that what cannot be read is said at once; then it waits for its commit.",
        body=FORM,
        answer=ImportRead,
        status=201,
        **{**CREATING, "refuses": (404, 409, 413, 415, 422)},
    ),
)
async def send_import(request: Request) -> Response:
    db = door.database(request)
    names = await db.read(door.caller(request), _admitted)  # before anything of the file is kept
    values, stored, name = await one_file(request)
    reason = take_reason(values)
    said = _flags(values)
    found = await asyncio.to_thread(opened, db.settings, stored.digest, name or "", names)
    caller = door.caller(request, reason=reason, content=[said, stored.digest, name])
    done = await act(request, caller, intake.receive, stored.digest, name or "", said, found, status=201)
    return written(request, caller, done, lambda made: f"{BASE}/imports/{made['id']}")


def _admitted(desk: Desk) -> dict[str, str]:
    desk.ask(Act.IMPORT_RUN)
    return spellings(desk)


def _flags(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a form: what is true or false comes as a word."""
    said = dict(values)
    for name in ("force", "opening"):
        if name in said:
            if said[name] not in door.TRUE:
                raise Invalid.one(f"/{name}", "wrong_type", "True or false is expected")
            said[name] = door.TRUE[said[name]]
    return said


@router.get("/imports/{id}", **says("One import: its preview, or what became of it", answer=ImportPreview))
async def read_import(request: Request) -> Response:
    caller = door.caller(request)
    said = await door.database(request).read(caller, intake.look, door.path_id(request))
    if said["state"] == "waiting":
        seen = previews.preview(await _prepared(request, caller, said), caller.language)
        rows = previews.rows_in(seen)
        told = {name: seen[name] for name in ("counts", "as_of_act", "reason_needed_for")} | {
            "absent": seen["absent"][:MOST_ROWS]
        }
        sheets = [{k: v for k, v in sheet.items() if k != "rows"} for sheet in seen["sheets"]]
    else:
        rows = await door.database(request).read(caller, intake.rows_of, said["id"], MOST_ROWS, slow=True)
        told, sheets = {"as_of_act": None, "reason_needed_for": [], "absent": []}, []
    del said["names"]
    body = {**said, **told, "sheets": sheets, "items": rows[:MOST_ROWS]}
    # not 304 by its version: a preview changes with the register too
    return answer(request, orjson.dumps(body), headers={"ETag": etag(said["version"]), "Cache-Control": "no-store"})


@router.get(
    "/imports/{id}/rows",
    **says("The rows of an import", query=(STATE, *PAGING), answer=listed(ImportRowRead)),
)
async def list_import_rows(request: Request) -> Response:
    caller, state = door.caller(request), request.query_params.get("state")
    if state is not None and state not in STATE.schema["enum"]:
        raise door.bad_parameter("state", "Choose one of: {choices}", choices=", ".join(STATE.schema["enum"]))
    said = await door.database(request).read(caller, intake.look, door.path_id(request))
    if said["state"] == "waiting":
        seen = previews.preview(await _prepared(request, caller, said), caller.language)
        rows = previews.rows_in(seen)
    else:
        rows = await door.database(request).read(caller, intake.rows_of, said["id"], None, slow=True)
    return small_list(request, [r for r in rows if state in (None, r["state"])])


@router.get(
    "/imports/{id}/left.xlsx",
    **says(
        "The rows that stay out, as a workbook to repair and send again",
        description="Sent again, it is understood without any mapping; the last column says what to do.",
        answer={"type": "string"},
        media_types=(leftovers.MEDIA_TYPE,),
        refuses=(404,),
    ),
)
async def download_left_rows(request: Request) -> Response:
    caller = door.caller(request)
    said = await door.database(request).read(caller, intake.look, door.path_id(request))
    rows = said["left"]
    if said["state"] == "waiting":
        rows = leftovers.left_out(await _prepared(request, caller, said), caller.language)
    data = await asyncio.to_thread(leftovers.workbook, await _understood(request, said), rows)
    name = quote(leftovers.file_name(said["file_name"]), safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return Response(data, media_type=leftovers.MEDIA_TYPE, headers=headers)


async def _understood(request: Request, said: dict[str, Any]) -> Understood:
    db, sheets = door.database(request), said["choices"].get("sheets")
    return await asyncio.to_thread(opened, db.settings, said["digest"], said["file_name"], said["names"], sheets)


async def _prepared(request: Request, caller: Caller, said: dict[str, Any]) -> Prepared:
    found = await _understood(request, said)
    return await door.database(request).read(caller, prepare, found, intake.choices_of(said["choices"]), slow=True)


@router.patch(
    "/imports/{id}",
    **says(
        "Decide about sheets and rows of a file that waits",
        body=ImportEdit,
        answer=ImportRead,
        **CHANGING,
    ),
)
async def amend_import(request: Request) -> Response:
    body = await read_json(request)
    id_, version = door.path_id(request), door.version_sent(request)
    return await write(request, intake.choose, id_, body, body=body, version=version)


@router.post(
    "/imports/{id}/commit",
    **says(
        "Bring it in: all or nothing, as one act",
        description="More than 2000 rows are brought in by the worker: 202, and the import says how far it is.",
        body=ImportCommit,
        answer=ImportDone,
        also={202: "Accepted: the worker brings it in"},
        **DONE,
    ),
)
async def commit_import(request: Request) -> Response:
    id_, body = door.path_id(request), await read_json(request)
    content = dict(body)
    reason = take_reason(body)
    seen = check(ImportCommit, body).get("seen")
    caller = door.caller(request, reason=reason, content=content)
    reader = replace(caller, key=None)
    said = await door.database(request).read(reader, intake.look, id_)
    if said["state"] != "waiting" and caller.key is None:
        raise Conflict("This file has come in already, or was put aside", code="import_done")
    prepared = await _prepared(request, reader, said)
    if prepared.counts["written"] > intake.MANY:
        done = await act(request, caller, intake.confirm, id_, seen, status=202)
    else:
        done = await act(request, caller, imports.commit, prepared, import_id=id_, seen=seen)
    return written(request, caller, done)


@router.post("/imports/{id}/discard", **says("Put it aside", body=ImportReason, answer=ImportRead, **DONE))
async def discard_import(request: Request) -> Response:
    return await _do(request, intake.discard)


@router.post(
    "/imports/{id}/accept",
    **says("Accept an opening as it stands, once", body=ImportReason, answer=ImportRead, **DONE),
)
async def accept_import(request: Request) -> Response:
    return await _do(request, imports.accept)


@router.post(
    "/imports/{id}/undo",
    **says(
        "Take a whole import back",
        description="What others have changed since stays, and is told in `kept`.",
        body=ImportReason,
        answer=ImportUndone,
        **DONE,
    ),
)
async def undo_import(request: Request) -> Response:
    return await _do(request, undoing.undo)


async def _do(request: Request, service: Any) -> Response:
    id_, body = door.path_id(request), await read_json(request)
    check(ImportReason, body)
    return await write(request, service, id_, body=body)
