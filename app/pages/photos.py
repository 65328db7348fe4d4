"""Photos of a project's month: shown beside those of the month before, added and taken away, from a phone or a desk."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale, TooLarge
from app.pages import database, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.files import handed_out
from app.pages.forms import RIGHT, number, path_month, text, typed, wrong
from app.pages.projects import id_of
from app.pictures import take
from app.rules.shots import number as figure
from app.services import photos, project_pages

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PLACE = "/projects/{id:int}/reports/{month}/photos"
REFUSALS = (Invalid, Conflict, Forbidden, TooLarge, Stale)


@router.get(PLACE)
async def show(request: Request, caller: Who) -> Response:
    """The photos of a month beside those of the month before."""
    return await _album(request, caller, id_of(request), path_month(request))


@router.post(PLACE)
async def add(request: Request, caller: Who) -> Response:
    """Add the photos that were chosen, each as an act of its own; the first that is refused stops the rest."""
    form, id_, month = await typed(request), id_of(request), path_month(request)
    try:
        await database(request).read(caller, photos.may_add, id_, month)
        for file in sent_in(form):
            await add_one(request, caller, id_, month, file, form)
    except REFUSALS as refusal:
        return await _album(request, caller, id_, month, refusal)
    return await _after(request, caller, id_, month)


def sent_in(form: FormData) -> list[UploadFile]:
    """The photos that were sent. Raises Invalid when there are none."""
    sent = [f for f in form.getlist("file") if isinstance(f, UploadFile) and (f.filename or f.size)]
    if not sent:
        raise Invalid.one("/file", "required", "Choose a photo")
    return sent


async def add_one(request: Request, caller: Caller, id_: int, month: str, file: UploadFile, form: FormData) -> None:
    """One photo, made anew and added as an act of its own."""
    taken = await run_in_threadpool(take, database(request).settings, file.file, file.filename)
    await database(request).act(
        caller, photos.add, id_, month, _said(form), stored=taken.stored, shot=taken.shot, name=taken.sent, status=201
    )


def _said(form: FormData) -> dict[str, Any]:
    """What the device says of the one photo that it made small."""
    said: dict[str, Any] = {"taken_at": text(form, "taken_at").strip() or None}
    for name in ("latitude", "longitude"):
        said[name] = figure(text(form, name)) if text(form, name).strip() else None
    return said


@router.get("/photos/{id:int}")
async def picture(request: Request, caller: Who) -> Response:
    """The picture itself."""
    row = await database(request).read(caller, photos.open_, id_of(request))
    return await handed_out(request, row["digest"], row["file_name"], "image/jpeg")


@router.post("/photos/{id:int}/remove")
async def remove(request: Request, caller: Who) -> Response:
    """Take a photo away from its month."""
    form = await typed(request)
    row = await database(request).read(caller, photos.open_, id_of(request))
    at = row["project_id"], row["month"]
    try:
        await database(request).act(caller, photos.remove, row["id"], version=number(form, "version"))
    except REFUSALS as refusal:
        return await _album(request, caller, *at, refusal)
    return await _after(request, caller, *at)


async def _after(request: Request, caller: Caller, id_: int, month: str) -> Response:
    if wants_fragment(request):
        return await _album(request, caller, id_, month)
    return go(request, f"/projects/{id_}/reports/{month}/photos")


async def _album(
    request: Request, caller: Caller, id_: int, month: str, refusal: Refusal | None = None
) -> Response:  # fmt: skip
    def found(desk: Desk) -> Any:
        return project_pages.one(desk, id_)[0], photos.beside(desk, id_, month)

    reader, (project, album) = await read(request, caller, found)
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    block = None
    if wants_fragment(request):
        block = "dialog" if request.method == "GET" else "album"
    return render(
        request, reader, "projects/photos_page.html", block, shown.status, p=project, album=album, wrong=shown
    )
