"""What a lead belongs to: the enterprise of the base behind it, and the project that it would expand."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.pages import database, go, read, render
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, path_id, text, typed, wrong
from app.pages.lead_moves import form_page
from app.services import enterprise_pages, lead_pages, leads
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
PLACE = "/leads/{id}/ties"
REFUSALS = (Invalid, Conflict, Stale, Forbidden)
OFFERED = 8


@router.get(PLACE)
async def ask(request: Request, caller: Who) -> Response:
    """The small form that names the enterprise and the project to be expanded."""
    return await _form(request, caller, dict(request.query_params))


@router.get(PLACE + "/found")
async def found(request: Request, caller: Who, parent: str = "") -> Response:
    """Projects of the zone that it may expand, by their words."""
    reader, found = await read(request, caller, lead_pages.parents, path_id(request), parent)
    return render(request, reader, "leads/ties_form.html", "parents", parents=found, asked=parent, said={})


@router.post(PLACE)
async def put(request: Request, caller: Who) -> Response:
    """Keep what was chosen; what was not chosen anew stays."""
    form, id_ = await typed(request), path_id(request)
    edit: dict[str, Any] = {}
    for field, pick, none in (("enterprise_id", "pick", "no_firm"), ("parent_project_id", "parent_id", "no_parent")):
        chosen = number(form, pick)
        if text(form, none):
            edit[field] = None
        elif chosen is not None:
            edit[field] = chosen
    try:
        if not edit:
            raise Invalid.one(
                "/enterprise_id", "required", "Choose an enterprise or a project from those that were found"
            )
        await database(request).act(caller, leads.amend, id_, edit, version=number(form, "version"), merge=True)
    except REFUSALS as refusal:
        return await _form(request, caller, {n: text(form, n) for n in form}, refusal)
    return go(request, f"/leads/{id_}?done=disposed")


async def _form(request: Request, caller: Caller, said: dict[str, Any], refusal: Refusal | None = None) -> Response:
    def look(desk: Desk) -> Any:
        lead, may, writes = lead_pages.one(desk, path_id(request))
        words = said.get("enterprise") or lead["investor_name"] or ""
        parents = lead_pages.parents(desk, lead["id"], str(said.get("parent", "")))
        return lead, "amend" in may and bool(writes), words, enterprise_pages.meant(desk, words), parents, (
            enterprise_pages.named(desk, lead), lead_pages.card(desk, lead["parent_project_id"]),
        )  # fmt: skip

    reader, (lead, may, words, near, parents, (firm, parent)) = await read(request, caller, look, slow=True)
    if not may:
        raise Forbidden("Your role may not do this: {act}", act=Word("act.lead.amend"))
    return form_page(
        request, reader, "leads/ties_form.html", wrong(refusal, reader.language) if refusal else RIGHT,
        l=lead, said=said, words=words, found=near[:OFFERED], more=len(near) - OFFERED, firm=firm, parent=parent,
        parents=parents, asked=str(said.get("parent", "")),
    )  # fmt: skip
