"""The ledger that is on the screen as a workbook or as comma-separated text: her columns, filters and unit, or a master's form.

A long one is written by the worker: she sees how far it is, may leave, and fetches it when it is there.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.errors import NotFound
from app.files import Files
from app.handing import Whole
from app.pages import UNKEPT, database, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.files import offered
from app.pages.forms import path_id
from app.pages.ledgers import IN_CITY, IN_ZONE, view_of
from app.pages.views import View
from app.services import export_jobs, exports, form_exports, preferences, project_exports

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]


def made(desk: Desk, view: View, form: str, master: str | None) -> exports.Made:
    """The file of a view: with the columns that this reader has chosen, or in a master's form."""
    if master:
        return form_exports.file(desk, view.asked(), master)
    keys = preferences.read(desk, f"columns.{view.ledger.value}")
    return exports.file(desk, view.asked(), view.unit, form, columns=keys, by=view.by or "none")


def weighed(desk: Desk, view: View) -> tuple[int, Any, list[str] | None, str]:
    """How many rows it has, who asks, with which columns, in which language."""
    keys = preferences.read(desk, f"columns.{view.ledger.value}")
    return export_jobs.how_many(desk, view.asked()), desk.actor, keys, desk.language


@router.get(IN_ZONE + ".{form}")
@router.get(IN_CITY + ".{form}")
async def export(request: Request, form: str, caller: Who) -> Response:
    """The file, offered for saving; ``form`` is xlsx or csv. Of a long ledger the page where it can be awaited."""
    view, db = view_of(request), database(request)
    master = request.query_params.get("form") if form == "xlsx" else None
    count, actor, keys, language = await db.read(caller, weighed, view, slow=True)
    if count > export_jobs.MANY and form in exports.TYPES and actor.kind == "account":
        how = {"unit": view.unit, "form": form, "columns": keys, "by": view.by or "none", "master": master}
        id_ = await db.chore(lambda link: export_jobs.order(link, actor, language, view.asked(), count, **how))
        return go(request, f"/exports/{id_}?wait=1")
    return offered(await db.read(caller, made, view, form, master, slow=True))


@router.get("/projects/{id:int}.xlsx")
async def export_project(request: Request, caller: Who) -> Response:
    """One project on its own page, offered for saving."""
    id_ = int(request.path_params["id"])
    return offered(await database(request).read(caller, project_exports.file, id_, slow=True))


@router.get("/exports/{id}")
async def await_(request: Request, caller: Who) -> Response:
    """How far the file is; the page asks again by itself, and fetches it when she waited for it."""
    reader, job = await read(request, caller, export_jobs.look, path_id(request))
    waits = request.query_params.get("wait") == "1"
    under_way = job["state"] in ("queued", "running")
    if wants_fragment(request) and not under_way:
        return go(request, f"/exports/{job['id']}{'?wait=1' if waits else ''}")
    block = "progress" if wants_fragment(request) else None
    return render(request, reader, "exports/one.html", block, job=job, waits=waits, under_way=under_way)


@router.get("/exports/{id}/file")
async def fetch(request: Request, caller: Who) -> Response:
    """The finished file."""
    db = database(request)
    job = await db.read(caller, export_jobs.look, path_id(request))
    if job["file"] is None:
        raise NotFound
    path = Files.of(db.settings).path(job["file"]["digest"])
    if not await asyncio.to_thread(path.is_file):
        raise NotFound("The file is not kept any more")
    return Whole(path, media_type=job["file"]["media_type"], filename=job["file"]["name"], headers=UNKEPT)
