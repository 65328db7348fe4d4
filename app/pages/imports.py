"""Workbooks in: drop a file, look at what would change, decide what is doubtful, confirm, accept, undo."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from app.db import Caller
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooLarge
from app.files import Files
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import Wrong, number, path_id, text, typed, wrong
from app.pages.import_views import CHIPS, read_view
from app.rules.access import Act
from app.rules.codes import Ledger
from app.services import imports, intake, undoing
from app.services.frames import Frame
from app.services.preparing import Prepared, Understood, prepare, spellings
from app.services.preparing import read as understand

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Forbidden, TooLarge, NotFound)
MOST_REMEMBERED = 4


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
        await _understood(request, stored.digest, sent.filename or "", names)
        said = {n: v for n in ("zone", "ledger") if (v := text(form, n))} | {"opening": bool(text(form, "opening"))}
        answer = await db.act(caller, intake.receive, stored.digest, sent.filename or "", said, status=201)
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
    reader, said = await read(request, caller, intake.look, id_)
    status = problem.status if problem else 200
    if said["state"] != "waiting":
        _, rows = await read(request, caller, intake.rows_of, id_, slow=True)
        return render(request, reader, "imports/done.html", run=said, rows=rows, problem=problem, status=status)
    prepared = await _prepared(request, caller, said)
    view = read_view(prepared, request.query_params.get("show"), request.query_params.get("from"), reader.language)
    return render(
        request, reader, "imports/preview.html", run=said, view=view, counts=prepared.counts, chips=CHIPS, problem=problem,
        zones=_hers(reader), ledgers=tuple(Ledger), status=status, many=intake.MANY,
    )  # fmt: skip


def _hers(reader: Frame) -> list[tuple[str, str]]:
    """Zones to choose from."""
    return list(reader.zones)


async def _prepared(request: Request, caller: Caller, said: dict[str, Any]) -> Prepared:
    found = await _understood(request, said["digest"], said["file_name"], said["names"])
    return await database(request).read(caller, prepare, found, intake.choices_of(said["choices"]), slow=True)


_remembered: OrderedDict[tuple[str, ...], Understood] = OrderedDict()


async def _understood(request: Request, digest: str, file_name: str, names: dict[str, str]) -> Understood:
    """The file as it was understood; the last few are remembered, since every click on a preview needs one."""
    spellings = hashlib.sha256(repr(sorted(names.items())).encode()).hexdigest()
    key = (digest, file_name, spellings)
    if key in _remembered:
        _remembered.move_to_end(key)
        return _remembered[key]

    def reading() -> Understood:
        with Files.of(database(request).settings).open(digest) as file:
            return understand(file.read(), file_name, names)

    found = _remembered[key] = await run_in_threadpool(reading)
    while len(_remembered) > MOST_REMEMBERED:
        _remembered.popitem(last=False)
    return found


@router.post("/imports/{id}")
async def choose(request: Request, caller: Who) -> Response:
    """Keep what she decided about sheets and rows, and show the preview again."""
    form = await typed(request)
    return await _do(request, caller, intake.choose, _decisions(form))


def _decisions(form: FormData) -> dict[str, Any]:
    """``zone-n``, ``ledger-n``, ``force-n``, ``skip-n`` beside ``sheet-n``; ``decide`` is ``id`` of the row named by ``row``,
    or mine or theirs for its field ``cell``."""
    said: dict[str, Any] = {"sheets": {}, "rows": {}, "cells": {}}
    if text(form, "settings"):
        said["opening"] = bool(text(form, "opening"))
        for n in range(200):
            if name := text(form, f"sheet-{n}"):
                chosen = {k: text(form, f"{k}-{n}") for k in ("zone", "ledger") if text(form, f"{k}-{n}")}
                flags = {k: True for k in ("force", "skip") if text(form, f"{k}-{n}")}
                said["sheets"][name] = chosen | flags or None
    if (row := text(form, "row")) and (field := text(form, "cell")):
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
