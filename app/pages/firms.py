"""The enterprise of a project: chosen from the base by typing, in a small form on its page."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Stale
from app.pages import database, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.enterprises import OFFERED
from app.pages.forms import RIGHT, Wrong, number, text, typed, wrong
from app.pages.projects import id_of
from app.services import enterprise_pages, project_pages, projects
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale)


@router.get("/projects/{id:int}/enterprise")
async def ask(request: Request, caller: Who) -> Response:
    """The small form that names the enterprise."""
    return await _form(request, caller, RIGHT)


@router.post("/projects/{id:int}/enterprise")
async def put(request: Request, caller: Who) -> Response:
    """The enterprise that was chosen, or none."""
    form, id_ = await typed(request), id_of(request)
    chosen = None if text(form, "none") else number(form, "pick")
    try:
        if chosen is None and not text(form, "none"):
            raise Invalid.one("/enterprise_id", "required", "Choose an enterprise from those that were found")
        values = {"enterprise_id": chosen}
        await database(request).act(caller, projects.amend, id_, values, version=number(form, "version"), merge=True)
    except REFUSALS as refusal:
        return await _form(request, caller, wrong(refusal, caller.language), text(form, "enterprise"))
    return go(request, f"/projects/{id_}?done=saved")


async def _form(request: Request, caller: Caller, shown: Wrong, words: str = "") -> Response:
    def found(desk: Desk) -> Any:
        row, may, writes = project_pages.one(desk, id_of(request))
        firm = enterprise_pages.named(desk, row)
        said = words or ("" if firm else row["investor_name"] or "")
        return row, "amend" in may and writes, said, enterprise_pages.meant(desk, said), firm

    reader, (row, may, said, near, firm) = await read(request, caller, found)
    if not may:
        raise Forbidden("Your role may not do this: {act}", act=Word("act.project.amend"))
    return render(
        request, reader, "enterprises/firm_form.html", "dialog" if wants_fragment(request) else None, shown.status, p=row,
        at=f"/projects/{row['id']}", wrong=shown, words=said, found=near[:OFFERED], more=len(near) - OFFERED, firm=firm,
    )  # fmt: skip
