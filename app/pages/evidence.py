"""Evidence: attach, show, take away. A file is only ever handed out as what its content was found to be."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from app.db import Caller
from app.errors import Conflict, Invalid, TooLarge
from app.files import Files, Stored
from app.pages import database, go
from app.pages.door import page_caller
from app.pages.files import handed_out
from app.pages.forms import number, text, typed, wrong
from app.pages.projects import do, id_of, page
from app.services import evidence

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]


def said_of(form: FormData, suffix: str = "") -> dict[str, Any]:
    """What a form says of a file."""
    return {n: text(form, n + suffix).strip() or None for n in ("kind", "title", "dated_on")}


async def stored(request: Request, form: FormData, name: str = "file") -> tuple[Stored, str | None] | None:
    """Put the file of a form, if one was chosen, before the act that names it; None when none was."""
    sent = form.get(name)
    if not isinstance(sent, UploadFile):
        return None
    try:
        if not (sent.filename or sent.size):
            return None
        return await run_in_threadpool(Files.of(database(request).settings).put, sent.file), sent.filename
    finally:
        await sent.close()


@router.post("/projects/{id:int}/evidence")
async def attach(request: Request, caller: Who) -> Response:
    """Attach a file; when it completes the proof, the page says so."""
    form, id_ = await typed(request), id_of(request)
    said = said_of(form)
    try:
        put = await stored(request, form)
        if put is None:
            raise Invalid.one("/file", "required", "Choose a file")
        answer = await database(request).act(caller, evidence.add, id_, said, stored=put[0], name=put[1], status=201)
    except (Invalid, Conflict, TooLarge) as refusal:
        shown = wrong(refusal, caller.language)
        return await page(
            request, caller, id_, problem=shown, status=refusal.status, proof_said=said, proof_wrong=shown
        )
    return go(request, f"/projects/{id_}?done={'settled' if answer.value['settled'] else 'attached'}#evidence")


@router.get("/evidence/{id:int}")
async def download(request: Request, caller: Who) -> Response:
    """The file: a photo is shown, everything else is offered for saving under its name."""
    row = await database(request).read(caller, evidence.open_, id_of(request))
    return await handed_out(request, **{n: row[n] for n in ("digest", "file_name", "media_type")})


@router.post("/evidence/{id:int}/remove")
async def remove(request: Request, caller: Who) -> Response:
    """Take a file away from its project."""
    form = await typed(request)
    row = await database(request).read(caller, evidence.open_, id_of(request))

    def taken(desk: Any, project_id: int) -> Any:
        return evidence.remove(desk, row["id"], version=number(form, "version"))

    return await do(request, caller, taken, row["project_id"], done="removed")
