"""Workbooks in: drop a file, look at what would change, decide what is doubtful, confirm, accept, undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from app.db import Caller
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooLarge
from app.files import Files
from app.pages import UNKEPT, database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import Wrong, number, path_id, text, texts, typed, wrong
from app.pages.import_views import CHIPS, read_view
from app.rules.access import Act
from app.rules.codes import Ledger
from app.services import imports, intake, leftovers, lists, undoing
from app.services.frames import Frame
from app.services.preparing import Prepared, prepare
from app.services.workbooks import Understood, opened, spellings

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Forbidden, TooLarge, NotFound)


@router.get("/imports")
async def list_(request: Request, caller: Who) -> Response:
    """Files that came in, newest first, and the place to drop another."""
    return await _list(request, caller)


async def _list(request: Request, caller: Caller, refusal: Refusal | None = None) -> Response:
    reader, found = await read(request, caller, imports.list_)
    problem = wrong(refusal, reader.language) if refusal else None
    said = {"opening": request.query_params.get("opening") == "1"}
    return render(
        request, reader, "imports/list.html", found=found, problem=problem, said=said, status=problem.status if problem else 200,
        may=reader.may(Act.IMPORT_RUN.value),
    )  # fmt: skip


@router.post("/imports")
async def receive(request: Request, caller: Who) -> Response:
    """A file: read and understood at once, so that what cannot be read is said at once; then it waits."""
    form, db = await typed(request), database(request)
    sent = form.get("file")
    try:
        if not isinstance(sent, UploadFile) or not (sent.filename or sent.size):
            raise Invalid.one("/file", "required", "Choose a file")
        # leave is asked before anybody's file is parsed
        names = await db.read(caller, _admitted)
        stored = await run_in_threadpool(Files.of(db.settings).put, sent.file)
        found = await _understood(request, stored.digest, sent.filename or "", names)
        said = {n: v for n in ("zone", "ledger") if (v := text(form, n))} | {"opening": bool(text(form, "opening"))}
        answer = await db.act(caller, intake.receive, stored.digest, sent.filename or "", said, found, status=201)
    except REFUSALS as refusal:
        return await _list(request, caller, refusal)
    return go(request, f"/imports/{answer.value['id']}")


def _admitted(desk: Any) -> dict[str, str]:
    desk.ask(Act.IMPORT_RUN)
    return spellings(desk)


# ── one import ───────────────────────────────────────────────────────────────────────────────────────────────────────
@router.get("/imports/{id}")
async def show(request: Request, caller: Who) -> Response:
    """A waiting file: its preview. One that came in: what became of it."""
    return await _show(request, caller)


async def _show(request: Request, caller: Caller, problem: Wrong | None = None) -> Response:
    id_ = path_id(request)
    try:
        reader, said = await read(request, caller, intake.look, id_)
    except NotFound as elsewhere:
        if (kind := elsewhere.extra.get("kind")) is None:
            raise
        return go(request, f"/{kind}/imports/{id_}")
    status = problem.status if problem else 200
    if said["state"] != "waiting":
        _, rows = await read(request, caller, intake.rows_of, id_, slow=True)
        return render(request, reader, "imports/done.html", run=said, rows=rows, problem=problem, status=status)
    prepared = await _prepared(request, caller, said)
    known = await database(request).read(caller, lists.list_)
    view = read_view(prepared, request.query_params.get("show"), request.query_params.get("from"), reader.language)
    return render(
        request, reader, "imports/preview.html", run=said, view=view, counts=prepared.counts, chips=CHIPS, problem=problem,
        zones=_hers(reader), ledgers=tuple(Ledger), lists=known, may_override=reader.may(Act.PROJECT_OVERRIDE.value), status=status, many=intake.MANY,
    )  # fmt: skip


def _hers(reader: Frame) -> list[tuple[str, str]]:
    """Zones to choose from."""
    return list(reader.zones)


async def understood_of(request: Request, said: dict[str, Any]) -> Understood:
    """The file of a waiting import, read as was chosen."""
    sheets = said["choices"].get("sheets")
    return await _understood(request, said["digest"], said["file_name"], said["names"], sheets)


async def _prepared(request: Request, caller: Caller, said: dict[str, Any]) -> Prepared:
    found = await understood_of(request, said)
    return await database(request).read(caller, prepare, found, intake.choices_of(said["choices"]), slow=True)


async def _understood(
    request: Request, digest: str, file_name: str, names: dict[str, str], sheets: dict[str, Any] | None = None
) -> Understood:
    return await run_in_threadpool(opened, database(request).settings, digest, file_name, names, sheets)


@router.get("/imports/{id}/left.xlsx")
async def left_workbook(request: Request, caller: Who) -> Response:
    """The rows that stay out, to repair and send again."""
    said = await database(request).read(caller, intake.look, path_id(request))
    found = await understood_of(request, said)
    rows = said["left"]
    if said["state"] == "waiting":
        rows = leftovers.left_out(await _prepared(request, caller, said), caller.language)
    data = await run_in_threadpool(leftovers.workbook, found, rows)
    name = quote(leftovers.file_name(said["file_name"]), safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", **UNKEPT}
    return Response(data, media_type=leftovers.MEDIA_TYPE, headers=headers)


@router.post("/imports/{id}")
async def choose(request: Request, caller: Who) -> Response:
    """Keep what she decided about sheets and rows, and show the preview again."""
    form = await typed(request)
    return await _do(request, caller, intake.choose, _decisions(form))


def _decisions(form: FormData) -> dict[str, Any]:
    """What the forms of the preview say: about the file, its sheets, one row, a proposed move, an unlisted project."""
    said = _of_sheets(form)
    for name in ("mode", "empty"):
        if value := text(form, name):
            said[name] = value
    if text(form, "everymove"):
        accept = text(form, "everymove") == "accept"
        said["all_moves"] = _move(form) if accept else None
        said["moves"] = dict.fromkeys(texts(form, "was")) if not accept else {}
    elif place := text(form, "move"):
        said["moves"] = {
            place: _move(form) if text(form, "accept") == "yes" else {"accept": False} if text(form, "all") else None
        }
    if id_ := text(form, "absent"):
        said["absent"] = {id_: _absent(form)}
    return {k: v for k, v in said.items() if v != {}}


def _move(form: FormData) -> dict[str, Any]:
    return {"accept": True, "on": text(form, "on") or None, "override": bool(text(form, "override")) or None}


def _absent(form: FormData) -> dict[str, Any] | None:
    """``do`` is leave, lost, withdrawn, or the ledger to move into."""
    do = text(form, "do")
    rest = {"on": text(form, "on") or None, "reason": text(form, "reason") or None}
    if do in ("lost", "withdrawn"):
        return {"do": "exit", "disposition": do, "to": None, "override": None, **rest}
    if do in ("", "leave"):
        return None
    return {"do": "move", "to": do, "disposition": None, "override": bool(text(form, "override")) or None, **rest}


def _of_sheets(form: FormData) -> dict[str, Any]:
    """``zone-n``, ``ledger-n``, ``force-n``, ``skip-n`` beside ``sheet-n``; ``decide`` is ``id`` of the row named by ``row``,
    or mine or theirs for its field ``cell``."""
    said: dict[str, Any] = {"sheets": {}, "rows": {}, "cells": {}}
    if text(form, "settings"):
        said["opening"] = bool(text(form, "opening"))
        for n in range(200):
            if name := text(form, f"sheet-{n}"):
                chosen = {k: text(form, f"{k}-{n}") or None for k in ("zone", "ledger", "of_list")}
                flags = {k: bool(text(form, f"{k}-{n}")) or None for k in ("force", "skip")}
                said["sheets"][name] = chosen | flags
    row = text(form, "row")
    if row and (line := text(form, "line")):
        sheet, _, number_ = row.rpartition("!")
        said["sheets"][sheet] = {"lines": {number_: line}}
    elif row and (field := text(form, "cell")):
        said["cells"][f"{row}!{field}"] = text(form, "decide") or None
    elif row:
        decided = text(form, "decide")
        said["rows"][row] = int(decided) if decided.lstrip("-").isdecimal() and len(decided) < 19 else None
    return said


@router.post("/imports/{id}/commit")
async def commit(request: Request, caller: Who) -> Response:
    """All or nothing, as one act; a large one by the worker."""
    id_, form, db = path_id(request), await typed(request), database(request)
    seen = number(form, "seen")
    try:
        said = await db.read(caller, intake.look, id_)
        prepared = await _prepared(request, caller, said)
        if prepared.counts["written"] > intake.MANY:
            await db.act(caller, intake.confirm, id_, seen)
        else:
            await db.act(caller, imports.commit, prepared, import_id=id_, seen=seen)
    except REFUSALS as refusal:
        return await _show(request, replace(caller, key=None), wrong(refusal, caller.language))
    return go(request, f"/imports/{id_}")


@router.post("/imports/{id}/discard")
async def discard(request: Request, caller: Who) -> Response:
    """Put a waiting file aside."""
    return await _do(request, caller, intake.discard)


@router.post("/imports/{id}/accept")
async def accept(request: Request, caller: Who) -> Response:
    """期初认可: the reviewer's one confirmation."""
    return await _do(request, caller, imports.accept)


@router.post("/imports/{id}/undo")
async def undo(request: Request, caller: Who) -> Response:
    """Take the whole import back, as far as nobody has worked on it since."""
    return await _do(request, caller, undoing.undo)


async def _do(request: Request, caller: Caller, service: Callable[..., Any], *args: Any) -> Response:
    id_ = path_id(request)
    try:
        await database(request).act(caller, service, id_, *args)
    except REFUSALS as refusal:
        return await _show(request, replace(caller, key=None), wrong(refusal, caller.language))
    query = f"?{request.url.query}" if request.url.query else ""
    return go(request, f"/imports/{id_}{query}")
