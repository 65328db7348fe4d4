"""Sheets of promotion teams in: send one, look at what would change, say what columns mean, bring the leads in. And out."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import FileResponse

from app.db import Caller
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooLarge
from app.files import Files
from app.pages import UNKEPT, database, facts, go, read, render
from app.pages.door import page_caller
from app.pages.forms import Wrong, number, path_id, text, typed, wrong
from app.rules.codes import Channel, LeadStage
from app.services import lead_exports, lead_import_acts, lead_imports
from app.services.asking import Asked
from app.services.lead_imports import Prepared
from app.services.lead_previews import preview
from app.services.workbooks import book_of
from app.sheets.lead_fields import BY_CAPTION
from app.sheets.lead_tables import LeadTable

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Forbidden, TooLarge, NotFound)
MOST_SHOWN = 500
STATES = ("new", "changed", "same", "doubtful", "refused", "elsewhere", "left")


@router.get("/leads/imports")
async def form(request: Request, caller: Who) -> Response:
    """The place to drop a sheet, and what it does not say itself."""
    return await _form(request, caller)


async def _form(
    request: Request, caller: Caller, refusal: Refusal | None = None, said: FormData | None = None
) -> Response:
    reader, _ = await read(request, caller, lead_imports.admitted)
    problem = wrong(refusal, reader.language) if refusal else None
    return render(
        request, reader, "leads/import_new.html", problem=problem, status=problem.status if problem else 200,
        said=said or {}, channels=tuple(Channel), zones=reader.zones,
    )  # fmt: skip


@router.post("/leads/imports")
async def receive(request: Request, caller: Who) -> Response:
    """A file: read at once, so that what cannot be read is said at once; then it waits."""
    sent, db = await typed(request), database(request)
    file = sent.get("file")
    try:
        if not isinstance(file, UploadFile) or not (file.filename or file.size):
            raise Invalid.one("/file", "required", "Choose a file")
        await db.read(caller, lead_imports.admitted)  # before anybody's file is parsed
        stored = await run_in_threadpool(Files.of(db.settings).put, file.file)
        name = file.filename or ""
        book = await run_in_threadpool(book_of, db.settings, stored.digest, name)
        tables = await run_in_threadpool(lead_imports.understood, book, {})
        said = {n: v for n in ("zone", "channel", "keeper", "screening_result") if (v := text(sent, n))}
        answer = await db.act(caller, lead_imports.receive, stored.digest, name, said, tables, status=201)
    except REFUSALS as refusal:
        return await _form(request, caller, refusal, sent)
    return go(request, f"/leads/imports/{answer.value['id']}")


# ── one file ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/leads/imports/{id}")
async def show(request: Request, caller: Who) -> Response:
    """A waiting file: its preview. One that came in: what became of it."""
    return await _show(request, caller)


async def _show(request: Request, caller: Caller, problem: Wrong | None = None) -> Response:
    id_ = path_id(request)
    reader, said = await read(request, caller, lead_imports.look, id_)
    found: dict[str, Any] = {}
    if said["state"] == "waiting":
        found = preview(await _prepared(request, caller, said), reader.language)
    state = request.query_params.get("show")
    rows = [row for row in found.get("items", []) if state not in STATES or row["state"] == state]
    titles = {name: _title(name, reader.language) for name in sorted(lead_imports.FIELDS - {""})}
    return render(
        request, reader, "leads/import.html", run=said, found=found, rows=rows[:MOST_SHOWN], more=len(rows) - MOST_SHOWN,
        show=state if state in STATES else None, states=STATES, channels=tuple(Channel), stages=tuple(LeadStage),
        zones=reader.zones, titles=titles, problem=problem, status=problem.status if problem else 200,
        shown_fact=lambda field, value: facts.shown(field, value, reader.language, "lead"),
    )  # fmt: skip


def _title(name: str, language: str) -> str:
    """What a field is called in the list of meanings: its title, or the caption that forms know it by."""
    if name in lead_exports.SHOWN:
        return lead_exports.titled(name, language)
    return next((said for said, field in BY_CAPTION.items() if field == name), name)


async def _prepared(request: Request, caller: Caller, said: dict[str, Any]) -> Prepared:
    db = database(request)
    found: Prepared = await db.read(
        caller, lead_imports.prepare, await _tables(request, said), said["choices"], slow=True
    )
    return found


async def _tables(request: Request, said: dict[str, Any]) -> list[LeadTable]:
    book = await run_in_threadpool(book_of, database(request).settings, said["digest"], said["file_name"])
    return await run_in_threadpool(lead_imports.understood, book, said["choices"])


@router.post("/leads/imports/{id}")
async def choose(request: Request, caller: Who) -> Response:
    """Keep what she said of the file, of a sheet, or of one row, and show the preview again."""
    sent = await typed(request)
    return await _do(request, caller, lead_imports.choose, _decisions(sent))


def _decisions(sent: FormData) -> dict[str, Any]:
    if place := text(sent, "row"):
        return {"rows": {place: -1 if text(sent, "decide") == "-1" else 0}}
    if sheet := text(sent, "sheet"):
        columns = {k.removeprefix("column-"): str(v) for k, v in sent.items() if k.startswith("column-") and v != "?"}
        said: dict[str, Any] = {"skip": bool(text(sent, "skip")), "columns": columns}
        said |= {name: value for name in ("stage", "unit") if (value := text(sent, name))}
        return {"sheets": {sheet: said}}
    return {name: text(sent, name) or None for name in ("zone", "channel", "keeper", "screening_result")}


@router.post("/leads/imports/{id}/commit")
async def commit(request: Request, caller: Who) -> Response:
    """Bring the leads in as one act."""
    sent, id_ = await typed(request), path_id(request)
    said = await database(request).read(caller, lead_imports.look, id_)
    if said["state"] != "waiting":
        return go(request, f"/leads/imports/{id_}")
    prepared = await _prepared(request, caller, said)
    return await _do(request, caller, lead_import_acts.commit, prepared, seen=number(sent, "seen"))


@router.post("/leads/imports/{id}/discard")
async def discard(request: Request, caller: Who) -> Response:
    """Put a waiting file aside."""
    await typed(request)
    return await _do(request, caller, lead_imports.discard)


async def _do(request: Request, caller: Caller, service: Any, *args: Any, **kw: Any) -> Response:
    id_ = path_id(request)
    try:
        await database(request).act(caller, service, id_, *args, **kw)
    except REFUSALS as refusal:
        reader, _ = await read(request, caller, lead_imports.look, id_)
        return await _show(request, caller, wrong(refusal, reader.language))
    return go(request, f"/leads/imports/{id_}")


# ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
async def file_of(request: Request, caller: Caller, asked: Asked, form: str) -> Response:
    """The leads asked for as a file to keep."""
    unit = request.query_params.get("unit")
    made = await database(request).read(
        caller, lead_exports.file, asked, unit if unit in ("wan", "yi") else None, form, slow=True
    )
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name, safe='')}", **UNKEPT}
    gone = BackgroundTask(made.path.unlink, missing_ok=True)
    return FileResponse(made.path, media_type=made.media_type, headers=headers, background=gone)
