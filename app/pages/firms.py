"""The enterprise of a lead or a project: chosen from the base by typing, in a small form on its page."""

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
from app.services import enterprise_pages, lead_pages, leads, project_pages, projects
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale)
NOUNS: dict[str, tuple[Any, Any, Word]] = {
    "projects": (project_pages.one, projects.amend, Word("act.project.amend")),
    "leads": (lead_pages.one, leads.amend, Word("act.lead.amend")),
}
"""How one is read with the reader's rights, how it is written, and the act."""


@router.get("/projects/{id:int}/enterprise")
@router.get("/leads/{id:int}/enterprise")
async def ask(request: Request, caller: Who) -> Response:
    """The small form that names the enterprise."""
    return await _form(request, caller, RIGHT)


@router.post("/projects/{id:int}/enterprise")
@router.post("/leads/{id:int}/enterprise")
async def put(request: Request, caller: Who) -> Response:
    """The enterprise that was chosen, or none."""
    form, (kind, id_) = await typed(request), _named(request)
    chosen = None if text(form, "none") else number(form, "pick")
    try:
        if chosen is None and not text(form, "none"):
            raise Invalid.one("/enterprise_id", "required", "Choose an enterprise from those that were found")
        values = {"enterprise_id": chosen}
        await database(request).act(caller, NOUNS[kind][1], id_, values, version=number(form, "version"), merge=True)
    except REFUSALS as refusal:
        return await _form(request, caller, wrong(refusal, caller.language), text(form, "enterprise"))
    return go(request, f"/{kind}/{id_}?done=saved")


def _named(request: Request) -> tuple[str, int]:
    return request.url.path.split("/")[1], id_of(request)


async def _form(request: Request, caller: Caller, shown: Wrong, words: str = "") -> Response:
    kind, id_ = _named(request)
    one, _, act = NOUNS[kind]

    def found(desk: Desk) -> Any:
        row, may, writes = one(desk, id_)
        said = words or row["investor_name"] or ""
        return (
            row,
            "amend" in may and writes,
            said,
            enterprise_pages.meant(desk, said),
            enterprise_pages.named(desk, row),
        )

    reader, (row, may, said, near, firm) = await read(request, caller, found)
    if not may:
        raise Forbidden("Your role may not do this: {act}", act=act)
    return render(
        request, reader, "enterprises/firm_form.html", "dialog" if wants_fragment(request) else None, shown.status, p=row,
        at=f"/{kind}/{id_}", wrong=shown, words=said, found=near[:OFFERED], more=len(near) - OFFERED, firm=firm,
    )  # fmt: skip
