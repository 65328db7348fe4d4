"""共建: the small form that names a partner zone of a project."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from app.db import Caller
from app.desk import Desk
from app.errors import Conflict, Forbidden, Invalid, Refusal, Stale
from app.pages import database, go, read, render, wants_fragment
from app.pages.door import page_caller
from app.pages.forms import RIGHT, number, text, typed, wrong
from app.pages.projects import id_of
from app.pages.standing import day_of
from app.rules.codes import ShareOf
from app.services import project_pages, shares
from app.words import Word, word

router = APIRouter(include_in_schema=False)
Who = Annotated[Caller, Depends(page_caller)]
REFUSALS = (Invalid, Conflict, Stale)


@router.get("/projects/{id:int}/shares")
async def ask_share(request: Request, caller: Who) -> Response:
    return await _form(request, caller)


@router.post("/projects/{id:int}/shares")
async def put_share(request: Request, caller: Who) -> Response:
    """One share set, or taken away; what was typed stays when it is refused."""
    form, id_ = await typed(request), id_of(request)
    try:
        said: dict[str, Any] = {n: text(form, n).strip() or None for n in ("zone", "of", "basis_document")}
        said |= {"until": day_of(text(form, "until"), "/until"), "percent": _percent(text(form, "percent"))}
        await database(request).act(caller, shares.put_one, id_, said, version=number(form, "version"))
    except REFUSALS as refusal:
        return await _form(request, caller, form, refusal)
    return go(request, f"/projects/{id_}?done=saved#shares")


def _percent(sent: str) -> float | None:
    try:
        return float(sent) if sent.strip() else None
    except ValueError:
        raise Invalid.one("/percent", "not_a_number", "This is not a number") from None


async def _form(
    request: Request, caller: Caller, form: FormData | None = None, refusal: Refusal | None = None
) -> Response:
    def found(desk: Desk) -> Any:
        return project_pages.one(desk, id_of(request))

    reader, (project, may, writes) = await read(request, caller, found)
    if "amend" not in may or not writes:
        raise Forbidden("Your role may not do this: {act}", act=Word("act.project.amend"))
    shown = wrong(refusal, reader.language) if refusal else RIGHT
    return render(
        request, reader, "projects/share_form.html", "dialog" if wants_fragment(request) else None, shown.status,
        p=project, wrong=shown, said=None if form is None else {n: text(form, n) for n in form},
        kinds=[(k.value, word(k, "ShareOf", reader.language)) for k in ShareOf],
    )  # fmt: skip
