"""Giving a project to another zone: a small form of the city office."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.models.shapes import TransferNew, check
from app.pages import database, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.pages.projects import id_of
from app.pages.standing import day_of
from app.services import project_pages, transfers, zones
from app.words import Word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale)


@router.get("/projects/{id:int}/transfer")
async def ask_transfer(request: Request, caller: Who) -> Response:
    """The form, with the zones it could go to."""
    return await _form(request, caller)


@router.post("/projects/{id:int}/transfer")
async def transfer(request: Request, caller: Who) -> Response:
    """Give it away; what was typed stays when it is refused."""
    form, id_ = await typed(request), id_of(request)
    try:
        said = {"to": text(form, "to"), "document": text(form, "document") or None, "on": day_of(text(form, "on"))}
        await database(request).act(
            caller, transfers.transfer, id_, **check(TransferNew, said), version=number(form, "version")
        )
    except REFUSALS as refusal:
        return await _form(request, caller, form, refusal)
    return go(request, f"/projects/{id_}?done=transferred")


async def _form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    def found(desk: Desk) -> tuple[Any, list[dict[str, Any]]]:
        return project_pages.one(desk, id_of(request)), zones.list_(desk)

    reader, ((project, may, _), known) = await read(request, caller, found)
    if "transfer" not in may:
        raise Forbidden("Your role may not do this: {act}", act=Word("act.project.transfer"))
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "projects/transfer_form.html", "dialog" if wants_fragment(request) else None, shown.status,
        p=project, wrong=shown, said=None if form is None else {n: text(form, n) for n in form},
        zones=[("", "")] + [(z["code"], z["short_name"] or z["name"]) for z in known if z["code"] != project["zone"]],
    )  # fmt: skip
